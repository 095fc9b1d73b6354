// Owns a gateway for tests: everything but the listener, with the exact REST requests that each query caused.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { GraphQLSchema } from 'graphql';
import type { CacheOptions } from '../../src/cache/memory-cache.ts';
import type { Gone } from '../../src/cache/old.ts';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import type { ResponseStore } from '../../src/cache/response-store.ts';
import { createContextFactory } from '../../src/context.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import type { LimitSettings } from '../../src/limits.ts';
import type { Logger } from '../../src/log.ts';
import { type ServedSite, serveSite } from '../../src/schema/serve-site.ts';
import { createClient } from '../../src/wordpress/client.ts';
import { type Discovery, discover } from '../../src/wordpress/discovery.ts';
import type { FetchFileOptions } from '../../src/wordpress/fetch-file.ts';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import type { GivenNames } from '../../src/wordpress/graphql-names.ts';
import { loadMenuLocations } from '../../src/wordpress/menu-locations.ts';
import type { Resources } from '../../src/wordpress/resources.ts';
import type { Site, WordPressClient } from '../../src/wordpress/rest.ts';
import { loadSite } from '../../src/wordpress/site.ts';
import { createRecordingLogger } from './recording-logger.ts';

/** An answer, and what it took. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape, and states the shape by reading it.
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly limit?: unknown };
  }[];
  // biome-ignore lint/suspicious/noExplicitAny: as data
  readonly extensions?: any;
  readonly status: number;
  readonly headers: Headers;
  /** REST requests such as `/wp/v2/posts?orderby=date&…&_fields=id,title.rendered`, in the order they were sent. */
  readonly requests: readonly string[];
  /** Those of them that went with credentials. */
  readonly authorized: readonly string[];
}

/** A gateway in front of a WordPress. */
export interface TestGateway extends AsyncDisposable {
  /** Forgets what carries one of these tags, beside the store. */
  purge(tags: readonly string[] | null, gone?: Gone): void;
  query(query: string, variables?: Record<string, unknown>, viewer?: TestViewer): Promise<Answer>;
  /** Any request to the endpoint. */
  send(init: RequestInit, path?: string): Promise<Response>;
  /** The same as HTTP. */
  fetch(query: string, viewer?: TestViewer, variables?: Record<string, unknown>): Promise<Response>;
  readonly schema: GraphQLSchema;
  /** The gateway itself, for a listener. */
  readonly endpoint: Gateway;
  /** What the gateway was put together from. */
  readonly parts: {
    readonly client: WordPressClient;
    readonly site: Site;
    readonly resources: Resources;
    readonly logger: Logger;
  };
  /** Forgets the requests that it sent: a test that takes long has no room for all. */
  forgetRequests(): void;
  /** The log. */
  readonly lines: ReturnType<typeof createRecordingLogger>['lines'];
  readonly takeErrors: ReturnType<typeof createRecordingLogger>['takeErrors'];
}

/** Whose request it is, by an `Authorization` header. */
export interface TestViewer {
  readonly authorization: string;
  /** Value of the header that makes creations safe to repeat. */
  readonly idempotencyKey?: string;
}

/** What a test may set. */
export interface TestGatewayOptions {
  readonly freshSeconds?: number;
  /** Times and clock of the cache, beside that. */
  readonly cache?: Partial<CacheOptions>;
  /** What other gateways know. */
  readonly tier?: SharedTier;
  readonly scanLimit?: number;
  readonly timeoutMs?: number;
  readonly trace?: boolean;
  readonly limits?: LimitSettings;
  /** After how many runs code is made of a query. */
  readonly hotAfter?: number;
  /** Where whole answers are kept; nowhere unless told. */
  readonly store?: ResponseStore;
  /** The gateway's own credentials, as the value of an `Authorization` header. */
  readonly authorization?: string;
  /** Names of menu locations from the configuration. */
  readonly menuLocations?: readonly string[];
  /** What tokens of previews are signed with. */
  readonly previewSecret?: string;
  readonly anonymousComments?: number;
  /** Whence files are fetched that clients name. */
  readonly files?: FetchFileOptions;
  /** Names that people set. */
  readonly names?: GivenNames;
}

/** What sites show, by the address of their REST API: a site does not change while its tests run. */
const discoveries = new Map<string, Promise<Discovery>>();

/** Sites that differ in their address alone have one schema: making it is most of what opening a gateway costs. */
const served = new Map<string, ServedSite>();

/** Opens a gateway whose cache is empty. */
export async function openGateway(wordpressUrl: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { freshSeconds = 300, scanLimit = 2000, timeoutMs = 30_000, trace = false, limits = {} } = options;
  const { authorization, menuLocations = [], names = new Map(), store, hotAfter } = options;
  const { logger, lines, takeErrors } = createRecordingLogger();
  const root = await findRestRoot(wordpressUrl, { timeoutMs });
  const client = createClient(root, { timeoutMs, queueTimeoutMs: timeoutMs, logger });
  const site = await loadSite(client, root);
  const key = `${root.origin}${root.path}`;
  const discovered = discoveries.get(key) ?? discover(client, site);
  discoveries.set(key, discovered);
  const discovery = await discovered;
  const cache = { maxBytes: 32 * 1024 * 1024, freshSeconds, negativeSeconds: 60, ...options.cache };
  // PHP in WebAssembly answers one request at a time: sibling lists take longer than on a server.
  const locations = await loadMenuLocations(client, { named: menuLocations, authorization });
  const { root: _, ...same } = site;
  const servedKey = JSON.stringify([same, discovery, [...names], locations]);
  const known = served.get(servedKey) ?? serveSite({ site, discovery }, { names, menuLocations: locations });
  // The readers of these plugins' heads learn of their routes, and what one test taught them is not for another.
  if (!site.namespaces.some((name) => /^(rankmath|seopress)\//.test(name))) served.set(servedKey, known);
  const { schema, resources } = known;
  const createContext = createContextFactory({
    ...{ client, site, resources, cache, scanLimit, limits, logger, menuLocations, timeoutMs, waveMs: 20_000 },
    ...(options.tier ? { tier: options.tier } : {}),
    ...(authorization ? { authorization } : {}),
    ...(options.anonymousComments ? { anonymousComments: options.anonymousComments } : {}),
    ...(options.files ? { files: options.files } : {}),
    ...(options.previewSecret ? { previewSecret: options.previewSecret } : {}),
  });
  const gateway = createGateway({
    ...{ schema, createContext, logger, trace, limits },
    ...(store ? { store } : {}),
    ...(hotAfter === undefined ? {} : { execution: { hotAfter } }),
  });

  const sent: SentRequest[] = [];
  const record = (message: unknown) => {
    const { request } = message as { readonly request: SentRequest };
    if (String(request.origin) !== root.origin) return;
    sent.push(request);
  };
  // An idle connection that the server was about to close brings a request nowhere: it is sent again, and was not asked.
  const forget = (message: unknown) => {
    const { request, error } = message as { readonly request: SentRequest; readonly error: { readonly code?: string } };
    const at = sent.indexOf(request);
    if (at !== -1 && /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(error.code ?? '')) sent.splice(at, 1);
  };
  const isAuthorized = ({ headers }: SentRequest) => headers.some((text) => /^authorization$/i.test(text));
  subscribe('undici:request:create', record);
  subscribe('undici:request:error', forget);

  const fetch: TestGateway['fetch'] = (query, viewer, variables) => {
    const headers = {
      ...{ 'content-type': 'application/json', accept: 'application/json' },
      ...(viewer ? { authorization: viewer.authorization } : {}),
      ...(viewer?.idempotencyKey ? { 'idempotency-key': viewer.idempotencyKey } : {}),
    };
    const body = JSON.stringify({ query, variables });
    return gateway.fetch(new Request('http://gateway/graphql', { method: 'POST', headers, body }));
  };

  return {
    schema,
    endpoint: gateway,
    parts: { client, site, resources, logger },
    lines,
    takeErrors,
    send: (init, path = '/graphql') => gateway.fetch(new Request(`http://gateway${path}`, init)),
    fetch,
    purge: createContext.purge,
    forgetRequests: () => void sent.splice(0),
    async query(query, variables, viewer) {
      sent.length = 0;
      const response = await fetch(query, viewer, variables);
      const body: { data: unknown; errors?: NonNullable<Answer['errors']> } = await response.json();
      const { status, headers } = response;
      const requests = sent.map(({ path }) => readable(path));
      const authorized = sent.filter(isAuthorized).map(({ path }) => readable(path));
      return { ...body, status, headers, requests, authorized };
    },
    async [Symbol.asyncDispose]() {
      unsubscribe('undici:request:create', record);
      unsubscribe('undici:request:error', forget);
      await gateway[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
    },
  };
}

interface SentRequest {
  readonly origin: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
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
