// Owns finding entities by something else than id and slug: an address, a file's address, an id whose type is unknown.

import { isRestObject } from '../cache/fields-record.ts';
import { onceForObjects } from '../long-lists.ts';
import type { FieldPath } from '../planner/fields.ts';
import type { ContentResource, Resource, Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { withoutEndSlashes } from '../wordpress/url.ts';
import type { Entity } from './entity.ts';
import type { Loaders } from './loaders.ts';
import { canBePage, toPageQuery } from './page-address.ts';

/** Fields to load of an entity, by its type. */
export type FieldsOf = (resource: Resource) => readonly FieldPath[];

/**
 * The address of a link within the site, with its leading and trailing slash: what WPGraphQL calls `uri`.
 * A link outside of the site's home keeps its path only; null for what is no link.
 */
export function toUri(site: Site, link: string): string | null {
  const home = withoutEndSlashes(site.home);
  if (link.toLowerCase().startsWith(home.toLowerCase())) return link.slice(home.length) || '/';
  if (!URL.canParse(link)) return null;
  const { pathname, search } = new URL(link);
  return pathname + search;
}

/** The address of a type's archive within the site, as {@link toUri} has it; null where it has none. */
export function archiveUri({ archive }: ContentResource): string | null {
  if (!archive) return null;
  return archive.startsWith('?') ? `/${archive}` : `/${archive}/`;
}

/** Percent-decoded text, or the text as it is where it is not well-formed. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The entity of a resource at an address of the site: a path, a query form (`/?p=12`), or a whole URL on its host. */
export async function loadByUri(
  context: OwnSite & { readonly loaders: Loaders },
  resource: Resource,
  uri: string,
  fields: readonly FieldPath[],
): Promise<Entity | null> {
  const { loaders, site } = context;
  const address = parseAddress(context, uri);
  if (!address) return null;
  const wanted = [...fields, 'link'];
  const queried = idInQuery(resource, address.query);
  if (queried !== null) return loaders.load(resource, queried, wanted);
  const last = address.path.split('/').at(-1);
  if (!last) return null;
  const isAtAddress = ({ data }: Entity) => comparable(site, String(data['link'] ?? '')) === address.path;
  const found = (await loaders.loadBySlug(resource, last, wanted)).find(isAtAddress);
  if (found) return found;
  // Permalinks may be made of ids: /archives/123.
  const id = Number(/\d+/.exec(last)?.[0]);
  const byId = id > 0 ? await loaders.load(resource, id, wanted) : null;
  return byId && isAtAddress(byId) ? byId : null;
}

/** A media item by the address of its file or of one of its sizes; null if it is not in the media library. */
export async function loadMediaByUrl(
  loaders: Loaders,
  resources: Resources,
  url: string,
  fields: readonly FieldPath[],
): Promise<Entity | null> {
  if (url.length > maxUriLength) return null;
  const resource = resources.get('attachment');
  // Before it is waited for: thousands may go on at once.
  const path = pathOf(url);
  const name = path?.split('/').at(-1);
  if (!resource || !name) return null;
  const stem = decodeUri(name).replace(/\.[^.]+$/, '');
  // WordPress appends the size to a file's name, and `-scaled` or `-rotated` to one that it has shrunk.
  const stems = new Set([stem, stem.replace(/-\d+x\d+$/, '')]);
  for (const known of [...stems]) stems.add(known.replace(/-(scaled|rotated|e\d+)$/, ''));
  // The controller of media knows no paths below a field.
  const wanted = [...fields, 'source_url', 'media_details'];
  const found = await Promise.all([...stems].map((slug) => loaders.loadBySlug(resource, slug.toLowerCase(), wanted)));
  return found.flat().find(({ data }) => filePaths(data).has(path)) ?? null;
}

/** Content by id, whatever its type. */
export async function loadContent(
  loaders: Loaders,
  resources: Resources,
  id: number,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  return loadFirst(loaders, resources, 'content', id, fieldsOf);
}

/** A term by id, whatever its taxonomy. */
export async function loadTerm(
  loaders: Loaders,
  resources: Resources,
  id: number,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  return loadFirst(loaders, resources, 'term', id, fieldsOf);
}

/** REST has no route for an id of unknown type: the types are asked one after the other, the likeliest first. */
async function loadFirst(
  loaders: Loaders,
  resources: Resources,
  kind: Resource['kind'],
  id: number,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  for (const resource of resources.values()) {
    if (resource.kind !== kind || resource.isHidden) continue;
    const entity = await loaders.load(resource, id, fieldsOf(resource));
    if (entity) return entity;
  }
  return null;
}

/** An address of the site. */
export interface Address {
  /** Decoded, in lower case, without slashes at its ends: for comparison. */
  readonly path: string;
  /** The same in its own case, which WordPress heeds in some addresses: so it is asked. */
  readonly asGiven: string;
  /** Nothing but what says what is shown there: see {@link toPageQuery}. */
  readonly query: URLSearchParams;
}

/** Whose addresses they are. */
export interface OwnSite {
  readonly site: Site;
  readonly resources: Resources;
}

/** What servers take; nothing of a site has a longer address. */
const maxUriLength = 8192;

/** An address within the site; null for what is none, is another host's, or is where WordPress has no pages. */
export function parseAddress({ site, resources }: OwnSite, uri: string): Address | null {
  if (uri.length > maxUriLength) return null;
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || uri.startsWith('//');
  if (!URL.canParse(uri, site.home)) return null;
  const url = new URL(isUrl ? uri : uri.replace(/^\/*/, '/'), site.home);
  const home = new URL(site.home);
  if (url.host !== home.host && url.origin !== site.root.origin) return null;
  // A path is meant below the home of a site in a sub-directory; a URL has it in its path.
  const given = isUrl ? url.pathname.slice(withoutEndSlashes(home.pathname).length) : url.pathname;
  const below = /^\/*index\.php$/.test(given) ? '' : given;
  const path = normalise(below);
  const asGiven = trim(below);
  if (!canBePage(site, asGiven)) return null;
  return { path, asGiven, query: toPageQuery(url.searchParams, path, resources) };
}

/**
 * What an address is remembered by, and what its tag is made of: `about/team?`. Each spelling by its own key, as it is asked
 * of WordPress, or what is not at one would not be at the others either.
 */
export function addressKey({ asGiven, query }: Address): string {
  return `${asGiven}?${query}`;
}

/** Whether it is the address of the site itself. */
export function isHomeAddress({ path, query }: Address): boolean {
  return path === '' && query.size === 0;
}

/** The path of a link as {@link Address} has it. */
export function comparable(site: Site, link: string): string {
  return normalise((toUri(site, link) ?? '').replace(/[?#].*$/s, ''));
}

/** A path as it can be compared with others: decoded, in lower case, without slashes at its ends. */
export function normalise(path: string): string {
  return trim(path).toLowerCase();
}

function trim(path: string): string {
  return decodeUri(path).replace(/^\/+|(?<!\/)\/+$/g, '');
}

/** The id that a query names (`?p=12`), where it can be one of a resource. */
export function idInQuery(resource: Resource, query: URLSearchParams): number | null {
  const names = { content: ['p', 'page_id', 'attachment_id'], term: ['cat'], user: ['author'], comment: [] };
  for (const name of names[resource.kind]) {
    const id = Number(query.get(name));
    if (Number.isSafeInteger(id) && id > 0) return id;
  }
  return null;
}

function pathOf(url: string): string | null {
  return URL.canParse(url) ? decodeUri(new URL(url).pathname) : null;
}

/** Thousands of fields may ask for the same file. */
const filePaths = onceForObjects((data: Entity['data']): ReadonlySet<string | null> => {
  const details = data['media_details'];
  const sizes = isRestObject(details) ? details['sizes'] : undefined;
  const urls = [data['source_url'], ...Object.values(isRestObject(sizes) ? sizes : {}).map(urlOfSize)];
  return new Set(urls.map((url) => (typeof url === 'string' ? pathOf(url) : null)));
});

function urlOfSize(size: unknown): unknown {
  return isRestObject(size) ? size['source_url'] : undefined;
}
