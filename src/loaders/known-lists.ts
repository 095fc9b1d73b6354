// Owns what a request knows of lists: its own, then what is shared; stale or from before an outage where that may be.

import type { Cache, ListRecord } from '../cache/memory-cache.ts';
import type { Shared } from './shared-cache.ts';
import { isUsable, isUsableInOutage, useKnown } from './staleness.ts';
import { learn, type Trace } from './trace.ts';
import type { Wave } from './wave.ts';

/** What is known of lists, by the keys of their requests. */
export interface KnownLists {
  find(key: string): ListRecord | undefined;
  /** The same, once more for the same list. */
  peek(key: string): ListRecord | undefined;
  /** Brings in those that farther caches know, where there are any. */
  reach(keys: readonly string[]): Promise<void> | undefined;
  /** What was known before WordPress failed. */
  findOld(key: string): ListRecord | undefined;
  /** `kind` of what is listed, and what purges the list. */
  put(key: string, list: ListRecord, kind: string, tags: readonly string[]): void;
}

/** What knowing lists stands on. */
export interface KnownListsOptions {
  readonly own: Cache;
  readonly shared: Shared | null;
  readonly trace: Trace;
  readonly wave: Wave;
}

/** The lists of a request. */
export function createKnownLists({ own, shared, trace, wave }: KnownListsOptions): KnownLists {
  function peek(key: string): ListRecord | undefined {
    const mine = own.list(key);
    const found = mine ?? shared?.cache.list(key);
    const now = mine ? 0 : (shared?.cache.now() ?? 0);
    if (!found || !isUsable(found.times, trace, now)) return undefined;
    useKnown(trace, found.times, now);
    return found.value;
  }
  return {
    peek,
    find(key) {
      const found = peek(key);
      if (found) trace.hits += 1;
      else trace.misses += 1;
      return found;
    },
    reach(keys) {
      if (!shared?.cache.reach) return undefined;
      const now = shared.cache.now();
      const wanted = keys.filter((key) => {
        const known = own.list(key) ?? shared.cache.list(key);
        return !known || !isUsable(known.times, trace, now);
      });
      return wanted.length > 0 ? wave.track(shared.cache.reach('list', wanted)) : undefined;
    },
    findOld(key) {
      const found = shared?.cache.list(key);
      if (!shared || !found || !isUsableInOutage(found.times, trace, shared.cache.now())) return undefined;
      useKnown(trace, found.times, shared.cache.now());
      return found.value;
    },
    put(key, list, kind, tags) {
      own.putList(key, list, { kind, tags, since: 0 });
      if (shared) learn(trace, shared.cache.putList(key, list, { kind, tags, since: shared.since }));
    },
  };
}
