// Owns the window: which entities of an ordered list a page shows, in the fewest requests that lose and repeat none.

import { UserError } from '../errors.ts';
import { keysetWindow } from './keyset.ts';
import { type Fields, isKeyset, type ListSpec, type PageSpec, type Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { offsetWindow } from './offset.ts';
import { edgeWindow, rankedWindow, takesOffset } from './ranked.ts';
import { scannedWindow } from './scanned.ts';
import { walkedWindow } from './walked.ts';

/** Loads a page of a list. */
export async function loadWindow(loaders: Loaders, list: ListSpec, page: PageSpec, fields: Fields): Promise<Window> {
  const window = await findWindow(loaders, list, page, fields);
  loaders.show(window.entities);
  return window;
}

async function findWindow(loaders: Loaders, list: ListSpec, page: PageSpec, fields: Fields): Promise<Window> {
  if (page.size === 0) return { entities: [], hasMore: false, foundAfter: false, foundBefore: false, total: null };
  const shared = list.siblings ? await loaders.siblingPage(list, page, fields) : null;
  if (shared) return shared;
  const sort = 'by' in list.order && list.order.by.length === 1 ? list.order.by[0] : undefined;
  const isLocal = list.keep.length > 0 || sort === undefined || sort.key.orderby === null;
  if (isLocal) {
    const ranked = rankedWindow(loaders, list, page, fields);
    if (!sort || !isKeyset(sort.key) || page.offset !== undefined) return ranked;
    const timed = { ...sort, key: sort.key };
    return ranked.catch((error: unknown) => {
      if (!(error instanceof UserError && error.code === 'LIMIT_EXCEEDED')) throw error;
      return scannedWindow(loaders, list, timed, page, fields);
    });
  }
  const { offset } = page;
  if (offset !== undefined && takesOffset(list.resource)) {
    return offsetWindow(loaders, list, sort, { ...page, offset }, fields);
  }
  if (sort.key.orderby === 'relevance') {
    // How relevant something is has no other end to begin from.
    return page.direction === 'forward'
      ? walkedWindow(loaders, list, sort, page, fields)
      : rankedWindow(loaders, list, page, fields);
  }
  if (isKeyset(sort.key)) return keysetWindow(loaders, list, { ...sort, key: sort.key }, page, fields);
  if (page.after === undefined && page.before === undefined && !offset) {
    const window = await edgeWindow(loaders, list, sort, page, fields);
    if (window) return window;
  }
  return rankedWindow(loaders, list, page, fields);
}
