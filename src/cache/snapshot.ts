// Owns the snapshot of what everybody may see: one file, from which a process starts warm.

import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { toError } from '../errors.ts';
import { createGiveWay } from '../give-way.ts';
import { readGone } from './gone-file.ts';
import type { MemoryCache, Shelf } from './memory-cache.ts';
import { entryVersion, fromShared, isTexts, type Kept, type Stamp, toShared } from './redis/entry.ts';
import { noId, parseId } from './redis/stream-entries.ts';
import type { ResponseStore } from './response-store.ts';
import { adopt, toKept } from './tiered-cache.ts';
import { fromResponse, toResponse } from './tiered-store.ts';
import type { Times } from './times.ts';

const title = 'headgate snapshot';

/** What a snapshot is of. */
export interface SnapshotParts {
  /** The address that was configured: a snapshot of another site counts as none. */
  readonly site: string;
  /** All that answers depend on beside the site: those of another variant are left out. */
  readonly variant: string;
  readonly cache: MemoryCache;
  readonly store: ResponseStore;
}

/** Writes one, with the place in the log of purges up to which it is true; the file is there as a whole or as it was. */
export async function writeSnapshot(path: string, parts: SnapshotParts, place: Stamp | null): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await pipeline(Readable.from(printLines(parts, place)), createGzip({ level: 1 }), createWriteStream(draft));
  await rename(draft, path);
}

function* printLines({ site, variant, cache, store }: SnapshotParts, place: Stamp | null): Generator<string> {
  yield print([title, entryVersion, site, variant, place]);
  const { entities, lists, addresses } = cache.content();
  for (const [key, record] of entities) yield printKept('entity', key, toKept(record));
  for (const [key, known] of lists) yield printKept('list', key, known);
  for (const [key, known] of addresses) yield printKept('address', key, known);
  for (const [key, response] of store.content()) yield printKept('answer', key, fromResponse(response));
}

function printKept(shelf: Shelf | 'answer', key: string, { value, times, tags }: Kept): string {
  return print([shelf, key, tags, toShared(times), value]);
}

const print = (line: unknown) => `${JSON.stringify(line)}\n`;

/**
 * Reads one into the caches, and says how much it held; 0 where there is none of this site. Nobody knows what has changed
 * since: all of it is stale, and read anew when it is first asked for. What is gone since is left out, and so is what is
 * purged or kept while it is read, which gives way to all else.
 */
export async function readSnapshot(path: string, { site, variant, cache, store }: SnapshotParts): Promise<number> {
  const since = { cache: cache.mark(), store: store.mark() };
  const isGone = await readGone(path);
  const giveWay = createGiveWay();
  let count = 0;
  let isSameVariant: boolean | undefined;
  for await (const [shelf, key, tags, given, value] of readLines(path)) {
    await giveWay();
    if (isSameVariant === undefined) {
      if (shelf !== title || key !== entryVersion || tags !== site) break;
      isSameVariant = given === variant;
      continue;
    }
    const times = fromShared(given);
    if (typeof key !== 'string' || !isTexts(tags) || !times || times.errorUntil <= cache.now() || isGone(tags))
      continue;
    const kept = {
      value: shelf === 'entity' ? staleFields(value, times) : value,
      times: stale(times, cache.now()),
      tags,
    };
    count += 1;
    if (shelf === 'entity' || shelf === 'list' || shelf === 'address') adopt(cache, shelf, key, kept, since.cache);
    const response = shelf === 'answer' && isSameVariant ? toResponse(kept) : undefined;
    if (response && !store.get(key)) store.put(key, response, since.store);
  }
  return count;
}

/**
 * Reads the place in the log of purges up to which one is true; before all of the log where it does not say, undefined
 * where there is none of this site.
 */
export async function readPlace(path: string, site: string): Promise<Stamp | undefined> {
  try {
    for await (const [first, version, of, , place] of readLines(path)) {
      return first === title && version === entryVersion && of === site ? toPlace(place) : undefined;
    }
  } catch {
    // Who reads all of it says so.
  }
  return undefined;
}

function toPlace(value: unknown): Stamp {
  const { epoch, seen: given }: { epoch?: unknown; seen?: unknown } = Object(value);
  const seen = parseId(given);
  return typeof epoch === 'string' && seen !== undefined ? { epoch, seen } : { epoch: '', seen: noId };
}

async function* readLines(path: string): AsyncGenerator<readonly unknown[]> {
  const file = createReadStream(path);
  const text = createGunzip();
  const copying = pipeline(file, text).catch((error: unknown) => text.destroy(toError(error)));
  try {
    const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) yield parseLine(line);
  } finally {
    file.destroy();
    text.destroy();
    await copying;
  }
}

function stale(times: Times, now: number): Times {
  return { ...times, freshUntil: Math.min(times.freshUntil, now) };
}

/** Fields of entities have times of their own. */
function staleFields(value: unknown, { storedAt }: Times): unknown {
  if (typeof value !== 'object' || value === null || !('fields' in value) || !Array.isArray(value.fields)) return value;
  const fields = value.fields.map((group: unknown) => {
    const [given, members]: unknown[] = Array.isArray(group) ? group : [];
    const times = fromShared(given, -storedAt);
    return times ? [toShared(stale(times, performance.now()), -storedAt), members] : group;
  });
  return { ...value, fields };
}

function parseLine(line: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(line);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
