// Owns pages by offset: one request at any depth, and groups of ties at the page's edges read whole.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { addSeconds } from './keyset.ts';
import type { Fields, ListSpec, PageSpec, Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { breakTies, compareBy, compareKeys, keyOfEntity, pathsOf, type Sorts } from './order.ts';
import { rankedWindow } from './ranked.ts';

/** Loads the page that begins `offset` entities into the list. */
export async function offsetWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: Sorts,
  page: PageSpec & { readonly offset: number },
  fields: Fields,
): Promise<Window> {
  const { offset, size } = page;
  const [sort] = sorts;
  // One more row on either side shows whether an edge cuts a group of ties.
  const lead = offset > 0 ? 1 : 0;
  const wanted = lead + size + 1;
  const query = { ...list.filters, orderby: sort.key.orderby ?? '', order: sort.direction };
  const asked = [...fields, ...pathsOf(sorts)];
  const reads = pathsOf(sorts);
  const from = offset - lead;
  const listAt = (place: number, perPage: number, rows?: number) => {
    const paged = place > 0 ? { ...query, per_page: perPage, offset: place } : { ...query, per_page: perPage };
    return loaders.list(list.resource, paged, asked, { reads, rows });
  };
  const first = await listAt(from, Math.min(maxPerPage, wanted), page.isFinal ? lead + size : undefined);
  const { total } = first;
  // The largest pages take one row more than a request brings, or two.
  const hasRest = wanted > maxPerPage && (total === null ? first.asked === maxPerPage : total > from + maxPerPage);
  const rest = hasRest ? (await listAt(from + maxPerPage, wanted - maxPerPage)).entities : [];
  const entities = [...first.entities, ...rest];
  const rows = entities.slice(lead, lead + size);
  const compare = compareKeys(sort);
  const isCut = (inner: Entity | undefined, outer: Entity | undefined, isEnd: boolean) =>
    inner !== undefined && !isEnd && (outer === undefined || compare(inner, outer) === 0);
  // WordPress counts nothing where an offset leads past the end.
  const known = entities.length === 0 && offset > 0 ? null : total;
  const hasMore = total === null ? entities.length > lead + size : total > offset + size;
  const cutsFirst = isCut(rows[0], lead ? entities[0] : undefined, lead === 0);
  // So does the seam of two requests.
  const cutsLast =
    isCut(rows.at(-1), entities[lead + size], !hasMore) ||
    isCut(entities[maxPerPage - 1], entities[maxPerPage], rest.length === 0);
  let shown = breakTies(rows, sorts);
  if (cutsFirst || cutsLast) {
    const { bounds } = sort.key;
    const [first, last] = [rows.at(0), rows.at(-1)];
    const isOneGroup = cutsFirst && cutsLast && first && last && compare(first, last) === 0;
    if (!bounds || isOneGroup) return rankedWindow(loaders, list, page, fields);
    const groupAt = async (row: Entity | undefined): Promise<Entity[] | null> => {
      if (!row) return [];
      const time = keyOfEntity(sort.key, row);
      const range = { [bounds.after]: addSeconds(time, -1), [bounds.before]: addSeconds(time, 1) };
      const group = { ...list.filters, ...range, orderby: 'id', order: 'desc', per_page: maxPerPage };
      const found = await loaders.list(list.resource, group, asked, { reads });
      const isWhole = found.total === null ? found.entities.length < maxPerPage : found.total <= maxPerPage;
      return isWhole ? [...found.entities].sort(compareBy(sorts)) : null;
    };
    const [leading, trailing] = await Promise.all([cutsFirst ? groupAt(first) : [], cutsLast ? groupAt(last) : []]);
    if (!leading || !trailing) return rankedWindow(loaders, list, page, fields);
    shown = withGroup(shown, leading, 'end', compare);
    shown = withGroup(shown, trailing, 'start', compare);
  }
  return { entities: shown, hasMore, foundAfter: offset > 0, foundBefore: false, total: known };
}

/** Which ties a page holds is chance, but how many it holds is not: as many are taken from the group's end or start. */
function withGroup(
  rows: readonly Entity[],
  group: readonly Entity[],
  from: 'start' | 'end',
  compare: (a: Entity, b: Entity) => number,
): Entity[] {
  const [sample] = group;
  if (!sample) return [...rows];
  const others = rows.filter((row) => compare(row, sample) !== 0);
  const count = rows.length - others.length;
  if (others.length === 0) return from === 'start' ? group.slice(0, count) : group.slice(-count);
  return from === 'start' ? [...others, ...group.slice(0, count)] : [...group.slice(-count), ...others];
}
