// Owns how a REST route and its query become the target of an HTTP request, for each style of REST root.

import { UpstreamError, withoutStack } from '../errors.ts';
import { onceForLists } from '../long-lists.ts';
import type { QueryValue, RestRequest, RestRoot } from './rest.ts';

/** No server in front of a WordPress takes more, and most take a quarter of it. */
export const maxTargetLength = 32 * 1024;

/** The refusal of what makes an address longer, told before anything is made of it. */
export const tooLongToAsk = withoutStack(
  () => new UpstreamError('UPSTREAM_REFUSED', 'arguments longer than any address', { status: 414 }),
);

/** Whether the values of a query alone are longer than an address. */
export function isTooLong(query: Readonly<Record<string, QueryValue>>): boolean {
  return Object.values(query).reduce<number>((sum, value) => sum + lengthOf(value), 0) > maxTargetLength;
}

function lengthOf(value: QueryValue): number {
  return typeof value === 'object' ? lengthOfList(value) : lengthOfText(String(value));
}

/** What an encoded text has at least: each byte outside of ASCII is three characters. */
function lengthOfText(text: string): number {
  return 4 * Buffer.byteLength(text) - 3 * text.length;
}

const lengthOfList = onceForLists((items: readonly (string | number)[]) =>
  items.reduce<number>((sum, item) => sum + lengthOfText(String(item)) + 1, 0),
);

/** As {@link printTarget}; throws an `UpstreamError` where there is none, or a longer one than servers take. */
export function targetOf(root: RestRoot, { route, query }: RestRequest, label: string): string {
  if (query && isTooLong(query)) throw tooLongToAsk;
  const target = printTarget(root, route, query);
  if (target === null) throw new UpstreamError('UPSTREAM_NOT_FOUND', `${label}: WordPress.com has no such route`);
  if (target.length <= maxTargetLength) return target;
  throw new UpstreamError('UPSTREAM_REFUSED', `${label}: an address of ${target.length} bytes`, { status: 414 });
}

/**
 * Path and query of a route below the root, or null where this kind of root has no such route. The empty route is the
 * index; WordPress.com has none, so there it is the description of the site in WordPress.com's own API (version 1.1).
 */
export function printTarget(
  root: RestRoot,
  route: string,
  query: Readonly<Record<string, QueryValue>> = {},
): string | null {
  const parameters = printQuery(query);
  if (root.style === 'query') {
    return `${root.path}?rest_route=/${printRoute(route)}${parameters === '' ? '' : `&${parameters}`}`;
  }
  const path = root.style === 'path' ? `${root.path}${printRoute(route)}` : printWordPressComPath(root.path, route);
  if (path === null) return null;
  return parameters === '' ? path : `${path}?${parameters}`;
}

/** A query string in the order given: UTF-8, percent-encoded once, lists joined by commas. */
export function printQuery(query: Readonly<Record<string, QueryValue>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(typeof value === 'object' ? value.join(',') : String(value))}`)
    .join('&');
}

/** The site part of a WordPress.com root: `example.wordpress.com` of `/wp/v2/sites/example.wordpress.com/`. */
export function wordPressComSite(path: string): string | null {
  return /^\/wp\/v2\/sites\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function printWordPressComPath(path: string, route: string): string | null {
  if (route === '') return `/rest/v1.1/sites/${wordPressComSite(path) ?? ''}`;
  return route.startsWith('wp/v2/') ? `${path}${printRoute(route.slice('wp/v2/'.length))}` : null;
}

function printRoute(route: string): string {
  const segments = route.split('/');
  // Servers resolve dots before WordPress sees them: the request would leave the REST root.
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    throw new TypeError(`"${route}" is not a REST route`);
  }
  return segments.map(encode).join('/');
}

/** Lone surrogates have no UTF-8 form; encodeURIComponent would throw. */
function encode(text: string): string {
  if (/^[\w,.-]*$/.test(text)) return text;
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\u{fffd}')).replaceAll('%2C', ',');
}

/** An address or a path without the slashes at its end, as by WordPress's `untrailingslashit`. */
export function withoutEndSlashes(address: string): string {
  // Only the first slash of many begins a match: to look for the end from each of them takes quadratic time.
  return address.replace(/(?<!\/)\/+$/, '');
}
