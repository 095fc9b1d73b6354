// Owns that what was made for somebody stays in the request that got it: a cache in front of WordPress may give anybody
// the answer to a user.

import type { Cache } from '../cache/memory-cache.ts';
import { never, type Times } from '../cache/times.ts';
import type { Loaders, ReadPage } from './loaders.ts';
import type { Read } from './reader.ts';
import { limitFreshness, type Trace } from './trace.ts';

/** Ways to read, and a cache that others share. */
export interface SharedParts {
  readonly read: Read;
  readonly readPage: ReadPage;
  readonly cache: Cache;
}

/** The same for one request: once an answer to it must not be kept, nothing that it reads is put where others look. */
export function withholdPrivateAnswers(
  { read, readPage, cache }: SharedParts,
  trace: Trace,
): SharedParts & Pick<Loaders, 'withhold'> {
  let isPrivate = false;
  const unless =
    <Args extends unknown[]>(put: (...args: Args) => Times) =>
    (...args: Args): Times =>
      isPrivate ? never : put(...args);
  const withhold = () => {
    isPrivate = true;
    // Not fresh for a moment, nor usable later: the whole answer is not kept either.
    limitFreshness(trace, never);
  };
  const heed = <Answer extends { readonly cacheable: boolean }>(answer: Answer): Answer => {
    if (!answer.cacheable) withhold();
    return answer;
  };
  return {
    withhold,
    read: async (...asked) => heed(await read(...asked)),
    readPage: async (...asked) => heed(await readPage(...asked)),
    cache: {
      ...cache,
      putEntity: unless(cache.putEntity),
      putList: unless(cache.putList),
      putAddress: unless(cache.putAddress),
    },
  };
}
