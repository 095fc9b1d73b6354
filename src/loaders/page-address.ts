// Owns what of an address that anybody gives may be asked of WordPress: pages, and nothing that does more than show one.

import { coreResources, ownName, type Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { withoutEndSlashes } from '../wordpress/url.ts';

/** What asks for something else than a page: a feed, what other sites embed, a trackback, `robots.txt`, an icon. */
const otherForms: ReadonlySet<string> = new Set(['feed', 'embed', 'tb', 'robots', 'favicon']);

/** WordPress's own parameters of public addresses (`WP::$public_query_vars`) beside these; none of them writes. */
const publicNames: ReadonlySet<string> = new Set([
  ...['p', 'page_id', 'attachment_id', 'subpost_id', 'name', 'pagename', 'attachment', 'subpost', 'post_type'],
  ...['cat', 'category_name', 'tag', 'taxonomy', 'term', 'post_format', 'author', 'author_name'],
  ...['m', 'w', 'year', 'monthnum', 'day', 'hour', 'minute', 'second', 's', 'search', 'exact', 'sentence'],
  ...['order', 'orderby', 'posts', 'page', 'paged', 'cpage', 'more', 'pb', 'calendar', 'preview', 'error'],
  ...['withcomments', 'withoutcomments'],
  // Plugins for languages have one front page for each.
  'lang',
]);

/**
 * What of the query of an address says what is shown there, each parameter once, as PHP takes it: the last one. After a
 * path that is nothing but another form of it. Any other name is left out, for WordPress or a plugin may act on it:
 * `rest_route` and `_method` write, `add-to-cart` and `action` do what they say.
 */
export function toPageQuery(query: URLSearchParams, path: string, resources: Resources): URLSearchParams {
  const isOwn = (name: string) => publicNames.has(name) || namesType(resources, name);
  const isTaken = (name: string) => otherForms.has(name) || (path === '' && isOwn(name));
  return new URLSearchParams([...new Map(query)].filter(([name]) => isTaken(name)));
}

/** Types of content and taxonomies that plugins add are parameters too: `?book=dune`. */
function namesType(resources: Resources, name: string): boolean {
  return [...resources.values()].some(
    (row) =>
      (row.kind === 'content' || row.kind === 'term') && !coreResources.has(row.name) && ownName(row.name) === name,
  );
}

/** Whether a query asks for another form of what is at an address: there is no node. */
export function asksForOtherForm(query: URLSearchParams): boolean {
  return [...query.keys()].some((name) => otherForms.has(name));
}

/**
 * WordPress's own scripts, and those of its plugins and themes; `index.php` it answers as if it were not there. Other names
 * may be those of pages, as on sites that kept the addresses that they had before.
 */
const script = /\.ph(?:p\d+|tml|ar)(?![\w-])|(?:^|\/)(?:wp-[a-z-]+|xmlrpc)\.php(?![\w-])/;
/** Below these any of PHP is one. Apart from it, or each of them would be looked behind to the end of the path. */
const code = /(?:^|\/)wp-(?:content|includes)\/(.*)/;
const php = /\.php(?![\w-])/;
/** Also those of other sites below this one. */
const behind = /^wp-(?:json|admin)$|(?:^|\/)wp-(?:json|admin)\//;

/** Whether a page can be at a path, decoded: not where WordPress has its scripts, its REST API and its administration. */
export function canBePage(site: Site, path: string): boolean {
  const parts = partsOf(path);
  // Written out they would be resolved before this: a server resolves those that were not, and so leaves the site.
  if (parts.includes('.') || parts.includes('..')) return false;
  const below = withoutIndex(parts);
  const rest = restBelow(site);
  const isRest = rest !== null && rest !== '' && `${encodeURI(below)}/`.toLowerCase().startsWith(`${rest}/`);
  return !isRest && !isScript(below) && !behind.test(below);
}

function isScript(path: string): boolean {
  return script.test(path) || php.test(code.exec(path)?.[1] ?? '');
}

/** As servers may read them: a backslash is a slash, and what follows a semicolon, a space or a zero is left out. */
function partsOf(path: string): string[] {
  const parts = path.toLowerCase().split(/[\\/]+/);
  return parts.map((part) => part.replace(/[;\s\p{Cc}].*$/su, '')).filter((part) => part !== '');
}

function withoutIndex(parts: readonly string[]): string {
  return parts.join('/').replace(/^(?:index\.php(?:\/|$))+/, '');
}

/** Whether there are pages where the REST API is: that of WordPress.com is at a host of its own, as others may be. */
export function hasPages(site: Site): boolean {
  return site.root.style !== 'wordpress.com' && restBelow(site) !== '';
}

/** Where the REST API is below the site, as it is encoded, in lower case; null where it is a parameter or elsewhere. */
function restBelow(site: Site): string | null {
  const { path, style } = site.root;
  const base = baseOf(site);
  if (style !== 'path' || !path.startsWith(`${base}/`)) return null;
  return withoutIndex(partsOf(path.slice(base.length)));
}

/** Where the site is on the origin that is contacted: a proxy may have put it below another path than its own home. */
export function baseOf({ root, home }: Site): string {
  const base = /^(.*)\/(?:wp-json\/?|index\.php(?:\/.*)?)$/.exec(root.path)?.[1] ?? new URL(home).pathname;
  return withoutEndSlashes(base).replace(/\/index\.php$/, '');
}
