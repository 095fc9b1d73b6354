// Owns sibling lists: what one request tells of many lists is what a request for each would tell.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListSpec, PageSpec } from '../../../src/loaders/list-spec.ts';
import type { Loaders } from '../../../src/loaders/loaders.ts';
import type { Sort } from '../../../src/loaders/order.ts';
import { loadWindow } from '../../../src/loaders/window.ts';
import { type FailureOf, openRowLoaders, type Row, rowResource } from '../../support/row-loaders.ts';

const pages = rowResource();

const byDate = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;
const byOrder = { orderby: 'menu_order', path: 'menu_order', kind: 'number' } as const;

function listOf(parent: number, sort: Sort, siblings?: ListSpec['siblings']): ListSpec {
  const spec = {
    resource: pages,
    filters: { parent: [parent] },
    order: { by: [sort] },
    keep: [],
    scanLimit: 5000,
  } as const;
  return siblings ? { ...spec, siblings } : spec;
}

async function readAll(loaders: Loaders, lists: readonly ListSpec[], page: PageSpec) {
  const windows = await Promise.all(lists.map((list) => loadWindow(loaders, list, page, ['title'])));
  return windows.map(({ entities, ...rest }) => ({ ids: entities.map(({ id }) => id), ...rest }));
}

const day = (number: number) => `2025-01-${String(1 + number).padStart(2, '0')}T00:00:00`;

const site = fc
  .record({
    sizes: fc.array(fc.oneof(fc.nat(6), fc.nat(60), fc.constant(130)), { minLength: 2, maxLength: 8 }),
    days: fc.integer({ min: 1, max: 28 }),
    hidden: fc.constantFrom(0, 0, 7),
    seed: fc.nat(),
  })
  .map(({ sizes, days, hidden, seed }) => {
    let id = 0;
    const rows = sizes.flatMap((size, parent) =>
      Array.from({ length: size }, (): Row => {
        id += 1;
        const mixed = Math.imul(id, 2_654_435_761 ^ seed) >>> 8;
        const isHidden = hidden > 0 && mixed % hidden === 0;
        return { id, parent: parent + 1, date: day(mixed % days), menu_order: mixed % 5, isHidden };
      }),
    );
    return { rows, parents: sizes.map((_, parent) => parent + 1), hasHidden: hidden > 0, seed };
  });

const page = fc.record({ size: fc.integer({ min: 1, max: 30 }), direction: fc.constantFrom('forward', 'backward') });
const sort = fc.record({
  key: fc.constantFrom(byDate, byOrder),
  direction: fc.constantFrom('asc', 'desc'),
  ties: fc.constantFrom('asc', 'desc'),
});

describe('sibling lists', () => {
  it.each([
    [true, false],
    [true, true],
    [false, false],
  ])('are as by themselves, with the ids in the filter: %s, and long: %s', async (takesMany, areLong) => {
    const siblings = { filter: 'parent', path: 'parent', takesMany, areLong };
    await fc.assert(
      fc.asyncProperty(site, page, sort, async ({ rows, parents, hasHidden, seed }, pageSpec, order) => {
        const [together, single] = [openRowLoaders(rows, seed), openRowLoaders(rows, seed + 1)];
        const shared = await readAll(
          together.loaders,
          parents.map((id) => listOf(id, order, siblings)),
          pageSpec,
        );
        const byKey = (a: Row, b: Row) => {
          const [left, right] = [a[order.key.path], b[order.key.path]];
          const sign = order.direction === 'asc' ? 1 : -1;
          if (left !== right) return left < right ? -sign : sign;
          return order.ties === 'asc' ? a.id - b.id : b.id - a.id;
        };
        for (const [index, parent] of parents.entries()) {
          const ids = rows
            .filter((row) => row.parent === parent && !row.isHidden)
            .sort(byKey)
            .map(({ id }) => id);
          const { size, direction } = pageSpec;
          expect(shared[index]?.ids).toEqual(direction === 'forward' ? ids.slice(0, size) : ids.slice(-size));
        }
        if (hasHidden) return;
        const alone = await readAll(
          single.loaders,
          parents.map((id) => listOf(id, order)),
          pageSpec,
        );
        expect(shared.map((window, index) => ({ ...window, total: window.total ?? alone[index]?.total }))).toEqual(
          alone,
        );
      }),
      { numRuns: 150 },
    );
  });

  const siblings = { filter: 'parent', path: 'parent', takesMany: true };
  const rowsOf = (sizes: readonly number[], dayOf = (parent: number, index: number) => (parent + index) % 28) =>
    sizes.flatMap((size, parent) =>
      Array.from({ length: size }, (_, index): Row => {
        const id = 1000 * (parent + 1) + index;
        return { id, parent: parent + 1, date: day(dayOf(parent, index)), menu_order: 0, isHidden: false };
      }),
    );
  const newest: Sort = { key: byDate, direction: 'desc' };
  const firstFive: PageSpec = { size: 5, direction: 'forward' };

  async function requestsFor(rows: readonly Row[], parents: number, failureOf?: FailureOf) {
    const { loaders, requests } = openRowLoaders(rows, 1, failureOf);
    const lists = Array.from({ length: parents }, (_, parent) => listOf(parent + 1, newest, siblings));
    const windows = await readAll(loaders, lists, firstFive);
    return { windows, requests: requests.map(({ query }) => [query?.['parent']].flat().join()) };
  }

  it('cost one request where all of them fit into it', async () => {
    const { windows, requests } = await requestsFor(rowsOf([3, 0, 12, 40]), 4);
    expect(requests).toEqual(['1,2,3,4']);
    expect(windows.map(({ total }) => total)).toEqual([3, 0, 12, 40]);
  });

  it('are those whose other filters are the same, however long', async () => {
    const { loaders, requests } = openRowLoaders(rowsOf([2, 2, 2, 2]), 1);
    const text = 'x'.repeat(10_000);
    const lists = [text, `${text}y`, text, `${text}y`].map((search, parent) => {
      const list = listOf(parent + 1, newest, siblings);
      return { ...list, filters: { ...list.filters, search } };
    });
    await readAll(loaders, lists, firstFive);
    expect(requests.map(({ query }) => [query?.['parent'], String(query?.['search']).length])).toEqual([
      [['1', '3'], 10_000],
      [['2', '4'], 10_001],
    ]);
  });

  it('cost one request where the newest of each fit into it', async () => {
    const { windows, requests } = await requestsFor(rowsOf([400, 400, 400]), 3);
    expect(requests).toEqual(['1,2,3']);
    expect(windows.map(({ hasMore, total }) => [hasMore, total])).toEqual(Array(3).fill([true, null]));
  });

  it('cost one request for as many as fit into it, and one for what is shown, where they are long', async () => {
    const { loaders, requests } = openRowLoaders(
      rowsOf(Array(24).fill(40), (_, index) => index % 28),
      1,
    );
    const long = { ...siblings, areLong: true };
    const lists = Array.from({ length: 24 }, (_, parent) => listOf(parent + 1, newest, long));
    const windows = await readAll(loaders, lists, firstFive);
    expect(windows.map(({ ids, hasMore }) => [ids.length, hasMore])).toEqual(Array(24).fill([5, true]));
    const [shared, shown] = [true, false].map((isShared) =>
      requests.filter(({ query }) => (query?.['parent'] !== undefined) === isShared),
    );
    expect(shared?.map(({ query }) => [[query?.['parent']].flat().length, query?.['_fields']])).toEqual([
      [12, ['date', 'id', 'parent']],
      [12, ['date', 'id', 'parent']],
    ]);
    expect(shown?.map(({ query }) => query?.['_fields'])).toEqual([
      ['id', 'title'],
      ['id', 'title'],
    ]);
  });

  it('cost one more where one of them is longer than all others', async () => {
    const dayOf = (parent: number, index: number) => (parent === 0 ? 10 + (index % 18) : index);
    const { requests } = await requestsFor(rowsOf([300, 2, 3, 4], dayOf), 4);
    expect(requests).toEqual(['1,2,3,4', '2,3,4']);
  });

  it('are asked in parts where they are many with a little each', async () => {
    const { requests } = await requestsFor(rowsOf(Array(60).fill(4)), 60);
    expect(requests.length).toBeLessThanOrEqual(6);
  });

  it('are asked for one by one where WordPress refuses several ids', async () => {
    const { windows, requests } = await requestsFor(rowsOf([3, 8]), 2, ({ length }) =>
      length > 1 ? 'UPSTREAM_REFUSED' : null,
    );
    expect(requests.slice(0, 3)).toEqual(['1,2', '1', '2']);
    expect(windows.map(({ ids }) => ids.length)).toEqual([3, 5]);
  });

  it('are no siblings where there is only one', async () => {
    const { requests } = await requestsFor(rowsOf([3]), 1);
    expect(requests).toEqual(['1']);
  });

  it('fail together, and are not asked for again', async () => {
    const { loaders, requests } = openRowLoaders(rowsOf([1, 1]), 1, () => 'UPSTREAM_UNAVAILABLE');
    const windows = [1, 2].map((id) => loadWindow(loaders, listOf(id, newest, siblings), firstFive, []));
    const outcomes = await Promise.allSettled(windows);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(requests).toHaveLength(1);
  });

  it('fail by themselves where one of them does, and leave what another request brings', async () => {
    const fails = (parents: readonly number[]) => (parents.includes(3) ? 'UPSTREAM_ERROR' : null);
    const { loaders, requests } = openRowLoaders(rowsOf(Array(24).fill(2)), 1, fails);
    const long = { ...siblings, areLong: true };
    const windows = items(24).map((id) => loadWindow(loaders, listOf(id, newest, long), firstFive, []));
    const outcomes = await Promise.allSettled(windows);
    expect(outcomes.map(({ status }) => status)).toEqual(items(24).map((id) => (id === 3 ? 'rejected' : 'fulfilled')));
    expect(requests.flatMap(({ query }) => [query?.['parent'] ?? []].flat().join() || [])).toEqual([
      items(12).join(),
      items(24).slice(12).join(),
      ...['1,2,3,4,5,6', '7,8,9,10,11,12', '1,2,3', '4,5,6', '1,2', '3'],
    ]);
  });
});

const items = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
