// Owns who comes in: requests that no foreign page could have caused, from callers whom the gateway answers.

import { apiKeyHeader, type Caller, type Callers } from '../operations/callers.ts';
import { asksForPage } from '../operations/gateway-path.ts';
import { type AskingRequest, whyUnsafe } from '../operations/safe-request.ts';
import type { Answer } from './answer.ts';
import { toErrorAnswer } from './error-answer.ts';
import { toMediaType } from './negotiate.ts';
import { type RequestHeaders, textOf } from './public-request.ts';

/** What admission depends on. */
export interface AdmissionOptions {
  readonly callers?: Callers | undefined;
  /** Refuses links that bring their own document. */
  readonly hardened: boolean;
}

/** A request at the door. */
export interface ArrivingRequest extends AskingRequest {
  readonly headers: RequestHeaders;
}

/** Who was let in. */
export interface Admitted {
  /** Null for nobody in particular. */
  readonly caller: Caller | null;
}

/** Lets a request in, or answers why not. */
export type AdmitRequest = (request: ArrivingRequest) => Admitted | Answer;

/** The door of a gateway. */
export function createAdmission({ callers, hardened }: AdmissionOptions): AdmitRequest {
  return (request) => {
    const { method, path, headers } = request;
    const media = () => toMediaType(textOf(headers['accept'])) ?? undefined;
    const unsafe = whyUnsafe(request, hardened);
    if (unsafe) return toErrorAnswer(unsafe.status, unsafe.code, unsafe.message, media());
    const caller = callers?.callerOf(headers) ?? null;
    if (caller !== 'unknown' && (caller || !callers?.required || asksForPage(method, path))) return { caller };
    const message =
      caller === null ? `An API key is needed, in the header ${apiKeyHeader}.` : 'The API key is not known.';
    return toErrorAnswer(401, 'UNAUTHENTICATED', message, media(), { challenge: 'ApiKey realm="Headgate"' });
  };
}
