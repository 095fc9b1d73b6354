// Owns passing a request on to WordPress as it is, and its answer back: to one origin, streamed, kept by nobody.

import { Readable } from 'node:stream';
import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { toUpstreamError } from './failures.ts';
import { createForwardConnections, type ForwardConnections } from './forward-connections.ts';
import type { Site } from './rest.ts';

/** The methods that are passed on: neither TRACE, which tells a client what proxies add for WordPress, nor what is not HTTP's. */
export const forwardedMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** One of {@link forwardedMethods}. */
export type ForwardedMethod = (typeof forwardedMethods)[number];

type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request to pass on. */
export interface ForwardedRequest {
  readonly method: ForwardedMethod;
  /** Path and query as the client sent them, without dot segments. */
  readonly url: string;
  readonly headers: RequestHeaders;
  /** Null where there is none. */
  readonly body: Readable | null;
  readonly signal: AbortSignal;
  /** Address of the other end of the connection. */
  readonly address: string | undefined;
}

/** An answer of WordPress, on its way. */
export interface ForwardedAnswer {
  readonly status: number;
  /** Names in lower case and values in turn. */
  readonly headers: readonly string[];
  readonly body: Readable;
}

/** How requests are passed on. */
export interface ForwarderOptions {
  /** How many are on their way at the same time; as many more wait, eight times over. */
  readonly maxConnections: number;
  /** Proxies in front of the gateway: what they say in `X-Forwarded-…` is passed on. */
  readonly proxies: number;
  readonly logger: Logger;
}

/** Passes requests on. Rejects with an `UpstreamError` where there is no answer. */
export interface Forwarder extends AsyncDisposable {
  forward(site: Site, request: ForwardedRequest): Promise<ForwardedAnswer>;
}

/** Admins wait longer for an update than clients for a query. */
const timeoutMs = 120_000;

/** What is between two neighbours (RFC 9110, section 7.6.1), or is made anew. */
const ofConnection: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect', 'host', 'http2-settings'],
]);

/** What is the gateway's to say, or its secret; and what makes servers take one request for another. */
const ofGateway = /^(?:x-api-key|x-headgate-.*|proxy|x-original-url|x-rewrite-url)$/;

/** What proxies say of a client, each in its own way; `X-Forwarded-…` is made anew. Plugins believe whoever says it. */
const ofProxies =
  /forwarded|(?:^|-)(?:client|connecting|external|originating|pseudo|real|remote|socket|src|user)-?(?:ip(?:v\d)?|addr(?:ess)?)$|^(?:x-)?coming-from$/;

/** A token that means something to the gateway alone. */
const ofPreview = /^preview\s/i;

/** Opens no connection before the first request. */
export function createForwarder({ maxConnections, proxies, logger }: ForwarderOptions): Forwarder {
  const known = new Map<string, ForwardConnections>();

  function connectionsTo(origin: string): ForwardConnections {
    const connections = known.get(origin) ?? createForwardConnections(origin, { maxConnections, timeoutMs, logger });
    known.set(origin, connections);
    return connections;
  }

  return {
    async forward(site, request) {
      const { method, url, headers, signal } = request;
      const label = `${method} ${url.split('?', 1)[0]}`;
      // A whole address would ask WordPress's server to go there.
      if (!url.startsWith('/')) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', label);
      const origin = originOf(site);
      const path = toPathBelow(site, url);
      const body = method === 'GET' || method === 'HEAD' ? null : request.body;
      try {
        const answer = await connectionsTo(origin).request({
          method,
          path,
          headers: toSentHeaders(headers, request.address, proxies, body !== null),
          body,
          signal,
        });
        const { statusCode: status } = answer;
        const forwarded = { status, headers: toAnswerHeaders(answer.headers, { origin, path }) };
        if (status !== 204 && status !== 304) return { ...forwarded, body: answer.body };
        // Its length is that of what would have come otherwise; to undici it is cut off.
        answer.body.resume();
        return { ...forwarded, body: Readable.from([]) };
      } catch (error) {
        throw toUpstreamError(label, error);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...known.values()].map((connections) => connections[Symbol.asyncDispose]()));
    },
  };
}

/** Where the site's pages are: beside its REST API, but for WordPress.com, which has that on a host of its own. */
function originOf({ root, home }: Site): string {
  return root.style === 'wordpress.com' ? new URL(home).origin : root.origin;
}

/** A site may be below a path, which the addresses of its content have already. */
function toPathBelow({ home }: Site, url: string): string {
  const base = new URL(home).pathname.replace(/\/+$/, '');
  const [path = ''] = url.split('?', 1);
  return base === '' || path === base || path.startsWith(`${base}/`) ? url : `${base}${url}`;
}

function toSentHeaders(
  headers: RequestHeaders,
  address: string | undefined,
  proxies: number,
  hasBody: boolean,
): Record<string, string | string[]> {
  const own = namedIn(headers['connection']);
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    // To CGI, and so to PHP, both are one.
    const plainName = name.replaceAll('_', '-');
    if (value === undefined || ofConnection.has(plainName) || own.has(name)) continue;
    if (ofGateway.test(plainName) || ofProxies.test(plainName)) continue;
    if (name === 'authorization' && ofPreview.test(textOf(value) ?? '')) continue;
    if (name === 'content-length' && !hasBody) continue;
    sent[name] = value;
  }
  const before = (name: string) => (proxies > 0 ? textOf(headers[name]) : undefined);
  // Anybody could have written what stands before those that the proxies added.
  const clients = before('x-forwarded-for')?.split(',').slice(-proxies) ?? [];
  const path = [...clients.map((client) => client.trim()), address].filter((part) => part !== undefined);
  if (path.length > 0) sent['x-forwarded-for'] = path.join(', ');
  const host = before('x-forwarded-host') ?? textOf(headers['host']);
  if (host !== undefined) sent['x-forwarded-host'] = host;
  sent['x-forwarded-proto'] = before('x-forwarded-proto') ?? 'http';
  return sent;
}

interface Asked {
  readonly origin: string;
  readonly path: string;
}

function toAnswerHeaders(headers: Readonly<Record<string, string | string[] | undefined>>, asked: Asked): string[] {
  const own = namedIn(headers['connection']);
  const all: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (value === undefined || ofConnection.has(lower) || own.has(lower)) continue;
    for (const one of [value].flat()) all.push(lower, lower === 'location' ? toLocation(one, asked) : one);
  }
  return all;
}

/**
 * A redirect within WordPress stays with the gateway. One to the very address that was asked is for the client as it is:
 * it would only come back.
 */
function toLocation(location: string, { origin, path }: Asked): string {
  const asked = new URL(origin + path);
  if (!URL.canParse(location, asked)) return location;
  const to = new URL(location, asked);
  if (to.origin !== origin || to.href === asked.href || to.pathname.startsWith('//')) return location;
  return `${to.pathname}${to.search}${to.hash}`;
}

function namedIn(connection: string | string[] | undefined): ReadonlySet<string> {
  return new Set((textOf(connection) ?? '').split(',').map((name) => name.trim().toLowerCase()));
}

function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
