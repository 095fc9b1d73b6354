// Owns noticing changes of users: those that the public sees are few, and read whole, a page at a time.

import { maxPerPage } from '../wordpress/resources.ts';
import type { Edit } from './facts.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import { readWhole, type Watched } from './read-whole.ts';
import type { TypeState } from './type-state.ts';

/** Watches the users. */
export function watchUsers(state: TypeState, read: ReadRows): Watched {
  const { resource, known, fields } = state;
  let page = 1;
  let seen = new Set<number>();
  return {
    name: resource.plural,
    async probe() {
      if (!known.isComplete && !known.isTooMuch) {
        await readWhole(state, read);
        return [];
      }
      const query = { orderby: 'id', order: 'asc', per_page: maxPerPage, page, _fields: fields };
      const { rows, total } = await read(resource.route, query);
      const edits: (Edit | null)[] = rows.map(state.take);
      for (const row of rows) seen.add(idOf(row));
      const isEnd = total === null ? rows.length < maxPerPage : page * maxPerPage >= total;
      page = isEnd ? 1 : page + 1;
      if (isEnd) {
        for (const id of [...known.facts.keys()]) if (!seen.has(id)) edits.push(state.lose(id));
        seen = new Set();
      }
      return edits.filter((edit) => edit !== null);
    },
  };
}
