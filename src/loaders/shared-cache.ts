// Owns the view that one request has of a cache that it shares with others.

import type { Cache } from '../cache/memory-cache.ts';
import type { Mark } from '../cache/purge-log.ts';

/** A shared cache, and when the request began: what is purged while it reads is not kept of it. */
export interface Shared {
  readonly cache: Cache;
  readonly since: Mark;
}

/** The view of a request that begins now. */
export function shareCache(cache: Cache): Shared {
  return { cache, since: cache.mark() };
}
