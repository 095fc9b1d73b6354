// Owns users: what WordPress shows of the authors of published content, and the root fields that lead to them.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { loadAtAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource, Resources, UserResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { contentWhere, toContentList } from '../lists/content.ts';
import { defineUserInputs, toUserList, userWhere } from '../lists/users.ts';
import { readString } from '../read.ts';
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
  capabilities: closed('[String]'),
  description: textField('description'),
  email: closed('String'),
  extraCapabilities: closed('[String]'),
  firstName: closed('String'),
  hasCommentShortcutsEnabled: closed('Boolean'),
  hasRichEditingEnabled: closed('Boolean'),
  hasSyntaxHighlightingEnabled: closed('Boolean'),
  isRestricted: { type: 'Boolean', description: 'True: the public sees a part of every user.', resolve: () => true },
  lastName: closed('String'),
  locale: closed('String'),
  name: textField('name'),
  nicename: closed('String'),
  nickname: closed('String'),
  registeredDate: closed('String'),
  shouldShowAdminToolbar: closed('Boolean'),
  slug: textField('slug'),
  url: textField('url'),
  userId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
  username: closed('String'),
};

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
      resolve: () => null,
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
  if (idType === 'email') throw new UserError('You do not have permission to request a User by Email');
  if (idType === 'username') throw new UserError('You do not have permission to request a User by Username');
  if (idType === 'uri') return loadAtAddress(context, users, id, fields);
  if (idType === 'slug') return (await loaders.loadBySlug(users, id, fields))[0] ?? null;
  const databaseId = requireDatabaseId(id);
  return databaseId > 0 ? loaders.load(users, databaseId, ['id', ...fields]) : null;
}
