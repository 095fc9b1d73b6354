// Owns reading an HTTP answer as one of the REST API: its JSON, its total, whether it is for everybody, and to what it is.

import { UpstreamError } from '../errors.ts';
import { toJsonError, toStatusError, toWordPressFailure } from './failures.ts';
import { JsonError, parseJson } from './json.ts';
import { isWordPressPage } from './link.ts';
import type { RestMethod, RestRequest, RestResponse } from './rest.ts';
import { isRead } from './retry.ts';
import type { Answer } from './transport.ts';
import { toWriteError } from './write-identity.ts';

/** What an answer is read for. */
export interface AnsweredCall extends Pick<RestRequest, 'authorization' | 'route' | 'query'> {
  /** Method and route. */
  readonly label: string;
  readonly method: RestMethod;
}

/**
 * The answer of the REST API. Throws an `UpstreamError` for everything but 2xx with usable JSON, and for what cannot be the
 * answer to a write; what may not be that to a read can be asked for again.
 */
export function readAnswer(
  call: AnsweredCall,
  given: Answer,
  warn: (label: string, oddity: string) => void,
): RestResponse {
  const { label, method, authorization } = call;
  const { status, headers, body } = given;
  const answer = { ...given, isPrivate: authorization !== undefined };
  // A part (206) was not asked for.
  if (status < 200 || status > 299 || status === 206) throw toStatusError(label, answer);
  const total = parseTotal(headers.get('x-wp-total'));
  const dateMs = Date.parse(headers.get('date') ?? '');
  const isForSomebody = authorization === undefined && !isForEverybody(headers);
  const known = {
    ...{ status, total, cacheable: !isForSomebody },
    ...(isForSomebody ? { isForSomebody } : {}),
    ...(Number.isNaN(dateMs) ? {} : { dateMs }),
  };
  if (method === 'HEAD') {
    // A page in place of JSON cannot be told by a body here.
    if (total === null && /^text\/html/i.test(headers.get('content-type') ?? '')) {
      throw new UpstreamError('UPSTREAM_NOT_JSON', `${label}: an HTML page`, { status, kind: 'html' });
    }
    return { ...known, body: null, bytes: 0 };
  }
  try {
    const { value, oddities } = parseJson(body);
    const rows = call.query && 'per_page' in call.query ? rowsByNumber(value) : null;
    const failure = toWordPressFailure(value);
    // Some hosts turn every status into 200.
    if (failure?.status) throw toStatusError(label, answer, failure);
    for (const oddity of oddities) warn(label, oddity);
    const location = headers.get('location');
    const error = isRead(method) ? null : toWriteError(label, call, { status, body: value, location });
    if (error) throw error;
    if (rows) warn(label, 'a list as an object');
    return { ...known, body: rows ?? value, bytes: body.length };
  } catch (error) {
    throw error instanceof JsonError ? toJsonError(label, answer, error) : error;
  }
}

/** The rows of a list that comes as an object with numbers for names: a PHP array after a plugin took rows out of it. */
function rowsByNumber(value: unknown): readonly unknown[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => /^(?:0|[1-9]\d*)$/.test(name)) ? Object.values(value) : null;
}

/** The largest total that GraphQL can tell. */
const maxTotal = 2 ** 31 - 1;

/** Proxies repeat the header (`12, 12`) or leave it out; what is no number through and through, or beyond all, tells none. */
function parseTotal(value: string | undefined): number | null {
  const [first = '', ...others] = (value ?? '').split(',').map((text) => text.trim());
  const isTotal = /^\d{1,10}$/.test(first) && Number(first) <= maxTotal;
  return isTotal && others.every((other) => other === first) ? Number(first) : null;
}

/** Cookies that proxies set for every client, whatever WordPress answers: Cloudflare, AWS, Incapsula, Sucuri. */
const cookiesOfProxies = /^(?:__cf|_cfuvid|cf_|AWSALB|incap_ses|visid_incap|nlbi_|sucuri)/i;
/** By these WordPress knows its users and those who comment, and shops a cart. */
const cookiesOfSomebody =
  /^(?:wordpress_(?:logged_in_|sec_|[0-9a-f]{32})|wp-postpass_|comment_author_|wp_woocommerce_session_)/i;

/** Whether an answer may be kept. A cache in front of WordPress may give anybody what was made for somebody: such answers are not kept. */
export function isForEverybody(headers: ReadonlyMap<string, string>): boolean {
  return !isPrivate(headers) && cookiesOf(headers).every((cookie) => cookiesOfProxies.test(cookie));
}

/**
 * The same of a page. For pages plugins set cookies for everybody: of a language, of a session. WordPress says of what it
 * does not find that it is private, and shops say so of the page of a cart: that counts where the text of a page is read.
 */
export function isPageForEverybody(
  method: RestMethod,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
): boolean {
  if (method === 'GET' && status === 200 && isPrivate(headers)) return false;
  return !cookiesOf(headers).some((cookie) => cookiesOfSomebody.test(cookie));
}

/** What a page stands for that refuses, and was not made by WordPress as far as it says. */
export function refusalOf(
  label: string,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
): UpstreamError | undefined {
  if (status < 400 || isWordPressPage(headers)) return undefined;
  return new UpstreamError('UPSTREAM_FORBIDDEN', `${label}: ${status}`, { status });
}

function isPrivate(headers: ReadonlyMap<string, string>): boolean {
  return /\bprivate\b/i.test(headers.get('cache-control') ?? '');
}

/** A comma also stands in the dates of cookies, but no name and "=" after it. */
function cookiesOf(headers: ReadonlyMap<string, string>): string[] {
  return (headers.get('set-cookie') ?? '').split(/,\s*(?=[^;,=\s]+=)/).filter((cookie) => cookie !== '');
}
