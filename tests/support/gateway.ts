// Owns a gateway for tests: everything but the listener, with the exact REST requests that each query caused.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { GraphQLSchema } from 'graphql';
import { createContextFactory } from '../../src/context.ts';
import { createGateway } from '../../src/gateway.ts';
import { buildSchema } from '../../src/schema/build.ts';
import { createClient } from '../../src/wordpress/client.ts';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import { loadSite } from '../../src/wordpress/site.ts';
import { createRecordingLogger } from './recording-logger.ts';

/** An answer, and what it took. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape, and states the shape by reading it.
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
  // biome-ignore lint/suspicious/noExplicitAny: as data
  readonly extensions?: any;
  readonly status: number;
  /** REST requests such as `/wp/v2/posts?orderby=date&…&_fields=id,title.rendered`, in the order they were sent. */
  readonly requests: readonly string[];
}

/** A gateway in front of a WordPress. */
export interface TestGateway extends AsyncDisposable {
  query(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  readonly schema: GraphQLSchema;
  readonly takeErrors: ReturnType<typeof createRecordingLogger>['takeErrors'];
}

/** What a test may set. */
export interface TestGatewayOptions {
  readonly freshSeconds?: number;
  readonly scanLimit?: number;
  readonly timeoutMs?: number;
  readonly trace?: boolean;
}

/** Opens a gateway whose cache is empty. */
export async function openGateway(wordpressUrl: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { freshSeconds = 300, scanLimit = 2000, timeoutMs = 30_000, trace = false } = options;
  const { logger, takeErrors } = createRecordingLogger();
  const root = await findRestRoot(wordpressUrl, { timeoutMs });
  const client = createClient(root, { timeoutMs, logger });
  const site = await loadSite(client, root);
  const cache = { maxBytes: 32 * 1024 * 1024, freshSeconds, negativeSeconds: 60 };
  // PHP in WebAssembly answers one request at a time: sibling lists take longer than on a server.
  const createContext = createContextFactory({ client, site, cache, scanLimit, logger, waveMs: 20_000 });
  const schema = buildSchema(site);
  const gateway = createGateway({ schema, createContext, logger, trace });

  const sent: string[] = [];
  const record = (message: unknown) => {
    const { request } = message as { readonly request: { readonly origin: string; readonly path: string } };
    if (String(request.origin) === root.origin) sent.push(readable(request.path));
  };
  subscribe('undici:request:create', record);

  return {
    schema,
    takeErrors,
    async query(query, variables) {
      sent.length = 0;
      const response = await gateway.fetch(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ query, variables }),
        }),
      );
      const body: { data: unknown; errors?: NonNullable<Answer['errors']> } = await response.json();
      return { ...body, status: response.status, requests: [...sent] };
    },
    async [Symbol.asyncDispose]() {
      unsubscribe('undici:request:create', record);
      await gateway[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
    },
  };
}

/** The route and its decoded parameters, without the root that differs from site to site. */
function readable(path: string): string {
  const url = new URL(path, 'http://wordpress');
  const route = url.searchParams.get('rest_route') ?? url.pathname.replace(/^.*\/wp-json/, '');
  url.searchParams.delete('rest_route');
  const pairs = [...url.searchParams].map(([name, value]) => `${name}=${value}`);
  return pairs.length > 0 ? `${route}?${pairs.join('&')}` : route;
}

/** The routes of requests, counted: `{ '/wp/v2/posts': 1 }`. */
export function countRoutes(requests: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of requests) {
    const [route = ''] = request.split('?');
    counts[route] = (counts[route] ?? 0) + 1;
  }
  return counts;
}
