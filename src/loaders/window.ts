// Owns the window: which entities of an ordered list a page shows, in the fewest requests that lose and repeat none.

import { keysetWindow } from './keyset.ts';
import {
  type Fields,
  isKeyset,
  isScanLimit,
  type KeysetSorts,
  type ListSpec,
  type PageSpec,
  type Window,
} from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { offsetWindow } from './offset.ts';
import { edgeWindow, rankedWindow, takesOffset } from './ranked.ts';
import { nearRows, scannedWindow } from './scanned.ts';
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
  const sorts = 'by' in list.order ? list.order.by : undefined;
  const canSort = sorts?.every(({ key }) => key.orderby !== null) ?? false;
  if (!sorts || !canSort || list.keep.length > 0) {
    if (!sorts || !canSort || !isKeyset(sorts) || page.offset !== undefined) {
      return rankedWindow(loaders, list, page, fields);
    }
    return filteredWindow(loaders, list, sorts, page, fields);
  }
  const { offset } = page;
  if (offset !== undefined && takesOffset(list.resource)) {
    return offsetWindow(loaders, list, sorts, { ...page, offset }, fields);
  }
  const [sort] = sorts;
  if (sort.key.orderby === 'relevance') {
    // How relevant something is has no other end to begin from.
    return page.direction === 'forward'
      ? walkedWindow(loaders, list, sort, page, fields)
      : rankedWindow(loaders, list, page, fields);
  }
  if (isKeyset(sorts)) return keysetWindow(loaders, list, sorts, page, fields);
  if (page.after === undefined && page.before === undefined && !offset) {
    const window = await edgeWindow(loaders, list, sorts, page, fields);
    if (window) return window;
  }
  return rankedWindow(loaders, list, page, fields);
}

/** A page of a list sorted by a time that is filtered here. */
async function filteredWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: KeysetSorts,
  page: PageSpec,
  fields: Fields,
): Promise<Window> {
  const near = page.needsTotal ? null : await scannedWindow(loaders, list, sorts, page, fields, nearRows(page));
  if (near) return near;
  try {
    return await rankedWindow(loaders, list, page, fields);
  } catch (error) {
    if (!isScanLimit(error)) throw error;
    const window = await scannedWindow(loaders, list, sorts, page, fields, list.scanLimit);
    if (!window) throw error;
    return window;
  }
}
