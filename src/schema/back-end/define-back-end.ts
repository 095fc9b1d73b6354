// Owns what only the back end of WordPress shows: plugins, themes and roles. Without credentials there are none.

import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readList, readValue } from '../read.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';

const none = 'Empty: WordPress shows them only to users with rights.';

const closed = 'Null: WordPress shows it only to users with rights.';

function texts(names: readonly string[]): FieldDeclarations<unknown> {
  return Object.fromEntries(names.map((name) => [name, { type: 'String' }]));
}

/** Declares plugins, themes and roles, and the root fields that lead to them. */
export function defineBackEnd(builder: Builder): void {
  builder.enum('PluginStatusEnum', {
    ACTIVE: 'active',
    DROP_IN: 'dropins',
    INACTIVE: 'inactive',
    MUST_USE: 'mustuse',
    PAUSED: 'paused',
    RECENTLY_ACTIVE: 'recently_activated',
    UPGRADE: 'upgrade',
  });
  defineKind(builder, 'Plugin', 'A plugin of WordPress.', {
    ...texts(['author', 'authorUri', 'description', 'name', 'path', 'pluginUri', 'version']),
  });
  defineKind(builder, 'Theme', 'A theme of WordPress.', {
    ...texts(['author', 'authorUri', 'description', 'name', 'screenshot', 'slug', 'themeUri', 'version']),
    tags: { type: '[String]' },
  });
  defineKind(builder, 'UserRole', 'What users may be.', {
    id: { type: 'ID!', resolve: (role) => toGlobalId('user_role', isRole(role) ? role.id : '') },
    displayName: {
      type: 'String',
      description: 'Its name in English; null for roles that are not of the core.',
      resolve: (role) => (isRole(role) ? (coreRoles[role.id] ?? null) : null),
    },
    name: { type: 'String', resolve: (role) => (isRole(role) ? role.id : null) },
    capabilities: { type: '[String]', description: 'Null: REST does not show it.', resolve: () => null },
  });
  builder.query({
    plugin: closedField('Plugin'),
    plugins: connectionField<unknown>(builder, {
      name: 'RootQueryToPlugin',
      node: 'Plugin',
      where: { search: 'String', stati: '[PluginStatusEnum]', status: 'PluginStatusEnum' },
      description: none,
      resolve: (_, args) => resolveNodes([], args),
    }),
    theme: closedField('Theme'),
    themes: emptyField(builder, 'RootQueryToTheme', 'Theme'),
    userRole: closedField('UserRole'),
    userRoles: emptyField(builder, 'RootQueryToUserRole', 'UserRole'),
  });
}

/** The roles of a user. */
export function rolesOfUser(builder: Builder): FieldDeclarations {
  const field = connectionField(builder, {
    name: 'UserToUserRole',
    node: 'UserRole',
    description: 'Null unless the viewer may list users, or is the user.',
    needs: ['roles'],
    resolve: ({ data }, args) => {
      if (readValue(data, 'roles') === null) return null;
      const roles = readList(data, 'roles').map((name) => ({ __typename: 'UserRole', id: String(name) }));
      return resolveNodes(roles, args);
    },
  });
  return { roles: field };
}

interface Role {
  /** WordPress's name of it, which is also its cursor. */
  readonly id: string;
}

function isRole(value: unknown): value is Role {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'id') === 'string';
}

const coreRoles: Readonly<Record<string, string>> = {
  administrator: 'Administrator',
  author: 'Author',
  contributor: 'Contributor',
  editor: 'Editor',
  subscriber: 'Subscriber',
};

function defineKind(builder: Builder, name: string, description: string, fields: FieldDeclarations<unknown>): void {
  builder.object<unknown>(name, {
    description,
    interfaces: ['Node'],
    fields: { ...fields, isRestricted: { type: 'Boolean' } },
  });
  defineNodeConnection(builder, name);
}

function closedField(type: string): FieldDeclaration<unknown> {
  return { type, args: { id: 'ID!' }, description: closed, resolve: () => null };
}

function emptyField(builder: Builder, name: string, node: string): FieldDeclaration<unknown> {
  return connectionField<unknown>(builder, {
    name,
    node,
    description: none,
    resolve: (_, args) => resolveNodes([], args),
  });
}
