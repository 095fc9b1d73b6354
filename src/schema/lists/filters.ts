// Owns the REST filters that the arguments of `where` grow together, and those of which WordPress heeds one only.

import type { Keep } from '../../loaders/list-spec.ts';
import type { Query } from '../../loaders/reader.ts';
import { readBoolean } from '../read.ts';
import { distinct, idSetOf, idsOf, inBoth, together, without } from './id-lists.ts';

/** REST filters that grow: lists of ids that must hold together are intersected. */
export interface Filters {
  readonly query: Record<string, Query[string]>;
  readonly keep: Keep[];
  /** Set when nothing can match any more. */
  isEmpty: boolean;
}

/** Narrows a filter by ids: those that were there and those that come must both hold. */
export function addIds(filters: Filters, name: string, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const known = filters.query[name];
  const both = known === undefined ? ids : inBoth(ids, idsOf(known));
  if (both.length === 0) filters.isEmpty = true;
  filters.query[name] = both;
}

/** Adds ids to a filter that leaves out. */
export function addExcluded(filters: Filters, name: string, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const known = filters.query[name];
  filters.query[name] = known === undefined ? distinct(ids) : together(idsOf(known), ids);
}

/** WordPress heeds one of these where both are given: the others are taken from those wanted here. */
const rivals = [
  ['include', 'exclude'],
  ['author', 'author_exclude'],
  ['parent', 'parent_exclude'],
] as const;

/** Resolves filters of which WordPress would ignore one. */
export function settleFilters(filters: Filters): void {
  const { query, keep } = filters;
  for (const [name, excluder] of rivals) {
    const unwanted = idsOf(query[excluder]);
    if (query[name] === undefined || unwanted.length === 0) continue;
    const left = without(idsOf(query[name]), unwanted);
    if (left.length === 0) filters.isEmpty = true;
    query[name] = left;
    delete query[excluder];
  }
  // For WordPress sticky posts are a list of ids to have or to leave out, too.
  const unwanted = idSetOf(query['exclude']);
  if (query['sticky'] === true && unwanted.size > 0) {
    delete query['exclude'];
    keep.push({ argument: 'notIn', fields: [], test: ({ id }) => !unwanted.has(id) });
  }
  if (query['sticky'] === false && query['include'] !== undefined) {
    delete query['sticky'];
    const test: Keep['test'] = ({ data }) => readBoolean(data, 'sticky') !== true;
    keep.push({ argument: 'isSticky', fields: ['sticky'], test });
  }
}

/** The ids in a list of ids that may be negative: those to have and those to leave out, as `WP_Query` reads `cat`. */
export function splitIds(ids: readonly number[]): { readonly include: number[]; readonly exclude: number[] } {
  return { include: ids.filter((id) => id > 0), exclude: ids.filter((id) => id < 0).map((id) => -id) };
}
