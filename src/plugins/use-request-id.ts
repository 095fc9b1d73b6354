// Owns the id of a request: it joins an answer, its errors and the log.

import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

const ids = new WeakMap<Request, string>();

/** The id of a request: the client's own `X-Request-Id` if it is a plain token, else a new one. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers.get('x-request-id');
  const id = given !== null && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
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
