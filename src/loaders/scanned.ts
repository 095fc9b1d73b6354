// Owns pages of lists that are filtered here and longer than the gateway reads: rows are read only until the page is full.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { type Cursors, keysetWindow } from './keyset.ts';
import type { Fields, KeysetSorts, ListSpec, PageSpec, Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import { keepRows } from './rows-in-turns.ts';

/** Rows to read at first: most conditions leave most rows, so that the page is among as many as it is long. */
export function nearRows({ size }: PageSpec): number {
  return maxPerPage * Math.ceil((size + 1) / rowsPerStep);
}

/** One row of each request shows whether more follow. */
const rowsPerStep = maxPerPage - 1;

/**
 * Loads a page of a list sorted by a time first, from the page's own end of the list on; null where it is not full after
 * as many rows as may be read. The cursors' entities may be of another list, where several are merged.
 */
export async function scannedWindow(
  loaders: Loaders,
  list: ListSpec,
  sorts: KeysetSorts,
  page: PageSpec,
  fields: Fields,
  maxRows: number,
  cursors?: Cursors,
): Promise<Window | null> {
  const { keep } = list;
  const lean = keep.flatMap((condition) => condition.fields);
  const isForward = page.direction === 'forward';
  const kept: Entity[] = [];
  let first: Window | undefined;
  let step: PageSpec = { ...page, size: rowsPerStep, isFinal: false };
  let from = cursors;
  let isEnd = false;
  for (let read = 0; !isEnd && kept.length <= page.size; read += maxPerPage) {
    if (read >= maxRows) return null;
    const window = await keysetWindow(loaders, { ...list, keep: [], reads: lean }, sorts, step, lean, from);
    first ??= window;
    const rows = isForward ? window.entities : window.entities.toReversed();
    kept.push(...(await keepRows(loaders.pace, rows, keep)));
    const last = rows.at(-1);
    isEnd = !window.hasMore || !last;
    if (last) {
      const end = isForward ? 'after' : 'before';
      step = { ...step, [end]: last.id };
      from = from && { ...from, [end]: last };
    }
  }
  const shown = kept.slice(0, page.size);
  const entities = await Promise.all(shown.map(({ id }) => loaders.load(list.resource, id, fields)));
  return {
    entities: (isForward ? entities : entities.reverse()).filter((entity) => entity !== null),
    hasMore: kept.length > page.size,
    foundAfter: first?.foundAfter ?? false,
    foundBefore: first?.foundBefore ?? false,
    // Every row was seen, from one end to the other.
    total: isEnd && page.after === undefined && page.before === undefined ? kept.length : null,
  };
}
