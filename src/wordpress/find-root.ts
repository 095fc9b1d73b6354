// Owns finding a site's REST API from whatever address of the site a person has at hand.

import { SiteError } from '../errors.ts';
import { foldersOf, parseAddress } from './address.ts';
import { causeCode, isHangUp, isNoHttp, isUnavailable, toUpstreamError } from './failures.ts';
import { JsonError, parseJson } from './json.ts';
import { apiAddressOf } from './link.ts';
import type { RestRoot } from './rest.ts';
import { describeFailure, describeHosted, describeVisit, type Problem, reasonOfFailure } from './site-problem.ts';
import { createVisitor, type Visit, type Visitor } from './visit.ts';

/** How the search goes about. */
export interface FindRootOptions {
  /** Deadline of each request of the search; the whole takes no longer than one and a half of it. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly userAgent?: string;
  /** Where the REST API of sites at WordPress.com is. */
  readonly wordPressComOrigin?: string;
}

/** What led to a REST root: the address itself, what the site says in a header or a page, or where it usually is. */
export type RootClue = 'address' | 'link' | 'usual';

/** A REST root, and how it was found. */
export interface FoundRoot {
  readonly root: RestRoot;
  readonly clue: RootClue;
}

interface Candidate {
  readonly url: URL;
  readonly clue: RootClue;
}

interface Search {
  readonly visitor: Visitor;
  readonly timeoutMs: number;
  readonly wordPressComOrigin: string;
  /** The address as given, or where it moved to. */
  address: URL;
  readonly problems: Problem[];
}

/**
 * Finds the REST root of a site from its address, that of one of its pages or that of the root itself. What the site
 * says of its own address only counts for path and query: behind a proxy, the site may know itself by another name.
 * Rejects with a `SiteError` that says what was found instead, and what would help.
 */
export async function findRestRoot(given: string, options: FindRootOptions = {}): Promise<RestRoot> {
  return (await findRoot(given, options)).root;
}

/** As {@link findRestRoot}, and tells how. */
export async function findRoot(given: string, options: FindRootOptions = {}): Promise<FoundRoot> {
  const { timeoutMs = 10_000, connectTimeoutMs = 5_000, userAgent = 'headgate' } = options;
  const { wordPressComOrigin = 'https://public-api.wordpress.com' } = options;
  const visitor = createVisitor({
    ...{ timeoutMs, connectTimeoutMs, userAgent },
    endsAt: performance.now() + 1.5 * timeoutMs,
  });
  try {
    const addresses = parseAddress(given);
    for (const [index, address] of addresses.entries()) {
      const search: Search = { visitor, timeoutMs, wordPressComOrigin, address, problems: [] };
      try {
        return await searchRoot(search);
      } catch (cause) {
        if (cause instanceof SiteError) throw cause;
        // Never from a bad certificate to no encryption at all.
        if (index + 1 < addresses.length && isWithoutTls(cause)) continue;
        const isTemporary = isUnavailable(toUpstreamError(search.address.origin, cause));
        const reason = reasonOfFailure(cause);
        throw new SiteError(describeFailure(search.address, cause, timeoutMs), { cause, isTemporary, reason });
      }
    }
    throw new SiteError(`"${given}" is not the address of a site.`);
  } finally {
    await visitor[Symbol.asyncDispose]();
  }
}

async function searchRoot(search: Search): Promise<FoundRoot> {
  const tried = new Set<string>();
  for await (const { url, clue } of findCandidates(search)) {
    if (tried.has(url.href)) continue;
    tried.add(url.href);
    const root = await verify(search, url);
    if (root) return { root, clue };
  }
  const [worst] = search.problems.sort((a, b) => b.weight - a.weight);
  throw new SiteError(worst?.message ?? `No WordPress REST API was found at ${search.address.href}.`, {
    isTemporary: worst?.isTemporary ?? false,
    reason: worst?.reason ?? 'no-wordpress',
  });
}

/** Where the root may be, the likeliest first; what is later in line costs requests only if it is reached. */
async function* findCandidates(search: Search): AsyncGenerator<Candidate> {
  const { address, wordPressComOrigin } = search;
  const hosted = wordPressComRoot(address, wordPressComOrigin);
  if (hosted) {
    yield { url: hosted, clue: 'address' };
    return;
  }
  const direct = directRoot(address);
  if (direct) yield { url: direct, clue: 'address' };
  for (const method of ['HEAD', 'GET'] as const) {
    const page = await visitUnlessCut(search, method, search.address);
    if (!page) continue;
    search.address = page.url;
    const api = apiAddressOf(page);
    if (api) yield { url: toRootAddress(api, page.url.origin), clue: 'link' };
    if (method === 'GET' && isIndex(readJson(page))) yield { url: page.url, clue: 'address' };
    if (page.elsewhere || method === 'GET') search.problems.push(describeVisit(page));
  }
  for (const folder of foldersOf(search.address.pathname)) {
    for (const form of ['wp-json/', '?rest_route=/', 'index.php/wp-json/']) {
      yield { url: new URL(folder + form, search.address.origin), clue: 'usual' };
    }
  }
}

/** Firewalls, and servers that do not know HEAD, may just hang up; the next request may fare better. */
async function visitUnlessCut(search: Search, method: 'HEAD' | 'GET', address: URL): Promise<Visit | null> {
  try {
    return await search.visitor.visit(method, address);
  } catch (error) {
    if (!isHangUp(error) && !isNoHttp(error)) throw error;
    const message = describeFailure(address, error, search.timeoutMs);
    search.problems.push({ weight: 3, reason: reasonOfFailure(error), message, isTemporary: true });
    return null;
  }
}

async function verify(search: Search, candidate: URL): Promise<RestRoot | null> {
  const isHosted = candidate.origin === new URL(search.wordPressComOrigin).origin;
  const probe = new URL(candidate);
  if (isHosted) probe.pathname += 'posts';
  const query = isHosted ? 'per_page=1&_fields=id' : '_fields=name,namespaces';
  // Not by searchParams: they would encode the commas and slashes of what is there.
  probe.search = probe.search === '' ? query : `${probe.search}&${query}`;
  const visit = await visitUnlessCut(search, 'GET', probe);
  if (visit === null) return null;
  const json = visit.status === 200 ? readJson(visit) : null;
  if (isHosted ? Array.isArray(json) : isIndex(json)) return toRoot(visit.url, isHosted);
  search.problems.push(isHosted ? describeHosted(visit) : describeVisit(visit));
  return null;
}

function toRoot(url: URL, isHosted: boolean): RestRoot {
  const { origin, pathname, searchParams } = url;
  if (isHosted) return { origin, path: pathname.replace(/posts$/, ''), style: 'wordpress.com' };
  if (searchParams.has('rest_route')) return { origin, path: pathname, style: 'query' };
  return { origin, path: pathname.endsWith('/') ? pathname : `${pathname}/`, style: 'path' };
}

/** The root that an address names itself: `/blog/wp-json/wp/v2/posts` is below `/blog/wp-json/`. */
function directRoot(address: URL): URL | null {
  if (address.searchParams.has('rest_route')) return toRootAddress(address, address.origin);
  const path = /^.*?\/wp-json(?=\/|$)/.exec(address.pathname)?.[0];
  return path === undefined ? null : below(address.origin, `${path}/`);
}

function wordPressComRoot(address: URL, origin: string): URL | null {
  if (address.origin === new URL(origin).origin) {
    const site = /^\/(?:wp\/v2|rest\/v1(?:\.\d)?)\/sites\/([^/]+)/.exec(address.pathname)?.[1];
    return site === undefined ? null : new URL(`/wp/v2/sites/${site}/`, origin);
  }
  const isHosted = /(?:^|\.)wordpress\.com$/.test(address.hostname);
  return isHosted ? new URL(`/wp/v2/sites/${address.hostname}/`, origin) : null;
}

/** An address as a candidate: the origin that was given, the path or the `rest_route` of what was found. */
function toRootAddress(found: URL, origin: string): URL {
  if (found.searchParams.has('rest_route')) return below(origin, `${found.pathname}?rest_route=/`);
  return below(origin, found.pathname.endsWith('/') ? found.pathname : `${found.pathname}/`);
}

/** An address of an origin. A path may begin with `//host`, which would be another origin if it were resolved. */
function below(origin: string, target: string): URL {
  return new URL(origin + target);
}

function isIndex(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !('namespaces' in json)) return false;
  return Array.isArray(json.namespaces) && json.namespaces.includes('wp/v2');
}

function readJson({ body }: Visit): unknown {
  try {
    return parseJson(body).value;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

/** Whether nothing speaks TLS at an address that was given without a scheme. */
function isWithoutTls(cause: unknown): boolean {
  return /^(?:ECONNREFUSED|ECONNRESET|EPROTO|UND_ERR_CONNECT_TIMEOUT|ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH)\w*)$/.test(
    causeCode(cause),
  );
}
