// Owns whether a request may use what is known: fresh, stale while it is read anew, or as old as it is while WordPress fails.

import { always, type Times } from '../cache/times.ts';
import { UpstreamError } from '../errors.ts';
import { limitFreshness, type Trace } from './trace.ts';

/**
 * Whether something may be used at once at a moment of its cache's clock. Where WordPress has failed and answered nothing,
 * so may be all that is not known to have changed: it would fail again. Where it answers, only a part of it may be broken.
 */
export function isUsable(times: Times, { acceptsStale, isOutage, isAnswered }: Trace, now: number): boolean {
  const { freshUntil, staleUntil, errorUntil, isPurged } = times;
  if (freshUntil > now || (acceptsStale && staleUntil > now)) return true;
  return isOutage && !isAnswered && !isPurged && errorUntil > now;
}

/** Whether something may be used because WordPress fails; what was purged not where it merely has too much to do. */
export function isUsableInOutage({ errorUntil, isPurged }: Times, { isOverload }: Trace, now: number): boolean {
  return errorUntil > now && !(isPurged && isOverload);
}

/** Marks that something known takes part in a request. */
export function useKnown(trace: Trace, times: Times, now: number): void {
  limitFreshness(trace, times);
  if (times.freshUntil <= now) trace.stale += 1;
}

/** Marks that a request makes do with what is known, for the rest could not be read: what is made of it is old at once. */
export function makeDo(trace: Trace, now: number): void {
  useKnown(trace, { ...always, storedAt: now, freshUntil: now, staleUntil: now }, now);
}

const failures: ReadonlySet<string> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_TLS',
  'UPSTREAM_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_ERROR',
  'OVERLOADED',
]);

/**
 * Whether WordPress failed to answer. Not where it answered that it shows nothing, or that one has to log in: that may be
 * what its owner wants from now on.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { code, details } = error;
  return (
    failures.has(code) || details.isInTheWay === true || (code === 'UPSTREAM_NOT_JSON' && details.kind !== 'login')
  );
}

/** Whether it was not asked at all, for it has too much to do already. */
export function isOverload(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === 'OVERLOADED';
}

/** Says that a request goes on with what was known before, and whether it may: only where WordPress failed. */
export function meetOutage(trace: Trace, error: unknown): boolean {
  if (!isOutage(error)) return false;
  trace.isOutage = true;
  if (isOverload(error)) trace.isOverload = true;
  return true;
}
