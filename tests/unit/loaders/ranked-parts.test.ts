// Owns the tests of lists that are read in parts: of what can no longer be read, little is made.

import { expect, it, vi } from 'vitest';
import { LimitError } from '../../../src/errors.ts';
import { createLimits } from '../../../src/limits.ts';
import type { ListSpec } from '../../../src/loaders/list-spec.ts';
import type { Loaders } from '../../../src/loaders/loaders.ts';
import { rankedWindow } from '../../../src/loaders/ranked.ts';
import { createTrace, traced } from '../../../src/loaders/trace.ts';
import { openRowLoaders, rowResource } from '../../support/row-loaders.ts';

const given = Array.from({ length: 4700 }, (_, index) => index + 1);
const list: ListSpec = { resource: rowResource(), filters: {}, order: { given }, keep: [], scanLimit: 5000 };

it('asks for no more parts after one that failed', async () => {
  const limit = new LimitError('No more.', { name: 'upstreamCalls', max: 1 });
  const refuse = vi.fn<Loaders['list']>(async () => {
    throw limit;
  });
  const loaders = { ...openRowLoaders([], 1).loaders, list: refuse };
  await expect(rankedWindow(loaders, list, { size: 10, direction: 'forward' }, ['id'])).rejects.toBe(limit);
  expect(refuse.mock.calls.length).toBeLessThan(5);
});

it('asks for all parts before the first answer', async () => {
  const answers: (() => void)[] = [];
  const wait: Loaders['list'] = async () => {
    await new Promise<void>((resolve) => answers.push(resolve));
    return { entities: [], total: 0, asked: 0, isKnown: false };
  };
  const loaders = { ...openRowLoaders([], 1).loaders, list: wait };
  const window = rankedWindow(loaders, list, { size: 10, direction: 'forward' }, ['id']);
  await vi.waitFor(() => expect(answers).toHaveLength(47));
  for (const answer of answers) answer();
  expect((await window).entities).toEqual([]);
});

it('prints no request that may not be made', async () => {
  const trace = createTrace({ limits: createLimits({ upstreamCalls: 1 }) });
  const print = vi.fn(() => 'GET /');
  const read = async () => ({});
  await traced(trace, print, read);
  await expect(traced(trace, print, read)).rejects.toThrow(LimitError);
  expect(print).toHaveBeenCalledTimes(1);
});

it('reads a whole list once for all who want it, until something is written', async () => {
  const { loaders: all } = openRowLoaders([], 1);
  const read = vi.fn(all.list);
  const loaders = { ...all, list: read };
  const whole = {
    ...list,
    order: { by: [{ key: { orderby: null, path: 'menu_order', kind: 'number' }, direction: 'asc' }] },
  } as const;
  const page = { size: 10, direction: 'forward' } as const;
  await Promise.all(['id', 'slug'].map((field) => rankedWindow(loaders, whole, page, [field])));
  await rankedWindow(loaders, whole, page, ['id']);
  expect(read).toHaveBeenCalledTimes(1);
  await rankedWindow(loaders, { ...whole, filters: { author: 1 } }, page, ['id']);
  expect(read).toHaveBeenCalledTimes(2);
  loaders.forget();
  await rankedWindow(loaders, whole, page, ['id']);
  expect(read).toHaveBeenCalledTimes(3);
});
