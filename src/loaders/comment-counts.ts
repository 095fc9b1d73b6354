// Owns counting comments: REST has no count in content, so the comments of all asked content are counted together.

import DataLoader from 'dataloader';
import type { ListRecord } from '../cache/memory-cache.ts';
import { LimitError } from '../errors.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { AskMany } from './ask-many.ts';
import type { Query } from './reader.ts';

/** The lists of comments, by which they are counted. */
export const commentLists = { name: 'comment', route: 'wp/v2/comments', typeName: 'Comment' };

const { route } = commentLists;

/** Most requests that counting takes for one batch: what else an operation asks for needs some, too. */
const maxRequests = 40;

/** A number of comments; null where WordPress does not say. */
type Count = number | null | Error;

/** Reads the rows of a list request and its total. */
export type ReadRows = (
  route: string,
  query: Query,
) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly total: number | null }>;

/** What counting stands on. */
export interface CommentCountsOptions {
  readonly askMany: AskMany;
  readonly readRows: ReadRows;
  readonly count: (query: Query) => Promise<ListRecord>;
  /** Brings in what farther caches know. */
  readonly reach: (contentIds: readonly number[]) => Promise<void>;
  readonly knownTotal: (contentId: number) => number | null | undefined;
  /** What was known before, where counting failed because WordPress is down. */
  readonly oldTotal: (contentId: number, error: unknown) => number | null | undefined;
  readonly putTotal: (contentId: number, total: number) => void;
  readonly schedule: (dispatch: () => void) => void;
}

/** A loader of the number of approved comments by id of content. */
export function createCommentCounts({
  askMany,
  readRows,
  count,
  reach,
  knownTotal,
  oldTotal,
  putTotal,
  schedule,
}: CommentCountsOptions): DataLoader<number, number | null> {
  async function countOne(post: number): Promise<Count> {
    return (await count({ post, per_page: 1, _fields: ['id'] })).total;
  }

  async function countAll(posts: readonly number[]): Promise<readonly Count[]> {
    const [only] = posts;
    if (posts.length === 1 && only !== undefined) return [await countOne(only)];
    // By content: where not all pages are read, what is counted of most content is whole.
    const query = { post: posts, orderby: 'post', order: 'asc', per_page: maxPerPage, _fields: ['id', 'post'] };
    const first = await readRows(route, query);
    const total = first.total ?? first.rows.length;
    const others = Math.ceil(total / maxPerPage) - 1;
    // The cheaper way: the other pages of the shared list, or a total for each.
    if (others >= posts.length) {
      return Promise.all(posts.map((post, index) => (index < maxRequests ? countOne(post) : tooMany(posts.length))));
    }
    const read = Math.min(others, maxRequests - 1);
    const pages = Array.from({ length: read }, (_, page) => ({ ...query, offset: (page + 1) * maxPerPage }));
    const rest = await Promise.all(pages.map((page) => readRows(route, page)));
    const rows = [first, ...rest].flatMap((page) => page.rows);
    const counts = new Map<number, number>();
    for (const row of rows) {
      const post = Number(row['post']);
      counts.set(post, (counts.get(post) ?? 0) + 1);
    }
    const whole = read < others ? Number(rows.at(-1)?.['post']) : Number.POSITIVE_INFINITY;
    return posts.map((post) => (post < whole ? (counts.get(post) ?? 0) : tooMany(others + 1)));
  }

  async function countUnknown(posts: readonly number[]): Promise<Map<number, Count>> {
    const counts = new Map<number, Count>();
    // By which their comments are asked for as well: what fails there is known here.
    const failures = await askMany(`${route} post`, posts, async (part) => {
      const totals = await countAll(part);
      part.forEach((post, index) => {
        const total = totals[index] ?? null;
        counts.set(post, total);
        if (typeof total === 'number') putTotal(post, total);
      });
      return null;
    });
    for (const [post, error] of failures) {
      const old = oldTotal(post, error);
      counts.set(post, old === undefined ? error : old);
    }
    return counts;
  }

  async function loadBatch(posts: readonly number[]): Promise<Count[]> {
    await reach(posts);
    const known = new Map<number, Count | undefined>(posts.map((post) => [post, knownTotal(post)]));
    const unknown = posts.filter((post) => known.get(post) === undefined);
    const counted = await countUnknown(unknown);
    return posts.map((post) => known.get(post) ?? counted.get(post) ?? null);
  }

  return new DataLoader<number, number | null>(loadBatch, { maxBatchSize: maxPerPage, batchScheduleFn: schedule });
}

function tooMany(requests: number): LimitError {
  return new LimitError(
    `To count the comments of so much content takes ${requests} requests, and the gateway makes at most ${maxRequests}` +
      ' for it. Ask for fewer at once; what was counted is known for the next time.',
    { name: 'commentCounts', max: maxRequests },
  );
}
