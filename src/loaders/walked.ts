// Owns pages of lists whose keys say nothing, in WordPress's own order: a walk from its beginning follows it.

import { maxPerPage } from '../wordpress/resources.ts';
import { type Fields, type ListSpec, type PageSpec, scanLimitError, type Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { opposite, type Sort } from './order.ts';

/**
 * Loads a page in REST's order, forward or backward. The first one costs one request; one that follows a cursor costs
 * the lean rows before it, a hundred a request.
 */
export async function walkedWindow(
  loaders: Loaders,
  list: ListSpec,
  { key, direction }: Sort,
  page: PageSpec,
  fields: Fields,
): Promise<Window> {
  const isForward = page.direction === 'forward';
  const order = isForward ? direction : opposite(direction);
  const query = { ...list.filters, orderby: key.orderby ?? '', order };
  const [start, end] = isForward ? [page.after, page.before] : [page.before, page.after];
  const isLean = start !== undefined || end !== undefined || page.size >= maxPerPage;
  const perPage = isLean ? maxPerPage : page.size + 1;
  const ids: number[] = [];
  let total: number | null = null;
  for (let offset = 0, isEnd = false; !isEnd; offset += perPage) {
    if (offset >= list.scanLimit) throw scanLimitError(list, total);
    const paged = { ...query, per_page: perPage, ...(offset > 0 ? { offset } : {}) };
    const found = await loaders.list(list.resource, paged, isLean ? [] : fields, {
      reads: list.reads ?? [],
      rows: page.isFinal === true && !isLean ? page.size : undefined,
    });
    total ??= found.total;
    ids.push(...found.entities.map(({ id }) => id).filter((id) => !ids.includes(id)));
    const place = start === undefined ? -1 : ids.indexOf(start);
    const isFound = start === undefined || place !== -1;
    isEnd = found.total === null ? found.entities.length < perPage : offset + perPage >= found.total;
    if (isFound && ids.length > place + page.size + 1) break;
  }
  const place = (id: number | undefined) => (id === undefined ? -1 : ids.indexOf(id));
  const [startAt, endAt] = [place(start), place(end)];
  const until = endAt === -1 ? ids.length : endAt;
  const shown = ids.slice(startAt + 1, Math.min(until, startAt + 1 + page.size));
  const loaded = await Promise.all(shown.map((id) => loaders.load(list.resource, id, fields)));
  const entities = loaded.filter((entity) => entity !== null);
  const [foundStart, foundEnd] = [startAt !== -1, endAt !== -1];
  return {
    entities: isForward ? entities : entities.reverse(),
    hasMore: until > startAt + 1 + page.size,
    foundAfter: isForward ? foundStart : foundEnd,
    foundBefore: isForward ? foundEnd : foundStart,
    total,
  };
}
