// Owns when WordPress is left alone: after failures it is asked by one call at a time, further and further apart.

import { UpstreamError } from '../errors.ts';

/** What a breaker needs. */
export interface BreakerOptions {
  /** Told when it opens, with the last failure and for how long, and when WordPress answers again. */
  readonly onOpen: (failure: UpstreamError, waitMs: number) => void;
  readonly onClose: () => void;
  readonly now?: () => number;
  /** Spreads probes; a number from 0 to 1. */
  readonly random?: () => number;
}

/** Stands between callers and a part of WordPress that may be down. */
export interface Breaker {
  /** Runs a call to a target, or rejects at once with an `UpstreamError` while that part is left alone. */
  run<T>(call: { readonly label: string; readonly target: string }, task: () => Promise<T>): Promise<T>;
}

type Verdict = 'works' | 'fails' | 'unknown';

/** It opens after this many failures in a row, or where half of the last calls failed. */
const failuresInARow = 5;
const calls = 20;
const fewestCalls = 10;
const firstWaitMs = 5_000;
/** With what spreads probes, nobody waits for longer than ten seconds once WordPress is back. */
const longestWaitMs = 7_500;
/** What WordPress may ask for by `Retry-After`; shorter waits are a matter of a retry. */
const shortestRetryAfterSeconds = 2;
const longestRetryAfterSeconds = 300;

/** A breaker that is closed: all calls pass. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { onOpen, onClose, now = () => performance.now(), random = Math.random } = options;
  let last: UpstreamError | undefined;
  let openUntil = 0;
  let isProbing = false;
  let waitMs = firstWaitMs;
  let inARow = 0;
  let recent: boolean[] = [];
  let failedTarget: string | undefined;

  function open(failure: UpstreamError): void {
    const asked = failure.details.retryAfterSeconds ?? 0;
    const isTold = asked > shortestRetryAfterSeconds;
    const untilMs = isTold ? 1000 * Math.min(asked, longestRetryAfterSeconds) : waitMs * (0.8 + 0.4 * random());
    if (!isTold) waitMs = Math.min(longestWaitMs, 2 * waitMs);
    last = failure;
    openUntil = now() + untilMs;
    onOpen(failure, untilMs);
  }

  function close(): void {
    last = undefined;
    waitMs = firstWaitMs;
    inARow = 0;
    recent = [];
    onClose();
  }

  function judge(error: unknown, target: string): Verdict {
    const verdict = verdictOf(error);
    if (verdict !== 'fails' || !(error instanceof UpstreamError && error.code === 'UPSTREAM_ERROR')) return verdict;
    // One entry that breaks a plugin is no outage, however often it is asked for.
    if (failedTarget === target) return 'unknown';
    failedTarget = target;
    return verdict;
  }

  function count(verdict: Verdict, error: unknown): void {
    if (verdict === 'unknown') return;
    inARow = verdict === 'fails' ? inARow + 1 : 0;
    recent = [...recent, verdict === 'fails'].slice(-calls);
    if (!(error instanceof UpstreamError) || verdict !== 'fails') return;
    const failures = recent.filter(Boolean).length;
    const isHalf = recent.length >= fewestCalls && 2 * failures >= recent.length;
    const isTold = (error.details.retryAfterSeconds ?? 0) > shortestRetryAfterSeconds;
    if (isTold || inARow >= failuresInARow || isHalf) open(error);
  }

  async function probe<T>(target: string, task: () => Promise<T>): Promise<T> {
    isProbing = true;
    try {
      const value = await task();
      close();
      return value;
    } catch (error) {
      const verdict = judge(error, target);
      if (verdict === 'works') close();
      else if (verdict === 'fails' && error instanceof UpstreamError) open(error);
      throw error;
    } finally {
      isProbing = false;
    }
  }

  return {
    async run({ label, target }, task) {
      if (last) {
        const leftMs = openUntil - now();
        if (leftMs > 0 || isProbing) throw refusal(label, last, leftMs);
        return probe(target, task);
      }
      try {
        const value = await task();
        if (!last) count('works', undefined);
        return value;
      } catch (error) {
        // Calls that were under way when it opened have nothing new to tell.
        if (!last) count(judge(error, target), error);
        throw error;
      }
    },
  };
}

/** What an outcome tells of WordPress as a whole. A refusal comes from a WordPress that works. */
function verdictOf(error: unknown): Verdict {
  if (!(error instanceof UpstreamError)) return 'unknown';
  switch (error.code) {
    case 'UPSTREAM_UNAVAILABLE':
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_TLS':
    case 'UPSTREAM_RATE_LIMITED':
    case 'UPSTREAM_ERROR':
      return 'fails';
    case 'UPSTREAM_NOT_JSON':
      return error.details.kind === 'challenge' || error.details.kind === 'maintenance' ? 'fails' : 'works';
    case 'UPSTREAM_FORBIDDEN':
    case 'UPSTREAM_NOT_FOUND':
    case 'UPSTREAM_REFUSED':
      return 'works';
    default:
      return 'unknown';
  }
}

function refusal(label: string, cause: UpstreamError, leftMs: number): UpstreamError {
  const code = cause.code === 'UPSTREAM_RATE_LIMITED' ? cause.code : 'UPSTREAM_UNAVAILABLE';
  const retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1000));
  return new UpstreamError(code, `${label}: not asked, after ${cause.message}`, { retryAfterSeconds, cause });
}
