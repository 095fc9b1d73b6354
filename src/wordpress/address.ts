// Owns reading the address a person gives: what to try, and how far a redirect may move it.

import { SiteError } from '../errors.ts';

/**
 * Addresses to try, in order. Without a scheme that is https, then http. Throws a `SiteError` for what is no address
 * of a site.
 */
export function parseAddress(given: string): URL[] {
  const trimmed = given.trim();
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  const example = 'give one like https://example.org';
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw new SiteError(
      `"${withoutCredentials(trimmed)}" starts with ${scheme}://, but sites have http:// or https://.`,
    );
  }
  const addresses = scheme === undefined ? [`https://${trimmed}`, `http://${trimmed}`] : [trimmed];
  return addresses.map((address) => {
    if (trimmed === '' || /\s/.test(trimmed) || !URL.canParse(address)) {
      throw new SiteError(`"${withoutCredentials(trimmed)}" is not the address of a site: ${example}.`);
    }
    const url = new URL(address);
    if (url.username !== '' || url.password !== '') {
      throw new SiteError(
        `The address of ${url.host} holds a user name or password: give it without them (WORDPRESS_USERNAME and WORDPRESS_APPLICATION_PASSWORD are for that).`,
      );
    }
    url.hash = '';
    return url;
  });
}

/** Whether a redirect at start may move the site from one address to another: to https, and to or from `www.`. */
export function mayMove(from: URL, to: URL): boolean {
  if (to.origin === from.origin) return true;
  const upgrades = from.protocol === 'http:' && to.protocol === 'https:';
  if (to.protocol !== from.protocol && !upgrades) return false;
  if (withoutWww(to.hostname) !== withoutWww(from.hostname)) return false;
  // Another port of the same scheme is another program.
  return upgrades || to.port === from.port;
}

/** Folders of a page's path, from the deepest up to `/`; at most five, the last of them always `/`. */
export function foldersOf(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== 'index.php');
  const folders = [...names.keys()].map((index) => `/${names.slice(0, index + 1).join('/')}/`);
  // A site lives near the top; the depth of a page is of no interest.
  return ['/', ...folders.slice(0, 4)].reverse();
}

function withoutWww(hostname: string): string {
  return hostname.replace(/^www\./, '');
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//').slice(0, 200);
}
