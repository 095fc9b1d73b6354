// What was purged is still known to be purged by a process that starts with a snapshot, or reads it as others kept it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { noneGone } from '../../../src/cache/old.ts';
import { fromShared, parseEntry, printEntry, toShared } from '../../../src/cache/redis/entry.ts';
import { createResponseStore } from '../../../src/cache/response-store.ts';
import { readSnapshot, writeSnapshot } from '../../../src/cache/snapshot.ts';
import { createStoredResponse } from '../../../src/cache/stored-response.ts';
import { always, type Times } from '../../../src/cache/times.ts';

const times = { maxBytes: 1_000_000, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 };

function createParts() {
  const cache = createMemoryCache({ ...times, negativeSeconds: 30 });
  const store = createResponseStore(times);
  return { site: 'http://site.test', variant: 'same', cache, store };
}

/** Keeps one of each, by a name, for a post of the same name. */
function keep({ cache, store }: ReturnType<typeof createParts>, name: string): void {
  const said = { kind: 'post', tags: [`post:${name}`], since: cache.mark() };
  cache.putEntity(name, { ...said, fields: ['title'], data: { title: name }, bytes: 10 });
  cache.putList(name, { ids: [1], total: 1 }, said);
  cache.putAddress(name, { kind: 'entity', resource: 'posts', id: 1 }, said);
  const parts = { body: Buffer.from(name), tags: said.tags, documentId: 'id', operationName: undefined };
  store.put(name, createStoredResponse({ ...parts, times: store.timesOf(always) }), store.mark());
}

function isPurgedIn({ cache, store }: ReturnType<typeof createParts>, name: string) {
  const all = [cache.entity(name)?.fields.get('title'), cache.list(name), cache.address(name), store.get(name)];
  return all.map((kept) => kept && kept.times.isPurged === true);
}

it('comes out of a snapshot as purged, and all else as not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [before, after] = [createParts(), createParts()];
  for (const name of ['edited', 'other']) keep(before, name);
  before.cache.purge(['post:edited'], noneGone);
  before.store.purge(['post:edited'], { gone: noneGone });
  await writeSnapshot(join(folder, 'snapshot'), before, null);
  expect(await readSnapshot(join(folder, 'snapshot'), after)).toBe(8);
  expect(isPurgedIn(after, 'edited')).toEqual([true, true, true, true]);
  expect(isPurgedIn(after, 'other')).toEqual([false, false, false, false]);
});

it('stays out of what was purged or kept while a snapshot is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [before, after] = [createParts(), createParts()];
  for (const name of ['edited', 'known', 'other']) keep(before, name);
  await writeSnapshot(join(folder, 'snapshot'), before, null);
  const reading = readSnapshot(join(folder, 'snapshot'), after);
  keep(after, 'known');
  const known = after.store.get('known');
  after.cache.purge(['post:edited']);
  after.store.purge(['post:edited']);
  await reading;
  expect(isPurgedIn(after, 'edited')).toEqual([undefined, undefined, undefined, undefined]);
  expect(isPurgedIn(after, 'other')).toEqual([false, false, false, false]);
  expect(after.store.get('known')).toBe(known);
});

it('comes out of an entry as purged, and one without a word of it as not', async () => {
  const now = performance.now();
  const plain: Times = { storedAt: now, freshUntil: now, staleUntil: now, errorUntil: now + 60_000 };
  for (const own of [plain, { ...plain, isPurged: true as const }]) {
    const kept = { value: 'A', tags: ['post:1'], times: own };
    const bytes = await printEntry('a', kept, { epoch: 'e', seen: '1-0' }, 0);
    expect(parseEntry('a', bytes, 0)?.times.isPurged).toBe(own.isPurged);
  }
  expect(toShared(plain)).toHaveLength(4);
  expect(fromShared(toShared(plain))?.isPurged).toBeUndefined();
});
