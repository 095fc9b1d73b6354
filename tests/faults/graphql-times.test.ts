// Times that a plugin has spoilt: no post is lost for it, no list fails, and no request is made of them.

import { expect, it } from 'vitest';
import { listAnswer, openOddSite, postWith } from './odd-site.ts';

const query = `query ($after: String) {
  posts(first: 2, after: $after) { pageInfo { hasNextPage endCursor } nodes { databaseId date } }
}`;

it.each([[null], [''], ['0000-00-00T00;00;00'], [5], [{}]])('one is %j', async (date) => {
  // WordPress sorts by what it has stored, and a plugin spoils what it shows: the newest post stays the first.
  await using site = await openOddSite({ posts: listAnswer(postWith({ date })) });
  const seen: [number, unknown][] = [];
  let after: string | null = null;
  for (let page = 0; page < 3; page += 1) {
    const { data, errors, requests } = await site.gateway.query(query, { after });
    for (const { path, extensions } of errors ?? []) {
      expect([path?.at(-1), extensions.code]).toEqual(['date', 'UPSTREAM_BAD_RESPONSE']);
    }
    // Bounds come from good times only.
    for (const [, time] of requests.join().matchAll(/[?&](?:before|after)=([^&,]*)/g))
      expect(time).toMatch(/^2024-01-02T/);
    seen.push(...data.posts.nodes.map((post: { databaseId: number; date: unknown }) => [post.databaseId, post.date]));
    if (!data.posts.pageInfo.hasNextPage) break;
    after = data.posts.pageInfo.endCursor;
  }
  expect(seen).toEqual([
    [3, typeof date === 'string' ? date : null],
    [2, '2024-01-02T10:00:00'],
    [1, '2024-01-01T10:00:00'],
  ]);
});

it('rows without any id are an error, not an empty list', async () => {
  await using site = await openOddSite({ posts: postWith({}).map((row) => ({ ...row, id: 'x' })) });
  const { data, errors } = await site.gateway.query('{ posts(first: 2) { nodes { databaseId } } }');
  expect(data.posts).toBeNull();
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['posts'], 'UPSTREAM_BAD_RESPONSE'],
  ]);
});
