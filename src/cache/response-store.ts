// Owns the store of whole answers: bytes by operation, found again by their tags, within one bound of bytes.

import { LRUCache } from 'lru-cache';
import type { ResponseTimes, StoredResponse } from './stored-response.ts';

/** Bounds and times of a store. */
export interface ResponseStoreOptions {
  readonly maxBytes: number;
  readonly freshSeconds: number;
  /** Seconds after that for which an answer is served while it is made anew. */
  readonly staleSeconds: number;
  /** Seconds after that for which an answer is served when making it anew fails. */
  readonly staleIfErrorSeconds: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** A moment of the store, taken before an answer is made. */
export type Mark = number;

/** Whole answers by the key of their operation. */
export interface ResponseStore {
  readonly now: () => number;
  get(key: string): StoredResponse | undefined;
  /** Taken before an answer is made: what is purged later keeps that answer out. */
  mark(): Mark;
  /** Times of an answer whose parts are fresh until `freshUntil`. */
  timesOf(freshUntil: number): ResponseTimes;
  put(key: string, response: StoredResponse, since: Mark): void;
  /** Drops every answer that has one of these tags, and says how many there were. */
  purge(tags: Iterable<string>): number;
  /** Drops what was stored since then, and what is being made; says how many there were. */
  dropSince(storedAtMs: number): number;
  /** Drops all, and says how many there were. */
  clear(): number;
}

/**
 * What a process grows by for each byte of an answer. Compressed bodies are made later, a third of the plain one together:
 * their share is taken from the start. As much again is what buffers that come and go leave behind (measured).
 */
const residentPerByte = 3;

/** Tags whose purges are remembered, for answers that are being made. */
const maxRemembered = 10_000;

/** A store in this process. */
export function createResponseStore(options: ResponseStoreOptions): ResponseStore {
  const { maxBytes, freshSeconds, staleSeconds, staleIfErrorSeconds, now = () => performance.now() } = options;
  const keysOf = new Map<string, Set<string>>();
  const responses = new LRUCache<string, StoredResponse>({
    maxSize: Math.max(1, Math.floor(maxBytes)),
    sizeCalculation: ({ bytes }, key) => 2 * key.length + Math.ceil(bytes * residentPerByte),
    dispose: ({ tags }, key) => {
      for (const tag of tags) {
        const keys = keysOf.get(tag);
        keys?.delete(key);
        if (keys?.size === 0) keysOf.delete(tag);
      }
    },
  });
  let moment: Mark = 0;
  let forgotten: Mark = 0;
  const purgedAt = new Map<string, Mark>();

  function remember(tag: string): void {
    purgedAt.delete(tag);
    purgedAt.set(tag, moment);
    if (purgedAt.size <= maxRemembered) return;
    const [oldest] = purgedAt;
    if (!oldest) return;
    purgedAt.delete(oldest[0]);
    forgotten = oldest[1];
  }

  function isOvertaken(tags: readonly string[], since: Mark): boolean {
    return since < forgotten || tags.some((tag) => (purgedAt.get(tag) ?? -1) > since);
  }

  return {
    now,
    get: (key) => responses.get(key),
    mark: () => moment,
    timesOf(partsFreshUntil) {
      const storedAt = now();
      const freshUntil = Math.min(partsFreshUntil, storedAt + 1000 * freshSeconds);
      const staleUntil = freshUntil + 1000 * staleSeconds;
      return {
        storedAt,
        freshUntil,
        staleUntil,
        errorUntil: Math.max(staleUntil, freshUntil + 1000 * staleIfErrorSeconds),
      };
    },
    put(key, response, since) {
      if (freshSeconds <= 0 || isOvertaken(response.tags, since)) return;
      responses.set(key, response);
      // What is larger than the store is not kept.
      if (!responses.has(key)) return;
      for (const tag of response.tags) {
        const keys = keysOf.get(tag) ?? new Set();
        keys.add(key);
        keysOf.set(tag, keys);
      }
    },
    purge(tags) {
      moment += 1;
      let dropped = 0;
      for (const tag of tags) {
        remember(tag);
        for (const key of [...(keysOf.get(tag) ?? [])]) if (responses.delete(key)) dropped += 1;
      }
      return dropped;
    },
    dropSince(storedAtMs) {
      moment += 1;
      forgotten = moment;
      const young = [...responses.entries()].filter(([, { times }]) => times.storedAt >= storedAtMs);
      for (const [key] of young) responses.delete(key);
      return young.length;
    },
    clear() {
      moment += 1;
      forgotten = moment;
      const { size } = responses;
      responses.clear();
      return size;
    },
  };
}
