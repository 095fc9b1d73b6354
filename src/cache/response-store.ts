// Owns the store of whole answers: bytes by operation, found again by their tags, within one bound of bytes.

import { LRUCache } from 'lru-cache';
import { withAnyList } from './any-list.ts';
import { type Gone, isGone, isOld, toOldTimes } from './old.ts';
import { createPurgeLog, type Mark } from './purge-log.ts';
import { type StoredResponse, withTimes } from './stored-response.ts';
import { createTagIndex } from './tag-index.ts';
import { type TimeSettings, type Times, toTimes } from './times.ts';

/** Bounds and times of a store. */
export interface ResponseStoreOptions extends TimeSettings {
  readonly maxBytes: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** Whole answers by the key of their operation. */
export interface ResponseStore {
  readonly now: () => number;
  get(key: string): StoredResponse | undefined;
  /** Brings in what other processes know of an operation; a store without it has none behind it. */
  reach?: (key: string) => Promise<void>;
  /** Taken before an answer is made: what is purged later keeps that answer out. */
  mark(): Mark;
  /** Times of an answer that is made now of parts with these times; of parts that stand always, the store's own. */
  timesOf(parts: Times): Times;
  put(key: string, response: StoredResponse, since: Mark): void;
  /** Puts the same answer in another form in its place; nothing where there is another one by now. */
  replace(key: string, old: StoredResponse, form: StoredResponse): void;
  /**
   * Drops every answer that has one of these tags, and says how many there were; where it is asked, only those that are
   * concerned. Answers that are being made are kept out whether they are or not. What is not gone stays as old.
   */
  purge(tags: Iterable<string>, how?: PurgeOptions): number;
  /** Drops what was stored since then, and what is being made; says how many there were. */
  dropSince(storedAtMs: number): number;
  /** Drops all, and says how many there were; what is not gone stays as old. */
  clear(gone?: Gone): number;
  /** How many answers are kept, and the memory that they are reckoned to take. */
  size(): { readonly answers: number; readonly bytes: number };
  /** All that is kept, the least recently used first. */
  content(): Iterable<readonly [string, StoredResponse]>;
}

/** How answers are purged. */
export interface PurgeOptions {
  readonly isConcerned?: ((response: StoredResponse, tag: string) => boolean) | undefined;
  /** All of it unless told. */
  readonly gone?: Gone;
}

/**
 * What a process grows by for each byte of an answer. Compressed bodies are made later, a third of the plain one together:
 * their share is taken from the start. What buffers that come and go leave behind, and the room that the garbage collector
 * leaves, are more than as much again (measured).
 */
const residentPerByte = 3.5;

/** A store in this process. */
export function createResponseStore(options: ResponseStoreOptions): ResponseStore {
  const { maxBytes, freshSeconds, now = () => performance.now() } = options;
  const index = createTagIndex();
  const responses = new LRUCache<string, StoredResponse>({
    maxSize: Math.max(1, Math.floor(maxBytes)),
    sizeCalculation: ({ bytes }, key) => 2 * key.length + Math.ceil(bytes * residentPerByte),
    dispose: ({ tags }, key) => index.remove(key, tags),
  });
  const log = createPurgeLog();

  function set(key: string, response: StoredResponse): void {
    responses.set(key, response);
    // What is larger than the store is not kept.
    if (responses.has(key)) index.add(key, response.tags);
  }

  /** Whether an answer could be served before. */
  function drop(key: string, response: StoredResponse, gone: Gone): boolean {
    const wasOld = isOld(response.times, now());
    const times = isGone(response.tags, gone) ? null : toOldTimes(response.times, now());
    if (!times) responses.delete(key);
    // It stays in the index of its tags: to take thousands out and put them in again would take as long as all else.
    else if (!response.times.isPurged) responses.set(key, withTimes(response, times), { noDisposeOnSet: true });
    return !wasOld;
  }

  return {
    now,
    get: (key) => responses.get(key),
    mark: log.mark,
    timesOf(parts) {
      const own = toTimes(now(), options);
      if (!Number.isFinite(parts.freshUntil)) return own;
      const limit = (part: number, usual: number) => (Number.isFinite(part) ? part : usual);
      return {
        // What is fresh is made now; what is not is as old as its oldest part.
        storedAt: parts.freshUntil > own.storedAt ? own.storedAt : Math.min(parts.storedAt, own.storedAt),
        freshUntil: parts.freshUntil,
        staleUntil: limit(parts.staleUntil, parts.freshUntil + own.staleUntil - own.freshUntil),
        errorUntil: limit(parts.errorUntil, parts.freshUntil + own.errorUntil - own.freshUntil),
        ...(parts.isPurged ? { isPurged: true as const } : {}),
      };
    },
    put(key, response, since) {
      if (freshSeconds <= 0 || log.isOvertaken(response.tags, since)) return;
      set(key, response);
    },
    replace(key, old, form) {
      if (responses.peek(key) === old) set(key, form);
    },
    purge(tags, { isConcerned = () => true, gone = 'all' } = {}) {
      const purged = withAnyList([...tags]);
      log.note(purged);
      let dropped = 0;
      for (const tag of purged) {
        for (const key of index.find([tag])) {
          const response = responses.peek(key);
          if (!response) continue;
          if (response.times.isPurged && !isGone(response.tags, gone)) continue;
          if (isConcerned(response, tag) && drop(key, response, gone)) dropped += 1;
        }
      }
      return dropped;
    },
    dropSince(storedAtMs) {
      log.note(null);
      const young = [...responses.entries()].filter(([, { times }]) => times.storedAt >= storedAtMs);
      for (const [key] of young) responses.delete(key);
      return young.length;
    },
    clear(gone = 'all') {
      log.note(null);
      let dropped = 0;
      for (const [key, response] of [...responses.entries()]) if (drop(key, response, gone)) dropped += 1;
      return dropped;
    },
    size: () => ({ answers: responses.size, bytes: responses.calculatedSize }),
    *content() {
      for (const key of responses.rkeys()) {
        const response = responses.peek(key);
        if (response) yield [key, response];
      }
    },
  };
}
