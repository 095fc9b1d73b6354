// Owns the tests of the store of answers: tags, bounds, and purges that come while an answer is made.

import { expect, it, vi } from 'vitest';
import { noneGone } from '../../../src/cache/old.ts';
import { createResponseStore, type ResponseStoreOptions } from '../../../src/cache/response-store.ts';
import { createStoredResponse } from '../../../src/cache/stored-response.ts';
import { always } from '../../../src/cache/times.ts';

let clock = 0;

function createStore(options: Partial<ResponseStoreOptions> = {}) {
  clock = 1000;
  return createResponseStore({
    ...{ maxBytes: 1_000_000, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 },
    now: () => clock,
    ...options,
  });
}

type Store = ReturnType<typeof createStore>;

function put(store: Store, key: string, tags: readonly string[], body = 'x', since = store.mark()) {
  const times = store.timesOf(always);
  const response = createStoredResponse({
    body: Buffer.from(body),
    tags,
    times,
    documentId: 'id',
    operationName: undefined,
  });
  store.put(key, response, since);
  return response;
}

it('drops what has one of the tags, and nothing else', () => {
  const store = createStore();
  put(store, 'a', ['post:1', 'list:post']);
  put(store, 'b', ['post:2', 'list:post']);
  put(store, 'c', ['post:1']);
  expect(store.purge(['post:1', 'post:7'])).toBe(2);
  expect(['a', 'b', 'c'].filter((key) => store.get(key))).toEqual(['b']);
  expect(store.purge(['post:1'])).toBe(0);
  expect(store.purge(['list:post'])).toBe(1);
});

it('keeps an answer out that was begun before one of its tags was purged', () => {
  const store = createStore();
  const since = store.mark();
  store.purge(['post:1']);
  put(store, 'old', ['post:1'], 'x', since);
  put(store, 'other', ['post:2'], 'x', since);
  put(store, 'new', ['post:1']);
  expect(['old', 'other', 'new'].filter((key) => store.get(key))).toEqual(['other', 'new']);
});

it('keeps every answer out that was begun before all was dropped', () => {
  const store = createStore();
  put(store, 'a', ['post:1']);
  const since = store.mark();
  store.clear();
  expect(store.get('a')).toBeUndefined();
  put(store, 'b', ['post:2'], 'x', since);
  expect(store.get('b')).toBeUndefined();
  put(store, 'c', ['post:2']);
  expect(store.get('c')).toBeDefined();
});

it('drops what was stored since a moment, and what is being made', () => {
  const store = createStore();
  put(store, 'old', ['post:1']);
  clock += 1000;
  put(store, 'young', ['post:1']);
  const since = store.mark();
  expect(store.dropSince(clock)).toBe(1);
  put(store, 'made before', ['post:2'], 'x', since);
  put(store, 'made after', ['post:2']);
  expect(['old', 'young', 'made before', 'made after'].filter((key) => store.get(key))).toEqual(['old', 'made after']);
  expect(store.purge(['post:1'])).toBe(1);
});

it('keeps what was purged for an outage, as long as what ceases to be fresh', () => {
  const store = createStore();
  put(store, 'a', ['post:1', 'list:post']);
  clock += 10_000;
  expect(store.purge(['list:post'], { gone: noneGone })).toBe(1);
  const old = { storedAt: 1000, freshUntil: 11_000, staleUntil: 11_000, errorUntil: 3_611_000, isPurged: true };
  expect(store.get('a')?.times).toEqual(old);
  clock += 10_000;
  // It is as old as it was, and no other answer.
  expect([store.purge(['post:1'], { gone: noneGone }), store.get('a')?.times]).toEqual([0, old]);
  expect(store.purge(['list:post'], { gone: new Map([['post:1', 'absent']]) })).toBe(0);
  expect(store.get('a')).toBeUndefined();
});

it('tells what was purged from what is merely old', () => {
  const store = createStore();
  put(store, 'a', ['post:1']);
  clock += 1_000_000;
  const { errorUntil } = store.get('a')?.times ?? {};
  // It could not be served before either, but in an outage.
  expect(store.purge(['post:1'], { gone: noneGone })).toBe(0);
  expect(store.get('a')?.times).toMatchObject({ errorUntil, isPurged: true });
});

it('says of an answer that a part of it was purged', () => {
  const store = createStore();
  const parts = { storedAt: clock - 5, freshUntil: clock - 1, staleUntil: clock - 1, errorUntil: clock + 1000 };
  expect(store.timesOf({ ...parts, isPurged: true })).toEqual({ ...parts, isPurged: true });
  expect(store.timesOf(parts).isPurged).toBeUndefined();
});

it('keeps nothing of what is gone, whichever of its tags is purged first', () => {
  const store = createStore();
  put(store, 'a', ['post:1', 'list:post']);
  put(store, 'b', ['post:2', 'list:post']);
  expect(store.purge(['list:post', 'post:1'], { gone: new Map([['post:1', 'doubtful']]) })).toBe(2);
  expect(['a', 'b'].filter((key) => store.get(key))).toEqual(['b']);
  put(store, 'c', []);
  expect([store.clear(noneGone), store.get('c')?.times.isPurged]).toEqual([1, true]);
  expect([store.clear(), store.size().answers]).toEqual([0, 0]);
});

it('leaves what stays as old where it is found by its tags', () => {
  const store = createStore();
  for (let id = 0; id < 100; id += 1) put(store, `key${id}`, ['list:post', `post:${id}`]);
  const taken = vi.spyOn(Set.prototype, 'delete');
  expect(store.purge(['list:post'], { gone: noneGone })).toBe(100);
  const times = taken.mock.calls.length;
  taken.mockRestore();
  expect(times).toBe(0);
  store.purge(['list:post', 'post:7']);
  expect(store.size().answers).toBe(0);
});

it('stays within its bytes with what was purged', () => {
  const store = createStore({ maxBytes: 50_000 });
  for (let id = 0; id < 100; id += 1) {
    put(store, `key${id}`, [`post:${id}`], 'x'.repeat(1000));
    store.purge([`post:${id}`], { gone: noneGone });
  }
  expect(store.size().answers).toBeGreaterThan(5);
  expect(store.size().bytes).toBeLessThanOrEqual(50_000);
});

it('keeps out what may have been purged, when there were more purges than it remembers', () => {
  const store = createStore();
  const since = store.mark();
  store.purge(['post:1']);
  for (let id = 2; id < 10_010; id += 1) store.purge([`post:${id}`]);
  put(store, 'a', ['post:1'], 'x', since);
  expect(store.get('a')).toBeUndefined();
});

it('stays within its bytes, and forgets the tags of what it drops', () => {
  const store = createStore({ maxBytes: 50_000 });
  for (let id = 0; id < 100; id += 1) put(store, `key${id}`, [`post:${id}`], 'x'.repeat(1000));
  const kept = Array.from({ length: 100 }, (_, id) => id).filter((id) => store.get(`key${id}`));
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length * 1000).toBeLessThan(50_000);
  expect(kept.at(-1)).toBe(99);
  expect(store.purge(['post:0'])).toBe(0);
  expect(store.purge(['post:99'])).toBe(1);
  put(store, 'large', ['post:1'], 'x'.repeat(60_000));
  expect(store.get('large')).toBeUndefined();
});

it('is fresh no longer than its parts', () => {
  const store = createStore();
  expect(store.timesOf({ ...always, freshUntil: 31_000 })).toEqual({
    storedAt: 1000,
    freshUntil: 31_000,
    staleUntil: 331_000,
    errorUntil: 3_631_000,
  });
  expect(store.timesOf(always)).toMatchObject({ freshUntil: 61_000, staleUntil: 361_000 });
});

it('keeps nothing where nothing is fresh for any time', () => {
  const store = createStore({ freshSeconds: 0 });
  put(store, 'a', ['post:1']);
  expect(store.get('a')).toBeUndefined();
});

it('makes each encoding once, with an ETag of its own, and none where that saves nothing', async () => {
  const store = createStore();
  const stored = put(store, 'a', [], 'abc'.repeat(2000));
  const [plain, br, gzip] = await Promise.all([
    stored.encoded('identity'),
    stored.encoded('br'),
    stored.encoded('gzip'),
  ]);
  expect(new Set([plain.etag, br.etag, gzip.etag]).size).toBe(3);
  expect(stored.encoded('br')).toBe(br);
  expect(stored.encoded('gzip')).toBe(gzip);
  expect(br.bytes.length).toBeLessThan(200);
  const again = put(store, 'b', ['post:1'], 'abc'.repeat(2000));
  expect((await again.encoded('identity')).etag).toBe(plain.etag);
  expect(await put(store, 'c', [], 'short').encoded('br')).toMatchObject({ encoding: 'identity' });
});

it('keeps nothing for an outage where that has no time, whatever the clock shows', () => {
  for (let at = 0; at < 100; at += 1) {
    const store = createStore({ freshSeconds: 86_400, staleSeconds: 0, staleIfErrorSeconds: 0 });
    clock = 1000 + at * 0.123_456_789;
    put(store, 'a', ['post:1']);
    clock += 7.7;
    store.purge(['post:1'], { gone: noneGone });
    expect(store.get('a')).toBeUndefined();
  }
});
