// Owns what a cache tells of a type: that there is none of it only where a list of all of it says so.

import { expect, it } from 'vitest';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { isKeptEmpty } from '../../../src/loaders/kept-entities.ts';
import { keyOf, type Query } from '../../../src/loaders/reader.ts';
import { rowResource } from '../../support/row-loaders.ts';

const first = { orderby: 'date', order: 'desc', per_page: 3 };

it.each<[boolean, string, Query, readonly number[], number | null]>([
  [true, 'the first of all', first, [], 0],
  [true, 'the first of all, where nobody tells totals', first, [], null],
  [true, 'their number', { per_page: 1, _fields: ['id'] }, [], 0],
  [false, 'some', first, [1], 1],
  [false, 'some that are not shown', first, [], 1],
  [false, 'those after others', { ...first, offset: 100 }, [], null],
  [false, 'those of a search', { ...first, search: 'a&per_page=3' }, [], 0],
])('is it kept that there are none: %s, by a list of %s', (expected, _, query, ids, total) => {
  let clock = 1000;
  const cache = createMemoryCache({ maxBytes: 1_000_000, freshSeconds: 60, negativeSeconds: 60, now: () => clock });
  const resource = rowResource();
  cache.putList(
    keyOf(resource.route, query),
    { ids, total },
    { kind: 'page', tags: ['list:page'], since: cache.mark() },
  );
  expect(isKeptEmpty(cache, resource)).toBe(expected);
  expect(isKeptEmpty(cache, { ...resource, route: 'wp/v2/page' })).toBe(false);
  // What is not used any more does not count.
  clock += 10_000_000;
  expect(isKeptEmpty(cache, resource)).toBe(false);
});
