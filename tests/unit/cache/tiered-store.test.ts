// Answers that are made of what is old are for the process that made them: others may know better.

import { expect, it } from 'vitest';
import { createResponseStore } from '../../../src/cache/response-store.ts';
import { createStoredResponse } from '../../../src/cache/stored-response.ts';
import { createTieredStore } from '../../../src/cache/tiered-store.ts';
import type { Times } from '../../../src/cache/times.ts';

it('is written elsewhere unless it is old', () => {
  const written: string[] = [];
  const options = { maxBytes: 1e6, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 };
  const tier = {
    read: async (keys: readonly string[]) => keys.map(() => undefined),
    write: (_: string, { value }: { readonly value: unknown }) => void written.push(String(Object(value).body)),
  };
  const store = createTieredStore(createResponseStore({ ...options, now: () => 1000 }), tier, () => '');
  const put = (body: string, times: Times) => {
    const parts = { body: Buffer.from(body), tags: [], times, documentId: '', operationName: undefined };
    store.put('key', createStoredResponse(parts), store.mark());
    return store.get('key')?.body.toString();
  };
  const fresh = { storedAt: 0, freshUntil: 2000, staleUntil: 3000, errorUntil: 4000 };
  expect([put('fresh', fresh), put('stale', { ...fresh, freshUntil: 1000 })]).toEqual(['fresh', 'stale']);
  expect(put('old', { ...fresh, freshUntil: 500, staleUntil: 1000 })).toBe('old');
  expect(written).toEqual(['fresh', 'stale']);
});
