// An answer that a cache in front of WordPress made for somebody is shown once, and kept for nobody.

import { describe, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { json } from '../support/hostile-server.ts';
import { openOddSite, type RouteAnswer, rows } from './odd-site.ts';

const query = '{ posts(first: 3) { nodes { categories { nodes { name } } } } }';
const users = '{ users(first: 2) { nodes { name } } }';
const categories = rows.categories.map(({ id, name }) => ({ id, name }));
const withCookie = (body: readonly unknown[]) =>
  json(body, { headers: { 'set-cookie': 'wordpress_logged_in_a=b; path=/', 'x-wp-total': String(body.length) } });

describe('an answer to somebody', () => {
  it.each([
    ['with a cookie', { 'set-cookie': 'wordpress_logged_in_a=b; path=/' }],
    ['that is private', { 'cache-control': 'private, max-age=60' }],
  ])('%s is asked for each time', async (_name, headers) => {
    await using site = await openOddSite({ categories: json(categories, { headers }) });
    for (let round = 1; round <= 3; round++) {
      const { data, errors } = await site.gateway.query(query);
      expect(errors).toBeUndefined();
      expect(data.posts.nodes[0].categories.nodes).toHaveLength(2);
      const asked = site.server.requests.filter(({ target }) => target.includes('/categories?include'));
      expect(asked).toHaveLength(round);
    }
    expect(site.gateway.lines.filter(({ msg }) => msg?.includes('a cookie of somebody'))).toHaveLength(1);
  });

  it.each([
    ['a list', { posts: withCookie(rows.posts) }, '{ posts(first: 2) { nodes { databaseId } } }'],
    ['an object of several', { categories: withCookie(categories) }, query],
    ['results of a search', { search: withCookie([]) }, '{ contentNodes(where: { search: "a" }) { nodes { id } } }'],
  ])('%s is not for caches on the way either', async (_name, odd, text) => {
    const store = createResponseStore({ maxBytes: 1e6, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 });
    await using site = await openOddSite(odd, { store });
    for (let round = 1; round <= 2; round++) {
      const response = await site.gateway.send({}, `/graphql?query=${encodeURIComponent(text)}`);
      expect((await response.json()).errors).toBeUndefined();
      const told = ['cache-control', 'age', 'etag', 'surrogate-key', 'cache-tag', 'x-graphql-keys'];
      expect(told.map((name) => response.headers.get(name))).toEqual(['no-store', null, null, null, null, null]);
    }
    expect(store.size().answers).toBe(0);
  });

  it('is not given to whoever asks while the one that anybody may have is stale', async () => {
    let clock = 1_000_000;
    const now = () => clock;
    const times = { freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600, now };
    const store = createResponseStore({ maxBytes: 1e6, ...times });
    const odd: Record<string, RouteAnswer> = {};
    await using site = await openOddSite(odd, { store, cache: times });
    const titles = '{ posts(first: 1) { nodes { title } } }';
    const ask = async () => {
      const response = await site.gateway.send({}, `/graphql?query=${encodeURIComponent(titles)}`);
      return [(await response.json()).data.posts.nodes[0].title, response.headers.get('cache-control')?.split(',')[0]];
    };
    expect(await ask()).toEqual(['Post 3', 'public']);
    odd['posts'] = withCookie([{ id: 3, date: '2024-01-03T10:00:00', title: { rendered: 'For Anna' } }]);
    clock += 100_000;
    const before = site.server.requests.length;
    expect(await ask()).toEqual(['Post 3', 'public']);
    await vi.waitFor(() => expect(site.server.requests).toHaveLength(before + 1));
    expect(await ask()).toEqual(['Post 3', 'public']);
    clock += 300_000;
    expect(await ask()).toEqual(['For Anna', 'no-store']);
  });

  it('leaves other queries their caches', async () => {
    const headers = { 'set-cookie': 'wordpress_logged_in_a=b' };
    await using site = await openOddSite({ categories: json(categories, { headers }) });
    await site.gateway.query(query);
    await site.gateway.query(users);
    expect((await site.gateway.query(users)).requests).toEqual([]);
  });
});
