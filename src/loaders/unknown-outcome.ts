// Owns what is known of a write that failed: whether it may have been carried out all the same.

import { UpstreamError } from '../errors.ts';
import { planWriteRetry } from '../wordpress/retry.ts';

/** Whether a write that failed so may have been carried out: nobody refused it, and nothing kept it from being sent. */
export function mayHaveArrived(error: UpstreamError): boolean {
  const { code, details } = error;
  if (details.isNotAsked || planWriteRetry(error).times > 0) return false;
  const isRefused = details.status !== undefined && details.status >= 300 && details.status < 500;
  return !isRefused && code !== 'OVERLOADED' && code !== 'UPSTREAM_TLS';
}

/** The failure of a write as its sender has to know it. */
export function toWriteFailure(cause: unknown): unknown {
  if (!(cause instanceof UpstreamError) || !mayHaveArrived(cause)) return cause;
  return new UpstreamError(cause.code, cause.message, { ...cause.details, isUnknownOutcome: true, cause });
}
