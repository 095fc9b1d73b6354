// Owns pages of several lists as one: content of many types, terms of many taxonomies, in one order with one cursor.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { type Cursors, keysetWindow } from './keyset.ts';
import { isKeyset, isScanLimit, type ListSpec, type PageSpec, scanLimitError, type Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import type { FieldsOf } from './lookup.ts';
import { compareBy, type Order, pathsOf } from './order.ts';
import { rankRows } from './ranked.ts';
import { sortRows } from './rows-in-turns.ts';
import { nearRows, scannedWindow } from './scanned.ts';
import { loadWindow } from './window.ts';

/** Finds the entity that a cursor names, whatever its type, with the fields that each type's lists are sorted by. */
export type FindCursor = (id: number, fieldsOf: FieldsOf) => Promise<Entity | null>;

/** A node that is in no list of REST, and the row by which it takes its place among the others. */
export interface ExtraNode {
  readonly node: Entity;
  readonly row: Entity;
}

/** Loads a page of several lists in one order, with other nodes among them; all lists have the same order. */
export async function loadMergedWindow(
  loaders: Loaders,
  lists: readonly ListSpec[],
  page: PageSpec,
  fieldsOf: FieldsOf,
  findCursor: FindCursor,
  extra: readonly ExtraNode[] = [],
): Promise<Window> {
  const [only, ...others] = lists;
  if (!only) return { entities: [], hasMore: false, foundAfter: false, foundBefore: false, total: 0 };
  if (others.length === 0 && extra.length === 0) return loadWindow(loaders, only, page, fieldsOf(only.resource));
  const { order } = only;
  const sorts = 'by' in order ? order.by : undefined;
  const { offset = 0 } = page;
  const isFar = page.offset !== undefined && offset + page.size >= maxPerPage;
  if (!sorts || isFar || extra.length > 0 || !isKeyset(sorts) || sorts.some(({ key }) => key.orderby === null))
    return rankedMerge(loaders, lists, order, page, fieldsOf, extra);

  const paths = pathsOf(sorts);
  const cursorOf = (id: number | undefined) => (id === undefined ? null : findCursor(id, () => paths));
  const [after, before] = await Promise.all([cursorOf(page.after), cursorOf(page.before)]);
  const cursors: Cursors = { after, before };
  // What is left out of the merged list may be of any of them.
  const whole = { ...page, size: offset + page.size };
  const windowsWithin = async (rowsOf: (list: ListSpec) => number): Promise<Window[] | null> => {
    const found = await Promise.all(
      lists.map((list) =>
        list.keep.length > 0
          ? scannedWindow(loaders, list, sorts, whole, fieldsOf(list.resource), rowsOf(list), cursors)
          : keysetWindow(loaders, list, sorts, whole, fieldsOf(list.resource), cursors),
      ),
    );
    const windows = found.filter((window) => window !== null);
    return windows.length < found.length ? null : windows;
  };
  let windows = await windowsWithin(() => nearRows(whole));
  if (!windows) {
    try {
      return await rankedMerge(loaders, lists, order, page, fieldsOf, extra);
    } catch (error) {
      if (!isScanLimit(error)) throw error;
      windows = await windowsWithin(({ scanLimit }) => scanLimit);
      if (!windows) throw error;
    }
  }
  const merged = windows.flatMap(({ entities }) => entities).sort(compareBy(sorts));
  const totals = windows.map(({ total }) => total);
  const entities = page.direction === 'forward' ? merged.slice(offset, whole.size) : merged.slice(-page.size);
  loaders.show(entities);
  return {
    entities,
    hasMore: merged.length > whole.size || windows.some(({ hasMore }) => hasMore),
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
  extra: readonly ExtraNode[],
): Promise<Window> {
  const found = await Promise.all(lists.map((list) => rankRows(loaders, list)));
  const rows = [...found.flat(), ...extra.map(({ row }) => row)];
  const known = new Map(extra.map(({ row, node }) => [row, node]));
  const [first] = lists;
  if (first && rows.length > first.scanLimit) throw scanLimitError(first, rows.length);
  const ranked =
    'given' in order ? inGivenOrder(rows, order.given) : await sortRows(loaders.pace, rows, compareBy(order.by));
  const at = (id: number | undefined) => (id === undefined ? -1 : ranked.findIndex((row) => row.id === id));
  const [afterAt, beforeAt] = [at(page.after), at(page.before)];
  const from = page.offset ?? (afterAt === -1 ? 0 : afterAt + 1);
  const to = beforeAt === -1 ? ranked.length : beforeAt;
  const [start, end] =
    page.direction === 'forward' ? [from, Math.min(to, from + page.size)] : [Math.max(from, to - page.size), to];
  const load = async (row: Entity) =>
    known.get(row) ?? (await loaders.load(row.resource, row.id, fieldsOf(row.resource)));
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
