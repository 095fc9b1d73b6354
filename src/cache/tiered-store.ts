// Owns the store of answers of a process with one behind it that all processes share.

import { hash } from 'node:crypto';
import { isRestObject } from './fields-record.ts';
import { isOld } from './old.ts';
import { isTexts, type Kept } from './redis/entry.ts';
import type { SharedTier } from './redis/redis-tier.ts';
import type { ResponseStore } from './response-store.ts';
import { createStoredResponse, type StoredResponse } from './stored-response.ts';

/** Puts a tier behind a store. `variant` names all that answers depend on beside their operation and the site. */
export function createTieredStore(
  store: ResponseStore,
  tier: Pick<SharedTier, 'read' | 'write'>,
  variant: () => string,
): ResponseStore {
  const keyOf = (key: string) => `answer:${hash('sha256', `${variant()} ${key}`, 'base64url')}`;
  return {
    ...store,
    async reach(key) {
      const since = store.mark();
      const [kept] = await tier.read([keyOf(key)]);
      const response = kept && toResponse(kept);
      const known = store.get(key);
      if (!response || (known && known.times.storedAt >= response.times.storedAt)) return;
      store.put(key, response, since);
    },
    put(key, response, since) {
      store.put(key, response, since);
      // What is old is for the process that has it: others may know better.
      if (store.get(key) === response && !isOld(response.times, store.now()))
        tier.write(keyOf(key), fromResponse(response));
    },
  };
}

/** An answer in the form that is kept elsewhere. */
export function fromResponse({ body, tags, lists, times, documentId, operationName }: StoredResponse): Kept {
  const value = { body: body.toString(), documentId, operationName: operationName ?? null, lists: lists ?? null };
  return { value, times, tags };
}

/** An answer that was kept elsewhere; undefined for what is none. */
export function toResponse({ value, times, tags }: Kept): StoredResponse | undefined {
  if (!isRestObject(value)) return undefined;
  const { body, documentId, operationName, lists } = value;
  if (typeof body !== 'string' || typeof documentId !== 'string') return undefined;
  const name = typeof operationName === 'string' ? operationName : undefined;
  return createStoredResponse({
    ...{ body: Buffer.from(body), tags, times, documentId, operationName: name },
    ...(isTexts(lists) ? { lists } : {}),
  });
}
