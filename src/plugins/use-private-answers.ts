// Owns the privacy of answers on their way: what a request with credentials is answered is kept by nobody.

import type { Plugin } from 'graphql-yoga';
import { hasCredentials } from '../wordpress/credentials.ts';

/** Tells caches between the gateway and the client to keep no answer to a request that came with credentials. */
export function usePrivateAnswers(): Plugin {
  return {
    onResponse({ request, response }) {
      if (hasCredentials(request.headers)) response.headers.set('cache-control', 'private, no-store');
    },
  };
}
