// Owns GraphiQL in the browser: its page at the GraphQL paths, its files below /graphiql/.

import { randomBytes } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { parseRanges } from '../responses/negotiate.ts';
import { createGraphiqlAssets, decompress } from './graphiql-assets.ts';
import { printContentSecurityPolicy, printGraphiqlPage } from './graphiql-page.ts';

/** What GraphiQL shows first: it works on any site. */
export const defaultQuery = `# Press the play button, or Ctrl-Enter.
query LatestPosts {
  posts(first: 5) {
    nodes {
      title
      date
      uri
      author {
        node {
          name
        }
      }
      featuredImage {
        node {
          sourceUrl
          altText
        }
      }
    }
  }
}
`;

/** Serves GraphiQL to browsers; requests for data pass. */
export function useGraphiql(): Plugin {
  const assets = createGraphiqlAssets();
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname.startsWith('/graphiql/')) {
        const asset = await assets.find(url.pathname.slice('/graphiql/'.length));
        if (asset === undefined) return;
        const gzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
        const headers = {
          'content-type': asset.contentType,
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'Accept-Encoding',
          ...(gzip ? { 'content-encoding': 'gzip' } : {}),
        };
        endResponse(new fetchAPI.Response(gzip ? asset.gzipped : await decompress(asset), { headers }));
      } else if (!url.searchParams.has('query') && prefersHtml(request.headers.get('accept') ?? '')) {
        const nonce = randomBytes(16).toString('base64');
        const root = url.pathname.endsWith('/graphql/') ? '../' : './';
        const page = printGraphiqlPage({ files: await assets.files(), root, nonce, defaultQuery });
        const headers = {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': printContentSecurityPolicy(nonce),
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
        };
        endResponse(new fetchAPI.Response(page, { headers }));
      }
    },
  };
}

/** Whether an `Accept` header wants a page rather than data, as that of a browser does. */
export function prefersHtml(accept: string): boolean {
  let html = 0;
  let json = 0;
  for (const { name: type, weight } of parseRanges(accept)) {
    if (type === 'text/html') html = Math.max(html, weight);
    else if (/^application\/([\w.-]+\+)?json$/.test(type)) json = Math.max(json, weight);
  }
  return html > 0 && html >= json;
}
