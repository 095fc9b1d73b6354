// Owns whether an answer is the one that was asked for. A response that arrives late or twice on a connection that is kept
// alive is taken for the next one's, and HTTP/1.1 has nothing to tell them apart by.

import { UpstreamError } from '../errors.ts';
import type { QueryValue, RestRequest } from './rest.ts';

/** Why an answer may not be the one that was asked for. */
export interface Doubt {
  /** To follow "the answer has". */
  readonly reason: string;
  /** Whether it cannot be the answer; otherwise a site may have its own way of answering. */
  readonly isCertain: boolean;
}

/** Fields of rows by the filter whose values they must have. */
const filtered = { parent: 'parent', post: 'post', author: 'author' };

/** Whether an answer has something by which it can be told from others: objects by an id, and lists. */
export function isComparable({ route, query = {} }: Pick<RestRequest, 'route' | 'query'>): boolean {
  return 'per_page' in query || /\/\d+$/.test(route);
}

/**
 * The rows of a list that were asked for by their ids, without others that a plugin puts there, as for translations; null
 * where there are none.
 */
export function ownRows({ query = {} }: Pick<RestRequest, 'query'>, body: unknown): readonly unknown[] | null {
  if (!Array.isArray(body) || query['include'] === undefined) return null;
  const included = toSet(query['include']);
  const own = body.filter((row) => isRecord(row) && included.has(String(row['id'])));
  return own.length > 0 ? own : null;
}

/** The first doubt about an answer, or null. */
export function doubtOf({ route, query = {} }: Pick<RestRequest, 'route' | 'query'>, body: unknown): Doubt | null {
  const isList = 'per_page' in query;
  if (isList && !Array.isArray(body)) return certain('an object in place of a list');
  if (!Array.isArray(body)) return doubtOfObject(route, body);
  const rows = body.filter(isRecord);
  if (!isList) return rows.length > 0 ? possible('a list in place of an object') : null;
  const included = query['include'] === undefined ? null : toSet(query['include']);
  if (included && rows.some(({ id }) => id !== undefined && !included.has(String(id)))) {
    return certain('an object that was not asked for');
  }
  if (body.length > Number(query['per_page'])) return possible('more objects than were asked for');
  return doubtOfFilters(query, rows) ?? doubtOfFields(query['_fields'], rows) ?? doubtOfLinks(route, rows);
}

/** The doubt about a refusal of a list, for there is nothing in it to compare; null where connections are not shared. */
export function doubtOfRefusal(
  { method, query = {}, authorization }: Pick<RestRequest, 'method' | 'query' | 'authorization'>,
  error: unknown,
): Doubt | null {
  if (method !== 'GET' || authorization !== undefined || !('per_page' in query)) return null;
  if (!(error instanceof UpstreamError) || !refusals.has(error.code)) return null;
  const { status, restCode } = error.details;
  // Addresses that are too long are refused by hosts, with and without words.
  return restCode === undefined ? null : possible(`${status} ${restCode}`);
}

const refusals: ReadonlySet<string> = new Set(['UPSTREAM_FORBIDDEN', 'UPSTREAM_NOT_FOUND', 'UPSTREAM_REFUSED']);

function doubtOfObject(route: string, body: unknown): Doubt | null {
  const asked = /\/(\d+)$/.exec(route)?.[1];
  const given = isRecord(body) ? body['id'] : undefined;
  return asked !== undefined && given !== undefined && String(given) !== asked ? certain('another id') : null;
}

function doubtOfFilters(query: Readonly<Record<string, QueryValue>>, rows: readonly Row[]): Doubt | null {
  for (const [name, field] of Object.entries(filtered)) {
    const asked = query[name] === undefined ? null : toSet(query[name]);
    const isOther = (value: unknown) => value !== undefined && !asked?.has(String(value));
    if (asked && rows.some((row) => isOther(row[field]))) return possible(`a ${field} that was not asked for`);
  }
  const excluded = toSet(query['exclude'] ?? []);
  if (rows.some(({ id }) => excluded.has(String(id)))) return possible('an object that was to be left out');
  const slugs = query['slug'] === undefined ? null : new Set([...toSet(query['slug'])].map(toPlain));
  const isOther = ({ slug }: Row) => typeof slug === 'string' && !slugs?.has(toPlain(slug));
  if (!slugs || !rows.some(isOther)) return null;
  // What a site makes of a text tells nothing of how it answers to slugs as they are.
  const isText = [...toSet(query['slug'] ?? [])].some((slug) => !/^[\w-]{1,200}$/.test(slug));
  return possible(isText ? 'another slug than was made of a text' : 'a slug that was not asked for');
}

/** Some sites add fields to every answer, and some lack one: an answer to something else does both. */
function doubtOfFields(fields: QueryValue | undefined, rows: readonly Row[]): Doubt | null {
  if (fields === undefined) return null;
  const asked = new Set([...toSet(fields)].map((path) => path.split('.', 1)[0] ?? ''));
  const isOther = (row: Row) =>
    Object.keys(row).some((key) => !asked.has(key)) && [...asked].some((key) => !(key in row));
  return rows.length > 0 && rows.every(isOther) ? possible('other fields than were asked for') : null;
}

function doubtOfLinks(route: string, rows: readonly Row[]): Doubt | null {
  const self = rows.flatMap(({ _links: links }) =>
    isRecord(links) && Array.isArray(links['self']) ? links['self'] : [],
  );
  const isOther = (link: unknown) =>
    isRecord(link) && typeof link['href'] === 'string' && !link['href'].includes(`${route}/`);
  return self.some(isOther) ? possible('objects of another route') : null;
}

type Row = Readonly<Record<string, unknown>>;

function certain(reason: string): Doubt {
  return { reason, isCertain: true };
}

function possible(reason: string): Doubt {
  return { reason, isCertain: false };
}

function toSet(value: QueryValue): Set<string> {
  return new Set([value].flat().map(String));
}

/** WordPress makes slugs of what is asked for in a way of its own: accents, dots and spaces are not compared. */
function toPlain(slug: string): string {
  let text = slug;
  try {
    text = decodeURIComponent(slug);
  } catch {
    // As it is, then.
  }
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
