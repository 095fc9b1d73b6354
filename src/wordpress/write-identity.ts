// Owns whether an answer can be that to a write. A write is never sent again, and what has been written is seldom what
// was sent: only what shows for certain that it is another answer is refused, and nothing that a plugin may leave out.

import { UpstreamError } from '../errors.ts';
import type { RestRequest } from './rest.ts';

/** An answer, as far as it tells what was written. */
export interface WriteAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Its `Location`, where there is one: the address of what was created. */
  readonly location: unknown;
}

/** What was written: its id and its kind are in the route, and whether the answer has an id is in `_fields`. */
export type Writing = Pick<RestRequest, 'method' | 'route' | 'query'>;

/**
 * The error (`UPSTREAM_BAD_RESPONSE`) of an answer that cannot be that to a write, which may have been carried out all the
 * same; null where it can.
 */
export function toWriteError(label: string, writing: Writing, answer: WriteAnswer): UpstreamError | null {
  const reason = whyNotWritten(writing, answer);
  return reason === null
    ? null
    : new UpstreamError('UPSTREAM_BAD_RESPONSE', `${label}: ${reason}`, { status: answer.status });
}

/** What shows that an answer is none to a write, in words; or null. */
export function whyNotWritten({ method, route, query = {} }: Writing, { body, location }: WriteAnswer): string | null {
  if (!isRecord(body)) return 'no object';
  // A type may be named by a year: that is no id.
  const asked = /(?<!^wp\/v2)\/(\d+)$/.exec(route)?.[1];
  if (method !== 'DELETE' || String(query['force']) !== 'true') {
    return whyNotId(asked, body['id'], query['_fields']) ?? whyNotKind(route, body, location);
  }
  if (!/^(?:true|1)$/.test(String(body['deleted']))) return 'no word that it is deleted';
  // WordPress before 5.3 knows no nested fields, and leaves it out.
  const previous = isRecord(body['previous']) ? body['previous'] : {};
  const isOther = asked !== undefined && previous['id'] !== undefined && String(previous['id']) !== asked;
  return isOther ? 'another id' : whyNotKind(route, previous, location);
}

/** Templates and widgets have names for ids, and passwords none: where the request names neither, any will do. */
function whyNotId(asked: string | undefined, given: unknown, fields: unknown): string | null {
  const isNamed = fields !== undefined && String(fields).split(',').includes('id');
  if (given === undefined) return isNamed || (fields === undefined && asked !== undefined) ? 'no id' : null;
  if (asked === undefined && !isNamed) return null;
  // Some sites write numbers as text.
  if (!/^(?:number|string)$/.test(typeof given) || !/^[1-9]\d*$/.test(String(given))) return 'no id';
  return asked !== undefined && String(given) !== asked ? 'another id' : null;
}

/** What tells the kind of WordPress's own objects, by the last part of their route. */
const kinds: Readonly<Record<string, readonly [field: string, value: string]>> = {
  posts: ['type', 'post'],
  pages: ['type', 'page'],
  media: ['type', 'attachment'],
  categories: ['taxonomy', 'category'],
  tags: ['taxonomy', 'post_tag'],
};

/** Routes below, as of revisions, and of other namespaces have links of their own ways. */
function whyNotKind(route: string, object: Row, location: unknown): string | null {
  const base = /^wp\/v2\/([\w-]+)(?:\/\d+)?$/.exec(route)?.[1];
  if (base === undefined) return null;
  const isElsewhere = (address: unknown) => (baseOf(address) ?? base) !== base;
  if (isElsewhere(location) || selfLinksOf(object).some(isElsewhere)) return 'an object of another route';
  const [field, value] = kinds[base] ?? [];
  const given = field === undefined ? undefined : object[field];
  const isOther = given !== value && Object.values(kinds).some(([name, other]) => name === field && other === given);
  return isOther ? `another ${field}` : null;
}

function selfLinksOf({ _links: links }: Row): unknown[] {
  const self = isRecord(links) ? links['self'] : null;
  return Array.isArray(self) ? self.map((link) => (isRecord(link) ? link['href'] : null)) : [];
}

/** The last part of the route that an address of an object has: of a path, or of `rest_route` where links are plain. */
function baseOf(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  return /\/wp\/v2\/([\w-]+)\/\d+\/?(?:[?&#]|$)/.exec(address.replace(/%2f/gi, '/'))?.[1];
}

type Row = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
