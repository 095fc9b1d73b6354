// Owns the id of a request in Yoga: the one that the client is told.

import type { Plugin } from 'graphql-yoga';
import { toRequestId } from '../responses/request-id.ts';

const ids = new WeakMap<Request, string>();

/** The id of a request. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const id = toRequestId(request.headers.get('x-request-id'));
  ids.set(request, id);
  return id;
}

/** Tells the client the id of its request in the `X-Request-Id` header. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request));
    },
  };
}
