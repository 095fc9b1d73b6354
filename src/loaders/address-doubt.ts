// Owns whether something is where it was asked for, as far as its own link tells: an answer to another request says nothing of it.

import { UpstreamError } from '../errors.ts';
import type { FieldPath } from '../planner/fields.ts';
import type { Resource } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Entity } from './entity.ts';
import type { Loaders } from './loaders.ts';
import { type Address, comparable, idInQuery, normalise } from './lookup.ts';
import { isRefusal } from './reader.ts';

/** How what an address leads to differs from it, in words that are the same for the like; null where there is no doubt. */
export async function differenceTold(
  loaders: Loaders,
  site: Site,
  address: Address,
  resource: Resource,
  id: number,
  fields: readonly FieldPath[],
): Promise<string | null> {
  try {
    // In the request that brings what is asked of it, and in none of its own.
    const wanted = loaders.has(resource, id, fields) ? fields : [...fields, 'link'];
    const entity = await loaders.consult(resource, id, wanted);
    return entity && differenceOf(site, address, entity);
  } catch (error) {
    // Users may be hidden behind a page; elsewhere it is what a connection gives that is one answer behind.
    const isClosed =
      resource.kind === 'user' ? isRefusal(error) : error instanceof UpstreamError && closed.has(error.code);
    return isClosed ? null : `${exactly(address, { resource, id })}, which could not be read`;
  }
}

const closed: ReadonlySet<string> = new Set(['UPSTREAM_FORBIDDEN', 'UPSTREAM_NOT_FOUND']);

function differenceOf(site: Site, address: Address, entity: Entity): string | null {
  const { link } = entity.data;
  if (typeof link !== 'string' || link === '') return hasOtherSlug(address, entity) ? exactly(address, entity) : null;
  return address.path === '' ? inQuery(site, address, entity, link) : inPath(site, address, entity, link);
}

/** Pages of a list, of a text, and of its comments. */
const pageOfIt = /\/(?:page\/|comment-page-)?\d+$/;

function inPath(site: Site, address: Address, entity: Entity, link: string): string | null {
  const { path } = address;
  const own = comparable(site, link);
  // With plain permalinks nothing has a path.
  if (own === '' && queryOf(link).size > 0) return null;
  if (own === path || `/${path}`.replace(pageOfIt, '') === (own && `/${own}`)) return null;
  // Of languages and the like each address has the same before it or behind it.
  if (own.endsWith(`/${path}`)) return `${own.slice(0, -path.length)} before it`;
  if (own !== '' && path.endsWith(`/${own}`)) return `without ${path.slice(0, -own.length)}`;
  if (own !== '' && path.startsWith(`${own}/`)) return `without ${path.slice(own.length)}`;
  return exactly(address, entity);
}

function inQuery(site: Site, address: Address, entity: Entity, link: string): string | null {
  const asked = idInQuery(entity.resource, address.query);
  if (asked !== null) return asked === entity.id ? null : exactly(address, entity);
  const linked = [...queryOf(link)];
  const own = comparable(site, link);
  if (linked.length > 0 ? linked.every(([name, value]) => address.query.get(name) === value) : own === '') return null;
  return lastParts(address).includes(lastOf(own)) ? null : exactly(address, entity);
}

function hasOtherSlug(address: Address, { resource, data: { slug } }: Entity): boolean {
  if (typeof slug !== 'string' || slug === '' || idInQuery(resource, address.query) !== null) return false;
  return !lastParts(address).includes(normalise(slug));
}

/** What may be a slug in an address. */
function lastParts({ path, query }: Address): string[] {
  const paths = [path, `/${path}`.replace(pageOfIt, ''), ...query.values()];
  return paths.map((given) => lastOf(normalise(given)));
}

function lastOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function queryOf(link: string): URLSearchParams {
  return URL.canParse(link) ? new URL(link).searchParams : new URLSearchParams();
}

function exactly({ path, query }: Address, { resource, id }: Pick<Entity, 'resource' | 'id'>): string {
  return `${path}?${query} is ${resource.name} ${id}`;
}

/** Most differences of a site that are remembered. */
const maxWays = 1000;
const waysOf = new WeakMap<Site, Set<string>>();

/** Whether a site is known to answer so. */
export function isWayOf(site: Site, difference: string): boolean {
  return waysOf.get(site)?.has(difference) ?? false;
}

/** Remembers that a site answers so: nothing else had used the connection. */
export function addWayOf(site: Site, difference: string): void {
  const ways = waysOf.get(site) ?? new Set();
  waysOf.set(site, ways);
  if (ways.size < maxWays) ways.add(difference);
}
