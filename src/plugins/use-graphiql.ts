// Owns GraphiQL in the browser: its page at the GraphQL paths, and what that loads below /graphiql/.

import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { prefersHtml, toEncoding } from '../responses/negotiate.ts';
import { type DefaultTab, listedTabs, printDefaultTabs } from './default-tabs.ts';
import { createGraphiqlAssets } from './graphiql-assets.ts';
import { type ClosedBy, graphiqlPolicy, printGraphiqlPage } from './graphiql-page.ts';

/** What GraphiQL is told. */
export interface GraphiqlOptions {
  /** Gives the schema of the moment. */
  readonly schemaOf: () => GraphQLSchema;
  /** Looks for what the site does not give; without it the page does not tell. */
  readonly findings?: (() => Promise<readonly object[]>) | undefined;
  /** Why the page does not ask for the schema; null where it does. */
  readonly closedBy?: ClosedBy | null;
}

/** Serves GraphiQL to browsers; requests for data pass. */
export function useGraphiql({ schemaOf, findings, closedBy = null }: GraphiqlOptions): Plugin {
  const assets = createGraphiqlAssets();
  const forever = 'public, max-age=31536000, immutable';

  function printTabs(): readonly DefaultTab[] {
    return closedBy === 'PERSISTED_OPERATIONS' ? listedTabs : printDefaultTabs(schemaOf(), closedBy !== null);
  }

  async function answerFile(name: string, headers: Headers): Promise<[BodyInit | null, ResponseInit] | undefined> {
    if (name === 'tabs.json') return toJson(printTabs());
    if (name === 'findings.json') return findings && toJson({ findings: await findings() });
    const encoding = toEncoding(headers.get('accept-encoding') ?? '');
    const asset = await assets.find(name, encoding);
    if (!asset) return undefined;
    const etag = `"${name}"`;
    const fixed = { 'cache-control': forever, vary: 'Accept-Encoding', etag };
    if (headers.get('if-none-match') === etag) return [null, { status: 304, headers: fixed }];
    const coded = encoding === 'identity' ? {} : { 'content-encoding': encoding };
    return [asset.body, { headers: { ...fixed, ...coded, 'content-type': asset.contentType } }];
  }

  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname.startsWith('/graphiql/')) {
        const answer = await answerFile(url.pathname.slice('/graphiql/'.length), request.headers);
        if (answer) endResponse(new fetchAPI.Response(...answer));
      } else if (!url.searchParams.has('query') && prefersHtml(request.headers.get('accept') ?? '')) {
        const root = url.pathname.endsWith('/graphql/') ? '../' : './';
        const headers = {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': graphiqlPolicy,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
        };
        endResponse(
          new fetchAPI.Response(printGraphiqlPage({ files: await assets.files(), root, closedBy }), { headers }),
        );
      }
    },
  };
}

function toJson(value: unknown): [string, ResponseInit] {
  return [JSON.stringify(value), { headers: { 'content-type': 'application/json' } }];
}
