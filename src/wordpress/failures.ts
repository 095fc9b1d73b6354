// Owns what a failed exchange means: from sockets, statuses and WordPress's error JSON to one `UpstreamError`.

import { UpstreamError, type UpstreamErrorCode, type UpstreamErrorDetails } from '../errors.ts';
import { EncodingError, TooLargeError } from './body.ts';
import { JsonError, parseJson } from './json.ts';
import { OverloadedError } from './limiter.ts';
import { classifyPage } from './page.ts';
import type { Answer } from './transport.ts';

/** An error as WordPress words it: `{code, message, data: {status}}`. */
export interface WordPressFailure {
  readonly restCode: string;
  readonly status: number | null;
  /** Names of the parameters at fault. */
  readonly parameters: readonly string[];
}

/** Codes by which security plugins close the REST API, some of them with status 500 or 200. */
const closedCodes =
  /^(?:rest_(?:disabled|login_required|not_logged_in|api_cannot_access|cannot_access|unauthorized|forbidden|api_disabled|api_authentication_required|not_authorized)|itsec_\w+)$/;

/** Whether WordPress refuses whoever asks, not just this question. */
export function isClosedCode(restCode: string): boolean {
  return closedCodes.test(restCode);
}

/** Reads WordPress's error JSON; null for anything else. */
export function toWordPressFailure(body: unknown): WordPressFailure | null {
  if (!isRecord(body) || typeof body['code'] !== 'string' || typeof body['message'] !== 'string') return null;
  const data = body['data'];
  const status = isRecord(data) ? Number(data['status']) : Number.NaN;
  const parameters = isRecord(data) ? toParameters(data['params']) : [];
  return { restCode: body['code'], status: status >= 400 && status < 600 ? status : null, parameters };
}

/** What is missing comes as a list of names; what is wrong comes by its name, with a text that may repeat the value. */
function toParameters(params: unknown): string[] {
  if (Array.isArray(params)) return params.filter((name) => typeof name === 'string');
  return isRecord(params) ? Object.keys(params) : [];
}

/** An answer that failed. */
export interface FailedAnswer extends Answer {
  /** It was given to credentials: what it says is for nobody else, and for no log. */
  readonly isPrivate?: boolean;
}

/** The error that an answer with a status other than 2xx stands for. */
export function toStatusError(label: string, answer: FailedAnswer, failure = readFailure(answer)): UpstreamError {
  const status = failure?.status ?? answer.status;
  const text = new TextDecoder().decode(answer.body);
  const kind = failure ? null : classifyPage(text, answer.headers);
  const retryAfterSeconds = parseRetryAfter(answer.headers);
  const details: UpstreamErrorDetails = {
    status,
    ...(failure ? { restCode: failure.restCode } : {}),
    ...(failure && failure.parameters.length > 0 ? { parameters: failure.parameters } : {}),
    ...(kind ? { kind } : {}),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    ...excerptOf(text, answer),
  };
  const closed = failure !== null && isClosedCode(failure.restCode);
  // A challenge is about the gateway and may end at any time; a 403 would be taken for WordPress's own word.
  const code = closed ? 'UPSTREAM_FORBIDDEN' : kind === 'challenge' ? 'UPSTREAM_NOT_JSON' : codeOfStatus(status);
  return new UpstreamError(code, `${label}: ${status}${failure ? ` ${failure.restCode}` : ''}`, details);
}

/** The error that a 2xx answer without usable JSON stands for. */
export function toJsonError(label: string, answer: FailedAnswer, cause: JsonError): UpstreamError {
  const text = new TextDecoder().decode(answer.body);
  // What is wrong with JSON is told with a piece of it.
  const told = answer.isPrivate ? new JsonError(cause.fault) : cause;
  const details = { status: answer.status, ...excerptOf(text, answer), cause: told };
  if (cause.fault === 'empty') {
    return new UpstreamError('UPSTREAM_BAD_RESPONSE', `${label}: ${cause.message}`, { ...details, kind: 'empty' });
  }
  const packed = answer.body[0] === 0x1f && answer.body[1] === 0x8b;
  if (cause.fault !== 'other' || packed) {
    return new UpstreamError('UPSTREAM_BAD_RESPONSE', `${label}: ${cause.message}`, details);
  }
  const kind = classifyPage(text, answer.headers);
  const what = kind === null ? cause.message : kind === 'html' ? 'an HTML page' : `a ${kind} page`;
  return new UpstreamError('UPSTREAM_NOT_JSON', `${label}: ${what}`, { ...details, ...(kind ? { kind } : {}) });
}

/** The error that an exchange which threw stands for. */
export function toUpstreamError(label: string, cause: unknown): UpstreamError {
  if (cause instanceof UpstreamError) return cause;
  return new UpstreamError(codeOfCause(cause), `${label}: ${describeCause(cause)}`, { cause });
}

function describeCause(cause: unknown): string {
  if (isImpossible(cause)) return 'the status is none of HTTP';
  // One error for each address of a host says nothing itself.
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(describeCause).join('; ');
  return cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
}

/** Whether WordPress cannot be asked at the moment, in contrast to one that refuses. */
export function isUnavailable({ code }: UpstreamError): boolean {
  return ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_RATE_LIMITED', 'OVERLOADED'].includes(code);
}

/** Whether WordPress was left alone, after what had failed before. */
export function isNotAsked(error: unknown): boolean {
  return error instanceof UpstreamError && error.details.isNotAsked === true;
}

/** Whether WordPress, which works, does not show or take what was asked. */
export function isRefusal({ code }: UpstreamError): boolean {
  return /^UPSTREAM_(?:FORBIDDEN|NOT_FOUND|REFUSED)$/.test(code);
}

/** Whether that is WordPress's own word. A page may be anybody's, and says nothing of what WordPress would have answered. */
export function isOwnRefusal(error: UpstreamError): boolean {
  return isRefusal(error) && error.details.restCode !== undefined;
}

/** Whether something is hidden: not where it was shown a while ago, and somebody is in the way. */
export function isHidden({ code, details }: UpstreamError): boolean {
  return !details.isInTheWay && /^UPSTREAM_(?:FORBIDDEN|NOT_FOUND)$/.test(code);
}

/** Whether it is hidden by somebody else's word than WordPress's; who wants a log-in means the credentials. */
export function isHiddenByPage(error: UpstreamError): boolean {
  return isHidden(error) && !isOwnRefusal(error) && error.details.status !== 401;
}

/** The same error, of something that WordPress would answer otherwise: what was known of it stands. */
export function inTheWay(error: UpstreamError): UpstreamError {
  return new UpstreamError(error.code, error.message, { ...error.details, isInTheWay: true, cause: error });
}

/** Whether nothing came back, not even a status. */
export function isUnanswered({ code, details }: UpstreamError): boolean {
  return details.status === undefined && /^UPSTREAM_(?:UNAVAILABLE|TIMEOUT|TLS)$/.test(code);
}

/** Whether no connection came about, so that it cannot be about what was asked, or who did. */
export function isUnreachable(error: UpstreamError): boolean {
  if (!isUnanswered(error)) return false;
  const reason = causeCode(error.cause);
  return (
    error.code === 'UPSTREAM_TLS' ||
    /^(?:E(?:CONNREFUSED|TIMEDOUT|NOTFOUND|AI_\w+|(?:HOST|NET)(?:UNREACH|DOWN))|UND_ERR_CONNECT_TIMEOUT)$/.test(reason)
  );
}

/** The `code` of a system, TLS, zlib or undici error. */
export function causeCode(cause: unknown): string {
  return isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : '';
}

/** Whether the other side closed or reset a connection. */
export function isHangUp(cause: unknown): boolean {
  return /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_DESTROYED)$/.test(causeCode(cause));
}

/** Whether the other side answered with something else than HTTP. */
export function isNoHttp(cause: unknown): boolean {
  return isImpossible(cause) || (cause instanceof Error && cause.name === 'HTTPParserError');
}

/** Whether undici found a status below 100, which its parser lets pass. */
function isImpossible(cause: unknown): boolean {
  return causeCode(cause) === 'ERR_ASSERTION';
}

const longestRetryAfterSeconds = 999_999_999;

/** Seconds of `Retry-After`, in either of its forms; a date is measured by the sender's own clock. */
export function parseRetryAfter(headers: ReadonlyMap<string, string>): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), longestRetryAfterSeconds);
  const sent = Date.parse(headers.get('date') ?? '');
  // Date.parse takes "-5" and "1.5" for dates too.
  const until = /^[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until)) return null;
  return Math.max(0, Math.ceil((until - (Number.isNaN(sent) ? Date.now() : sent)) / 1000));
}

function readFailure(answer: Answer): WordPressFailure | null {
  try {
    const failure = toWordPressFailure(parseJson(answer.body).value);
    // The status line is nearer to the truth than what the body says of it.
    return failure && { ...failure, status: answer.status };
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

function codeOfStatus(status: number): UpstreamErrorCode {
  if (status === 401 || status === 403 || status === 451) return 'UPSTREAM_FORBIDDEN';
  if (status === 404 || status === 410) return 'UPSTREAM_NOT_FOUND';
  if (status === 429) return 'UPSTREAM_RATE_LIMITED';
  if (status === 408) return 'UPSTREAM_TIMEOUT';
  // 508 and 509 are how shared hosts say that the account's share is used up; 52x and 530 are Cloudflare's.
  if ([407, 502, 503, 504, 508, 509, 530].includes(status) || (status >= 520 && status < 530)) {
    return 'UPSTREAM_UNAVAILABLE';
  }
  if (status >= 500) return 'UPSTREAM_ERROR';
  return status >= 400 ? 'UPSTREAM_REFUSED' : 'UPSTREAM_BAD_RESPONSE';
}

function codeOfCause(cause: unknown): UpstreamErrorCode {
  if (cause instanceof TooLargeError) return 'UPSTREAM_TOO_LARGE';
  if (cause instanceof OverloadedError) return 'OVERLOADED';
  if (cause instanceof EncodingError) return 'UPSTREAM_BAD_RESPONSE';
  const code = causeCode(cause);
  if (/^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/.test(code)) return 'UPSTREAM_TIMEOUT';
  if (isNoHttp(cause) || /^UND_ERR_(?:RES_CONTENT_LENGTH_MISMATCH|HEADERS_OVERFLOW)$/.test(code)) {
    return 'UPSTREAM_BAD_RESPONSE';
  }
  return isTlsFailure(cause) ? 'UPSTREAM_TLS' : 'UPSTREAM_UNAVAILABLE';
}

function isTlsFailure(cause: unknown): boolean {
  return (
    /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|SELF_SIGNED|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(
      causeCode(cause),
    ) ||
    (cause instanceof Error && /before secure TLS connection/.test(cause.message))
  );
}

function excerptOf(text: string, { isPrivate = false }: FailedAnswer): Pick<UpstreamErrorDetails, 'excerpt'> {
  // A slice would keep all of the text for as long as the error is kept.
  return isPrivate || text === '' ? {} : { excerpt: Buffer.from(text.slice(0, 200)).toString() };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
