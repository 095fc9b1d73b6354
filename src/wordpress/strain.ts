// Owns what tells that WordPress gets more requests than it can take.

import type { UpstreamError } from '../errors.ts';
import { isRefusal } from './failures.ts';
import type { Limiter } from './limiter.ts';

/** A question whose tries are watched. */
export interface WatchedQuestion {
  /** It is read without credentials: what becomes of it is about no caller. */
  readonly isOpen: boolean;
  /** Whether it was answered when it was asked last. */
  readonly isKnown: () => boolean;
}

/** Is told of each try of a question, in turn. */
export interface Watch {
  began(): void;
  answered(): void;
  failed(failure: UpstreamError): void;
}

/** What fails while no more than these are under way does not fail for their number. */
const fewRequests = 2;
const distrustMs = 10_000;

/**
 * Slows down at signs of strain. A 503 may also be about what is asked, or by whom: that breaks WordPress, or is kept out,
 * however few ask. Where it comes to few, it is for a while a sign only for questions that were answered before, or are as
 * they are tried again; anybody can ask others in any number.
 */
export function createStrain(limiter: Limiter): (question: WatchedQuestion) => Watch {
  let distrustedUntil = Number.NEGATIVE_INFINITY;
  let crowdedAt = Number.NEGATIVE_INFINITY;

  return ({ isOpen, isKnown }) => {
    let startedAt = 0;
    let doubtedAt: number | undefined;

    function answered(): void {
      if (doubtedAt !== undefined) limiter.slowDown(doubtedAt);
    }

    function doubt(): void {
      doubtedAt = startedAt;
      if (crowdedAt < startedAt) distrustedUntil = performance.now() + distrustMs;
      if (performance.now() >= distrustedUntil) limiter.slowDown(startedAt, fewRequests);
    }

    return {
      began() {
        startedAt = performance.now();
        if (limiter.active > fewRequests) crowdedAt = startedAt;
      },
      answered,
      failed(failure) {
        if (isRefusal(failure)) answered();
        if (isBusy(failure) && !isKnown()) doubt();
        else if (isStrain(failure, isOpen)) limiter.slowDown(startedAt);
      },
    };
  };
}

/** Whether a failure is a sign where it is about nothing else. Of a caller too many logins are told, and many comments. */
function isStrain(failure: UpstreamError, isOpen: boolean): boolean {
  if (failure.code === 'UPSTREAM_RATE_LIMITED') return isOpen;
  return failure.code === 'UPSTREAM_TIMEOUT' || isBusy(failure);
}

/** Whether a server says that WordPress does not answer now. */
function isBusy({ code, details }: UpstreamError): boolean {
  return details.status !== undefined && (code === 'UPSTREAM_UNAVAILABLE' || code === 'UPSTREAM_TIMEOUT');
}
