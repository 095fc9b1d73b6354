// Owns the HTTP form of answers: of those that are kept, the same headers for everybody; of others, that nobody keeps them.

import type { EncodedBody, StoredResponse } from '../cache/stored-response.ts';
import type { Times } from '../cache/times.ts';
import type { ErrorCode } from '../errors.ts';
import { toKeyHeaders } from './keys.ts';
import type { MediaType } from './negotiate.ts';

/** An HTTP response, ready to be written. */
export interface Answer {
  readonly status: number;
  /** Names in lower case and values in turn, as node:http takes them. */
  readonly headers: string[];
  /** More of them, which are those of many answers: the same list each time. */
  readonly shared?: readonly string[] | undefined;
  readonly body: Buffer;
  /** Of the error that it tells, where it tells nothing else. */
  readonly code?: ErrorCode;
  /** Name of the limit that the request is over, where that is the error. */
  readonly limit?: string;
  /** Requests to WordPress that were made for it; absent where nothing was executed for it, so that nobody is proven. */
  readonly reads?: number;
  /** What follows the body, where the answer does not end with it. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** Its own headers and those that it shares. */
export function allHeaders({ headers, shared }: Answer): string[] {
  return shared ? [...headers, ...shared] : headers;
}

/** An answer that is given often: what it has of headers by now is shared. */
export function shareHeaders(answer: Answer): Answer {
  return { ...answer, headers: [], shared: allHeaders(answer) };
}

/** What of a request shapes the answer beside its operation. */
export interface AnswerRequest {
  readonly isGet: boolean;
  readonly media: MediaType;
  readonly ifNoneMatch: string | undefined;
  readonly requestId: string;
}

/** What else there is to say of a kept answer. */
export interface Serving {
  /** In ms of the store's clock. */
  readonly nowMs: number;
  /** Only browsers may keep it. */
  readonly isClosed: boolean;
  /** Why it is stale, where it is. */
  readonly staleFor?: string | undefined;
}

/** Headers of every answer, whoever asks. */
export const commonHeaders: readonly string[] = [
  ...['access-control-allow-origin', '*'],
  ...['access-control-expose-headers', '*'],
  ...['x-content-type-options', 'nosniff'],
  ...['x-robots-tag', 'noindex'],
];

/**
 * Seconds for which browsers keep an answer: no purge reaches them. After that they ask whether it has changed, which
 * costs no body.
 */
const browserSeconds = 10;

/** Of each kept body, its headers by {@link variantOf}; empty at first. */
const headersOf = new WeakMap<EncodedBody, (readonly string[] | undefined)[]>();
const nothing = Buffer.alloc(0);

/** A kept answer for one request: whole, or 304 where the client has it (RFC 9110, section 13.1.2). */
export function toStoredAnswer(
  stored: StoredResponse,
  body: EncodedBody,
  { isGet, media, ifNoneMatch, requestId }: AnswerRequest,
  { nowMs, isClosed, staleFor }: Serving,
): Answer {
  const isKnown = isGet && ifNoneMatch !== undefined && matches(ifNoneMatch, body.etag);
  const headers = ['age', toAge(nowMs - stored.times.storedAt), 'x-request-id', requestId];
  if (staleFor !== undefined) headers.push('cache-status', toCacheStatus(stored.times, nowMs, staleFor));
  const variant = variantOf(isGet, isKnown, media, isClosed);
  const known = headersOf.get(body);
  const fixed = known?.[variant] ?? fixedHeaders(stored, body, { isGet, isKnown, media, isClosed });
  // Most answers are served once: only those that come again keep their headers, which are as long as many an answer.
  if (known) known[variant] = fixed;
  else {
    headersOf.set(body, []);
    headers.push(...fixed);
  }
  const shared = known ? fixed : undefined;
  return isKnown ? { status: 304, headers, shared, body: nothing } : { status: 200, headers, shared, body: body.bytes };
}

interface Variant extends Pick<AnswerRequest, 'isGet' | 'media'>, Pick<Serving, 'isClosed'> {
  readonly isKnown: boolean;
}

/** A number for each form of the headers of one body. */
function variantOf(isGet: boolean, isKnown: boolean, media: MediaType, isClosed: boolean): number {
  return Number(isGet) + 2 * Number(isKnown) + 4 * Number(media === 'application/json') + 8 * Number(isClosed);
}

/** Value of `Age`, in seconds. */
export function toAge(ms: number): string {
  return ms < 1000 ? '0' : String(Math.floor(ms / 1000));
}

function fixedHeaders(
  stored: StoredResponse,
  body: EncodedBody,
  { isGet, isKnown, media, isClosed }: Variant,
): string[] {
  // Without the last of them, who has credentials could be given what is for everybody.
  const headers = [...commonHeaders, 'etag', body.etag, 'vary', 'Accept, Accept-Encoding, Authorization'];
  // POST is not for caches on the way (RFC 9110, section 9.3.3).
  if (isGet) headers.push('cache-control', toCacheControl(stored, isClosed));
  for (const [name, value] of Object.entries(toKeyHeaders(stored))) if (value !== '') headers.push(name, value);
  if (isKnown) return headers;
  headers.push('content-type', `${media}; charset=utf-8`, 'content-length', String(body.bytes.length));
  if (body.encoding !== 'identity') headers.push('content-encoding', body.encoding);
  return headers;
}

/** RFC 9111 and RFC 5861. */
function toCacheControl({ times }: StoredResponse, isClosed: boolean): string {
  const { storedAt, freshUntil, staleUntil, errorUntil } = times;
  const seconds = (ms: number) => Math.max(0, Math.floor(ms / 1000));
  const fresh = seconds(freshUntil - storedAt);
  if (isClosed) return `private, max-age=${Math.min(browserSeconds, fresh)}`;
  return [
    'public',
    `max-age=${Math.min(browserSeconds, fresh)}`,
    `s-maxage=${fresh}`,
    `stale-while-revalidate=${seconds(staleUntil - freshUntil)}`,
    `stale-if-error=${seconds(errorUntil - freshUntil)}`,
  ].join(', ');
}

/** RFC 9211: by how much what is served is older than it should be, and why. */
export function toCacheStatus(times: Times, nowMs: number, staleFor: string): string {
  return `headgate; hit; ttl=${Math.min(0, Math.ceil((times.freshUntil - nowMs) / 1000))}; detail=${staleFor}`;
}

/** Weak comparison, as RFC 9110 has it for `If-None-Match`. */
function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** An answer for one caller; nobody keeps it. */
export function toOwnAnswer(status: number, headers: Iterable<readonly [string, string]>, body: Buffer): Answer {
  const all = new Map<string, string>([...headers]);
  if (/event-stream|multipart/.test(all.get('content-type') ?? '')) {
    // It is whole, and an answer like any other: Yoga's headers are those of one that goes on.
    for (const name of ['transfer-encoding', 'content-encoding', 'cache-control', 'connection']) all.delete(name);
  }
  if (!all.has('cache-control')) all.set('cache-control', 'no-store');
  for (let at = 0; at < commonHeaders.length; at += 2) all.set(commonHeaders[at] ?? '', commonHeaders[at + 1] ?? '');
  if (status !== 204) all.set('content-length', String(body.length));
  return { status, headers: [...all].flat(), body };
}

/** An answer that goes on for as long as its client listens. */
export function toStreamAnswer(
  headers: Iterable<readonly [string, string]>,
  stream: AsyncIterable<Uint8Array>,
): Answer {
  const all = new Map<string, string>([...headers, ['cache-control', 'no-store']]);
  // "none" is no coding (RFC 9110, section 8.4.1); nginx would gather what is to be told at once.
  all.delete('content-encoding');
  all.set('x-accel-buffering', 'no');
  for (let at = 0; at < commonHeaders.length; at += 2) all.set(commonHeaders[at] ?? '', commonHeaders[at + 1] ?? '');
  return { status: 200, headers: [...all].flat(), body: nothing, stream };
}
