// Owns addresses: what an address of the site shows, as WordPress itself resolves it.

import { randomUUID } from 'node:crypto';
import type { AddressRecord } from '../cache/memory-cache.ts';
import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { FieldPath } from '../planner/fields.ts';
import { isHidden } from '../wordpress/failures.ts';
import { type ContentResource, ownName, type Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { tagsOfRecord } from './known-addresses.ts';
import type { Loaders } from './loaders.ts';
import {
  type Address,
  addressKey,
  comparable,
  type FieldsOf,
  isHomeAddress,
  loadByUri,
  normalise,
  type OwnSite,
  parseAddress,
} from './lookup.ts';
import { asksForOtherForm } from './page-address.ts';
import { isOutage } from './staleness.ts';
import { askWordPress, type EntityRecord, isLikelyAt, isOtherForm, type Told } from './told-address.ts';
import type { Viewer } from './viewer.ts';

/** What an address shows: an entity, or the archive of a type of content by its name. */
export type Shown = { readonly entity: Entity } | { readonly archiveOf: string };

/** What resolving stands on. */
export interface AddressContext extends OwnSite {
  readonly loaders: Loaders;
  readonly logger: Logger;
  /** Whose request it is; pages are read as anybody's, so that they do not tell what only a viewer may see. */
  readonly viewer?: Viewer | null;
}

/** What an address shows; null where WordPress shows nothing that REST knows of. A foreign host shows nothing. */
export async function resolveAddress(context: AddressContext, uri: string, fieldsOf: FieldsOf): Promise<Shown | null> {
  const { site, loaders, resources } = context;
  const address = uri === '' ? null : parseAddress(context, uri);
  if (!address) return null;
  const comment = /#comment-(\d+)/.exec(uri)?.[1];
  if (comment) return shownById(context, 'comment', Number(comment), fieldsOf);
  const isHome = isHomeAddress(address);
  if (isHome && site.showOnFront === 'posts') return { archiveOf: 'post' };
  if (isHome && site.pageOnFront) return shownById(context, 'page', site.pageOnFront, fieldsOf);
  const key = addressKey(address);
  const record = await loaders.address(key, (isKnown) => findOut(context, address, fieldsOf, isKnown));
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

/** Asks WordPress; where it does not tell, or may tell it of every address, looks for the last part of it as a slug. */
async function findOut(
  context: AddressContext,
  address: Address,
  fieldsOf: FieldsOf,
  isKnown: boolean,
): Promise<AddressRecord> {
  const { resources, logger, viewer } = context;
  const { path, query } = address;
  if (asksForOtherForm(query)) return nothing;
  if (await isPageForPosts(context, address)) return { kind: 'archive', type: 'post' };
  for (const resource of resources.values()) {
    if (resource.kind === 'content' && isArchiveOf(resource, address)) return { kind: 'archive', type: resource.name };
  }
  let told: Told | null = null;
  let failure: UpstreamError | null = null;
  try {
    told = await askWordPress(context, address);
  } catch (error) {
    // What was known before is nearer to the truth than what other ways find while WordPress is down.
    if (!(error instanceof UpstreamError) || (isKnown && isOutage(error))) throw error;
    logger.debug({ err: error }, 'WordPress did not tell what an address shows');
    failure = error;
  }
  const sure = told && (await confirm(context, address, told, fieldsOf));
  if (sure && !(viewer && sure.kind === 'nothing')) return sure;
  const { found, refusal } = await findByRest(context, address, sure ?? told);
  const there = found ?? (await findFrontPage(context, path));
  if (there) return there;
  if (told?.kind === 'entity' && !sure && !(await isEverywhere(context, told))) return told;
  if (failure ?? refusal) throw failure ?? refusal;
  // What was known is not gone by a wall that went up before the whole site; an old address that leads to a new one is.
  if (isKnown && told?.kind !== 'elsewhere' && told?.kind !== 'nothing') {
    const message = `HEAD ${printAddress(address)}: does not tell any more what it shows`;
    throw new UpstreamError('UPSTREAM_NOT_FOUND', message, { isInTheWay: true });
  }
  return nothing;
}

/** What WordPress told, where that can be so; null where it may lead or show visitors something else, whatever they ask. */
async function confirm(
  context: AddressContext,
  address: Address,
  told: Told,
  fieldsOf: FieldsOf,
): Promise<AddressRecord | null> {
  if (told.kind === 'nothing') return nothing;
  if (told.kind === 'front') return findFrontPage(context, address.path);
  const resource = told.kind === 'entity' ? context.resources.get(told.resource) : undefined;
  if (told.kind !== 'entity' || !resource) return null;
  // Its link is read with what is asked of it, for it is the answer nearly always.
  const entity = await context.loaders.consult(resource, told.id, [...fieldsOf(resource), 'link']);
  if (!entity) return null;
  if (isOtherForm(context.site, address, entity)) return nothing;
  return isLikelyAt(context.site, address, entity) ? told : null;
}

/** Whether WordPress shows the same where nothing can be, as sites do that are not open yet. */
async function isEverywhere(context: AddressContext, { resource, id }: EntityRecord): Promise<boolean> {
  const path = randomUUID();
  const told = await askWordPress(context, { path, asGiven: path, query: new URLSearchParams() });
  return told?.kind === 'entity' && told.resource === resource && told.id === id;
}

/** What REST has at an address, or why that is not known: a type is closed, of which WordPress did not tell either. */
async function findByRest(
  context: AddressContext,
  address: Address,
  told: AddressRecord | Told | null,
): Promise<{ readonly found?: EntityRecord; readonly refusal?: UpstreamError }> {
  const { resources } = context;
  const uri = printAddress(address);
  const hasAddresses = ({ kind }: Resource) => kind === 'content' || (address.path !== '' && kind !== 'comment');
  const isLikely = ({ name }: Resource) => told?.kind === 'file' && name === 'attachment';
  const candidates = [...resources.values()]
    .filter(hasAddresses)
    .sort((one, other) => Number(isLikely(other)) - Number(isLikely(one)));
  // Users are hidden on many sites: that says nothing of the rest.
  const open = new Set(candidates.filter((resource) => resource.kind !== 'user' && !resource.isHidden));
  const refusals: UpstreamError[] = [];
  for (const resource of candidates) {
    const entity = await loadByUri(context, resource, uri, []).catch((error) => {
      const refusal = toRefusal(error);
      if (open.has(resource) || !isHidden(refusal)) refusals.push(refusal);
      return null;
    });
    if (entity) return { found: { kind: 'entity', resource: resource.name, id: entity.id } };
  }
  const [refusal] = refusals;
  return refusal && (told?.kind !== 'nothing' || refusals.length === open.size) ? { refusal } : {};
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
async function findFrontPage({ loaders, site, resources }: AddressContext, path: string): Promise<EntityRecord | null> {
  const pages = resources.get('page');
  if (!pages || path === '' || site.showOnFront !== 'page' || !site.pageOnFront) return null;
  const page = await loaders.load(pages, site.pageOnFront, ['slug', 'parent']);
  const parent = page && Number(page.data['parent']) > 0 ? Number(page.data['parent']) : null;
  const above = parent === null ? null : await loaders.load(pages, parent, ['link']);
  const base = above ? `${comparable(site, String(above.data['link'] ?? ''))}/` : '';
  const isHere = page !== null && base + normalise(String(page.data['slug'] ?? '')) === path;
  return isHere ? { kind: 'entity', resource: pages.name, id: page.id } : null;
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

/** The id of an author whose archive the site shows, also where it hides its users. */
export async function findAuthorId(context: AddressContext, slug: string): Promise<number | null> {
  const address = parseAddress(context, `/author/${encodeURIComponent(slug)}/`);
  const told = address && (await askWordPress(context, address));
  return told?.kind === 'entity' && told.resource === 'user' ? told.id : null;
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
  const address = parseAddress(context, uri);
  if (!address || isHomeAddress(address)) return [];
  const find = (isKnown: boolean) => findOut(context, address, () => [], isKnown);
  const record = await context.loaders.address(addressKey(address), find);
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
  const found = await loadByUri(context, resource, uri, fields);
  if (found) return found;
  const shown = await resolveAddress(context, uri, (row) => (row.name === resource.name ? fields : []));
  return shown && 'entity' in shown && shown.entity.resource.name === resource.name ? shown.entity : null;
}
