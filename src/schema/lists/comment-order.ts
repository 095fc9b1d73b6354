// Owns the orders of lists of comments, in WPGraphQL's names.

import { UserError } from '../../errors.ts';
import type { Direction, Order, SortKey } from '../../loaders/order.ts';
import type { Builder } from '../builder.ts';
import type { Where } from './where.ts';

/** Declares the order of lists of comments. */
export function defineCommentOrder(builder: Builder): void {
  builder.enum('CommentsConnectionOrderbyEnum', {
    COMMENT_AGENT: 'agent',
    COMMENT_APPROVED: 'approved',
    COMMENT_AUTHOR: 'author',
    COMMENT_AUTHOR_EMAIL: 'author_email',
    COMMENT_AUTHOR_IP: 'author_ip',
    COMMENT_AUTHOR_URL: 'author_url',
    COMMENT_CONTENT: 'content',
    COMMENT_DATE: 'date',
    COMMENT_DATE_GMT: 'date_gmt',
    COMMENT_ID: 'id',
    COMMENT_IN: 'in',
    COMMENT_KARMA: 'karma',
    COMMENT_PARENT: 'parent',
    COMMENT_POST_ID: 'post',
    COMMENT_TYPE: 'type',
    USER_ID: 'user',
  });
}

const byId: SortKey = { orderby: 'id', path: 'id', kind: 'number' };
const byDate: SortKey = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } };
const sortKeys: Readonly<Record<string, SortKey>> = {
  author: { orderby: null, path: 'author_name', kind: 'collated' },
  author_url: { orderby: null, path: 'author_url', kind: 'collated' },
  content: { orderby: null, path: 'content.rendered', kind: 'collated' },
  date: byDate,
  date_gmt: { orderby: 'date_gmt', path: 'date_gmt', kind: 'time' },
  id: byId,
  parent: { orderby: 'parent', path: 'parent', kind: 'number' },
  user: { orderby: null, path: 'author', kind: 'number' },
};

/** What all comments that the public sees have alike, or hide: they are sorted by id, the highest first, as ties are. */
const alike = new Set(['agent', 'approved', 'author_email', 'author_ip', 'karma', 'type']);

/** The order that `where` asks for; null where WPGraphQL shows nothing. `commentIn` has the ids of `where.commentIn`. */
export function parseCommentOrder(where: Where, commentIn: readonly number[]): Order | null {
  const name = where.text('orderby') ?? 'date';
  const direction: Direction = where.value('order') === 'asc' ? 'asc' : 'desc';
  if (name === 'post') return null;
  if (alike.has(name)) return { by: [{ key: byId, direction: 'desc' }] };
  if (name === 'in') {
    if (commentIn.length > 0) return { given: commentIn };
    throw new UserError(
      'In order to sort by comment__in, an array of IDs must be passed as the commentIn argument (where.orderby COMMENT_IN).',
    );
  }
  const key = sortKeys[name] ?? byDate;
  // WordPress sorts comments of the same time by id in the same direction, and of the same parent downwards.
  return { by: [{ key, direction, ...(key.kind === 'time' ? { ties: direction } : {}) }] };
}
