// Owns where a redirect of a REST request may lead: a few steps within the origin, and nowhere else.

import { UpstreamError } from '../errors.ts';
import type { PageAnswer, RestRequest, Site } from './rest.ts';
import type { Answer } from './transport.ts';

/** How many steps are followed. */
export const maxRedirects = 3;

/** Whether an answer leads to another address. */
export function isRedirect({ status }: Answer): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Path and query that a redirect leads to. Throws an `UpstreamError` where it must not be followed. */
export function followRedirect(
  { label, method }: { readonly label: string; readonly method: RestRequest['method'] },
  { status, headers }: Answer,
  from: URL,
  redirects: number,
): string {
  const location = headers.get('location') ?? '';
  const to = location !== '' && URL.canParse(location, from) ? new URL(location, from) : null;
  if (!to) throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: ${status} to nowhere`, { status });
  if (/\/wp-login\.php$/.test(to.pathname)) {
    throw new UpstreamError('UPSTREAM_NOT_JSON', `${label}: ${status} to the login page`, { status, kind: 'login' });
  }
  // Who follows a redirect of a write may write twice, or read where it should have written.
  if (to.origin !== from.origin || (method !== 'GET' && method !== 'HEAD')) {
    throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: ${status} to ${to.origin}`, { status });
  }
  if (redirects >= maxRedirects) {
    throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: more than ${maxRedirects} redirects`, { status });
  }
  return to.pathname + to.search;
}

/** Whether visitors are led to another host, as front ends of their own do, or to the login, whatever they ask for. */
export function isSentAway(answer: Pick<PageAnswer, 'status' | 'headers'>, site: Pick<Site, 'home' | 'root'>): boolean {
  const to = destinationOf(answer, site);
  if (!to) return false;
  const bare = (name: string) => name.replace(/^www\./, '');
  const own = [new URL(site.home).hostname, new URL(site.root.origin).hostname].map(bare);
  return !own.includes(bare(to.hostname)) || to.pathname.endsWith('/wp-login.php');
}

/** Where a page of the site leads to; null where it does not. */
export function destinationOf(
  { status, headers }: Pick<PageAnswer, 'status' | 'headers'>,
  { home }: Pick<Site, 'home'>,
): URL | null {
  const location = headers.get('location');
  return status >= 300 && status <= 399 && location && URL.canParse(location, home) ? new URL(location, home) : null;
}
