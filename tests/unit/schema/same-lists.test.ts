// Owns the tests of lists of ids that many fields share: what comes of them is one list, whichever `where` they stand in.

import { beforeEach, expect, it, vi } from 'vitest';
import type { GatewayContext } from '../../../src/context.ts';
import type { Entity } from '../../../src/loaders/entity.ts';
import { toAnyContentLists } from '../../../src/schema/lists/any-content.ts';
import { commentCountOf } from '../../../src/schema/lists/comment-count.ts';
import { sortOf } from '../../../src/schema/lists/content-order.ts';
import { termConditions } from '../../../src/schema/lists/term-match.ts';
import { toTermList } from '../../../src/schema/lists/terms.ts';
import type { ContentResource, TermResource } from '../../../src/wordpress/resources.ts';
import { bookResources } from '../../support/book-resources.ts';
import { openRowLoaders } from '../../support/row-loaders.ts';

const ids = Array.from({ length: 200 }, (_, index) => index + 1);
let context: GatewayContext;

beforeEach(() => {
  const { loaders } = openRowLoaders([], 1);
  context = { loaders, resources: bookResources, scanLimit: 5000, viewer: undefined } as unknown as GatewayContext;
});

it('have the same order over several types', async () => {
  const types = ['post', 'page', 'book'].map((name) => bookResources.get(name) as ContentResource);
  const [once, twice] = await Promise.all([1, 2].map(() => toAnyContentLists(types, { in: ids }, context)));
  const orders = [...(once ?? []), ...(twice ?? [])].map(({ order }) => ('given' in order ? order.given : null));
  expect(orders).toHaveLength(6);
  expect(orders[0]).toEqual(ids);
  expect(new Set(orders).size).toBe(1);
});

it('leave out the same trees', async () => {
  const category = bookResources.get('category') as TermResource;
  const lists = await Promise.all([1, 2].map(() => toTermList(category, { excludeTree: ids }, context)));
  const [once, twice] = lists.map((list) => list?.filters['exclude']);
  expect(once).toEqual(ids);
  expect(twice).toBe(once);
});

it('count the comments of some at a time', async () => {
  let counting = 0;
  let most = 0;
  const count = vi.fn(async () => {
    counting += 1;
    most = Math.max(most, counting);
    await new Promise(setImmediate);
    counting -= 1;
    return 1;
  });
  Object.assign(context.loaders, { commentCount: count, count: async () => ({ ids: [], total: 10 }) });
  const complete = commentCountOf({ by: [sortOf('comment_count', 'asc')] }, [], context);
  const [resource] = bookResources.values();
  const rows = Array.from({ length: 600 }, (_, id) => ({ resource, id, data: {} }) as unknown as Entity);
  const counted = await Promise.all([1, 2, 3].map(() => complete?.(rows)));
  expect(counted.flat().map((row) => row?.data['comment_count'])).toEqual(rows.flatMap(() => [1, 1, 1]));
  expect(most).toBe(600);
});

it('read a long slug once', () => {
  const decode = vi.spyOn(globalThis, 'decodeURIComponent');
  const slug = 'é'.repeat(1000);
  const resource = bookResources.get('category') as TermResource;
  const conditions = [1, 2].flatMap(() =>
    termConditions({ resource, filters: { slug: [slug] }, order: { given: [] }, keep: [], scanLimit: 1 }),
  );
  expect(decode).toHaveBeenCalledTimes(1);
  decode.mockRestore();
  const term = { resource, id: 1, data: { slug: encodeURIComponent(slug) } };
  expect(conditions.map(({ test }) => test(term))).toEqual([true, true]);
});
