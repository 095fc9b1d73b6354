// Owns users: what WordPress shows of the authors of published content, and the root fields that lead to them.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { FieldError, UserError } from '../../errors.ts';
import { loadAtAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import { type ContentResource, maxPerPage, type Resources, type UserResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { contentWhere, toContentList } from '../lists/content.ts';
import { defineUserInputs, toUserList, userWhere } from '../lists/users.ts';
import { readString, readValue } from '../read.ts';
import { connectionField, defineNodeConnection, resolveConnection } from '../relay/connection.ts';
import { requireDatabaseId } from '../relay/ids.ts';
import { idFields } from '../relay/uri.ts';

/** What other domains add to users. */
export interface UserParts {
  readonly seo: FieldDeclaration;
  readonly avatar: FieldDeclaration;
  readonly fields: FieldDeclarations;
}

/** A field that only credentials open. */
function closed(type: string, deprecated?: string): FieldDeclaration {
  return {
    type,
    description: 'Null: WordPress shows it only to users with rights.',
    ...(deprecated ? { deprecated } : {}),
    resolve: () => null,
  };
}

/** A field that WordPress shows to those who may see it: users with rights, and everybody of oneself. */
function guarded(type: string, path: string, read: (data: RestObject, path: string) => unknown): FieldDeclaration {
  return { type, description: guardedText, needs: [path], resolve: ({ data }) => read(data, path) };
}

const guardedText = 'Null unless the viewer may list users, or is the user.';

/** Declares users and the root fields that lead to them. */
export function defineUsers(builder: Builder, resources: Resources, { seo, avatar, fields }: UserParts): void {
  const users = resources.get('user');
  if (users?.kind !== 'user') return;
  defineUserInputs(builder);
  builder.interface('Commenter', {
    description: 'Somebody who can comment: a user, or a visitor.',
    interfaces: ['DatabaseIdentifier', 'Node'],
    fields: {
      avatar: { type: 'Avatar' },
      email: closed('String'),
      isRestricted: { type: 'Boolean' },
      name: { type: 'String' },
      url: { type: 'String' },
    },
  });
  defineNodeConnection(builder, 'User');
  const types = [...resources.values()].filter((resource) => resource.kind === 'content');
  builder.object(users.typeName, {
    interfaces: ['Commenter', 'DatabaseIdentifier', 'Node', 'UniformResourceIdentifiable'],
    fields: {
      ...idFields,
      ...userFields,
      avatar,
      seo,
      ...fields,
      ...Object.fromEntries(
        types
          .filter(({ supports }) => supports.has('author'))
          .map((type) => [type.plural, contentField(builder, type)]),
      ),
    },
  });
  builder.query(userQueries(builder, users));
}

function textField(path: string): FieldDeclaration {
  // WPGraphQL gives null for an empty text.
  return { type: 'String', needs: [path], resolve: ({ data }) => readString(data, path) || null };
}

const userFields: FieldDeclarations = {
  adminColor: closed('String'),
  capKey: closed('String'),
  capabilities: guarded('[String]', 'capabilities', readGranted),
  description: textField('description'),
  email: guarded('String', 'email', readString),
  extraCapabilities: guarded('[String]', 'extra_capabilities', readGranted),
  firstName: guarded('String', 'first_name', readName),
  hasCommentShortcutsEnabled: closed('Boolean'),
  hasRichEditingEnabled: closed('Boolean'),
  hasSyntaxHighlightingEnabled: closed('Boolean'),
  isRestricted: {
    type: 'Boolean',
    description: 'Whether the viewer sees only a part of the user, as the public does.',
    resolve: ({ id }, _, { viewer }) => viewer === null || !(viewer.id === id || viewer.can('list_users')),
  },
  lastName: guarded('String', 'last_name', readName),
  locale: guarded('String', 'locale', readName),
  name: textField('name'),
  nicename: {
    type: 'String',
    description: guardedText,
    // The slug is public; whether this viewer may see more of the user is not told by it.
    needs: ['slug', 'username'],
    resolve: ({ data }) => (readString(data, 'username') === null ? null : readString(data, 'slug')),
  },
  nickname: guarded('String', 'nickname', readName),
  registeredDate: guarded('String', 'registered_date', readString),
  shouldShowAdminToolbar: closed('Boolean'),
  slug: textField('slug'),
  url: textField('url'),
  userId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
  username: guarded('String', 'username', readString),
};

/** WPGraphQL gives null for an empty text. */
function readName(data: RestObject, path: string): string | null {
  return readString(data, path) || null;
}

/** Names of the capabilities that a user has; PHP writes none as a list. */
function readGranted(data: RestObject, path: string): string[] | null {
  const value = readValue(data, path);
  if (value === null) return null;
  if (Array.isArray(value) && value.length === 0) return [];
  if (!isRestObject(value)) throw new FieldError(path, 'an object', value);
  return Object.keys(value).filter((name) => value[name] === true);
}

function contentField(builder: Builder, type: ContentResource): FieldDeclaration {
  return connectionField(builder, {
    name: `UserTo${type.typeName}`,
    node: type.typeName,
    where: contentWhere(type),
    resolve: async ({ id }, args, context, info) => {
      const list = await toContentList(type, args['where'], context, { author: [id] });
      const siblings = { filter: 'author', path: 'author', takesMany: true, areLong: true };
      return resolveConnection(list && { ...list, siblings }, args, context, info);
    },
  });
}

function userQueries(builder: Builder, users: UserResource): FieldDeclarations<unknown> {
  builder.enum('UserNodeIdTypeEnum', {
    DATABASE_ID: 'database_id',
    EMAIL: 'email',
    ID: 'id',
    SLUG: 'slug',
    URI: 'uri',
    USERNAME: 'username',
  });
  return {
    user: {
      type: users.typeName,
      args: { id: 'ID!', idType: 'UserNodeIdTypeEnum' },
      resolve: (_, { id, idType }, context, info) =>
        findUser(users, String(id), idType, context, planFields(info, users.typeName)),
    },
    users: connectionField<unknown>(builder, {
      name: 'RootQueryToUser',
      node: users.typeName,
      where: userWhere,
      resolve: async (_, args, context, info) =>
        resolveConnection(await toUserList(users, args['where'], context), args, context, info),
    }),
    viewer: {
      type: users.typeName,
      description: 'The user whose credentials came with the request; null without any.',
      resolve: (_, __, { loaders, viewer }, info) =>
        viewer && viewer.id > 0 ? loaders.load(users, viewer.id, ['id', ...planFields(info, users.typeName)]) : null,
    },
  };
}

async function findUser(
  users: UserResource,
  id: string,
  idType: unknown,
  context: GatewayContext,
  fields: readonly string[],
): Promise<Entity | null> {
  const { loaders } = context;
  if (idType === 'email') return findByLogin(users, 'email', id, context, fields);
  if (idType === 'username') return findByLogin(users, 'username', id, context, fields);
  if (idType === 'uri') return loadAtAddress(context, users, id, fields);
  if (idType === 'slug') return (await loaders.loadBySlug(users, id, fields))[0] ?? null;
  const databaseId = requireDatabaseId(id);
  return databaseId > 0 ? loaders.load(users, databaseId, ['id', ...fields]) : null;
}

/** WordPress searches both, for those who may list users. */
async function findByLogin(
  users: UserResource,
  field: 'email' | 'username',
  value: string,
  { loaders, viewer }: GatewayContext,
  fields: readonly string[],
): Promise<Entity | null> {
  const name = field === 'email' ? 'Email' : 'Username';
  if (!viewer?.can('list_users')) {
    throw new UserError(
      `You do not have permission to request a User by ${name}`,
      viewer ? 'FORBIDDEN' : 'BAD_USER_INPUT',
    );
  }
  const query = { search: value, per_page: maxPerPage };
  const { entities } = await loaders.list(users, query, ['id', field, ...fields]);
  const wanted = value.toLowerCase();
  return entities.find(({ data }) => readString(data, field)?.toLowerCase() === wanted) ?? null;
}
