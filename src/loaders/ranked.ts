// Owns pages of lists that REST cannot page through: their lean rows are read and ranked here, within a stated bound.

import { onceForLists, onceForObjects } from '../long-lists.ts';
import type { Pace } from '../pace.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import type { List } from './list.ts';
import { type Fields, type ListSpec, type PageSpec, scanLimitError, type Window } from './list-spec.ts';
import { orderPaths, type Placed, toPlacedUse, toRowsUse } from './list-use.ts';
import type { Loaders } from './loaders.ts';
import {
  breakTies,
  type Comparator,
  compareBy,
  compareKeys,
  type Direction,
  opposite,
  pathsOf,
  type Sort,
  type Sorts,
  tiesOf,
} from './order.ts';
import { keyOf, type Query } from './reader.ts';
import { keepRows, pauseForRows, sortRows } from './rows-in-turns.ts';

/**
 * The first or last page of a list in REST's own order, in one request.
 * Null where the page's edge cuts a group of ties: which of them WordPress put on the page is chance.
 */
export async function edgeWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: Sorts,
  page: PageSpec,
  fields: Fields,
): Promise<Window | null> {
  const [sort] = sorts;
  const isForward = page.direction === 'forward';
  const direction = isForward ? sort.direction : opposite(sort.direction);
  const perPage = Math.min(maxPerPage, page.size + 1);
  const query = { ...list.filters, orderby: sort.key.orderby ?? '', order: direction, per_page: perPage };
  const asked = [...fields, ...pathsOf(sorts)];
  const { entities, total, asked: found } = await loaders.list(list.resource, query, asked, null);
  const hasMore = entities.length > page.size || (total !== null ? total > perPage : entities.length === perPage);
  const ordered = breakTies(entities, sorts, isForward);
  const [last, probe] = [entities.at(page.size - 1), entities.at(page.size)];
  if (hasMore && (!last || !probe || compareKeys(sort)(last, probe) === 0)) return null;
  // Where it is ranked after all, what is ranked decides.
  const decisive = { reads: pathsOf(sorts), rows: page.isFinal ? page.size : undefined };
  loaders.use(toRowsUse(list.resource, query, entities, found, decisive));
  const shown = ordered.slice(0, page.size);
  return {
    entities: isForward ? shown : shown.reverse(),
    hasMore,
    foundAfter: false,
    foundBefore: false,
    total,
  };
}

/** A page of a list that is ranked here. */
export async function rankedWindow(loaders: Loaders, list: ListSpec, page: PageSpec, fields: Fields): Promise<Window> {
  const place = placeOf(list);
  const ranked = await rankRows(loaders, list, place ? null : undefined);
  const ids = ranked.map(({ id }) => id);
  const [afterAt, beforeAt] = [positionOf(ids, page.after), positionOf(ids, page.before)];
  let start = afterAt === -1 ? 0 : afterAt + 1;
  let end = beforeAt === -1 ? ids.length : beforeAt;
  let hasMore: boolean;
  if (page.offset !== undefined) {
    start = page.offset;
    hasMore = start + page.size < end;
    end = Math.min(end, start + page.size);
  } else if (page.direction === 'forward') {
    hasMore = start + page.size < end;
    end = Math.min(end, start + page.size);
  } else {
    hasMore = end - page.size > start;
    start = Math.max(start, end - page.size);
  }
  if (place) {
    // Nobody is told of the one after the page where it is final.
    const decisive = ranked.slice(0, Math.max(1, page.isFinal ? end : end + 1));
    loaders.use(toPlacedUse(list.resource, place, decisive, decisive.length < ids.length));
  }
  const shown = await Promise.all(ids.slice(start, end).map((id) => loaders.load(list.resource, id, fields)));
  return {
    entities: shown.filter((entity) => entity !== null),
    hasMore,
    foundAfter: afterAt !== -1,
    foundBefore: beforeAt !== -1,
    total: ids.length,
  };
}

/** The list as it is sorted here, where a change of an entity tells its place in it. */
function placeOf({ filters, order, keep, complete }: ListSpec): Placed | null {
  if (!('by' in order) || complete) return null;
  const [sort] = order.by;
  const { key, direction } = sort;
  if (key.kind === 'collated' || orderPaths[key.path] !== key.path) return null;
  const reads = [...keep.flatMap(({ fields }) => fields), ...pathsOf(order.by)];
  const query = { ...filters, orderby: key.path, order: direction };
  return { query, reads, ...(order.by.length === 1 ? { ties: tiesOf(sort) } : {}) };
}

function positionOf(ids: readonly number[], id: number | undefined): number {
  return id === undefined ? -1 : ids.indexOf(id);
}

/** The lean rows of the whole list in its order. With null the caller says what of them decides on the answer. */
export async function rankRows(loaders: Loaders, list: ListSpec, decisive?: null): Promise<readonly Entity[]> {
  const { pace } = loaders;
  const lean = list.keep.flatMap((keep) => keep.fields);
  if ('given' in list.order) return existing(loaders, list, list.order.given, lean);
  const { by } = list.order;
  const asked = [...lean, ...pathsOf(by)];
  const collated = by.find(({ key }) => key.kind === 'collated' && key.orderby !== null);
  // Else by id, because no other order of REST is stable from page to page.
  const rows = collated
    ? await readCollated(loaders, list, collated, asked)
    : await readAll(loaders, list, 'id', 'desc', asked, decisive);
  if (collated) await pauseForRows(pace, rows);
  const compare = collated ? compareByPlace(by, collated, rows) : compareBy(by);
  const left = await keepRows(pace, rows, list.keep);
  const complete = list.complete ? await list.complete(left) : left;
  return sortRows(pace, complete, compare);
}

/** Compares by every sort in turn; by the one that only the database knows, through the places that it gave rows. */
function compareByPlace(sorts: Sorts, collated: Sort, rows: readonly Entity[]): Comparator {
  const isTie = compareKeys(collated);
  const places = new Map<number, number>();
  let place = 0;
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (before && isTie(before, row) !== 0) place = index;
    places.set(row.id, place);
  }
  const byPlace: Comparator = (a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0);
  const comparators = sorts.map((sort) => (sort === collated ? byPlace : compareKeys(sort)));
  const byId = compareBy(sorts.slice(-1));
  return (a, b) => {
    for (const compare of comparators) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return byId(a, b);
  };
}

/** What a filter without ids asks for: the same list always, so that what is made of it is made once. */
const all: readonly number[] = [];

/** Those of ids in their order that a filter has as well, where there is one; and these as they are asked for. */
const chosenOf = onceForLists((given: readonly number[]) =>
  onceForObjects((include: readonly (string | number)[]) => {
    const chosen = new Set(include.length > 0 ? include.map(Number) : given);
    const ids = [...new Set(given)].filter((id) => chosen.has(id));
    const chunks: number[][] = [];
    for (let start = 0; start < ids.length; start += maxPerPage) chunks.push(ids.slice(start, start + maxPerPage));
    return { ids, chunks };
  }),
);

async function existing(loaders: Loaders, list: ListSpec, given: readonly number[], asked: Fields): Promise<Entity[]> {
  const { include } = list.filters;
  const chosen = typeof include === 'object' ? include : include === undefined ? all : [Number(include)];
  const { ids, chunks } = chosenOf(given)(chosen);
  if (ids.length > list.scanLimit) throw scanLimitError(list, ids.length);
  const lists = await askForParts(loaders.pace, chunks, (include) =>
    loaders.list(list.resource, { ...list.filters, include, per_page: maxPerPage }, asked),
  );
  const rows = lists.flatMap(({ entities }) => entities);
  const found = new Map((await keepRows(loaders.pace, rows, list.keep)).map((entity) => [entity.id, entity]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Asks for all at once, but for none after one that failed: an operation that may ask for no more finds so at the first. */
async function askForParts<Part, Answer>(
  pace: Pace,
  parts: readonly Part[],
  ask: (part: Part) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  let hasFailed = false;
  const fail = () => {
    hasFailed = true;
  };
  for (const part of parts) {
    const answer = ask(part);
    answer.catch(fail);
    answers.push(answer);
    await pace.pause(0);
    if (hasFailed) break;
  }
  return Promise.all(answers);
}

/** Rows in the database's collation. Paging through ties may lose rows: those are read by id and put among their equals. */
async function readCollated(loaders: Loaders, list: ListSpec, sort: Sort, asked: Fields): Promise<Entity[]> {
  const rows = await readAll(loaders, list, sort.key.orderby ?? '', sort.direction, asked);
  await pauseForRows(loaders.pace, rows);
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  if (unique.length < rows.length) {
    const isTie = compareKeys(sort);
    const seen = new Set(unique.map(({ id }) => id));
    for (const row of await readAll(loaders, list, 'id', 'desc', asked)) {
      if (seen.has(row.id)) continue;
      const at = unique.findIndex((other) => isTie(other, row) === 0);
      unique.splice(at === -1 ? unique.length : at, 0, row);
    }
  }
  return breakTies(unique, [sort]);
}

/** All lean rows of a list in one of REST’s orders, within its bound; lists of many objects may be the same. */
export async function readAll(
  loaders: Loaders,
  list: ListSpec,
  orderby: string,
  order: Direction,
  asked: Fields,
  decisive?: null,
): Promise<readonly Entity[]> {
  const query = { ...list.filters, orderby, order, per_page: maxPerPage };
  // Beyond its bound it is refused in the words of its arguments.
  const words = list.keep.map(({ argument }) => argument);
  // Last the key: its texts may have spaces in them.
  const name = [asked, words, decisive, list.scanLimit, keyOf(list.resource.route, query)].join(' ');
  const lists = wholeLists(loaders.reading());
  const reading = lists.get(name) ?? readPages(loaders, list, query, asked, decisive);
  lists.set(name, reading);
  const rows = await reading;
  await loaders.pace.pause(0);
  return rows;
}

/** Rows that are read once for all who want those of a name in the same reading. */
const wholeLists = onceForObjects((_: object) => new Map<string, Promise<readonly Entity[]>>());

async function readPages(
  loaders: Loaders,
  list: ListSpec,
  query: Query,
  asked: Fields,
  decisive?: null,
): Promise<readonly Entity[]> {
  const pageAt = (offset: number): Promise<List> => {
    const place = takesOffset(list.resource) ? { offset } : { page: offset / maxPerPage + 1 };
    return loaders.list(list.resource, offset === 0 ? query : { ...query, ...place }, asked, decisive);
  };
  const first = await pageAt(0);
  if (first.total === null) return readUntilEmpty(list, [...first.entities], pageAt);
  if (first.total > list.scanLimit) throw scanLimitError(list, first.total);
  const offsets: number[] = [];
  for (let offset = maxPerPage; offset < first.total; offset += maxPerPage) offsets.push(offset);
  const others = await Promise.all(offsets.map(pageAt));
  return [first, ...others].flatMap(({ entities }) => entities);
}

/** WordPress's lists of hierarchical taxonomies have pages, and no `offset`: they ignore it. */
export function takesOffset(resource: Resource): boolean {
  return !(resource.kind === 'term' && resource.hierarchical);
}

async function readUntilEmpty(list: ListSpec, rows: Entity[], pageAt: (offset: number) => Promise<List>) {
  for (let offset = maxPerPage; rows.length > 0; offset += maxPerPage) {
    if (offset > list.scanLimit) throw scanLimitError(list, null);
    const { entities } = await pageAt(offset);
    if (entities.length === 0) break;
    rows.push(...entities);
  }
  return rows;
}
