// Owns comments: what WordPress shows of the approved ones, their threads, and the fields that lead to them.

import type { GraphQLResolveInfo } from 'graphql';
import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { contentIdOf, type Entity } from '../../loaders/entity.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import { decodeUri, loadContent } from '../../loaders/lookup.ts';
import { toLister } from '../../loaders/preview-loaders.ts';
import { mayEdit } from '../../loaders/rights.ts';
import { loadWindow } from '../../loaders/window.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import type { CommentResource, ContentResource, Resource, Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { defineCommentOrder } from '../lists/comment-order.ts';
import { commentWhere, toCommentList } from '../lists/comments.ts';
import { readComments } from '../lists/readable-comments.ts';
import { readBoolean, readId, readInt, readString, readValue } from '../read.ts';
import { connectionField, defineNodeConnection, defineOneToOneEdge, resolveConnection } from '../relay/connection.ts';
import { requireDatabaseId, toGlobalId } from '../relay/ids.ts';
import { idFields } from '../relay/uri.ts';
import { authorField, defineCommentAuthor } from './comment-author.ts';

/** What other domains give to comments. */
export interface CommentParts {
  readonly avatar: FieldDeclaration<{ readonly data: RestObject }>;
  readonly fieldsOf: (comments: CommentResource) => FieldDeclarations;
}

/** Declares comments and the root fields that lead to them. */
export function defineComments(builder: Builder, resources: Resources, { avatar, fieldsOf }: CommentParts): void {
  const comments = resources.get('comment');
  if (comments?.kind !== 'comment') return;
  defineCommentOrder(builder);
  builder.enum('CommentStatusEnum', { APPROVE: 'approve', HOLD: 'hold', SPAM: 'spam', TRASH: 'trash' });
  builder.enum('CommentNodeIdTypeEnum', { DATABASE_ID: 'database_id', ID: 'id' });
  builder.input('CommentToParentCommentConnectionWhereArgs', commentWhere);
  defineNodeConnection(builder, 'Comment');
  defineOneToOneEdge(builder, 'CommentToParentCommentConnectionEdge', 'Comment');
  defineOneToOneEdge(builder, 'CommentToContentNodeConnectionEdge', 'ContentNode');
  defineCommentAuthor(builder, avatar);
  builder.object('Comment', {
    description: 'What somebody said to content. The public is shown what is approved.',
    interfaces: ['DatabaseIdentifier', 'Node', 'UniformResourceIdentifiable'],
    fields: {
      ...idFields,
      ...commentFields,
      ...fieldsOf(comments),
      author: authorField,
      commentedOn,
      parent,
      replies: connectionField(builder, {
        name: 'CommentToComment',
        node: 'Comment',
        where: commentWhere,
        resolve: async ({ id }, args, context, info) => {
          const list = await toCommentList(args['where'], context, { parent: id });
          const siblings = { filter: 'parent', path: 'parent', takesMany: true };
          return resolveComments(list && { ...list, siblings }, args, context, info);
        },
      }),
    },
  });
  builder.query({
    comment: {
      type: 'Comment',
      args: { id: 'ID!', idType: 'CommentNodeIdTypeEnum' },
      resolve: (_, { id }, { loaders }, info) => {
        const databaseId = requireDatabaseId(id);
        return databaseId > 0 ? loaders.load(comments, databaseId, planFields(info, 'Comment')) : null;
      },
    },
    comments: connectionField<unknown>(builder, {
      name: 'RootQueryToComment',
      node: 'Comment',
      where: commentWhere,
      resolve: async (_, args, context, info) =>
        resolveComments(await toCommentList(args['where'], context), args, context, info),
    }),
  });
}

/** The field `comments` of a type of content that can be commented on. */
export function commentsOfContent(builder: Builder, type: ContentResource): FieldDeclarations {
  if (!type.supports.has('comments')) return {};
  return {
    comments: connectionField(builder, {
      name: `${type.typeName}ToComment`,
      node: 'Comment',
      where: commentWhere,
      description: 'Its approved comments with their replies; none where a password protects it.',
      // Media have no text that a password could protect.
      needs: type.name === 'attachment' ? [] : ['content.protected'],
      resolve: async (entity, args, context, info) => {
        const { data } = entity;
        const viewer = toLister(context.viewer);
        const isOpen = viewer !== null && mayEdit(viewer, type);
        const isProtected =
          !isOpen && readValue(data, 'content') !== null && readBoolean(data, 'content.protected') === true;
        const base = { content: contentIdOf(entity), contentType: type.name };
        const list = isProtected ? null : await toCommentList(args['where'], context, base);
        const siblings = { filter: 'post', path: 'post', takesMany: true };
        return resolveComments(list && { ...list, siblings }, args, context, info);
      },
    }),
  };
}

/** The field `comments` of a user. */
export function commentsOfUser(builder: Builder): FieldDeclarations {
  return {
    comments: connectionField(builder, {
      name: 'UserToComment',
      node: 'Comment',
      where: commentWhere,
      description:
        'Approved comments of the user. WordPress does not list them by user to the public, so they are picked from all' +
        ' comments; on a site with more than the gateway reads, from those with the user’s present name.',
      resolve: async ({ id }, args, context, info) =>
        resolveComments(await toCommentList(args['where'], context, { user: id }), args, context, info),
    }),
  };
}

function resolveComments(list: ListSpec | null, args: Args, context: GatewayContext, info: GraphQLResolveInfo) {
  return readComments(list, context, (readable) => resolveConnection(readable, args, context, info));
}

/** A field that WordPress shows to those who moderate comments. */
function guarded(path: string): FieldDeclaration {
  const description = 'Null unless the viewer may moderate comments.';
  return { type: 'String', description, needs: [path], resolve: ({ data }) => readString(data, path) };
}

const commentFields: FieldDeclarations = {
  agent: guarded('author_user_agent'),
  approved: {
    type: 'Boolean',
    deprecated: 'Use status.',
    needs: ['status'],
    resolve: (comment) => statusOf(comment) === 'approve',
  },
  authorIp: { ...guarded('author_ip'), deprecated: 'Use the edge to its author.' },
  commentId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
  content: {
    type: 'String',
    args: { format: 'PostObjectFieldFormatEnum' },
    // The controller of comments knows no paths below a field.
    needs: ({ format }) => [format === 'raw' ? 'content_raw' : 'content'],
    resolve: ({ data }, { format }) => readString(data, format === 'raw' ? 'content_raw' : 'content.rendered'),
  },
  date: timeField('date', 'When it was made, in the time of the site.'),
  dateGmt: timeField('date_gmt', 'When it was made, in UTC.'),
  isRestricted: {
    type: 'Boolean',
    description: 'Whether the viewer sees only a part of it, as the public does.',
    resolve: (_, __, { viewer }) => viewer === null || !viewer.can('moderate_comments'),
  },
  karma: { type: 'Int', description: 'Always null: WordPress does not show it in REST.', resolve: () => null },
  link: {
    type: 'String',
    description: 'Its URL on the site.',
    needs: ['link'],
    resolve: ({ data }) => {
      const link = readString(data, 'link');
      return link === null ? null : decodeUri(link);
    },
  },
  parentDatabaseId: {
    type: 'Int',
    description: 'Id of the comment that it answers; 0 where it answers none.',
    needs: ['parent'],
    resolve: ({ data }) => readInt(data, 'parent') ?? 0,
  },
  parentId: {
    type: 'ID',
    needs: ['parent'],
    resolve: ({ data }) => {
      const id = readId(data, 'parent');
      return id === null ? null : toGlobalId('comment', id);
    },
  },
  status: { type: 'CommentStatusEnum', needs: ['status'], resolve: statusOf },
  type: { type: 'String', needs: ['type'], resolve: ({ data }) => readString(data, 'type') || null },
};

/** WPGraphQL gives the time as the database has it: with a space. */
function timeField(path: string, description: string): FieldDeclaration {
  return {
    type: 'String',
    description,
    needs: [path],
    resolve: ({ data }) => readString(data, path)?.replace('T', ' ') ?? null,
  };
}

/** REST and WPGraphQL have another word for what is shown. */
function statusOf({ data }: Entity): string | null {
  const status = readString(data, 'status');
  if (status === 'approved') return 'approve';
  return status && ['approve', 'hold', 'spam', 'trash'].includes(status) ? status : null;
}

const commentedOn: FieldDeclaration = {
  type: 'CommentToContentNodeConnectionEdge',
  needs: ['post'],
  resolve: async ({ data }, _, { loaders, resources }, info) => {
    const id = readId(data, 'post');
    const fieldsOf = ({ typeName }: Resource) => planFields(info, typeName, [['node']]);
    const node = id === null ? null : await loadContent(loaders, resources, id, fieldsOf);
    return node && { node, cursor: null };
  },
};

const parent: FieldDeclaration = {
  type: 'CommentToParentCommentConnectionEdge',
  args: { where: 'CommentToParentCommentConnectionWhereArgs' },
  needs: ['parent'],
  resolve: async ({ resource, data }, { where }, context, info) => {
    const id = readId(data, 'parent');
    if (id === null) return null;
    const fields = planFields(info, 'Comment', [['node']]);
    if (!where) {
      const node = await context.loaders.load(resource, id, fields);
      return node && { node, cursor: null };
    }
    const list = await toCommentList(where, context, { include: [id] });
    const window = await readComments(
      list,
      context,
      async (readable) => readable && loadWindow(context.loaders, readable, { size: 1, direction: 'forward' }, fields),
    );
    const [node] = window?.entities ?? [];
    return node ? { node, cursor: null } : null;
  },
};
