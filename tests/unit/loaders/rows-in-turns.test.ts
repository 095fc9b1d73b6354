// Owns the tests of what is done to all rows of a list: it comes to what arrays make of them, and others have their turn.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Entity } from '../../../src/loaders/entity.ts';
import type { Keep } from '../../../src/loaders/list-spec.ts';
import type { Sorts } from '../../../src/loaders/order.ts';
import { keepRows, sortRows } from '../../../src/loaders/rows-in-turns.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const resource = rowResource();

function toRows(ids: readonly number[]): Entity[] {
  return ids.map((id, place): Entity => ({ resource, id, data: { place } }));
}

const byId = (a: Entity, b: Entity) => a.id - b.id;

/** A pace that counts how often it was heeded, and for how many parts. */
function createCountedPace() {
  const { pace } = createTrace();
  const parts: number[] = [];
  const pause = (part = 1) => {
    parts.push(part);
    return undefined;
  };
  return { pace: { ...pace, pause }, parts: () => parts, times: () => parts.length };
}

it('sorts as arrays do, ties as they were', async () => {
  const { pace } = createCountedPace();
  const ids = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300, size: 'max' });
  await fc.assert(
    fc.asyncProperty(ids, async (given) => {
      const rows = toRows(given);
      expect(await sortRows(pace, rows, byId)).toEqual([...rows].sort(byId));
    }),
  );
});

it('keeps what all conditions leave', async () => {
  const { pace } = createCountedPace();
  const keepOf = (test: Keep['test']): Keep => ({ argument: 'some', fields: [], test });
  const keep = [keepOf(({ id }) => id % 2 === 0), keepOf(({ id }) => id % 3 === 0)];
  const rows = toRows(Array.from({ length: 100 }, (_, id) => id));
  expect(await keepRows(pace, rows, keep)).toEqual(rows.filter(({ id }) => id % 6 === 0));
});

it.each([
  ['ranked', 1000, { orderby: null, path: 'menu_order', kind: 'number' }],
  ['scanned', 950, { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } }],
] as const)('gives way among the rows of a list: %s', async (_how, scanLimit, key) => {
  const rows = Array.from(
    { length: 1000 },
    (_, id): Row => ({
      ...{ id: id + 1, parent: 0, menu_order: (id * 7) % 13, isHidden: false },
      date: new Date(Date.UTC(2025, 0, 1) - 60_000 * id).toISOString().slice(0, 19),
    }),
  );
  const { pace, times } = createCountedPace();
  const loaders = { ...openRowLoaders(rows, 1).loaders, pace };
  const keep: Keep[] = [{ argument: 'some', fields: [], test: ({ id }) => id % 80 === 0 }];
  const list = { resource, filters: {}, order: { by: [{ key, direction: 'desc' }] }, keep, scanLimit } as const;
  const window = await loadWindow(loaders, list, { size: 10, direction: 'forward' }, ['id']);
  expect(window.entities).toHaveLength(10);
  expect(times()).toBeGreaterThan(880 / 25);
});

it('counts the rows that only the database can sort, before they are sorted by more', async () => {
  const rows = Array.from(
    { length: 1000 },
    (_, id): Row => ({ id: id + 1, parent: 0, menu_order: id % 13, isHidden: false, date: '2025-01-01T00:00:00' }),
  );
  const { pace, parts } = createCountedPace();
  const loaders = { ...openRowLoaders(rows, 1).loaders, pace };
  const title = { orderby: 'menu_order', path: 'menu_order', kind: 'collated' } as const;
  const counted = { orderby: null, path: 'parent', kind: 'number' } as const;
  const by: Sorts = [
    { key: counted, direction: 'asc' },
    { key: title, direction: 'desc' },
  ];
  const list = { resource, filters: {}, order: { by }, keep: [], scanLimit: 1000 };
  const window = await loadWindow(loaders, list, { size: 10, direction: 'forward' }, ['id']);
  expect(window.entities).toHaveLength(10);
  expect(parts().filter((part) => part === 1000 / 25)).toHaveLength(3);
});
