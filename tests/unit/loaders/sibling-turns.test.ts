// Owns the test of how fast many siblings go on: others have their turn among them.

import { expect, it } from 'vitest';
import { createAskMany } from '../../../src/loaders/ask-many.ts';
import type { Entity } from '../../../src/loaders/entity.ts';
import type { ListSpec } from '../../../src/loaders/list-spec.ts';
import { createSiblingPages } from '../../../src/loaders/siblings.ts';
import { createPace } from '../../../src/pace.ts';
import { rowResource } from '../../support/row-loaders.ts';

const resource = rowResource();
const newest = { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } } as const;

function childrenOf(parent: number): ListSpec {
  return {
    resource,
    filters: { parent: [parent] },
    order: { by: [{ key: newest, direction: 'desc' }] },
    keep: [],
    scanLimit: 100,
    siblings: { filter: 'parent', path: 'parent', takesMany: true },
  };
}

it('heeds the pace for each of them: with its family, among its rows, and when all are there', async () => {
  const rows = [1, 2].map((id): Entity => ({ resource, id, data: { parent: id, date: '2025-01-01T00:00:00' } }));
  let times = 0;
  const pause = () => {
    times += 1;
    return undefined;
  };
  const siblingPage = createSiblingPages({
    askMany: createAskMany()({ maySearch: () => true }),
    list: async () => ({ entities: rows, total: rows.length, asked: rows.length, isKnown: false }),
    load: async () => null,
    schedule: (dispatch) => void setImmediate(dispatch),
    pace: { ...createPace(), pause },
  });
  const wanted = Array.from({ length: 200 }, (_, index) => 1 + (index % 2));
  const page = { size: 10, direction: 'forward' } as const;
  const windows = await Promise.all(wanted.map((parent) => siblingPage(childrenOf(parent), page, ['id'])));
  expect(windows.map((window) => window?.entities.map(({ id }) => id))).toEqual(wanted.map((id) => [id]));
  expect(times).toBeGreaterThanOrEqual(3 * wanted.length);
});
