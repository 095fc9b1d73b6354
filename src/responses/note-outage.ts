// Owns what an answer that is served because WordPress fails says of itself, in `extensions.headgate`.

import { createStoredResponse, type StoredResponse } from '../cache/stored-response.ts';

/**
 * The answer with `extensions.headgate.cache.reason` and when it was made (`storedAt`, ISO 8601), beside what it says there
 * already. Made once for each answer that an outage meets: those that are served otherwise cost nothing.
 */
export function noteOutage(stored: StoredResponse, nowMs: number): StoredResponse {
  const { tags, lists, times, documentId, operationName } = stored;
  const storedAt = new Date(Date.now() - (nowMs - times.storedAt)).toISOString();
  const { extensions, ...answer }: Record<string, unknown> = JSON.parse(stored.body.toString());
  const headgate = toObject(toObject(extensions)['headgate']);
  const cache = { ...toObject(headgate['cache']), reason: 'outage', storedAt };
  const body = Buffer.from(
    JSON.stringify({ ...answer, extensions: { ...toObject(extensions), headgate: { ...headgate, cache } } }),
  );
  return createStoredResponse({ body, tags, times, documentId, operationName, ...(lists ? { lists } : {}) });
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
