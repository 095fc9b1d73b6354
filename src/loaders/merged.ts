// Owns pages of several lists as one: content of many types, terms of many taxonomies, in one order with one cursor.

import type { Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { type Cursors, keysetWindow } from './keyset.ts';
import { isKeyset, type ListSpec, type PageSpec, scanLimitError, type Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import type { FieldsOf } from './lookup.ts';
import { compareBy, type Order } from './order.ts';
import { rankRows } from './ranked.ts';
import { loadWindow } from './window.ts';

/** Finds the entity that a cursor names, whatever its type, with the fields that each type's lists are sorted by. */
export type FindCursor = (id: number, fieldsOf: FieldsOf) => Promise<Entity | null>;

/** Loads a page of several lists in one order; all lists have the same one. */
export async function loadMergedWindow(
  loaders: Loaders,
  lists: readonly ListSpec[],
  page: PageSpec,
  fieldsOf: FieldsOf,
  findCursor: FindCursor,
): Promise<Window> {
  const [only, ...others] = lists;
  if (!only) return { entities: [], hasMore: false, foundAfter: false, foundBefore: false, total: 0 };
  if (others.length === 0) return loadWindow(loaders, only, page, fieldsOf(only.resource));
  const { order } = only;
  const sort = 'by' in order && order.by.length === 1 ? order.by[0] : undefined;
  const isLocal = page.offset !== undefined || lists.some(({ keep }) => keep.length > 0);
  if (!sort || isLocal || !isKeyset(sort.key)) return rankedMerge(loaders, lists, order, page, fieldsOf);

  const { key, direction } = sort;
  const cursorOf = (id: number | undefined) => (id === undefined ? null : findCursor(id, () => [key.path]));
  const [after, before] = await Promise.all([cursorOf(page.after), cursorOf(page.before)]);
  const cursors: Cursors = { after, before };
  const windows = await Promise.all(
    lists.map((list) => keysetWindow(loaders, list, { key, direction }, page, fieldsOf(list.resource), cursors)),
  );
  const merged = windows.flatMap(({ entities }) => entities).sort(compareBy([sort]));
  const totals = windows.map(({ total }) => total);
  const entities = page.direction === 'forward' ? merged.slice(0, page.size) : merged.slice(-page.size);
  loaders.show(entities);
  return {
    entities,
    hasMore: merged.length > page.size || windows.some(({ hasMore }) => hasMore),
    foundAfter: after !== null,
    foundBefore: before !== null,
    total: totals.reduce((sum, total) => (sum === null || total === null ? null : sum + total), 0),
  };
}

async function rankedMerge(
  loaders: Loaders,
  lists: readonly ListSpec[],
  order: Order,
  page: PageSpec,
  fieldsOf: FieldsOf,
): Promise<Window> {
  const rows = (await Promise.all(lists.map((list) => rankRows(loaders, list)))).flat();
  const [first] = lists;
  if (first && rows.length > first.scanLimit) throw scanLimitError(first, rows.length);
  const ranked = 'given' in order ? inGivenOrder(rows, order.given) : [...rows].sort(compareBy(order.by));
  const at = (id: number | undefined) => (id === undefined ? -1 : ranked.findIndex((row) => row.id === id));
  const [afterAt, beforeAt] = [at(page.after), at(page.before)];
  const from = page.offset ?? (afterAt === -1 ? 0 : afterAt + 1);
  const to = beforeAt === -1 ? ranked.length : beforeAt;
  const [start, end] =
    page.direction === 'forward' ? [from, Math.min(to, from + page.size)] : [Math.max(from, to - page.size), to];
  const load = ({ resource, id }: { readonly resource: Resource; readonly id: number }) =>
    loaders.load(resource, id, fieldsOf(resource));
  const shown = await Promise.all(ranked.slice(start, end).map(load));
  return {
    entities: shown.filter((entity) => entity !== null),
    hasMore: page.direction === 'forward' ? end < to : start > from,
    foundAfter: afterAt !== -1,
    foundBefore: beforeAt !== -1,
    total: ranked.length,
  };
}

function inGivenOrder(rows: readonly Entity[], given: readonly number[]): Entity[] {
  const places = new Map([...new Set(given)].map((id, place) => [id, place]));
  return [...rows].sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}
