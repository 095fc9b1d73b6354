// Owns the `where` arguments of lists of comments: what REST filters by, what is filtered here, and what is refused.

import type { GatewayContext } from '../../context.ts';
import type { Keep, ListSpec } from '../../loaders/list-spec.ts';
import { toLister } from '../../loaders/preview-loaders.ts';
import type { Viewer } from '../../loaders/viewer.ts';
import type { ArgDeclaration } from '../builder.ts';
import { readId, readString } from '../read.ts';
import { offsetArg } from '../relay/connection.ts';
import { requireDatabaseId, requireDatabaseIds } from '../relay/ids.ts';
import { addContentFilters } from './comment-content.ts';
import { parseCommentOrder } from './comment-order.ts';
import { addExcluded, addIds, type Filters, settleFilters } from './filters.ts';
import { idSetOf } from './id-lists.ts';
import { type Where, whereOf } from './where.ts';

const onlyComments = 'Empty for all but comments: WordPress shows the public nothing else.';

/** The `where` arguments of lists of comments. */
export const commentWhere: Readonly<Record<string, ArgDeclaration>> = {
  authorEmail: {
    type: 'String',
    description: 'Empty unless the viewer may edit posts: WordPress keeps addresses from the public.',
  },
  authorIn: '[ID]',
  authorNotIn: '[ID]',
  authorUrl: 'String',
  commentIn: '[ID]',
  commentNotIn: '[ID]',
  commentType: { type: 'String', description: onlyComments },
  commentTypeIn: { type: '[String]', description: onlyComments },
  commentTypeNotIn: 'String',
  contentAuthor: '[ID]',
  contentAuthorIn: '[ID]',
  contentAuthorNotIn: '[ID]',
  contentId: 'ID',
  contentIdIn: '[ID]',
  contentIdNotIn: '[ID]',
  contentName: 'String',
  contentParent: 'Int',
  contentStatus: '[PostStatusEnum]',
  contentType: '[ContentTypeEnum]',
  includeUnapproved: { type: '[ID]', description: 'Without effect: see statusIn.' },
  karma: { type: 'Int', description: 'Empty: WordPress does not show it in REST.' },
  offsetPagination: offsetArg,
  order: 'OrderEnum',
  orderby: {
    type: 'CommentsConnectionOrderbyEnum',
    description:
      'Without effect for COMMENT_AGENT, COMMENT_AUTHOR_EMAIL, COMMENT_AUTHOR_IP and COMMENT_KARMA, which REST does not' +
      ' show: by id, the highest first.',
  },
  parent: 'Int',
  parentIn: '[ID]',
  parentNotIn: '[ID]',
  search: 'String',
  status: { type: 'String', deprecated: 'Use statusIn.' },
  statusIn: '[CommentStatusEnum]',
  userId: 'ID',
};

/** What a connection itself asks for; it takes the place of the argument of that meaning, as in WPGraphQL. */
export interface CommentBase {
  /** Id of the content that is commented on: `contentId`. */
  readonly content?: number;
  /** Name of that content's type. */
  readonly contentType?: string;
  readonly parent?: number;
  /** Id of the user who wrote them: `userId`. */
  readonly user?: number;
  /** `commentIn`. */
  readonly include?: readonly number[];
}

/** The list of comments that `where` asks for; null if nothing can match. */
export async function toCommentList(
  given: unknown,
  context: GatewayContext,
  base: CommentBase = {},
): Promise<ListSpec | null> {
  const where = whereOf(given);
  const resource = context.resources.get('comment');
  if (!resource) return null;
  const viewer = toLister(context.viewer);
  const filters: Filters = {
    query: {},
    keep: [],
    isEmpty: asksForHidden(where, viewer) || !isShownType(where),
  };
  addStatus(filters, where, viewer);
  const email = where.text('authorEmail');
  if (email) filters.query['author_email'] = email;
  const ids = (argument: string) => requireDatabaseIds(where.list(argument) ?? [], argument);
  const commentIn = base.include ?? ids('commentIn');
  addIds(filters, 'include', commentIn);
  addExcluded(filters, 'exclude', ids('commentNotIn'));
  const parent = base.parent ?? where.number('parent');
  if (parent !== null) addIds(filters, 'parent', [parent]);
  addIds(filters, 'parent', ids('parentIn'));
  addExcluded(filters, 'parent_exclude', ids('parentNotIn'));
  const search = where.text('search');
  if (search) filters.query['search'] = search;
  const order = parseCommentOrder(where, commentIn);
  if (filters.isEmpty || order === null) return null;
  await addContentFilters(filters, where, base, context);
  addAuthors(filters, where, base, viewer);
  settleFilters(filters);
  if (filters.isEmpty) return null;
  return { resource, filters: filters.query, order, keep: filters.keep, scanLimit: context.scanLimit };
}

/** Whether it asks for what WordPress does not show to the viewer. */
function asksForHidden(where: Where, viewer: Viewer | null): boolean {
  return where.value('karma') !== null || (where.text('authorEmail') !== null && viewer?.can('edit_posts') !== true);
}

/** WordPress lists comments of the type `comment`. */
function isShownType(where: Where): boolean {
  const type = where.text('commentType');
  const typeIn = where.list('commentTypeIn') ?? [];
  const isComment = (name: unknown) => ['comment', 'comments', 'all', ''].includes(String(name));
  return (
    (type === null || isComment(type)) &&
    (typeIn.length === 0 || typeIn.some(isComment)) &&
    !['comment', 'comments'].includes(where.text('commentTypeNotIn') ?? '')
  );
}

/** Without rights WordPress shows what is approved; with rights, what the viewer may moderate as well. */
function addStatus(filters: Filters, where: Where, viewer: Viewer | null): void {
  const given = [where.text('status')?.split(/[\s,]+/) ?? [], where.texts('statusIn')];
  const wanted = given
    .map((stati) => new Set(stati.flatMap((name) => commentStati[name] ?? [])))
    .filter((set, index) => given[index]?.length || set.size);
  if (wanted.length === 0) return;
  const stati = ['approved', 'hold', 'spam', 'trash'].filter((name) => wanted.every((set) => set.has(name)));
  if (viewer?.can('edit_posts')) {
    if (stati.length === 0) filters.isEmpty = true;
    else if (stati.length === 1) filters.query['status'] = stati[0] === 'approved' ? 'approve' : String(stati[0]);
    else {
      filters.query['status'] = 'any';
      filters.keep.push({
        argument: 'statusIn',
        fields: ['status'],
        test: ({ data }) => stati.includes(readString(data, 'status') ?? ''),
      });
    }
  } else if (!stati.includes('approved')) filters.isEmpty = true;
}

/** What the words of `WP_Comment_Query` stand for, in the words of REST. */
const commentStati: Readonly<Record<string, readonly string[]>> = {
  '1': ['approved'],
  approve: ['approved'],
  '0': ['hold'],
  hold: ['hold'],
  spam: ['spam'],
  trash: ['trash'],
  all: ['approved', 'hold'],
  any: ['approved', 'hold', 'spam', 'trash'],
};

/** REST keeps `author` for users with rights, yet its rows tell the author. */
function addAuthors(filters: Filters, where: Where, base: CommentBase, viewer: Viewer | null): void {
  const authorKeep = (argument: string, test: (author: number) => boolean): Keep => ({
    argument,
    fields: ['author'],
    test: ({ data }) => test(readId(data, 'author') ?? 0),
  });
  const userId = where.text('userId');
  const user = userId === null ? null : requireDatabaseId(userId);
  const authorIn = requireDatabaseIds(where.list('authorIn') ?? [], 'authorIn');
  const authorNotIn = requireDatabaseIds(where.list('authorNotIn') ?? [], 'authorNotIn');
  // Lists of several users are read together, and told apart here.
  if (base.user !== undefined) filters.keep.push(authorKeep('userId', (author) => author === base.user));
  const single = base.user === undefined && user !== null ? [user] : [];
  if (viewer?.can('edit_posts')) {
    addIds(filters, 'author', single);
    addIds(filters, 'author', authorIn);
    addExcluded(filters, 'author_exclude', authorNotIn);
  } else {
    if (single.length > 0) filters.keep.push(authorKeep('userId', (author) => single.includes(author)));
    const [wanted, unwanted] = [idSetOf(authorIn), idSetOf(authorNotIn)];
    if (wanted.size > 0) filters.keep.push(authorKeep('authorIn', (author) => wanted.has(author)));
    if (unwanted.size > 0) filters.keep.push(authorKeep('authorNotIn', (author) => !unwanted.has(author)));
  }
  const url = where.text('authorUrl');
  if (url) {
    const test: Keep['test'] = ({ data }) => readString(data, 'author_url') === url;
    filters.keep.push({ argument: 'authorUrl', fields: ['author_url'], test });
  }
}
