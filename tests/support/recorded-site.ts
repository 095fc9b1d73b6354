// Owns a small HTTP server that serves recorded REST objects the way WordPress does: filters, pages, `_fields`, errors.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RestObject } from '../../src/cache/fields-record.ts';
import type { RestRoot } from '../../src/wordpress/rest.ts';

/** What a site consists of. */
export interface RecordedSiteOptions {
  /** The answer of the REST root. */
  readonly index: RestObject;
  /** Objects by route: `wp/v2/posts`. */
  readonly collections: Readonly<Record<string, readonly RestObject[]>>;
  /** Answers of routes that are no collections, such as `wp/v2/types`. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Pretty permalinks, or plain ones. */
  readonly style: 'path' | 'query';
  /** Routes that WordPress refuses, with everything below them. */
  readonly refuse?: Readonly<Record<string, RestFailure>>;
  /** The origin in the recorded objects: the server puts its own in its place. Without it nothing is replaced. */
  readonly recordedOrigin?: string;
}

/** An error as WordPress words it. */
export interface RestFailure {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

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

/** How a query steers a list; in PHP's words. */
type Params = ReadonlyMap<string, string>;

/** Starts one on a free port of this machine. */
export async function startRecordedSite(options: RecordedSiteOptions): Promise<RecordedSite> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin);
    const route = routeOf(url, options.style);
    if (route === null) return sendPage(response, options.style === 'path' ? '/wp-json/' : '/index.php?rest_route=/');
    const params = paramsOf(url);
    const query = Object.fromEntries(params);
    requests.push({ method: request.method ?? 'GET', route, query });
    const answer = answerTo(options, request, route, params);
    send(response, request, answer, (text) => text.replaceAll(options.recordedOrigin ?? origin, origin));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
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

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly total?: number;
  readonly pages?: number;
}

function failure({ status, code, message = 'Refused.' }: RestFailure): Answer {
  return { status, body: { code, message, data: { status } } };
}

function answerTo(options: RecordedSiteOptions, request: IncomingMessage, route: string, params: Params): Answer {
  const refused = Object.entries(options.refuse ?? {}).find(([at]) => route === at || route.startsWith(`${at}/`))?.[1];
  if (refused) return failure(refused);
  if (params.get('context') === 'edit') return failure({ status: 401, code: 'rest_forbidden_context' });
  const fields = params.get('_fields');
  const shown = (value: unknown) => (fields === undefined ? value : filterFields(value, fields));
  if (route === '') return { status: 200, body: shown(options.index) };
  const other = options.answers?.[route];
  if (other !== undefined) return { status: 200, body: shown(other) };
  const rows = options.collections[route];
  if (rows) {
    const answer = listOf(rows, params);
    return Array.isArray(answer.body) ? { ...answer, body: answer.body.map(shown) } : answer;
  }
  const [, collection = '', id] = /^(.*)\/(\d+)$/.exec(route) ?? [];
  const singles = options.collections[collection];
  if (!singles || request.method === 'OPTIONS') {
    const message = 'No route was found matching the URL and request method.';
    return failure({ status: 404, code: 'rest_no_route', message });
  }
  const row = singles.find((known) => String(known['id']) === id);
  return row ? { status: 200, body: shown(row) } : failure({ status: 404, code: unknownIdCodes[kindOf(singles)] });
}

const unknownIdCodes = { content: 'rest_post_invalid_id', term: 'rest_term_invalid', user: 'rest_user_invalid_id' };

type Kind = keyof typeof unknownIdCodes;

function kindOf([row]: readonly RestObject[]): Kind {
  if (row?.['taxonomy'] !== undefined) return 'term';
  return row?.['avatar_urls'] !== undefined && row['status'] === undefined ? 'user' : 'content';
}

function listOf(rows: readonly RestObject[], params: Params): Answer {
  const kind = kindOf(rows);
  const invalid = (name: string) =>
    failure({ status: 400, code: 'rest_invalid_param', message: `Invalid parameter(s): ${name}` });
  const perPage = Number(params.get('per_page') ?? 10);
  const page = Number(params.get('page') ?? 1);
  if (!(perPage >= 1 && perPage <= 100)) return invalid('per_page');
  if (!(page >= 1)) return invalid('page');
  if (params.has('status') && !['publish', 'inherit'].includes(params.get('status') ?? '')) return invalid('status');
  const orderby = params.get('orderby') ?? (kind === 'content' ? 'date' : 'name');
  if (!orders[kind].includes(orderby)) return invalid('orderby');
  const needs = needed[orderby];
  if (needs && !params.has(needs)) return failure({ status: 400, code: `rest_orderby_${needs}_missing_${needs}` });
  const found = rows.filter((row) => fits(row, params));
  const sorted = sortRows(found, orderby, params.get('order') ?? (kind === 'content' ? 'desc' : 'asc'), params);
  const pages = Math.ceil(found.length / perPage);
  if (kind === 'content' && !params.has('offset') && page > 1 && page > pages) {
    const message = 'The page number requested is larger than the number of pages available.';
    return failure({ status: 400, code: 'rest_post_invalid_page_number', message });
  }
  const start = params.has('offset') ? Number(params.get('offset')) : (page - 1) * perPage;
  return { status: 200, body: sorted.slice(start, start + perPage), total: found.length, pages };
}

const orders: Readonly<Record<Kind, readonly string[]>> = {
  content: 'author date id include include_slugs menu_order modified parent relevance slug title'.split(' '),
  term: 'count description id include include_slugs name slug term_group'.split(' '),
  user: 'email id include include_slugs name registered_date slug url'.split(' '),
};
const needed: Readonly<Record<string, string>> = { include: 'include', include_slugs: 'slug', relevance: 'search' };

function listParam(params: Params, name: string): string[] | undefined {
  const value = params.get(name);
  return value === undefined || value === '' ? undefined : value.split(/[\s,]+/);
}

/** Filters of a list of values, by the field that they compare; each may have a counterpart that excludes. */
const filters = { include: 'id', parent: 'parent', author: 'author', categories: 'categories', tags: 'tags' } as const;

function fits(row: RestObject, params: Params): boolean {
  for (const [name, field] of Object.entries(filters)) {
    const matches = (values: string[]) => [row[field]].flat().some((value) => values.includes(String(value)));
    const [wanted, unwanted] = [listParam(params, name), listParam(params, excluderOf(name))];
    if (field in row && ((wanted && !matches(wanted)) || (unwanted && matches(unwanted)))) return false;
  }
  const slugs = listParam(params, 'slug')?.map(toSlug);
  if (slugs && !slugs.includes(toSlug(String(row['slug'])))) return false;
  const sticky = params.get('sticky');
  if (sticky !== undefined && 'sticky' in row && row['sticky'] !== ['1', 'true'].includes(sticky)) return false;
  const search = params.get('search')?.toLowerCase();
  if (search && !JSON.stringify([row['title'], row['name'], row['content']]).toLowerCase().includes(search))
    return false;
  // Dates of the query are in the site's time unless they name a zone; before and after exclude the moment itself.
  for (const [name, field] of [
    ['', 'date'],
    ['modified_', 'modified'],
  ] as const) {
    const [before, after] = [params.get(`${name}before`), params.get(`${name}after`)];
    if (before && !(timeOf(row, field, before) < Date.parse(before))) return false;
    if (after && !(timeOf(row, field, after) > Date.parse(after))) return false;
  }
  return true;
}

function excluderOf(name: string): string {
  return name === 'include' ? 'exclude' : `${name}_exclude`;
}

function timeOf(row: RestObject, field: 'date' | 'modified', limit: string): number {
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(limit);
  return Date.parse(hasZone ? `${String(row[`${field}_gmt`])}Z` : String(row[field]));
}

function toSlug(slug: string): string {
  try {
    return decodeURIComponent(slug).toLowerCase();
  } catch {
    return slug.toLowerCase();
  }
}

function sortRows(rows: readonly RestObject[], orderby: string, order: string, params: Params): RestObject[] {
  const given = orderby === 'include' ? listParam(params, 'include') : listParam(params, 'slug')?.map(toSlug);
  const keyOf = (row: RestObject): string | number => {
    if (orderby === 'include') return given?.indexOf(String(row['id'])) ?? 0;
    if (orderby === 'include_slugs') return given?.indexOf(toSlug(String(row['slug']))) ?? 0;
    const value = orderby === 'title' ? Reflect.get(Object(row['title']), 'rendered') : row[orderby];
    return typeof value === 'number' ? value : String(value ?? '').toLowerCase();
  };
  const sign = order === 'desc' && !orderby.startsWith('include') ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}

type FieldTree = Map<string, FieldTree | true>;

/** `_fields` as core does it: a child that follows its parent loses everything behind it. */
function filterFields(data: unknown, fields: string): unknown {
  const tree: FieldTree = new Map();
  every: for (const path of fields.split(',')) {
    const names = path.trim().split('.');
    const last = names.pop() ?? '';
    let branch = tree;
    for (const name of names) {
      const known = branch.get(name);
      if (known === true) break every;
      const next: FieldTree = known ?? new Map();
      branch.set(name, next);
      branch = next;
    }
    branch.set(last, true);
  }
  return prune(data, tree);
}

function prune(value: unknown, tree: FieldTree | true): unknown {
  if (tree === true || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const branch = tree.get(name);
    return branch === undefined ? [] : [[name, prune(inner, branch)] as const];
  });
  // PHP knows one kind of array: what is left empty becomes a list.
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  answer: Answer,
  toOwn: (text: string) => string,
): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=UTF-8',
    ...(answer.total === undefined ? {} : { 'x-wp-total': answer.total, 'x-wp-totalpages': answer.pages ?? 0 }),
  });
  response.end(request.method === 'HEAD' ? undefined : toOwn(JSON.stringify(answer.body)));
}

function sendPage(response: ServerResponse, api: string): void {
  const isFront = response.req.url === '/' || response.req.url === '';
  const link = `<http://${response.req.headers.host ?? ''}${api}>; rel="https://api.w.org/"`;
  response.writeHead(isFront ? 200 : 404, {
    'content-type': 'text/html; charset=UTF-8',
    ...(isFront ? { link } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : '<!DOCTYPE html><title>Recorded site</title>');
}
