// Pages of a hundred of a longer list: one request where nobody can go on from them, and exact edges where somebody can.

import { expect, it } from 'vitest';
import type { ListSpec, PageSpec } from '../../../src/loaders/list-spec.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const byDate = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;

const byPlace = { orderby: 'menu_order', path: 'menu_order', kind: 'number' } as const;

/** Four rows a minute, newest first: the hundredth and the next ones tie. */
const rows = Array.from({ length: 350 }, (_, index): Row => {
  const date = new Date(Date.UTC(2025, 0, 1) - 60_000 * Math.floor((index + 2) / 4)).toISOString().slice(0, 19);
  return { id: 1000 - index, parent: 0, date, menu_order: 0, isHidden: false };
});
const list: ListSpec = {
  resource: rowResource(),
  filters: {},
  order: { by: [{ key: byDate, direction: 'desc' }] },
  keep: [],
  scanLimit: 1000,
};
const hundred: PageSpec = { size: 100, direction: 'forward' };

it('without a cursor costs one request', async () => {
  const { loaders, requests } = openRowLoaders(rows, 7);
  const { entities, hasMore } = await loadWindow(loaders, list, { ...hundred, isFinal: true }, ['id']);
  expect([entities.length, new Set(entities.map(({ id }) => id)).size, hasMore]).toEqual([100, 100, true]);
  expect(requests).toHaveLength(1);
});

it('with cursors lose and repeat nothing, at two requests a page', async () => {
  const { loaders, requests } = openRowLoaders(rows, 7);
  const ids: number[] = [];
  for (let after: number | undefined; ; after = ids.at(-1)) {
    const page = after === undefined ? hundred : { ...hundred, after };
    const before = requests.length;
    const { entities, hasMore } = await loadWindow(loaders, list, page, ['id']);
    // One more for the time of the cursor, since the cache keeps nothing here.
    expect(requests.length - before).toBeLessThanOrEqual(3);
    ids.push(...entities.map(({ id }) => id));
    if (!hasMore) break;
  }
  expect(ids).toEqual(rows.map(({ id }) => id));
});

it('finds what is shown behind a long run of what is not', async () => {
  const hidden = rows.map((row, index) => ({ ...row, isHidden: index < 300 }));
  const { loaders, requests } = openRowLoaders(hidden, 7);
  const { entities, hasMore } = await loadWindow(loaders, list, { size: 1, direction: 'forward' }, ['id']);
  expect([entities.map(({ id }) => id), hasMore]).toEqual([[700], true]);
  expect(requests.length).toBeLessThan(10);
});

it.each([
  ['by the time alone', []],
  ['by another key as well', [{ key: byPlace, direction: 'asc' } as const]],
])('loses nothing of a long group of ties where nobody tells totals, %s', async (_, others) => {
  const [{ date }] = rows as [Row];
  const tied = rows.map((row, index) => ({ ...row, date: index < 250 ? date : row.date, menu_order: index % 3 }));
  const sorted: ListSpec = { ...list, order: { by: [{ key: byDate, direction: 'desc' }, ...others] } };
  const expected = openRowLoaders(tied, 7);
  const { loaders } = openRowLoaders(tied, 7, undefined, false);
  const pagesOf = async (from: typeof loaders) => {
    const ids: number[] = [];
    for (let hasMore = true; hasMore; ) {
      const after = ids.at(-1);
      const page: PageSpec = { size: 40, direction: 'forward', ...(after === undefined ? {} : { after }) };
      const window = await loadWindow(from, sorted, page, ['id']);
      ids.push(...window.entities.map(({ id }) => id));
      hasMore = window.hasMore;
    }
    return ids;
  };
  const ids = await pagesOf(loaders);
  expect(new Set(ids).size).toBe(rows.length);
  expect(ids).toEqual(await pagesOf(expected.loaders));
});
