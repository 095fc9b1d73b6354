// Owns what is known of a write that failed: whether it may have been carried out all the same.

import { UpstreamError } from '../errors.ts';
import { planWriteRetry } from '../wordpress/retry.ts';

/** By these a server sends whoever has written something to where that is to be seen (RFC 9110, section 15.4). */
const doneElsewhere = [302, 303];

/** By these a server turns a request away before WordPress is asked: for who sends it, its form, its size, or its time. */
const turnedAway = [401, 405, 407, 408, 411, 413, 414, 429, 431];

/** Whether nothing came of a request, by WordPress's own word or by its status. Any other page may come after it was done. */
export function isTurnedAway({ details: { status = 0, restCode } }: UpstreamError): boolean {
  return status >= 400 && status < 500 && (restCode !== undefined || turnedAway.includes(status));
}

/** Whether a write that failed so may have been carried out: nobody refused it, and nothing kept it from being sent. */
export function mayHaveArrived(error: UpstreamError): boolean {
  const { code, details } = error;
  if (details.isNotAsked || planWriteRetry(error).times > 0) return false;
  const { status = 0 } = details;
  const isLedAway = status >= 300 && status < 400 && !doneElsewhere.includes(status);
  return !isLedAway && !isTurnedAway(error) && code !== 'OVERLOADED' && code !== 'UPSTREAM_TLS';
}

/** The failure of a write as its sender has to know it. */
export function toWriteFailure(cause: unknown): unknown {
  if (!(cause instanceof UpstreamError) || !mayHaveArrived(cause)) return cause;
  return new UpstreamError(cause.code, cause.message, { ...cause.details, isUnknownOutcome: true, cause });
}
