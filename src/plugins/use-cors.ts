// Owns who may call from a browser: anybody, without credentials, exactly as WPGraphQL allows it.

import type { Plugin } from 'graphql-yoga';

// Yoga's own CORS echoes the origin, and its `Vary: Origin` would keep CDNs from sharing answers between sites.
const everywhere = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
};

const preflight = {
  ...everywhere,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  // `*` does not cover Authorization, and old browsers do not know it.
  'access-control-allow-headers': 'Authorization, Content-Type, *',
  'access-control-max-age': '600',
};

/** Answers preflight requests, and opens answers to scripts of all origins. */
export function useCors(): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS') endResponse(new fetchAPI.Response(null, { status: 204, headers: preflight }));
    },
    onResponse({ response }) {
      for (const [name, value] of Object.entries(everywhere)) response.headers.set(name, value);
    },
  };
}
