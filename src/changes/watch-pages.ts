// Owns noticing changes of what WordPress lists without their times, terms and users: as they are, a page at a time.

import type { RestObject } from '../cache/fields-record.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import { differences, type Edit } from './facts.ts';
import { type Before, missedEdits, nothingBefore } from './missed.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import type { Watched } from './read-whole.ts';
import { createTotalCheck } from './total-check.ts';
import type { TypeState } from './type-state.ts';

/** Watches a type by its rows, and by the total what came or went on other pages. Of what does not fit in memory, the total. */
export function watchPages(state: TypeState, read: ReadRows, before: Before = nothingBefore): Watched {
  const { resource, known, fields } = state;
  const total = createTotalCheck(state, read);
  let page = 1;

  /** What is known to have been on a page and is not there. */
  function lostOf(rows: readonly RestObject[], isFirst: boolean, isLast: boolean): (Edit | null)[] {
    const shown = new Set(rows.map(idOf));
    const from = isFirst ? 0 : Math.min(...shown);
    const to = isLast ? Number.POSITIVE_INFINITY : Math.max(...shown);
    return [...known.facts.keys()].filter((id) => id >= from && id <= to && !shown.has(id)).map(state.lose);
  }

  return {
    name: resource.plural,
    async probe() {
      if (!known.isComplete && !known.isTooMuch) {
        const ageMs = before.ageMs();
        return missedEdits(state, await total.first(), ageMs, before);
      }
      const own = page;
      const query = { orderby: 'id', order: 'asc', per_page: maxPerPage, page: own, _fields: fields };
      const { rows, isPartial, total: counted } = await read(resource.route, query);
      const isLast = counted === null ? rows.length < maxPerPage : own * maxPerPage >= counted;
      page = isLast ? 1 : own + 1;
      const edits: (Edit | null)[] = [];
      if (known.isComplete && rows.length > 0) {
        edits.push(...rows.map(state.take), ...(isPartial ? [] : lostOf(rows, own === 1, isLast)));
      }
      edits.push(...(await total.check(counted)));
      return edits.filter((edit) => edit !== null).filter(isChange);
    },
  };
}

/** Counts change with the content: whoever notices that knows it sooner. */
function isChange({ before, after }: Edit): boolean {
  return !before || !after || differences(before, after).some((name) => name !== 'count');
}
