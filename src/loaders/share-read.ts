// Owns reading once for all processes: whoever is first asks WordPress, the others wait for what came.

import { isRestObject } from '../cache/fields-record.ts';
import type { SharedTier } from '../cache/redis/redis-tier.ts';
import type { RestResponse } from '../wordpress/rest.ts';
import type { ShareRead } from './reader.ts';

/** Shares reads through a tier. What an answer to everybody does not say that it is, stays in the process that got it. */
export function createShareRead(tier: SharedTier): ShareRead {
  return (key, signal, call) => tier.share({ key, signal, call, toShared, fromShared });
}

function toShared({ cacheable, ...response }: RestResponse): unknown {
  return cacheable ? response : undefined;
}

function fromShared(shared: unknown): RestResponse | undefined {
  if (!isRestObject(shared)) return undefined;
  const { status, body, total, bytes } = shared;
  if (typeof status !== 'number' || typeof bytes !== 'number' || body === undefined) return undefined;
  if (total !== null && typeof total !== 'number') return undefined;
  return { status, body, total, bytes, cacheable: true };
}
