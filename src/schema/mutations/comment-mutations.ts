// Owns the mutations of comments: create, update, delete and restore.

import type { RestObject } from '../../cache/fields-record.ts';
import { UserError } from '../../errors.ts';
import type { AnonymousComment } from '../../loaders/anonymous-comments.ts';
import { planFields } from '../../planner/needs.ts';
import type { CommentResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { readId } from '../read.ts';
import {
  field,
  type InputTable,
  idField,
  inputsByParameter,
  requireId,
  requireTarget,
  toArgs,
  toParameters,
} from './inputs.ts';
import { defineMutation } from './mutation.ts';
import { deletedIdField, type Written, writtenField } from './payload.ts';
import { commentTags } from './tags.ts';
import type { Input, WriteContext } from './write-context.ts';
import { deletionQuery, writeEntity } from './write-entity.ts';

const inputs: InputTable = {
  // A status that is given as well outweighs it: it comes later.
  approved: {
    ...field('String', 'status', (value) => (['1', 'true', 'approve'].includes(String(value)) ? 'approve' : 'hold')),
    deprecated: 'Use status.',
  },
  author: field('String', 'author_name'),
  authorEmail: field('String', 'author_email'),
  authorUrl: field('String', 'author_url'),
  commentOn: field('Int', 'post'),
  content: field('String', 'content'),
  date: field('String', 'date'),
  parent: idField('parent'),
  status: field('CommentStatusEnum', 'status'),
  type: field('String', 'type'),
};

interface WrittenComment extends Written {
  readonly success?: boolean;
  /** Id of the content that it must be on: only a link told the id of the comment. */
  readonly post?: number;
}

/** Declares the mutations of comments. */
export function defineCommentMutations(builder: Builder, comments: CommentResource): void {
  const parameters = inputsByParameter(inputs);
  const success: FieldDeclarations<WrittenComment> = {
    success: { type: 'Boolean', description: 'Whether it was saved, be it shown at once or not.' },
  };
  defineMutation<WrittenComment>(builder, {
    name: 'createComment',
    isCreation: true,
    description:
      'Creates a comment as the viewer; without credentials, where the gateway is set to, as the form of the site does.',
    input: toArgs(inputs),
    payload: { ...createdField(comments), ...success },
    action: 'create comments',
    parameters,
    forAnybody: ({ sendComment, purge }) =>
      sendComment && {
        arrivals: sendComment.arrivals,
        run: async (input) => {
          const comment = toAnonymous(input);
          try {
            const id = await sendComment(comment);
            return id === null ? { id: 0, before: null, success: true } : { id, success: true, post: comment.post };
          } finally {
            await purge(commentTags(comments, null, comment.post), { method: 'POST', route: comments.route });
          }
        },
      },
    run: async (input, context) => ({
      ...(await writeComment(comments, null, await toParameters(inputs, input, context), null, context)),
      success: true,
    }),
  });
  defineMutation<WrittenComment>(builder, {
    name: 'updateComment',
    description: 'Changes a comment: what is given.',
    input: { id: 'ID!', ...toArgs(inputs) },
    payload: { ...writtenField(comments, comments), ...success },
    action: 'update comments',
    parameters,
    run: async (input, context) => {
      const id = requireTarget(input);
      const before = await context.loaders.load(comments, id, ['post']);
      const post = before && readId(before.data, 'post');
      const given = await toParameters(inputs, input, context);
      return { ...(await writeComment(comments, id, given, post, context)), success: true };
    },
  });
  defineMutation<Written>(builder, {
    name: 'deleteComment',
    description: 'Throws a comment into the trash, or deletes it for good with `forceDelete`.',
    input: { id: 'ID!', forceDelete: { type: 'Boolean', description: 'Whether it is deleted for good.' } },
    payload: { ...writtenField(comments, comments), ...deletedIdField(comments) },
    action: 'delete comments',
    run: async (input, context, info) => {
      const id = requireTarget(input);
      const fields = ['post', ...planFields(info, comments.typeName, [[comments.singular]])];
      const before = await context.loaders.load(comments, id, fields);
      const query = deletionQuery(input['forceDelete'] === true);
      const tags = commentTags(comments, id, before && readId(before.data, 'post'));
      await context.write({ method: 'DELETE', route: `${comments.route}/${id}`, query, tags });
      return { id, before };
    },
  });
  defineMutation<Written>(builder, {
    name: 'restoreComment',
    description: 'Takes a comment out of the trash: it is again what it was before.',
    input: { id: 'ID!' },
    payload: { ...writtenField(comments, comments), ...deletedIdField(comments, 'restoredId') },
    action: 'restore comments',
    run: async (input, context) => writeComment(comments, requireTarget(input), { status: 'untrash' }, null, context),
  });
}

/** The comment that was created; null where the one with this id is another one. */
function createdField(comments: CommentResource): FieldDeclarations<WrittenComment> {
  const { singular, typeName } = comments;
  return {
    [singular]: {
      type: typeName,
      resolve: async ({ id, before, post }, _, { loaders }, info) => {
        if (before !== undefined) return before;
        const told = post === undefined ? [] : ['post'];
        const created = await loaders.load(comments, id, ['id', ...told, ...planFields(info, typeName)]);
        return created && post !== undefined && readId(created.data, 'post') !== post ? null : created;
      },
    },
  };
}

/** What the form of a site takes; all else is for users. */
function toAnonymous(input: Input): AnonymousComment {
  const { commentOn, parent, author, authorEmail, authorUrl, content, ...others } = input;
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined || value === null || name === 'clientMutationId') continue;
    throw new UserError(`input.${name}: it is taken with credentials only.`, 'UNAUTHENTICATED');
  }
  const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
  if (typeof commentOn !== 'number') throw new UserError('input.commentOn: there must be one.');
  if (textOf(content).trim() === '') throw new UserError('input.content: a comment needs a text.');
  return {
    post: commentOn,
    parent: parent === undefined || parent === null ? 0 : requireId(parent, 'parent'),
    ...{ author: textOf(author), email: textOf(authorEmail), url: textOf(authorUrl), content: textOf(content) },
  };
}

function writeComment(
  comments: CommentResource,
  id: number | null,
  parameters: RestObject,
  post: number | null,
  context: WriteContext,
): Promise<Written> {
  const tagsOf = (data: RestObject) => commentTags(comments, readId(data, 'id'), readId(data, 'post') ?? post);
  return writeEntity({ resource: comments, id, parameters, tagsOf, fields: ['id', 'post'] }, context);
}
