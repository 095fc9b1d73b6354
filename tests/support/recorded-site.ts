// Owns a small HTTP server that serves recorded REST objects the way WordPress does: filters, pages, `_fields`, errors.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RestObject } from '../../src/cache/fields-record.ts';
import type { RestRoot } from '../../src/wordpress/rest.ts';
import {
  filterFields,
  kindOf,
  listOf,
  type Params,
  type RecordedAnswer,
  type RestFailure,
  toFailure,
  unknownIdCodes,
} from './recorded-lists.ts';

/** What a site consists of. */
export interface RecordedSiteOptions {
  /** The answer of the REST root. */
  readonly index: RestObject;
  /** Objects by route: `wp/v2/posts`. */
  readonly collections: Readonly<Record<string, readonly RestObject[]>>;
  /** Answers of routes that are no collections, such as `wp/v2/types`. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Port to listen on; any free one unless told. */
  readonly port?: number;
  /** Answers to OPTIONS, by route. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  /** Pretty permalinks, or plain ones. */
  readonly style: 'path' | 'query';
  /** Routes that WordPress refuses, with everything below them. */
  readonly refuse?: Readonly<Record<string, RestFailure>>;
  /** Pages of the site by path and query, `/?book=dune`; without them there is none but the front page. */
  readonly pages?: Readonly<Record<string, RecordedPage>>;
  /** The origin in the recorded objects: the server puts its own in its place. Without it nothing is replaced. */
  readonly recordedOrigin?: string;
}

/** What the headers of a page say. */
export type RecordedPage =
  /** The REST route of what it shows; null where they do not tell. */
  | { readonly shows: string | null }
  /** Where it leads to. */
  | { readonly to: string };

/** A request that the site was asked. */
export interface RecordedRequest {
  readonly method: string;
  /** Route below the REST root, without slashes at its ends. */
  readonly route: string;
  /** Its query without `rest_route`. */
  readonly query: Readonly<Record<string, string>>;
}

/** A running site. */
export interface RecordedSite extends AsyncDisposable {
  readonly origin: string;
  readonly root: RestRoot;
  /** All requests so far, in their order. */
  readonly requests: RecordedRequest[];
}

/** Starts one on a free port of this machine. */
export async function startRecordedSite(options: RecordedSiteOptions): Promise<RecordedSite> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const route = routeOf(url, options.style);
    if (route === null) return sendPage(response, options, url);
    const params = paramsOf(url);
    const query = Object.fromEntries(params);
    requests.push({ method: request.method ?? 'GET', route, query });
    const answer = answerTo(options, request, route, params);
    send(response, request, answer, (text) => text.replaceAll(options.recordedOrigin ?? origin, origin));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    root: { origin, path: options.style === 'path' ? '/wp-json/' : '/index.php', style: options.style },
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** The REST route of a URL, or null for a page of the site. */
function routeOf(url: URL, style: RecordedSiteOptions['style']): string | null {
  const queried = url.searchParams.get('rest_route');
  if (queried !== null) return queried.replace(/^\/+|\/+$/g, '');
  const pretty = /^\/wp-json(?:\/(.*?))?\/?$/.exec(url.pathname);
  return style === 'path' && pretty ? (pretty[1] ?? '') : null;
}

/** `include[]=1&include[]=2` is `include=1,2`. */
function paramsOf(url: URL): Params {
  const params = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.replace(/\[\d*\]$/, '');
    if (key === 'rest_route') continue;
    const before = key === name ? undefined : params.get(key);
    params.set(key, before === undefined ? value : `${before},${value}`);
  }
  return params;
}

function answerTo(
  options: RecordedSiteOptions,
  request: IncomingMessage,
  route: string,
  params: Params,
): RecordedAnswer {
  const refused = Object.entries(options.refuse ?? {}).find(([at]) => route === at || route.startsWith(`${at}/`))?.[1];
  if (refused) return toFailure(refused);
  if (params.get('context') === 'edit') return toFailure({ status: 401, code: 'rest_forbidden_context' });
  const fields = params.get('_fields');
  const shown = (value: unknown) => (fields === undefined ? value : filterFields(value, fields));
  if (route === '') return { status: 200, body: shown(options.index) };
  const schema = request.method === 'OPTIONS' ? options.schemas?.[route] : undefined;
  if (schema !== undefined) return { status: 200, body: shown(schema) };
  const other = options.answers?.[route];
  if (other !== undefined) return { status: 200, body: Array.isArray(other) ? other.map(shown) : shown(other) };
  const rows = options.collections[route];
  // Rows are no answer to OPTIONS: what has no schema here has none.
  if (rows && request.method !== 'OPTIONS') {
    const answer = listOf(rows, params, options.collections);
    return Array.isArray(answer.body) ? { ...answer, body: answer.body.map(shown) } : answer;
  }
  const [, collection = '', id] = /^(.*)\/(\d+)$/.exec(route) ?? [];
  const singles = options.collections[collection];
  if (!singles || request.method === 'OPTIONS') {
    const message = 'No route was found matching the URL and request method.';
    return toFailure({ status: 404, code: 'rest_no_route', message });
  }
  const row = singles.find((known) => String(known['id']) === id);
  return row ? { status: 200, body: shown(row) } : toFailure({ status: 404, code: unknownIdCodes[kindOf(singles)] });
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  answer: RecordedAnswer,
  toOwn: (text: string) => string,
): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=UTF-8',
    ...(answer.total === undefined ? {} : { 'x-wp-total': answer.total, 'x-wp-totalpages': answer.pages ?? 0 }),
  });
  response.end(request.method === 'HEAD' ? undefined : toOwn(JSON.stringify(answer.body)));
}

function sendPage(response: ServerResponse, { style, pages }: RecordedSiteOptions, url: URL): void {
  const at = `${url.pathname}${url.search}`;
  const page = pages?.[at] ?? (at === '/' ? { shows: null } : undefined);
  const api = `http://${response.req.headers.host ?? ''}${style === 'path' ? '/wp-json/' : '/index.php?rest_route=/'}`;
  const links = [`<${api}>; rel="https://api.w.org/"`];
  if (page && 'shows' in page && page.shows) {
    links.push(`<${api}${page.shows}>; rel="alternate"; title="JSON"; type="application/json"`);
  }
  response.writeHead(page ? ('to' in page ? 301 : 200) : 404, {
    'content-type': 'text/html; charset=UTF-8',
    link: links.join(', '),
    ...(page && 'to' in page ? { location: page.to } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : '<!DOCTYPE html><title>Recorded site</title>');
}
