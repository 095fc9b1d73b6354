// Owns what only the back end of WordPress shows: plugins, themes and roles, to users with rights.

import type { GatewayContext } from '../../context.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readList, readValue } from '../read.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';
import { parseGlobalId, toGlobalId } from '../relay/ids.ts';
import { type BackEndNode, loadPlugins, loadThemes } from './plugins-and-themes.ts';

const none = 'Empty: WordPress lists no roles in REST; users have theirs.';

const closed = 'Null: WordPress shows no roles in REST; users have theirs.';

function texts(names: readonly string[]): FieldDeclarations<unknown> {
  return Object.fromEntries(names.map((name) => [name, { type: 'String' }]));
}

function idOf(prefix: string): FieldDeclaration<unknown> {
  return { type: 'ID!', resolve: (node) => toGlobalId(prefix, hasKey(node) ? node.id : '') };
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
    id: idOf('plugin'),
    ...texts(['author', 'authorUri', 'description', 'name', 'path', 'pluginUri', 'version']),
  });
  defineKind(builder, 'Theme', 'A theme of WordPress.', {
    id: idOf('theme'),
    ...texts(['author', 'authorUri', 'description', 'name', 'screenshot', 'slug', 'themeUri', 'version']),
    tags: { type: '[String]' },
  });
  defineKind(builder, 'UserRole', 'What users may be.', {
    id: idOf('user_role'),
    displayName: {
      type: 'String',
      description: 'Its name in English; null for roles that are not of the core.',
      resolve: (role) => (hasKey(role) ? (coreRoles[role.id] ?? null) : null),
    },
    name: { type: 'String', resolve: (role) => (hasKey(role) ? role.id : null) },
    capabilities: { type: '[String]', description: 'Null: REST does not show it.', resolve: () => null },
  });
  builder.query({
    plugin: oneField('Plugin', 'plugin', (context) => loadPlugins(context)),
    plugins: connectionField<unknown>(builder, {
      name: 'RootQueryToPlugin',
      node: 'Plugin',
      where: { search: 'String', stati: '[PluginStatusEnum]', status: 'PluginStatusEnum' },
      description: 'Empty unless the viewer may activate them.',
      resolve: async (_, args, context) => resolveNodes(await loadPlugins(context, args['where']), args),
    }),
    theme: oneField('Theme', 'theme', loadThemes),
    themes: connectionField<unknown>(builder, {
      name: 'RootQueryToTheme',
      node: 'Theme',
      description: 'Those that the viewer may switch to; the active one for those who may edit posts.',
      resolve: async (_, args, context) => resolveNodes(await loadThemes(context), args),
    }),
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

interface Keyed {
  /** WordPress's name of it, which is also in its cursor. */
  readonly id: string;
}

function hasKey(value: unknown): value is Keyed {
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

/** One of a list by its global id; null where it is not there, or the viewer may not see it. */
function oneField(
  type: string,
  prefix: string,
  load: (context: GatewayContext) => Promise<readonly BackEndNode[]>,
): FieldDeclaration<unknown> {
  return {
    type,
    args: { id: 'ID!' },
    description: 'Null unless the viewer may see it.',
    resolve: async (_, args, context) => {
      const parts = parseGlobalId(String(args['id']));
      if (parts?.prefix !== prefix) return null;
      return (await load(context)).find(({ id }) => id === parts.id) ?? null;
    },
  };
}

function emptyField(builder: Builder, name: string, node: string): FieldDeclaration<unknown> {
  return connectionField<unknown>(builder, {
    name,
    node,
    description: none,
    resolve: (_, args) => resolveNodes([], args),
  });
}
