// Owns what an answer that is served because WordPress fails says of itself, in `extensions.headgate`.

import { createStoredResponse, type StoredResponse } from '../cache/stored-response.ts';
import type { Times } from '../cache/times.ts';
import { type Answer, toAge, toCacheStatus } from './answer.ts';

/**
 * The answer with `extensions.headgate.cache.reason` and when it was made (`storedAt`, ISO 8601), beside what it says there
 * already. Made once for each answer that an outage meets: those that are served otherwise cost nothing.
 */
export function noteOutage(stored: StoredResponse, nowMs: number): StoredResponse {
  const { tags, lists, times, documentId, operationName } = stored;
  const body = noteIn(stored.body, times, nowMs);
  return createStoredResponse({ body, tags, times, documentId, operationName, ...(lists ? { lists } : {}) });
}

/** The same of an answer that nobody keeps, made of what was kept at `times`; of a stream only the headers say so. */
export function toOutageAnswer({ headers, ...answer }: Answer, times: Times, nowMs: number): Answer {
  const told = ['age', toAge(nowMs - times.storedAt), 'cache-status', toCacheStatus(times, nowMs, 'outage')];
  const valueAt = (name: string) => headers.lastIndexOf(name) + 1;
  if (!headers[valueAt('content-type')]?.includes('json')) return { ...answer, headers: [...headers, ...told] };
  const body = noteIn(answer.body, times, nowMs);
  return { ...answer, headers: [...headers.with(valueAt('content-length'), String(body.length)), ...told], body };
}

function noteIn(body: Buffer, { storedAt: at }: Times, nowMs: number): Buffer {
  const storedAt = new Date(Date.now() - (nowMs - at)).toISOString();
  const { extensions, ...answer }: Record<string, unknown> = JSON.parse(body.toString());
  const headgate = toObject(toObject(extensions)['headgate']);
  const cache = { ...toObject(headgate['cache']), reason: 'outage', storedAt };
  return Buffer.from(
    JSON.stringify({ ...answer, extensions: { ...toObject(extensions), headgate: { ...headgate, cache } } }),
  );
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
