// Owns what a watched kind is, and reading one for the first time: all of it, by id.

import type { RestObject } from '../cache/fields-record.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { Edit } from './facts.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import type { TypeState } from './type-state.ts';

/** A kind of thing that is asked for changes. */
export interface Watched {
  /** Name for the log. */
  readonly name: string;
  /** Asks once, for little; for more only where that shows a change, or at the first time. */
  probe(): Promise<Edit[]>;
}

/** All of a type. */
export interface Whole {
  /** What was not known before. */
  readonly edits: readonly Edit[];
  readonly total: number | null;
  /** WordPress's clock at the first request. */
  readonly startedMs: number;
}

/** Reads all of a type, and forgets what is not there. A type of more than fits in memory stays incomplete. */
export async function readWhole(
  state: TypeState,
  read: ReadRows,
  take: (row: RestObject, nowMs: number) => Edit | null = state.take,
): Promise<Whole> {
  const { resource, known, fields } = state;
  const edits: Edit[] = [];
  const shown = new Set<number>();
  let total: number | null = null;
  let isPartial = false;
  let startedMs = Number.POSITIVE_INFINITY;
  for (let page = 1, isEnd = false; !isEnd; page += 1) {
    const query = { orderby: 'id', order: 'asc', per_page: maxPerPage, page, _fields: fields };
    const found = await read(resource.route, query);
    total = found.total;
    isPartial ||= found.isPartial === true;
    startedMs = Math.min(startedMs, found.nowMs);
    for (const row of found.rows) {
      const edit = take(row, found.nowMs);
      if (edit) edits.push(edit);
      if (idOf(row) > 0) shown.add(idOf(row));
    }
    // Rows that are not shown leave gaps: only the total tells the last page.
    isEnd = total === null ? found.rows.length < maxPerPage : page * maxPerPage >= total;
    if (known.isTooMuch) return { edits, total, startedMs };
  }
  for (const id of [...known.facts.keys()]) {
    const gone = shown.has(id) || isPartial ? null : state.lose(id);
    if (gone) edits.push(gone);
  }
  known.isComplete = true;
  return { edits, total, startedMs };
}
