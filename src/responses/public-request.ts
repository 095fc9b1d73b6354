// Owns which requests anybody's answer will do for, and what of their headers shapes it.

import { isPersonal } from '../wordpress/credentials.ts';
import { toEncoding, toMediaType } from './negotiate.ts';
import type { Charge } from './outcome.ts';
import { toRequestId } from './request-id.ts';
import type { CachedRequest } from './response-cache.ts';

/** Headers of a request by name in lower case, as node:http gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a request is made of. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: RequestHeaders;
  /** Gives what aborts when the client has gone; made when it is asked for, since kept answers need none. */
  readonly signal: () => AbortSignal | undefined;
}

/** A request that a kept answer may serve; null for one with credentials, or that wants none or something else. */
export function toCachedRequest({ method, headers, signal }: HttpRequest, charge?: Charge): CachedRequest | null {
  if (isPersonal(headers)) return null;
  const media = toMediaType(textOf(headers['accept']));
  const control = textOf(headers['cache-control'])?.toLowerCase() ?? '';
  if (media === null || control.includes('no-store')) return null;
  return {
    isGet: method === 'GET',
    media,
    encoding: toEncoding(textOf(headers['accept-encoding'])),
    ifNoneMatch: textOf(headers['if-none-match']),
    requestId: toRequestId(textOf(headers['x-request-id'])),
    wantsNew: control.includes('no-cache'),
    signal,
    charge,
  };
}

/** A header as one text. */
export function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
