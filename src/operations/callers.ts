// Owns who calls: holders of the gateway's API keys, told by their key and named in limits and logs by its name.

import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestHeaders, readHeader } from '../wordpress/credentials.ts';

/** An API key of the gateway. It says who calls, and shows nothing that the public does not see. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key: the key itself is not kept. */
  readonly hash: Buffer;
  /** How often its holder may ask within a minute, 0 for as often as it likes; as others unless told. */
  readonly perMinute?: number;
}

/** Somebody who calls with an API key. */
export interface Caller {
  /** Name of the key. */
  readonly name: string;
  /** How often it may ask within a minute, where that is not as for others. */
  readonly perMinute?: number;
}

/** What callers are told by. */
export interface CallersOptions {
  readonly keys: readonly ApiKey[];
  /** Whether nobody is answered without one of the keys. */
  readonly required: boolean;
}

/** Tells callers apart. */
export interface Callers {
  /** Whether nobody is answered without a key. */
  readonly required: boolean;
  /** Whether one of the keys has a limit of its own. */
  readonly hasLimits: boolean;
  /** Who sent a request with these headers: null for nobody in particular, `unknown` for a key that is none of ours. */
  callerOf(headers: RequestHeaders): Caller | 'unknown' | null;
}

/** The header that a key comes in. */
export const apiKeyHeader = 'x-api-key';

/** The callers of a gateway. */
export function createCallers({ keys, required }: CallersOptions): Callers {
  const callers = keys.map(({ hash, ...caller }) => ({ caller, hash }));
  function callerOf(headers: RequestHeaders): Caller | 'unknown' | null {
    if (callers.length === 0) return null;
    const given = readHeader(headers, apiKeyHeader);
    if (given === null) return null;
    const hash = hashApiKey(given);
    let found: Caller | 'unknown' = 'unknown';
    // All are compared, each in the same time: how long it takes says nothing of any.
    for (const { caller, hash: known } of callers) if (timingSafeEqual(hash, known)) found = caller;
    return found;
  }
  const hasLimits = keys.some(({ perMinute }) => perMinute !== undefined);
  return { required, callerOf, hasLimits };
}

/** What is kept of a key. Keys are random and long, so that no slow hash is needed. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
