// Only what was kept just now goes on to other processes: what is from before a purge would pass for newer than it.

import { expect, it } from 'vitest';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { noneGone } from '../../../src/cache/old.ts';
import type { Kept } from '../../../src/cache/redis/entry.ts';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';

function open() {
  const written: (readonly [string, Kept])[] = [];
  const options = { freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 };
  const memory = createMemoryCache({ ...options, maxBytes: 1_000_000, negativeSeconds: 30 });
  const cache = createTieredCache(memory, {
    read: async (keys) => keys.map(() => undefined),
    write: (key, kept) => void written.push([key, kept]),
  });
  const said = (since = cache.mark()) => ({ kind: 'post', tags: ['post:1'], since });
  function putAll(since?: number) {
    cache.putEntity('post:1', { ...said(since), fields: ['title'], data: { title: 'A' }, bytes: 10 });
    cache.putList('list', { ids: [1], total: 1 }, said(since));
    cache.putAddress('/a/', { kind: 'entity', resource: 'posts', id: 1 }, said(since));
  }
  const takeKinds = () => written.splice(0).map(([key]) => key.split(':')[0]);
  return { cache, written, putAll, said, takeKinds };
}

it('is written as it is kept, and nothing where a purge keeps it out', () => {
  const { cache, putAll, takeKinds } = open();
  const since = cache.mark();
  putAll();
  expect(takeKinds()).toEqual(['entity', 'list', 'address']);
  cache.purge(['post:1'], noneGone);
  putAll(since);
  expect(takeKinds()).toEqual([]);
  // What is old is there nevertheless.
  expect(cache.list('list')?.times.isPurged).toBe(true);
  putAll();
  expect(takeKinds()).toEqual(['entity', 'list', 'address']);
});

it('is written without the fields that were purged', () => {
  const { cache, said, written, putAll } = open();
  putAll();
  cache.purge(['post:1'], noneGone);
  cache.putEntity('post:1', { ...said(), fields: ['slug'], data: { slug: 'a' }, bytes: 10 });
  expect([...(cache.entity('post:1')?.fields.keys() ?? [])]).toEqual(['title', 'slug']);
  expect(written.at(-1)).toMatchObject(['entity:post:1', { value: { fields: [[expect.anything(), ['slug', 10]]] } }]);
});
