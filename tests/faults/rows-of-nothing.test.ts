// Rows of which a plugin left nothing: the filter of one row returned none, and WordPress lists null in its place.

import { describe, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { json } from '../support/hostile-server.ts';
import { listAnswer, listed, type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

const list = '{ posts(first: 2) { nodes { databaseId title } } }';
const post = (id: number) => `{ post(id: ${id}, idType: DATABASE_ID) { title } }`;

/** Posts as WordPress lists them, with null in the place of some. */
const without =
  (...ids: readonly number[]): RouteAnswer =>
  (socket, request) => {
    const url = new URL(request.target, 'http://odd.test');
    const included = url.searchParams.get('include')?.split(',').map(Number);
    const shown = rows.posts.filter(({ id }) => !included || included.includes(Number(id))).toReversed();
    listAnswer(shown.map((row) => (ids.includes(Number(row['id'])) ? null : row)))(socket, request);
  };

/** What a query comes to: its data, and its errors by path and code. */
async function outcomeOf({ gateway }: OddSite, query: string) {
  const { data, errors = [], headers, requests } = await gateway.query(query);
  const told = errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`);
  return { data, told, requests, staleFor: /detail=(\w+)/.exec(headers.get('cache-status') ?? '')?.[1] };
}

describe('rows that are no objects', () => {
  it.each([[[null, null]], [['x']], [[1]], [[[]]], [[null, false, 'x']]])(
    'are nothing that is not there: %j',
    async (body) => {
      await using site = await openOddSite({ posts: listAnswer(body, 40) });
      expect(await outcomeOf(site, list)).toMatchObject({
        data: { posts: null },
        told: ['posts UPSTREAM_BAD_RESPONSE'],
      });
      expect(await outcomeOf(site, post(2))).toMatchObject({
        data: { post: null },
        told: ['post UPSTREAM_BAD_RESPONSE'],
      });
      const slug = await outcomeOf(site, '{ post(id: "post-2", idType: SLUG) { title } }');
      expect(slug).toMatchObject({ data: { post: null }, told: ['post UPSTREAM_BAD_RESPONSE'] });
      // Nothing of that was kept.
      expect((await outcomeOf(site, post(2))).requests).toHaveLength(1);
    },
  );

  it('are not nothing in a search, nor in a number of comments', async () => {
    await using site = await openOddSite({ search: listAnswer([null]), comments: listAnswer([null], null) });
    const search = await outcomeOf(site, '{ contentNodes(where: { search: "a" }) { nodes { id } } }');
    expect(search.told).toEqual(['contentNodes UPSTREAM_BAD_RESPONSE']);
    const counts = await outcomeOf(site, '{ posts(first: 2) { nodes { commentCount } } }');
    expect(counts.told).toEqual(
      ['posts.nodes.0.commentCount', 'posts.nodes.1.commentCount'].map((path) => `${path} UPSTREAM_BAD_RESPONSE`),
    );
  });
});

describe('one row that is no object', () => {
  it('or has no id makes no list complete that could not be read', async () => {
    const tied = rows.posts.map((row) => ({ ...row, date: '2024-01-01T10:00:00' }));
    await using site = await openOddSite({
      posts: (socket, request) => {
        const isGroup = /[?&]after=.*[?&]before=|[?&]before=.*[?&]after=/.test(request.target);
        (isGroup ? json({}, { status: 500 }) : listAnswer([tied[2], { title: 'no id' }, tied[1]], 4))(socket, request);
      },
    });
    expect(await outcomeOf(site, list)).toMatchObject({ data: { posts: null }, told: ['posts UPSTREAM_ERROR'] });
  });

  it('is left out of a list, as one without an id', async () => {
    await using site = await openOddSite({ posts: without(2) });
    const { data, told } = await outcomeOf(site, list);
    expect([data, told]).toEqual([
      {
        posts: {
          nodes: [
            { databaseId: 3, title: 'Post 3' },
            { databaseId: 1, title: 'Post 1' },
          ],
        },
      },
      [],
    ]);
    expect(await outcomeOf(site, post(3))).toMatchObject({
      data: { post: { title: 'Post 3' } },
      told: [],
      requests: [],
    });
  });

  it('is an error for what was asked for by its id, and for nothing else', async () => {
    await using site = await openOddSite({ posts: without(2) });
    const both = '{ a: post(id: 1, idType: DATABASE_ID) { title } b: post(id: 2, idType: DATABASE_ID) { title } }';
    const { data, told, requests } = await outcomeOf(site, both);
    expect([data, told]).toEqual([{ a: { title: 'Post 1' }, b: null }, ['b UPSTREAM_BAD_RESPONSE']]);
    expect(requests).toHaveLength(1);
  });

  it('is none that a viewer may not edit', async () => {
    const me = { id: 7, capabilities: { edit_posts: true, edit_others_posts: true, edit_published_posts: true } };
    const users: RouteAnswer = (socket, request) => json(me)(socket, request);
    const posts: RouteAnswer = (socket, request) =>
      (request.target.includes('context=edit') ? listAnswer([null]) : listed(rows.posts))(socket, request);
    await using site = await openOddSite({ users, posts });
    const raw = '{ post(id: 2, idType: DATABASE_ID) { title(format: RAW) } }';
    const { data, errors } = await site.gateway.query(raw, {}, { authorization: 'Basic YTpi' });
    expect(data).toEqual({ post: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_BAD_RESPONSE']);
  });
});

it('what was known before stands where a plugin leaves nothing of all rows', async () => {
  let clock = 1_000_000;
  const times = { freshSeconds: 60, staleSeconds: 0, staleIfErrorSeconds: 3600, now: () => clock };
  const store = createResponseStore({ maxBytes: 1e6, ...times });
  const odd: Record<string, RouteAnswer> = {};
  await using site = await openOddSite(odd, { store, cache: times });
  const before = [await outcomeOf(site, list), await outcomeOf(site, post(2))];
  odd['posts'] = without(1, 2, 3);
  for (let round = 1; round <= 2; round += 1) {
    clock += 100_000;
    for (const [at, query] of [list, post(2)].entries()) {
      const { data, told, staleFor } = await outcomeOf(site, query);
      expect([data, told, staleFor]).toEqual([before[at]?.data, [], 'outage']);
    }
    // Nor is a part of it lost for questions that are new.
    const other = await outcomeOf(site, list.replace('title', `title alias${round}: title`));
    expect([other.data.posts.nodes.length, other.told, other.staleFor]).toEqual([2, [], 'outage']);
  }
  odd['posts'] = rows.posts;
  clock += 100_000;
  await vi.waitFor(async () => expect((await outcomeOf(site, list)).staleFor).toBeUndefined());
  expect((await outcomeOf(site, list)).data).toEqual(before[0]?.data);
});
