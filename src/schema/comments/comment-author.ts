// Owns who wrote a comment: a user whom WordPress shows, or else a name with what it left.

import type { GraphQLResolveInfo } from 'graphql';
import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import { isSelected, planFields } from '../../planner/needs.ts';
import { isHidden } from '../../wordpress/failures.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { readId, readString } from '../read.ts';
import { toGlobalId } from '../relay/ids.ts';

/** Who wrote a comment without an account that is shown: known by the id of the comment, and of its data. */
interface CommentAuthor {
  readonly __typename: 'CommentAuthor';
  readonly id: number;
  readonly data: RestObject;
}

interface AuthorEdge {
  readonly node: Entity | CommentAuthor;
  readonly comment: Entity;
}

/** Declares CommentAuthor and the edge that leads to it or to a user. */
export function defineCommentAuthor(builder: Builder, avatar: FieldDeclaration<{ readonly data: RestObject }>): void {
  builder.interface('CommenterConnectionEdge', { interfaces: ['Edge'], fields: { node: { type: 'Commenter!' } } });
  builder.object<AuthorEdge>('CommentToCommenterConnectionEdge', {
    interfaces: ['CommenterConnectionEdge', 'Edge', 'OneToOneConnection'],
    fields: {
      email: {
        type: 'String',
        description: guarded,
        needs: ['author_email'],
        resolve: ({ comment }) => readString(comment.data, 'author_email') || null,
      },
      ipAddress: {
        type: 'String',
        description: guarded,
        needs: ['author_ip'],
        resolve: ({ comment }) => readString(comment.data, 'author_ip') || null,
      },
      name: {
        type: 'String',
        description: 'The name with which the comment was made.',
        needs: ['author_name'],
        resolve: ({ comment }) => readString(comment.data, 'author_name') || null,
      },
      node: { type: 'Commenter!', part: ['CommentAuthor'] },
      url: {
        type: 'String',
        description: 'The address with which the comment was made.',
        needs: ['author_url'],
        resolve: ({ comment }) => readString(comment.data, 'author_url') || null,
      },
    },
  });
  builder.object<CommentAuthor>('CommentAuthor', {
    description: 'Somebody who commented without an account, or with one that WordPress does not show.',
    interfaces: ['Commenter', 'DatabaseIdentifier', 'Node'],
    fields: {
      avatar,
      databaseId: { type: 'Int!', description: 'Id of the comment.', resolve: ({ id }) => id },
      email: {
        type: 'String',
        description: guarded,
        needs: ['author_email'],
        resolve: ({ data }) => readString(data, 'author_email') || null,
      },
      id: { type: 'ID!', resolve: ({ id }) => toGlobalId('comment_author', id) },
      isRestricted: { type: 'Boolean', resolve: () => false },
      name: {
        type: 'String',
        needs: ['author_name'],
        resolve: ({ data }) => readString(data, 'author_name') || null,
      },
      url: {
        type: 'String',
        description: 'An empty text where none was given.',
        needs: ['author_url'],
        resolve: ({ data }) => readString(data, 'author_url') ?? '',
      },
    },
  });
}

const guarded = 'Null unless the viewer may moderate comments.';

/** The author of a comment by that comment's id. */
export async function findCommentAuthor(
  id: string,
  { loaders, resources }: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<CommentAuthor | null> {
  const comments = resources.get('comment');
  const databaseId = Number(id);
  if (!comments || !Number.isSafeInteger(databaseId) || databaseId <= 0) return null;
  const comment = await loaders.load(comments, databaseId, planFields(info, 'CommentAuthor'));
  return comment ? { __typename: 'CommentAuthor', id: comment.id, data: comment.data } : null;
}

/** The field `author` of a comment. */
export const authorField: FieldDeclaration = {
  type: 'CommentToCommenterConnectionEdge',
  needs: ['author'],
  part: true,
  resolve: async (comment, _, context, info): Promise<AuthorEdge> => {
    const { id, data } = comment;
    return { comment, node: (await loadUser(comment, context, info)) ?? { __typename: 'CommentAuthor', id, data } };
  },
};

async function loadUser({ data }: Entity, context: GatewayContext, info: GraphQLResolveInfo): Promise<Entity | null> {
  const id = readId(data, 'author');
  const users = context.resources.get('user');
  if (id === null || !users || !isSelected(info, ['node'])) return null;
  try {
    return await context.loaders.load(users, id, ['id', ...planFields(info, users.typeName, [['node']])]);
  } catch (error) {
    // Security plugins close the users' route: what the comment tells is left.
    if (error instanceof UpstreamError && isHidden(error)) return null;
    throw error;
  }
}
