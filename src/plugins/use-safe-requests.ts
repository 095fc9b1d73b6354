// Owns which HTTP requests may carry an operation: none that a foreign page could send in its visitor's name.

import type { Plugin } from 'graphql-yoga';
import { UserError } from '../errors.ts';
import { refuse } from './refuse.ts';

/** How much is refused. */
export interface SafeRequestsOptions {
  /** Whether a GET that brings its own document needs a preflight header even without credentials. */
  readonly hardened: boolean;
}

/** Headers that browsers send to another origin only after it has allowed them: GraphQL clients use one or another. */
const preflightHeaders = ['apollo-require-preflight', 'x-apollo-operation-name', 'x-graphql-csrf', 'x-requested-with'];

const bodies = ['application/json', 'application/graphql+json', 'application/graphql'];

/**
 * Refuses bodies that forms can send (415), and a GET that a link could have caused with its visitor's credentials
 * (403). A public GET passes: CDNs live on it.
 */
export function useSafeRequests({ hardened }: SafeRequestsOptions): Plugin {
  return {
    onRequestParse({ request, url }) {
      const type = mediaType(request);
      if (request.method === 'POST' && !bodies.includes(type)) {
        throw refuse(new UserError(`The body of a request must be ${bodies[0]}, not ${type || 'of no type'}.`), 415);
      }
      if (request.method !== 'GET') return;
      const isSuspect = carriesCredentials(request) || (hardened && bringsDocument(url));
      if (!isSuspect || type === bodies[0] || preflightHeaders.some((name) => request.headers.has(name))) return;
      const message = `This GET request needs a header such as ${preflightHeaders[0]}; or send the operation by POST.`;
      throw refuse(new UserError(message, 'PREFLIGHT_REQUIRED'), 403);
    },
  };
}

/** Whether a GET has the text of its operation with it, in contrast to the id of one that the gateway knows. */
function bringsDocument(url: URL): boolean {
  return url.searchParams.has('query');
}

function carriesCredentials({ headers }: Request): boolean {
  return headers.has('cookie') || headers.has('authorization');
}

function mediaType({ headers }: Request): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}
