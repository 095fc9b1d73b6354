// Owns finding what appeared or is gone where only a total tells: by halving the time in which the totals differ.

import { addSeconds } from '../loaders/keyset.ts';
import type { Query } from '../loaders/reader.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { Edit } from './facts.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import type { TypeState } from './type-state.ts';

/** A span of time by the site's clock; both ends are outside of it. */
interface Span {
  readonly after?: string;
  readonly before?: string;
}

/** Reads only where WordPress counts otherwise than what is known. `total`: of the whole type. */
export async function reconcile(state: TypeState, read: ReadRows, total: number): Promise<Edit[]> {
  const { resource, known, fields } = state;

  function knownIn({ after = '', before = '~' }: Span): [number, string][] {
    const found: [number, string][] = [];
    for (const [id, { date }] of known.facts) {
      if (typeof date === 'string' && date > after && date < before) found.push([id, date]);
    }
    return found.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  async function readAll(span: Span): Promise<Edit[]> {
    const edits: (Edit | null)[] = [];
    const shown = new Set<number>();
    let isWhole = true;
    for (let offset = 0, count = maxPerPage; count === maxPerPage; offset += maxPerPage) {
      const query: Query = { ...span, orderby: 'id', order: 'asc', per_page: maxPerPage, offset, _fields: fields };
      const { rows, isPartial = false } = await read(resource.route, query);
      isWhole &&= !isPartial;
      for (const row of rows) {
        shown.add(idOf(row));
        edits.push(state.take(row));
      }
      count = rows.length;
    }
    for (const [id] of isWhole ? knownIn(span) : []) if (!shown.has(id)) edits.push(state.lose(id));
    return edits.filter((edit) => edit !== null);
  }

  async function search(span: Span, shown: number): Promise<Edit[]> {
    const own = knownIn(span);
    if (own.length === shown) return [];
    const [, middle = ''] = own[Math.floor((own.length - 1) / 2)] ?? [];
    const [, last = ''] = own.at(-1) ?? [];
    if (Math.max(own.length, shown) <= maxPerPage || middle === last) return readAll(span);
    const early: Span = { ...span, before: addSeconds(middle, 1) };
    const counted = await read(resource.route, { ...early, per_page: 1, _fields: ['id'] });
    if (counted.total === null) return readAll(span);
    const found = await search(early, counted.total);
    return [...found, ...(await search({ ...span, after: middle }, shown - counted.total))];
  }

  return search({}, total);
}
