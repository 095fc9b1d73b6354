// Owns that what was made for somebody stays in the request that got it: a cache in front of WordPress may give anybody
// the answer to a user.

import type { Cache } from '../cache/memory-cache.ts';
import { never, type Times } from '../cache/times.ts';
import type { Read } from './reader.ts';

/** A way to read, and a cache that others share. */
export interface SharedParts {
  readonly read: Read;
  readonly cache: Cache;
}

/** The same for one request: once an answer to it must not be kept, nothing that it reads is put where others look. */
export function withholdPrivateAnswers({ read, cache }: SharedParts): SharedParts {
  let isPrivate = false;
  // Not fresh for a moment, nor usable later: whole answers are not kept either.
  const unless =
    <Args extends unknown[]>(put: (...args: Args) => Times) =>
    (...args: Args): Times =>
      isPrivate ? never : put(...args);
  return {
    async read(route, query) {
      const answer = await read(route, query);
      if (!answer.cacheable) isPrivate = true;
      return answer;
    },
    cache: {
      ...cache,
      putEntity: unless(cache.putEntity),
      putList: unless(cache.putList),
      putAddress: unless(cache.putAddress),
    },
  };
}
