// Owns when a failed request is worth another one, how long to wait before it, and how many there may be in all.

import type { UpstreamError } from '../errors.ts';
import { causeCode, isHangUp } from './failures.ts';
import { JsonError } from './json.ts';
import type { RestMethod } from './rest.ts';

/** What to do about a failure. */
export interface RetryPlan {
  /** Retries that this kind of failure may have. */
  readonly times: 0 | 1 | 2;
  /** Sockets that went away are replaced without waiting. */
  readonly atOnce: boolean;
  /** Shortest wait before one, in seconds. */
  readonly afterSeconds: number;
}

const never: RetryPlan = { times: 0, atOnce: false, afterSeconds: 0 };
const once: RetryPlan = { ...never, times: 1 };
const twice: RetryPlan = { ...never, times: 2 };

/** Beyond this, WordPress's wish to be left alone outweighs ours for an answer. */
const maxRetryAfterSeconds = 2;

/** The plan for a failure of a write: it is tried again where no connection came about, so that it cannot have arrived. */
export function planWriteRetry({ code, cause }: UpstreamError): RetryPlan {
  const reason = causeCode(cause);
  if (code === 'UPSTREAM_UNAVAILABLE') return /^(?:ECONNREFUSED|EAI_AGAIN)$/.test(reason) ? once : never;
  return code === 'UPSTREAM_TIMEOUT' && reason === 'UND_ERR_CONNECT_TIMEOUT' ? once : never;
}

/** The plan for a failure of a request that changes nothing. */
export function planRetry({ code, details, cause }: UpstreamError): RetryPlan {
  const { status, retryAfterSeconds } = details;
  if (retryAfterSeconds !== undefined && retryAfterSeconds > maxRetryAfterSeconds) return never;
  const reason = causeCode(cause);
  switch (code) {
    case 'UPSTREAM_UNAVAILABLE':
      if (status !== undefined) return [502, 503, 504].includes(status) || status >= 520 ? twice : never;
      if (isHangUp(cause)) return { ...once, atOnce: true };
      return /^(?:ECONNREFUSED|EAI_AGAIN)$/.test(reason) ? once : never;
    case 'UPSTREAM_RATE_LIMITED':
      return retryAfterSeconds === undefined ? never : twice;
    case 'UPSTREAM_ERROR':
      return once;
    case 'UPSTREAM_NOT_JSON':
      // WordPress shows this page for the seconds that an update takes.
      return details.kind === 'maintenance' ? { ...once, afterSeconds: 1 } : never;
    case 'UPSTREAM_TIMEOUT':
      return reason === 'UND_ERR_CONNECT_TIMEOUT' ? once : never;
    case 'UPSTREAM_TLS':
      return reason === 'ECONNRESET' ? once : never;
    case 'UPSTREAM_BAD_RESPONSE':
      if (cause instanceof JsonError) return cause.fault === 'deep' || cause.fault === 'wide' ? never : once;
      return /OVERFLOW$/.test(reason) || status !== undefined ? never : once;
    default:
      return never;
  }
}

/** Full jitter: a random part of a bound that doubles from 100 ms, at most 2 s; never before WordPress said. */
export function retryDelayMs(retry: number, retryAfterSeconds: number, random: () => number): number {
  return Math.max(1000 * retryAfterSeconds, random() * Math.min(2000, 100 * 2 ** retry));
}

/** Keeps retries from doubling the load of a WordPress that is down. */
export interface RetryBudget {
  /** Counts a call, or an answer. */
  deposit(): void;
  /** Takes a retry, if there is one left. */
  take(): boolean;
}

const floor = 3;
const ceiling = 20;

/** So many retries for each that is counted; three within ten seconds for a gateway with little to do. */
export function createRetryBudget(share: number, now: () => number = () => performance.now()): RetryBudget {
  let tokens = floor;
  let counted = now();
  return {
    deposit() {
      tokens = Math.min(ceiling, tokens + share);
    },
    take() {
      const elapsedMs = now() - counted;
      counted = now();
      if (tokens < floor) tokens = Math.min(floor, tokens + (elapsedMs * floor) / 10_000);
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}

/** Whether a request changes nothing, and can be sent again. */
export function isRead(method: RestMethod): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
