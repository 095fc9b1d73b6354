// Owns noticing changes of terms: the names and addresses of all taxonomies by one search, the rest in turn.

import { maxPerPage } from '../wordpress/resources.ts';
import { differences, type Edit } from './facts.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import { readWhole, type Watched } from './read-whole.ts';
import type { TypeState } from './type-state.ts';

const searchRoute = 'wp/v2/search';

/** Turns of the search after which a taxonomy is read whole: a search does not tell descriptions. */
const wholeEvery = 5;

/** Watches the terms of all taxonomies. */
export function watchTerms(states: readonly TypeState[], read: ReadRows): Watched {
  const shown = new Map<number, string>();
  let total: number | null = null;
  let page = 1;
  let turn = 0;

  async function readOne(state: TypeState): Promise<Edit[]> {
    const isFirst = !state.known.isComplete;
    const { edits } = await readWhole(state, read);
    return isFirst ? [] : edits.filter(isChanged);
  }

  /** Taxonomies of which a page of the search shows something else than before. */
  async function search(): Promise<ReadonlySet<string> | 'all'> {
    const query = { type: 'term', subtype: 'any', per_page: maxPerPage, page };
    const found = await read(searchRoute, { ...query, _fields: ['id', 'title', 'url', 'subtype', 'type'] });
    const changed = new Set<string>();
    for (const row of found.rows) {
      const text = JSON.stringify([row['title'], row['url']]);
      const known = shown.get(idOf(row));
      if (known !== undefined && known !== text) changed.add(String(row['subtype'] ?? row['type']));
      shown.set(idOf(row), text);
    }
    const isOther = total !== null && found.total !== total;
    total = found.total;
    page = total !== null && page * maxPerPage < total ? page + 1 : 1;
    return isOther ? 'all' : changed;
  }

  return {
    name: 'terms',
    async probe() {
      for (const state of states) if (!state.known.isComplete && !state.known.isTooMuch) await readOne(state);
      turn += 1;
      const due = turn % wholeEvery === 0 ? states[(turn / wholeEvery) % states.length] : undefined;
      if (due) return readOne(due);
      const changed = await search();
      const edits: Edit[] = [];
      for (const state of states) {
        const isDue = changed === 'all' || changed.has(state.resource.name);
        if (isDue) edits.push(...(await readOne(state)));
      }
      return edits;
    },
  };
}

/** Counts change with the content: whoever notices that knows it sooner. */
function isChanged({ before, after }: Edit): boolean {
  return !before || !after || differences(before, after).some((name) => name !== 'count');
}
