// Owns pages of lists sorted by a time: REST's bounds lead to any page at the cost of the first, and groups of ties are read whole.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import type { List } from './list.ts';
import {
  type Fields,
  type KeysetSorts,
  type ListSpec,
  type PageSpec,
  scanLimitError,
  type Window,
} from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { compareBy, keyOfEntity, opposite, pathsOf, reversed, tiesOf } from './order.ts';
import type { Query } from './reader.ts';
import { isOutage } from './staleness.ts';
import { walkedWindow } from './walked.ts';

/** Rounds after which a page stays short: each one brings rows, or skips a page that WordPress shows nothing of. */
const maxRounds = 12;

interface Bound {
  readonly time: string;
  /** Whether entities with this very time may belong to the page. */
  readonly inclusive: boolean;
}

/** The entities that a page's cursors name. */
export interface Cursors {
  readonly after: Entity | null;
  readonly before: Entity | null;
}

/** Loads a page of a list sorted by a time first; the cursors' entities may be of another list, where several are merged. */
export async function keysetWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: KeysetSorts,
  page: PageSpec,
  fields: Fields,
  cursors?: Cursors,
): Promise<Window> {
  const [sort, ...others] = sorts;
  const { key, direction } = sort;
  const paths = pathsOf(sorts);
  const isForward = page.direction === 'forward';
  const scan = isForward ? direction : opposite(direction);
  const base = compareBy(sorts);
  const compare = isForward ? base : reversed(base);
  const cursorOf = (id: number | undefined) => (id === undefined ? null : loaders.load(list.resource, id, paths));
  const { after, before } = cursors ?? {
    after: await cursorOf(page.after),
    before: await cursorOf(page.before),
  };
  const [start, end] = isForward ? [after, before] : [before, after];
  const walk = () => walkedWindow(loaders, list, sort, page, fields);
  if ([start, end].some((cursor) => cursor && !isTime(keyOfEntity(key, cursor)))) return walk();
  const asked = [...fields, ...paths];
  const reads = [...(list.reads ?? []), ...paths];
  const timeOf = (entity: Entity) => keyOfEntity(key, entity);
  const isInside = (entity: Entity) => (!start || compare(entity, start) > 0) && (!end || compare(entity, end) < 0);

  function queryOf(from: Bound | undefined, until: Bound | undefined): Query {
    const [early, late] = scan === 'desc' ? [until, from] : [from, until];
    const query: Record<string, Query[string]> = { ...list.filters };
    if (late) tighten(query, key.bounds.before, late.inclusive ? addSeconds(late.time, 1) : late.time, 'earlier');
    if (early) tighten(query, key.bounds.after, early.inclusive ? addSeconds(early.time, -1) : early.time, 'later');
    return query;
  }

  /** The entities with one time, from where the page may begin among them; all of them, where more sorts follow. */
  async function groupOf(time: string, wanted: number): Promise<{ rows: Entity[]; total: number }> {
    const bound: Bound = { time, inclusive: true };
    const query = { ...queryOf(bound, bound), orderby: 'id', order: tiesOf(sort, isForward) };
    const need = others.length > 0 ? Number.POSITIVE_INFINITY : wanted;
    const holdsStart = start !== null && timeOf(start) === time;
    const perPage = holdsStart ? maxPerPage : Math.min(maxPerPage, need);
    const rows: Entity[] = [];
    let total = 0;
    for (let offset = 0; rows.filter(isInside).length < need; offset += perPage) {
      const found = await loaders.list(list.resource, pageQuery(query, perPage, offset), asked, { reads });
      rows.push(...found.entities);
      total = found.total ?? rows.length;
      // Without a total a full page may have another one behind it.
      if (found.total === null ? found.asked < perPage : offset + perPage >= total) break;
      if (rows.length >= list.scanLimit) throw scanLimitError(list, found.total);
    }
    // The page's own request leaves the start out. Which may be of another list: then it is not among these.
    const isCounted = leavesStartOut && rows.some(({ id }) => id === start?.id);
    return { rows: rows.filter(isInside), total: isCounted ? total - 1 : total };
  }

  const need = page.size + 1;
  // WordPress does not heed `exclude` where it has ids to choose from, as sticky posts are to it.
  const leavesStartOut = list.filters['include'] === undefined && list.filters['sticky'] !== true;
  const until = end ? { time: timeOf(end), inclusive: true } : undefined;
  const entities: Entity[] = [];
  let from: Bound | undefined = start ? { time: timeOf(start), inclusive: true } : undefined;
  let offset = 0;
  let isHidden = false;
  let hasGap = false;
  let hasMore: boolean | undefined;
  let total: number | null = null;

  for (let round = 0; hasMore === undefined && round < maxRounds; round += 1) {
    const showsStart = start !== null && from?.inclusive === true;
    const wanted = need - entities.length + (showsStart && !leavesStartOut ? 1 : 0);
    const perPage = isHidden ? maxPerPage : Math.min(maxPerPage, wanted);
    const query: Record<string, Query[string]> = { ...queryOf(from, until), orderby: key.orderby ?? '', order: scan };
    if (showsStart && leavesStartOut) query['exclude'] = [...excluded(list.filters), start.id];
    // The last row only tells whether there is more, which nobody asked for.
    const rowsShown = page.isFinal && offset === 0 && perPage > 1 ? perPage - 1 : undefined;
    const decisive = { reads, rows: rowsShown };
    let found: List;
    try {
      found = await loaders.list(list.resource, pageQuery(query, perPage, offset), asked, decisive);
    } catch (error) {
      if (!hasGap || !isOutage(error)) throw error;
      loaders.makeDo();
      break;
    }
    // What is gone by now leaves a gap in a list of before: while WordPress fails, a page stays shorter by it.
    hasGap ||= found.isKnown && found.entities.length < found.asked;
    if (round === 0 && !start && !end) total = found.total;
    // A plugin may spoil the times: what has none keeps its place in WordPress's own order.
    if (!found.entities.every((row) => isTime(timeOf(row)))) return walk();
    const rows = [...found.entities].sort(compare);
    const last = rows.at(-1);
    const beyond = found.total === null ? (rows.length === perPage ? 1 : 0) : found.total - offset - perPage;
    if (beyond <= 0) {
      entities.push(...rows.filter(isInside));
      hasMore = entities.length > page.size;
    } else if (!last) {
      // WordPress counts entities that it does not show. A larger page from the same start may reach beyond them; where it
      // does not, half of the next one is seen again, because a group of ties may stand in another order there.
      if (isHidden) offset += maxPerPage / 2;
      isHidden = true;
    } else {
      const inside = rows.filter(isInside);
      if (page.isFinal && perPage <= wanted && perPage === maxPerPage && entities.length + inside.length >= page.size) {
        // The row after a page of this size cannot be seen, and whether a group of ties is cut matters to the next page only.
        entities.push(...inside);
        hasMore = true;
        break;
      }
      const time = timeOf(last);
      const whole = rows.filter((row) => timeOf(row) !== time);
      entities.push(...whole.filter(isInside));
      if (entities.length >= page.size && rows.some((row) => timeOf(row) === time && isInside(row))) {
        hasMore = true;
      } else {
        const group = await groupOf(time, need - entities.length).catch((error: unknown) => {
          if (!hasGap || !isOutage(error)) throw error;
          loaders.makeDo();
          return null;
        });
        if (!group) {
          entities.push(...inside.filter((row) => timeOf(row) === time));
          break;
        }
        entities.push(...group.rows.sort(compare));
        const left = perPage + beyond - whole.length - group.total;
        if (entities.length > page.size || (entities.length === page.size && found.total !== null && left > 0)) {
          hasMore = true;
        } else if (found.total !== null && left <= 0) {
          hasMore = false;
        }
        from = { time, inclusive: false };
        offset = 0;
      }
    }
  }

  const shown = entities.slice(0, page.size);
  return {
    entities: isForward ? shown : shown.reverse(),
    hasMore: hasMore ?? true,
    foundAfter: after !== null,
    foundBefore: before !== null,
    total,
  };
}

function pageQuery(query: Query, perPage: number, offset: number): Query {
  return offset > 0 ? { ...query, per_page: perPage, offset } : { ...query, per_page: perPage };
}

function excluded({ exclude }: Query): readonly (string | number)[] {
  return Array.isArray(exclude) ? exclude : typeof exclude === 'number' || typeof exclude === 'string' ? [exclude] : [];
}

/** Sets a bound unless the list's own filters have a tighter one. Times are the site's, without a zone: text compares. */
function tighten(query: Record<string, Query[string]>, name: string, time: string, tighter: 'earlier' | 'later'): void {
  const own = query[name];
  if (typeof own !== 'string' || (tighter === 'earlier' ? time < own : time > own)) query[name] = time;
}

/** Whether a text is a time of the site, such as `2024-01-31T10:00:00`. */
export function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}Z`));
}

/** A time such as `2024-01-31T10:00:00`, moved. */
export function addSeconds(time: string, seconds: number): string {
  const ms = Date.parse(`${time}Z`);
  return Number.isNaN(ms) ? time : new Date(ms + 1000 * seconds).toISOString().slice(0, 19);
}
