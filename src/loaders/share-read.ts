// Owns reading once for all processes: whoever is first asks WordPress, the others wait for what came.

import { isRestObject } from '../cache/fields-record.ts';
import type { SharedTier } from '../cache/redis/redis-tier.ts';
import { UpstreamError } from '../errors.ts';
import { startDeadline, untilAborted } from '../wordpress/deadline.ts';
import type { RestResponse } from '../wordpress/rest.ts';
import type { ShareRead } from './reader.ts';

/**
 * Shares reads through a tier, each within the time that a call has: waiting for another process counts. What an answer
 * to everybody does not say that it is, stays in the process that got it.
 */
export function createShareRead(tier: SharedTier, timeoutMs: number): ShareRead {
  return async (key, signal, call) => {
    const late = () => new UpstreamError('UPSTREAM_TIMEOUT', `GET /${key}: no answer within ${timeoutMs} ms`);
    const deadline = startDeadline(timeoutMs, signal, late);
    // A call that is made late goes on to its own end: cut short, it would say nothing about WordPress.
    const outcome = tier.share({
      key,
      signal: deadline.signal,
      call: () => call().catch(toTimeout),
      toShared,
      fromShared,
    });
    try {
      const response = await untilAborted(deadline.signal, outcome);
      if (response instanceof UpstreamError) throw response;
      return response;
    } finally {
      deadline.clear();
    }
  };
}

/** What a call came to that others need not try again: each of them would wait as long. */
type Outcome = RestResponse | UpstreamError;

function toTimeout(error: unknown): UpstreamError {
  if (error instanceof UpstreamError && error.code === 'UPSTREAM_TIMEOUT') return error;
  throw error;
}

function toShared(outcome: Outcome): unknown {
  if (outcome instanceof UpstreamError) return { timeout: outcome.message };
  const { cacheable, ...response } = outcome;
  return cacheable ? response : undefined;
}

function fromShared(shared: unknown): Outcome | undefined {
  if (!isRestObject(shared)) return undefined;
  const { timeout, status, body, total, bytes } = shared;
  if (typeof timeout === 'string') return new UpstreamError('UPSTREAM_TIMEOUT', timeout);
  if (typeof status !== 'number' || typeof bytes !== 'number' || body === undefined) return undefined;
  if (total !== null && typeof total !== 'number') return undefined;
  return { status, body, total, bytes, cacheable: true };
}
