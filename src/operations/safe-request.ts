// Owns which HTTP requests may ask for an operation: none that a foreign page could send in its visitor's name.

import { isPersonal, type RequestHeaders, readHeader } from '../wordpress/credentials.ts';

/** A request as far as it matters here. */
export interface AskingRequest {
  readonly method: string;
  /** The gateway's path, with the query. */
  readonly path: string;
  readonly headers: RequestHeaders;
}

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 403 | 415;
  readonly code: 'BAD_USER_INPUT' | 'PREFLIGHT_REQUIRED';
  readonly message: string;
}

/** Headers that browsers send to another origin only after it has allowed them: GraphQL clients use one or another. */
const preflightHeaders = ['apollo-require-preflight', 'x-apollo-operation-name', 'x-graphql-csrf', 'x-requested-with'];

/** How files come with an operation; any page can send one, without asking first. */
const form = 'multipart/form-data';

const bodies = ['application/json', 'application/graphql+json', 'application/graphql'];

/**
 * Why a request is refused, or null. Bodies that forms can send are (415; 403 for one with files), and a GET that a link could have caused with
 * its visitor's credentials (403). A public GET passes: CDNs live on it. A hardened gateway takes no link at all that
 * brings its own document.
 */
export function whyUnsafe({ method, path, headers }: AskingRequest, hardened: boolean): Refusal | null {
  if (method === 'POST') return whyUnsafeBody(headers);
  if (method !== 'GET' || !path.includes('?')) return null;
  if (!isPersonal(headers) && !(hardened && bringsDocument(path))) return null;
  if (mediaType(readHeader(headers, 'content-type')) === bodies[0] || isPreflighted(headers)) return null;
  const message = `This GET request needs a header such as ${preflightHeaders[0]}; or send the operation by POST.`;
  return { status: 403, code: 'PREFLIGHT_REQUIRED', message };
}

function whyUnsafeBody(headers: RequestHeaders): Refusal | null {
  const type = mediaType(readHeader(headers, 'content-type'));
  if (bodies.includes(type)) return null;
  if (type !== form) {
    const message = `The body of a request must be ${bodies[0]}, not ${type || 'of no type'}.`;
    return { status: 415, code: 'BAD_USER_INPUT', message };
  }
  const message = `A form with files needs a header such as ${preflightHeaders[0]}.`;
  return isPreflighted(headers) ? null : { status: 403, code: 'PREFLIGHT_REQUIRED', message };
}

function isPreflighted(headers: RequestHeaders): boolean {
  return preflightHeaders.some((name) => readHeader(headers, name) !== null);
}

/** Whether a GET has the text of its operation with it, in contrast to the id of one that the gateway knows. */
function bringsDocument(path: string): boolean {
  return new URLSearchParams(path.slice(path.indexOf('?'))).has('query');
}

function mediaType(contentType: string | null): string {
  const type = contentType ?? '';
  return bodies.includes(type) ? type : (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}
