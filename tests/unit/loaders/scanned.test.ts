// Owns lists that are filtered here and too long to be read whole: their pages are found all the same, or refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListSpec, PageSpec } from '../../../src/loaders/list-spec.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const byDate = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;

/** Four rows a minute, newest first. */
function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, index): Row => {
    const date = new Date(Date.UTC(2025, 0, 1) - 60_000 * Math.floor(index / 4)).toISOString().slice(0, 19);
    return {
      id: index % 4 === 0 ? index + 10_000 : index + 1,
      parent: 0,
      date,
      menu_order: index % 7,
      isHidden: false,
    };
  });
}

function listOf(test: (row: Row) => boolean, rows: readonly Row[], scanLimit: number): ListSpec {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    resource: rowResource(),
    filters: {},
    order: { by: [{ key: byDate, direction: 'desc' }] },
    keep: [
      {
        argument: 'some',
        fields: ['menu_order'],
        test: ({ id }) => {
          const row = byId.get(id);
          return row !== undefined && test(row);
        },
      },
    ],
    scanLimit,
  };
}

const rows = rowsOf(900);
const inOrder = [...rows].sort((a, b) => (a.date === b.date ? b.id - a.id : a.date < b.date ? 1 : -1));

describe('a list that is filtered here and longer than the gateway reads', () => {
  it('has the pages of the whole list, from either end and from any cursor', async () => {
    const kept = inOrder.filter((row) => row.menu_order === 3).map(({ id }) => id);
    const page = fc.record({
      size: fc.integer({ min: 1, max: 20 }),
      direction: fc.constantFrom('forward', 'backward'),
      at: fc.option(fc.nat(kept.length - 1)),
    });
    await fc.assert(
      fc.asyncProperty(page, fc.nat(), async ({ size, direction, at }, seed) => {
        const { loaders } = openRowLoaders(rows, seed);
        const isForward = direction === 'forward';
        const id = kept[at ?? -1];
        const cursor = id === undefined ? {} : isForward ? { after: id } : { before: id };
        const spec: PageSpec = { size, direction, ...cursor };
        const window = await loadWindow(
          loaders,
          listOf(({ menu_order }) => menu_order === 3, rows, 800),
          spec,
          [],
        );
        const rest = at === null ? kept : isForward ? kept.slice(at + 1) : kept.slice(0, at);
        expect(window.entities.map(({ id }) => id)).toEqual(isForward ? rest.slice(0, size) : rest.slice(-size));
        expect(window.hasMore).toBe(rest.length > size);
        expect([window.foundAfter, window.foundBefore]).toEqual([at !== null && isForward, at !== null && !isForward]);
      }),
      { numRuns: 60 },
    );
  });

  it('is read only until its page is full', async () => {
    const { loaders, requests } = openRowLoaders(rows, 1);
    const list = listOf(() => true, rows, 800);
    await loadWindow(loaders, list, { size: 5, direction: 'forward' }, []);
    // To learn that it is too long, and the rows themselves.
    expect(requests.filter(({ query }) => query?.['include'] === undefined).length).toBeLessThanOrEqual(3);
  });

  it('is refused where the bound does not reach', async () => {
    const { loaders } = openRowLoaders(rows, 1);
    const last = inOrder.at(-1);
    const list = listOf(({ id }) => id === last?.id, rows, 300);
    await expect(loadWindow(loaders, list, { size: 1, direction: 'forward' }, [])).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('where.some'),
    });
  });
});
