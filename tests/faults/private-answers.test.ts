// An answer that a cache in front of WordPress made for somebody is shown once, and kept for nobody.

import { describe, expect, it } from 'vitest';
import { json } from '../support/hostile-server.ts';
import { openOddSite, rows } from './odd-site.ts';

const query = '{ posts(first: 3) { nodes { categories { nodes { name } } } } }';
const users = '{ users(first: 2) { nodes { name } } }';
const categories = rows.categories.map(({ id, name }) => ({ id, name }));

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

  it('leaves other queries their caches', async () => {
    const headers = { 'set-cookie': 'wordpress_logged_in_a=b' };
    await using site = await openOddSite({ categories: json(categories, { headers }) });
    await site.gateway.query(query);
    await site.gateway.query(users);
    expect((await site.gateway.query(users)).requests).toEqual([]);
  });
});
