// Owns the largest pages by offset: with the rows at their edges they are more than one request brings.

import { expect, it } from 'vitest';
import type { ListSpec } from '../../../src/loaders/list-spec.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const byDate = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;
const byId = { orderby: 'id', path: 'id', kind: 'number' } as const;

/** Newest first, so many a minute. */
function rowsOf(tied: number): Row[] {
  return Array.from({ length: 350 }, (_, index) => {
    const date = new Date(Date.UTC(2025, 0, 1) - 60_000 * Math.floor(index / tied)).toISOString().slice(0, 19);
    return { id: 1000 - index, parent: 0, date, menu_order: 0, isHidden: false };
  });
}

const cases = [
  { name: 'times', key: byDate, tied: 1 },
  { name: 'times of three', key: byDate, tied: 3 },
  { name: 'ids', key: byId, tied: 1 },
].flatMap((given) => [true, false].map((tellsTotals) => ({ ...given, tellsTotals })));

it.each(cases)('are whole by $name, where totals are told: $tellsTotals', async ({ key, tied, tellsTotals }) => {
  const rows = rowsOf(tied);
  const ids = rows.map(({ id }) => id);
  const order = { by: [{ key, direction: 'desc' }] } as const;
  const list: ListSpec = { resource: rowResource(), filters: {}, order, keep: [], scanLimit: 1000 };
  for (const size of [98, 99, 100]) {
    for (const offset of [0, 1, 50, 249, 250, 251]) {
      const { loaders, requests } = openRowLoaders(rows, 7, undefined, tellsTotals);
      const { entities, hasMore } = await loadWindow(loaders, list, { size, offset, direction: 'forward' }, ['id']);
      expect(entities.map(({ id }) => id)).toEqual(ids.slice(offset, offset + size));
      expect(hasMore).toBe(offset + size < ids.length);
      // One for each group of ties that an edge cuts.
      expect(requests.length).toBeLessThanOrEqual(tied === 1 ? 2 : 4);
    }
  }
});
