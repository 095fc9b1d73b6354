// Owns lists that are sorted by several keys: their pages are those of the whole list, however many rows tie.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ListSpec, PageSpec } from '../../../src/loaders/list-spec.ts';
import { loadMergedWindow } from '../../../src/loaders/merged.ts';
import type { Sorts } from '../../../src/loaders/order.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const byDate = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;
const byOrder = { orderby: 'menu_order', path: 'menu_order', kind: 'number' } as const;

const site = fc.record({
  count: fc.integer({ min: 1, max: 330 }),
  days: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});
const orders = fc.tuple(
  fc.constantFrom(byDate, byOrder),
  fc.constantFrom('asc', 'desc'),
  fc.constantFrom('asc', 'desc'),
);

function rowsOf({ count, days, seed }: { count: number; days: number; seed: number }): Row[] {
  return Array.from({ length: count }, (_, index): Row => {
    const mixed = Math.imul(index + 1, 2_654_435_761 ^ seed) >>> 8;
    const date = `2025-01-0${1 + (mixed % days)}T00:00:00`;
    return { id: index + 1, parent: 0, date, menu_order: (mixed >>> 6) % 4, isHidden: false };
  });
}

function sortsOf([first, one, two]: [typeof byDate | typeof byOrder, 'asc' | 'desc', 'asc' | 'desc']): Sorts {
  const second = first === byDate ? byOrder : byDate;
  return [
    { key: first, direction: one },
    { key: second, direction: two },
  ];
}

function sorted(rows: readonly Row[], sorts: Sorts): number[] {
  const compare = (a: Row, b: Row) => {
    for (const { key, direction } of sorts) {
      const path = key.path === 'date' ? 'date' : 'menu_order';
      if (a[path] !== b[path]) return (a[path] < b[path] ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return b.id - a.id;
  };
  return [...rows].sort(compare).map(({ id }) => id);
}

function listOf(by: Sorts): ListSpec {
  return { resource: rowResource(), filters: {}, order: { by }, keep: [], scanLimit: 5000 };
}

const runs = { numRuns: 120 };

it('pages after and before any row, from either end', async () => {
  const pages = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    direction: fc.constantFrom('forward', 'backward'),
    at: fc.option(fc.nat(400)),
  });
  await fc.assert(
    fc.asyncProperty(site, orders, pages, async (given, order, { size, direction, at }) => {
      const [rows, sorts] = [rowsOf(given), sortsOf(order)];
      const ids = sorted(rows, sorts);
      const { loaders } = openRowLoaders(rows, given.seed);
      const isForward = direction === 'forward';
      const place = at === null ? null : at % ids.length;
      const id = place === null ? undefined : ids[place];
      const page: PageSpec = { size, direction, ...(id ? { [isForward ? 'after' : 'before']: id } : {}) };
      const window = await loadWindow(loaders, listOf(sorts), page, []);
      const rest = isForward ? ids.slice(place === null ? 0 : place + 1) : ids.slice(0, place ?? ids.length);
      const shown = isForward ? rest.slice(0, size) : rest.slice(-size);
      expect(window.entities.map((row) => row.id)).toEqual(shown);
      expect(window.hasMore).toBe(rest.length > size);
    }),
    runs,
  );
});

it('pages by offset, of one list and of several', async () => {
  const pages = fc.record({ size: fc.integer({ min: 1, max: 40 }), offset: fc.nat(340) });
  await fc.assert(
    fc.asyncProperty(site, orders, pages, async (given, order, { size, offset }) => {
      const [rows, sorts] = [rowsOf(given), sortsOf(order)];
      const ids = sorted(rows, sorts);
      const { loaders } = openRowLoaders(rows, given.seed);
      const page: PageSpec = { size, direction: 'forward', offset };
      const window = await loadWindow(loaders, listOf(sorts), page, []);
      expect(window.entities.map((row) => row.id)).toEqual(ids.slice(offset, offset + size));
      expect(window.hasMore).toBe(offset + size < ids.length);
      const halves = [0, 1].map((half) => ({
        ...listOf(sorts),
        filters: { include: ids.filter((id) => id % 2 === half) },
      }));
      if (halves.some(({ filters }) => filters.include.length === 0)) return;
      const merged = await loadMergedWindow(
        loaders,
        halves,
        page,
        () => [],
        async () => null,
      );
      expect(merged.entities.map((row) => row.id)).toEqual(ids.slice(offset, offset + size));
      expect(merged.hasMore).toBe(offset + size < ids.length);
    }),
    runs,
  );
});
