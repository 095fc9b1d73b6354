// Owns addresses: what an address of the site shows, as WordPress itself resolves it.

import type { AddressRecord } from '../cache/memory-cache.ts';
import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { FieldPath } from '../planner/fields.ts';
import { alternateRoute } from '../wordpress/link.ts';
import { destinationOf, isSentAway } from '../wordpress/redirect.ts';
import { type ContentResource, ownName, type Resource, type Resources } from '../wordpress/resources.ts';
import type { PageAnswer, Site } from '../wordpress/rest.ts';
import { withoutEndSlashes } from '../wordpress/url.ts';
import type { Entity } from './entity.ts';
import { tagsOfRecord } from './known-addresses.ts';
import type { Loaders } from './loaders.ts';
import {
  type Address,
  addressKey,
  comparable,
  decodeUri,
  type FieldsOf,
  isFrontPage,
  loadByUri,
  normalise,
  parseAddress,
} from './lookup.ts';
import { isOutage } from './staleness.ts';
import type { Viewer } from './viewer.ts';

/** What an address shows: an entity, or the archive of a type of content by its name. */
export type Shown = { readonly entity: Entity } | { readonly archiveOf: string };

/** What resolving stands on. */
export interface AddressContext {
  readonly loaders: Loaders;
  readonly site: Site;
  readonly resources: Resources;
  readonly logger: Logger;
  /** Whose request it is; pages are read as anybody's, so that they do not tell what only a viewer may see. */
  readonly viewer?: Viewer | null;
}

/** What an address shows; null where WordPress shows nothing that REST knows of. A foreign host shows nothing. */
export async function resolveAddress(context: AddressContext, uri: string, fieldsOf: FieldsOf): Promise<Shown | null> {
  const { site, loaders, resources } = context;
  const address = uri === '' ? null : parseAddress(site, uri);
  if (!address) return null;
  const comment = /#comment-(\d+)/.exec(uri)?.[1];
  if (comment) return shownById(context, 'comment', Number(comment), fieldsOf);
  const isHome = address.path === '' && address.query.size === 0;
  if (isHome && site.showOnFront === 'posts') return { archiveOf: 'post' };
  if (isHome && site.pageOnFront) return shownById(context, 'page', site.pageOnFront, fieldsOf);
  const key = addressKey(address);
  const record = await loaders.address(key, (isKnown) => findOut(context, address, isKnown));
  if (record.kind === 'nothing') return null;
  if (record.kind === 'archive') return { archiveOf: record.type };
  const resource = resources.get(record.resource);
  const entity = resource ? await loaders.load(resource, record.id, fieldsOf(resource)) : null;
  return entity && { entity };
}

async function shownById({ loaders, resources }: AddressContext, name: string, id: number, fieldsOf: FieldsOf) {
  const resource = resources.get(name);
  const entity = resource ? await loaders.load(resource, id, fieldsOf(resource)) : null;
  return entity && { entity };
}

const nothing: AddressRecord = { kind: 'nothing' };

/** Asks WordPress; where it does not tell, looks for the last part of the address as a slug. */
async function findOut(context: AddressContext, address: Address, isKnown: boolean): Promise<AddressRecord> {
  const { site, resources, logger, viewer } = context;
  const { path, query } = address;
  if (query.has('feed') || query.has('embed')) return nothing;
  if (await isPageForPosts(context, address)) return { kind: 'archive', type: 'post' };
  for (const resource of resources.values()) {
    if (resource.kind === 'content' && isArchiveOf(resource, address)) return { kind: 'archive', type: resource.name };
  }
  try {
    const told = await askWordPress(context, address);
    if (told && !(viewer && told.kind === 'nothing')) return told;
  } catch (error) {
    // What was known before is nearer to the truth than what other ways find while WordPress is down.
    if (!(error instanceof UpstreamError) || (isKnown && isOutage(error))) throw error;
    logger.debug({ err: error }, 'WordPress did not tell what an address shows');
  }
  const uri = printAddress(address);
  const hasAddresses = ({ kind }: Resource) => kind === 'content' || (path !== '' && kind !== 'comment');
  const candidates = [...resources.values()].filter(hasAddresses);
  const refusals: UpstreamError[] = [];
  for (const resource of candidates) {
    const entity = await loadByUri(context.loaders, site, resource, uri, []).catch((error) => {
      refusals.push(toRefusal(error));
      return null;
    });
    if (entity) return { kind: 'entity', resource: resource.name, id: entity.id };
  }
  // Of a site that is closed as a whole, nothing says that there is nothing.
  if (refusals[0] && refusals.length === candidates.length) throw refusals[0];
  return findFrontPage(context, path);
}

/** WordPress knows each archive by its query as well. */
function isArchiveOf({ name, archive }: ContentResource, { path, query }: Address): boolean {
  if (!archive || query.size > 1) return false;
  return path === '' ? query.get('post_type') === ownName(name) : query.size === 0 && normalise(archive) === path;
}

function printAddress({ path, query }: Address): string {
  return `/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** The page that stands at the front, by the address that it would have anywhere else; its link is the front's. */
async function findFrontPage({ loaders, site, resources }: AddressContext, path: string): Promise<AddressRecord> {
  const pages = resources.get('page');
  if (!pages || path === '' || site.showOnFront !== 'page' || !site.pageOnFront) return nothing;
  const page = await loaders.load(pages, site.pageOnFront, ['slug', 'parent']);
  const parent = page && Number(page.data['parent']) > 0 ? Number(page.data['parent']) : null;
  const above = parent === null ? null : await loaders.load(pages, parent, ['link']);
  const base = above ? `${comparable(site, String(above.data['link'] ?? ''))}/` : '';
  const isHere = page !== null && base + normalise(String(page.data['slug'] ?? '')) === path;
  return isHere ? { kind: 'entity', resource: pages.name, id: page.id } : nothing;
}

/** Users may be hidden, and types closed; then what is theirs is not found this way. */
function toRefusal(error: unknown): UpstreamError {
  if (error instanceof UpstreamError && ['UPSTREAM_FORBIDDEN', 'UPSTREAM_NOT_FOUND'].includes(error.code)) return error;
  throw error;
}

async function isPageForPosts({ loaders, site, resources }: AddressContext, { path, query }: Address) {
  const pages = resources.get('page');
  if (!pages || site.showOnFront !== 'page' || !site.pageForPosts || query.size > 1) return false;
  if (path === '') return query.get('page_id') === String(site.pageForPosts);
  if (query.size > 0) return false;
  const page = await loaders.consult(pages, site.pageForPosts, ['link']);
  const isHere = page !== null && comparable(site, String(page.data['link'] ?? '')) === path;
  // Where it is elsewhere, it is no part of the answer.
  if (isHere) loaders.show([page]);
  return isHere;
}

/**
 * What the headers of the page say (`rest_output_link_header`, WordPress 5.5): the REST route of what it shows.
 * Null where they say nothing, because a host drops them or the site sends visitors elsewhere.
 */
async function askWordPress(context: AddressContext, address: Address): Promise<AddressRecord | null> {
  const { loaders, site, resources } = context;
  const { path, asGiven, query } = address;
  const home = baseOf(site);
  const target = (slash: string, extra: Readonly<Record<string, string>> = {}) => {
    const parameters = new URLSearchParams([...query, ...Object.entries(extra)]);
    // What was encoded in a path is no query of it.
    const encoded = encodeURI(asGiven).replace(/[?#]/g, encodeURIComponent);
    return `${home}/${encoded}${path === '' ? '' : slash}${parameters.size > 0 ? `?${parameters}` : ''}`;
  };
  let answer = await loaders.readPage('HEAD', target('/'));
  if (isSentAway(answer, site)) return null;
  const redirect = redirectOf(answer, site);
  if (redirect !== null && redirect === path) {
    // A canonical address that differs by its slash or its host only, which a proxy may change: a preview stands still.
    answer = await loaders.readPage('HEAD', target('/', { preview: 'true' }));
  } else if (redirect !== null && `${redirect}/` === path.replace(/(?<!\d)\d+$/, '')) {
    // A page of a text that is not cut into pages: WordPress leads to the text.
    return askWordPress(context, { ...address, path: redirect, asGiven: asGiven.replace(/\/\d+$/, '') });
  } else if (redirect === '') {
    return findFrontPage(context, path);
  } else if (redirect !== null && /\.\w+$/.test(redirect)) {
    // Pages of media lead to the file, unless the site is older than WordPress 6.4.
    return findMedia(context, address);
  } else if (redirect !== null) {
    // WordPress guesses what a wrong address may have meant, where WPGraphQL finds nothing; or a plugin leads all elsewhere.
    return null;
  }
  const links = answer.headers.get('link') ?? '';
  // A web server that does not get as far as WordPress has no word of REST.
  if (answer.status === 404 && links.includes(speaksOfRest)) return nothing;
  if (answer.status !== 200) return null;
  const route = alternateRoute(links);
  if (route) return notAnother(context, path, recordOf(route, resources));
  // It speaks of REST, yet not of what it shows: a date, a search, a feed.
  return links.includes(speaksOfRest) ? nothing : null;
}

/** What WordPress names its REST API by, on each page. */
const speaksOfRest = 'https://api.w.org/';

/** Names after the address of something that show it in another form. */
const forms = /(?:^|\/)(feed|rdf|rss|rss2|atom|embed)$/;

/**
 * A feed of something, and what other sites embed of it, name the same route as its page: they are nothing of their own.
 * A term may have such a name as its slug, so what is found is asked for its address.
 */
async function notAnother(
  { loaders, site, resources }: AddressContext,
  path: string,
  record: AddressRecord,
): Promise<AddressRecord> {
  const [, form] = forms.exec(path) ?? [];
  const resource = record.kind === 'entity' ? resources.get(record.resource) : undefined;
  if (form === undefined || record.kind !== 'entity' || !resource) return record;
  const entity = await loaders.load(resource, record.id, ['link']);
  const link = comparable(site, String(entity?.data['link'] ?? ''));
  return forms.exec(link)?.[1] === form ? record : nothing;
}

async function findMedia({ loaders, site, resources }: AddressContext, address: Address): Promise<AddressRecord> {
  const resource = resources.get('attachment');
  const media = resource ? await loadByUri(loaders, site, resource, printAddress(address), []) : null;
  return resource && media ? { kind: 'entity', resource: resource.name, id: media.id } : nothing;
}

/** Where the site is on the origin that is contacted: a proxy may have put it below another path than its own home. */
function baseOf({ root, home }: Site): string {
  const base = /^(.*)\/(?:wp-json\/?|index\.php(?:\/.*)?)$/.exec(root.path)?.[1] ?? new URL(home).pathname;
  return withoutEndSlashes(base).replace(/\/index\.php$/, '');
}

/** The id of an author whose archive the site shows, also where it hides its users. */
export async function findAuthorId(context: AddressContext, slug: string): Promise<number | null> {
  const address = parseAddress(context.site, `/author/${encodeURIComponent(slug)}/`);
  const record = address && (await askWordPress(context, address));
  return record?.kind === 'entity' && record.resource === 'user' ? record.id : null;
}

function redirectOf(answer: PageAnswer, site: Site): string | null {
  const to = destinationOf(answer, site);
  return to && normalise(to.pathname.slice(withoutEndSlashes(new URL(site.home).pathname).length));
}

function recordOf(route: string, resources: Resources): AddressRecord {
  const [, base = '', id = ''] = /^(.*)\/(\d+)$/.exec(route) ?? [];
  const resource = [...resources.values()].find((row) => row.route === decodeUri(base));
  return resource ? { kind: 'entity', resource: resource.name, id: Number(id) } : nothing;
}

/** URL of the page that shows the posts: the front page, unless the site has another one for them. */
export async function loadPostsLink({ loaders, site, resources }: AddressContext): Promise<string> {
  const pages = resources.get('page');
  const id = site.showOnFront === 'page' ? site.pageForPosts : null;
  const page = pages && id !== null ? await loaders.load(pages, id, ['link']) : null;
  const link = page?.data['link'];
  return typeof link === 'string' && link !== '' ? link : `${site.home}/`;
}

/** Tags of what an address shows now; rejects where that cannot be found out. The front page is known without asking. */
export async function tagsAtAddress(context: AddressContext, uri: string): Promise<string[]> {
  const address = parseAddress(context.site, uri);
  if (!address || isFrontPage(address)) return [];
  const record = await context.loaders.address(addressKey(address), (isKnown) => findOut(context, address, isKnown));
  return tagsOfRecord(context.resources, record);
}

/** The entity of a resource at an address; null where the address shows something else. */
export async function loadAtAddress(
  context: AddressContext,
  resource: Resource,
  uri: string,
  fields: readonly FieldPath[],
): Promise<Entity | null> {
  // The last part of an address is a slug nearly always: one request where that is so.
  const found = await loadByUri(context.loaders, context.site, resource, uri, fields);
  if (found) return found;
  const shown = await resolveAddress(context, uri, (row) => (row.name === resource.name ? fields : []));
  return shown && 'entity' in shown && shown.entity.resource.name === resource.name ? shown.entity : null;
}
