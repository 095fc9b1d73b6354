// Owns counts of comments: together where that is cheaper, and never at the cost of the rest of the page.

import { describe, expect, it } from 'vitest';
import { LimitError } from '../../../src/errors.ts';
import { createAskMany } from '../../../src/loaders/ask-many.ts';
import { createCommentCounts } from '../../../src/loaders/comment-counts.ts';
import type { Query } from '../../../src/loaders/reader.ts';

/** Counting of a site whose posts have these numbers of comments; `tellsTotals`: not where a host strips them. */
function open(sizes: ReadonlyMap<number, number>, tellsTotals = true) {
  const asked: Query[] = [];
  const known = new Map<number, number>();
  const comments = [...sizes].flatMap(([post, size]) => Array.from({ length: size }, () => ({ post })));
  const select = (query: Query) => {
    asked.push(query);
    const posts = new Set([query['post'] ?? []].flat().map(Number));
    return comments.filter(({ post }) => posts.has(post)).sort((a, b) => a.post - b.post);
  };
  const toTotal = ({ length }: readonly unknown[]) => (tellsTotals ? length : null);
  const counts = createCommentCounts({
    askMany: createAskMany()({ maySearch: () => true }),
    readRows: async (_, query) => {
      const found = select(query);
      const offset = Number(query['offset'] ?? 0);
      return { rows: found.slice(offset, offset + Number(query['per_page'])), total: toTotal(found) };
    },
    count: async (query) => ({ ids: [], total: toTotal(select(query)) }),
    reach: async () => undefined,
    knownTotal: (post) => known.get(post),
    oldTotal: () => undefined,
    putTotal: (post, total) => void known.set(post, total),
    schedule: (dispatch) => setImmediate(dispatch),
  });
  const load = async () => {
    asked.length = 0;
    counts.clearAll();
    return counts.loadMany([...sizes.keys()]);
  };
  return { asked, load };
}

const sizesOf = (count: number, size: (index: number) => number) =>
  new Map(Array.from({ length: count }, (_, index) => [500 - index, size(index)]));

describe('counts of comments', () => {
  it.each([
    ['few', 100, 1, (index: number) => index % 2],
    ['some', 100, 30, () => 30],
    ['many, by totals', 3, 4, () => 250],
  ])('are exact: %s', async (_, posts, requests, size) => {
    const sizes = sizesOf(posts, size);
    const { asked, load } = open(sizes);
    expect(await load()).toEqual([...sizes.values()]);
    expect(asked).toHaveLength(requests);
    expect(await load()).toEqual([...sizes.values()]);
    expect(asked).toHaveLength(0);
  });

  it.each([
    ['few', 100, 1, (index: number) => index % 2],
    ['a page of them', 5, 2, () => 20],
    ['some', 5, 4, () => 60],
    ['of one post', 1, 4, () => 250],
  ])('are exact where nobody tells totals: %s', async (_, posts, requests, size) => {
    const sizes = sizesOf(posts, size);
    const { asked, load } = open(sizes, false);
    expect(await load()).toEqual([...sizes.values()]);
    expect(asked).toHaveLength(requests);
    expect(await load()).toEqual([...sizes.values()]);
    expect(asked).toHaveLength(0);
  });

  it('are told as far as they were counted where nobody tells totals', async () => {
    const sizes = sizesOf(100, () => 65);
    const { asked, load } = open(sizes, false);
    const first = await load();
    expect(asked).toHaveLength(40);
    expect(first.filter((count) => count === 65)).toHaveLength(61);
    expect(first.filter((count) => count instanceof LimitError)).toHaveLength(39);
    expect(await load()).toEqual([...sizes.values()]);
  });

  it.each([
    ['comments', 65, 40, 61],
    ['posts', 120, 41, 40],
  ])('are told as far as they were counted, where there are too many %s', async (_, size, requests, counted) => {
    const sizes = sizesOf(100, () => size);
    const { asked, load } = open(sizes);
    const first = await load();
    expect(asked).toHaveLength(requests);
    expect(first.filter((count) => count === size)).toHaveLength(counted);
    expect(first.filter((count) => count instanceof LimitError)).toHaveLength(100 - counted);
    // What is known is not counted again: soon an answer is whole.
    await load();
    expect(await load()).toEqual([...sizes.values()]);
  });
});
