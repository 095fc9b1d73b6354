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

/** Some rows of a list, and how many it has; null where WordPress does not say. */
interface Rows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly total: number | null;
}

/** Reads the rows of a list request and its total. */
export type ReadRows = (route: string, query: Query) => Promise<Rows>;

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
    const told = posts.length === 1 && only !== undefined ? await countOne(only) : null;
    if (told !== null) return [told];
    // By content: where not all pages are read, what is counted of most content is whole.
    const query = { post: posts, orderby: 'post', order: 'asc', per_page: maxPerPage, _fields: ['id', 'post'] };
    const pageAt = (page: number) => readRows(route, page === 0 ? query : { ...query, offset: page * maxPerPage });
    const first = await pageAt(0);
    const requests = first.total === null ? null : Math.max(1, Math.ceil(first.total / maxPerPage));
    // The cheaper way: the other pages of the shared list, or a total for each.
    if (requests !== null && requests > posts.length) {
      return Promise.all(posts.map((post, index) => (index < maxRequests ? countOne(post) : tooMany(posts.length))));
    }
    const pages = [first];
    if (requests === null) {
      while (isFull(pages.at(-1)) && pages.length < maxRequests) pages.push(await pageAt(pages.length));
    } else {
      const others = Array.from({ length: Math.min(requests, maxRequests) - 1 }, (_, index) => pageAt(index + 1));
      pages.push(...(await Promise.all(others)));
    }
    const rows = pages.flatMap((page) => page.rows);
    const counts = new Map<number, number>();
    for (const row of rows) {
      const post = Number(row['post']);
      counts.set(post, (counts.get(post) ?? 0) + 1);
    }
    const isWhole = requests === null ? !isFull(pages.at(-1)) : pages.length === requests;
    const end = isWhole ? Number.POSITIVE_INFINITY : Number(rows.at(-1)?.['post']);
    return posts.map((post) => (post < end ? (counts.get(post) ?? 0) : tooMany(requests)));
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

/** Whether another page may follow, for all that its rows tell. */
function isFull(page: Rows | undefined): boolean {
  return page?.rows.length === maxPerPage;
}

/** Null: nobody knows how many requests it takes. */
function tooMany(requests: number | null): LimitError {
  return new LimitError(
    `To count the comments of so much content takes ${requests ?? `more than ${maxRequests}`} requests, and the gateway makes at most ${maxRequests}` +
      ' for it. Ask for fewer at once; what was counted is known for the next time.',
    { name: 'commentCounts', max: maxRequests },
  );
}
