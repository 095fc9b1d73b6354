// Owns what the outcome of a call tells of whether WordPress works.

import { createBoundedMap } from '../bounded-map.ts';
import { UpstreamError } from '../errors.ts';

/** What an outcome tells of what was asked. */
export type Verdict = 'works' | 'fails' | 'unknown';

/** What was asked, and whether to find out if WordPress is back. */
export interface Judged {
  readonly target: string;
  readonly isProbe: boolean;
}

/** Judges an outcome: the error that a call came to, or undefined for its success. */
export type Judge = (error: unknown, judged: Judged) => Verdict;

/** Judges whether WordPress can be asked at all. A refusal comes from a WordPress that works. */
export function createAvailabilityJudge(): Judge {
  let failedTarget: string | undefined;
  return (error, { target }) => {
    if (error === undefined) return 'works';
    if (!(error instanceof UpstreamError) || isUnsent(error)) return 'unknown';
    if (!isFatal(error)) return verdictOf(error);
    // One entry that breaks a plugin is no outage, however often it is asked for.
    if (failedTarget === target) return 'unknown';
    failedTarget = target;
    return 'fails';
  };
}

const answeredBytes = 1024 * 1024;
const answer = {};

/** Judges of whether WordPress gives what it gave before. */
export interface SenseJudges {
  /**
   * Of questions of one kind: pages, and JSON that is none of its answers, may be its way with one of them, but not with
   * several that it answered.
   */
  readonly ofKind: Judge;
  /** Of one question that it answered. */
  readonly ofTarget: Judge;
}

/** Judges of the questions of one site. */
export function createSenseJudges(): SenseJudges {
  const answered = createBoundedMap({ maxBytes: answeredBytes, bytesOf: () => 0 });
  let failedTarget: string | undefined;

  const judgeBy =
    (fails: (error: UpstreamError, target: string) => boolean): Judge =>
    (error, { target, isProbe }) => {
      if (error === undefined) {
        answered.set(target, answer);
        return 'works';
      }
      if (!(error instanceof UpstreamError) || isUnsent(error)) return 'unknown';
      if (isRefusal(error)) return 'works';
      return isProbe || (answered.get(target) && fails(error, target)) ? 'fails' : 'unknown';
    };

  return {
    ofKind: judgeBy((error, target) => {
      if (!isSenseless(error) || failedTarget === target) return false;
      failedTarget = target;
      return true;
    }),
    ofTarget: judgeBy((error) => isSenseless(error) || isFatal(error)),
  };
}

/** Whether it was not asked, which says nothing about WordPress. */
function isUnsent({ code, details }: UpstreamError): boolean {
  return code === 'OVERLOADED' || details.isNotAsked === true;
}

/** Whether PHP gave up, as it does at an error: with status 500, or with nothing at all. */
function isFatal({ code, details }: UpstreamError): boolean {
  return code === 'UPSTREAM_ERROR' || (code === 'UPSTREAM_BAD_RESPONSE' && details.kind === 'empty');
}

/** Whether an answer is none of the REST API, and nothing else is known of it. */
function isSenseless(error: UpstreamError): boolean {
  return /^UPSTREAM_(?:BAD_RESPONSE|NOT_JSON|REDIRECT)$/.test(error.code) && verdictOf(error) !== 'fails';
}

function isRefusal({ code }: UpstreamError): boolean {
  return /^UPSTREAM_(?:FORBIDDEN|NOT_FOUND|REFUSED)$/.test(code);
}

function verdictOf(error: UpstreamError): Verdict {
  switch (error.code) {
    case 'UPSTREAM_UNAVAILABLE':
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_TLS':
    case 'UPSTREAM_RATE_LIMITED':
    case 'UPSTREAM_ERROR':
      return 'fails';
    case 'UPSTREAM_NOT_JSON':
      return error.details.kind === 'challenge' || error.details.kind === 'maintenance' ? 'fails' : 'works';
    case 'UPSTREAM_BAD_RESPONSE':
      return isFatal(error) ? 'fails' : 'unknown';
    default:
      return isRefusal(error) ? 'works' : 'unknown';
  }
}
