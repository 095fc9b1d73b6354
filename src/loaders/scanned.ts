// Owns pages of lists that are filtered here and longer than the gateway reads: rows are read only until the page is full.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { keysetWindow } from './keyset.ts';
import {
  type Fields,
  type KeysetSorts,
  type ListSpec,
  type PageSpec,
  scanLimitError,
  type Window,
} from './list-spec.ts';
import type { Loaders } from './loaders.ts';

/** Loads a page of a list sorted by a time first, from the page's own end of the list on. */
export async function scannedWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: KeysetSorts,
  page: PageSpec,
  fields: Fields,
): Promise<Window> {
  const { keep, scanLimit } = list;
  const lean = keep.flatMap((condition) => condition.fields);
  const isForward = page.direction === 'forward';
  const kept: Entity[] = [];
  let first: Window | undefined;
  let step: PageSpec = { ...page, size: maxPerPage - 1 };
  for (let read = 0, isEnd = false; !isEnd && kept.length <= page.size; read += maxPerPage) {
    if (read >= scanLimit) throw scanLimitError(list, null);
    const window = await keysetWindow(loaders, { ...list, keep: [] }, sorts, step, lean);
    first ??= window;
    const rows = isForward ? window.entities : window.entities.toReversed();
    kept.push(...rows.filter((row) => keep.every(({ test }) => test(row))));
    const last = rows.at(-1);
    isEnd = !window.hasMore || !last;
    if (last) step = { ...step, [isForward ? 'after' : 'before']: last.id };
  }
  const shown = kept.slice(0, page.size);
  const entities = await Promise.all(shown.map(({ id }) => loaders.load(list.resource, id, fields)));
  return {
    entities: (isForward ? entities : entities.reverse()).filter((entity) => entity !== null),
    hasMore: kept.length > page.size,
    foundAfter: first?.foundAfter ?? false,
    foundBefore: first?.foundBefore ?? false,
    total: null,
  };
}
