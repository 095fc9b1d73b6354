// Owns answers of WordPress itself, for requests that were passed on to it.

import { type ErrorCode, errorCodes, UpstreamError } from '../errors.ts';
import type { ForwardedAnswer } from '../wordpress/forward.ts';
import type { Answer } from './answer.ts';
import { toBusyAnswer } from './busy-answer.ts';
import { toErrorAnswer } from './error-answer.ts';

const nothing = Buffer.alloc(0);

/** The answer as it is, piece by piece; or an error where there is none. Nothing of it is the gateway's. */
export async function toForwardedAnswer(forwarded: Promise<ForwardedAnswer>): Promise<Answer> {
  try {
    const { status, headers, body } = await forwarded;
    return { status, headers: [...headers], body: nothing, reads: 1, stream: body };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const code: ErrorCode = error.code;
    if (code === 'OVERLOADED') return toBusyAnswer({ status: 503, code }, 1000, null);
    return toErrorAnswer(code === 'UPSTREAM_TIMEOUT' ? 504 : 502, code, errorCodes[code]);
  }
}
