// Owns pages of search results by relevance: WordPress's own order, which only a walk from its beginning can follow.

import { maxPerPage } from '../wordpress/resources.ts';
import { type Fields, type ListSpec, type PageSpec, scanLimitError, type Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import type { Sort } from './order.ts';
import { edgeWindow, rankedWindow } from './ranked.ts';

/** Loads a page; one that follows a cursor costs the lean rows before it, a hundred a request. */
export async function relevanceWindow(
  loaders: Loaders,
  list: ListSpec,
  sort: Sort,
  page: PageSpec,
  fields: Fields,
): Promise<Window> {
  if (page.direction === 'backward' || page.before !== undefined) return rankedWindow(loaders, list, page, fields);
  if (page.after === undefined) {
    const window = await edgeWindow(loaders, list, sort, page, fields);
    return window ?? rankedWindow(loaders, list, page, fields);
  }
  const query = { ...list.filters, orderby: 'relevance', per_page: maxPerPage };
  const ids: number[] = [];
  let total: number | null = null;
  for (let offset = 0, isEnd = false; !isEnd; offset += maxPerPage) {
    const place = ids.indexOf(page.after);
    if (place !== -1 && ids.length > place + page.size + 1) break;
    if (offset >= list.scanLimit) throw scanLimitError(list, total);
    const found = await loaders.list(list.resource, offset === 0 ? query : { ...query, offset }, []);
    total ??= found.total;
    ids.push(...found.entities.map(({ id }) => id).filter((id) => !ids.includes(id)));
    isEnd = found.total === null ? found.entities.length === 0 : offset + maxPerPage >= found.total;
  }
  const at = ids.indexOf(page.after);
  const start = at + 1;
  const shown = ids.slice(start, start + page.size).map((id) => loaders.load(list.resource, id, fields));
  return {
    entities: (await Promise.all(shown)).filter((entity) => entity !== null),
    hasMore: ids.length > start + page.size,
    foundAfter: at !== -1,
    foundBefore: false,
    total,
  };
}
