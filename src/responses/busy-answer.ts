// Owns answers to clients that are to come again later.

import { type ErrorCode, errorCodes } from '../errors.ts';
import type { Answer } from './answer.ts';
import { toErrorAnswer } from './error-answer.ts';
import type { MediaType } from './negotiate.ts';

/** Why a client is to come again. */
export interface BusyReason {
  readonly status: 429 | 503;
  readonly code: Extract<ErrorCode, 'RATE_LIMITED' | 'OVERLOADED' | 'UPSTREAM_UNAVAILABLE'>;
  /** What the code means, unless there is more to say. */
  readonly message?: string;
}

/** An error with the time to wait, in whole seconds (RFC 9110, section 10.2.3). */
export function toBusyAnswer(
  { status, code, message = errorCodes[code] }: BusyReason,
  waitMs: number,
  media: MediaType | null,
): Answer {
  const answer = toErrorAnswer(status, code, message, media ?? undefined);
  return { ...answer, headers: [...answer.headers, 'retry-after', String(Math.max(1, Math.ceil(waitMs / 1000)))] };
}
