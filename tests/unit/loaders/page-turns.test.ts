// Owns the test of pages that come in one turn: what is made of each waits for its turn.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { openRowLoaders, rowResource } from '../../support/row-loaders.ts';

it('makes entities of some pages at a time', async () => {
  const rows = [{ id: 1, parent: 0, date: '2025-01-01T00:00:00', menu_order: 0, isHidden: false }];
  const { loaders } = openRowLoaders(rows, 1);
  const pause = vi.spyOn(loaders.pace, 'pause').mockImplementation(async () => void (await nextTurn()));
  const lists = Array.from({ length: 40 }, (_, page) => ({ orderby: 'id', order: 'asc', per_page: 100 + page }));
  const found = await Promise.all(lists.map((query) => loaders.list(rowResource(), query, ['id'], null)));
  expect(found.map(({ entities }) => entities.length)).toEqual(lists.map(() => 1));
  // One before each is asked for, and one when it comes.
  expect(pause.mock.calls.filter(([parts]) => parts === undefined)).toHaveLength(80);
});
