// Owns the tests of loading many things: some at a time, and none after one that failed.

import { expect, it, vi } from 'vitest';
import { loadInParts } from '../../../src/loaders/load-in-parts.ts';

const items = Array.from({ length: 2500 }, (_, index) => index);

it('waits for a part, and for its turn, before the next one', async () => {
  const events: (string | number)[] = [];
  const pace = { pause: (parts?: number) => void events.push(`pause ${parts}`) };
  let running = 0;
  let most = 0;
  const found = await loadInParts(pace, items, async (item) => {
    if (item % 1000 === 0) events.push(item);
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return -item;
  });
  expect(found).toEqual(items.map((item) => -item));
  expect(events).toEqual(['pause 1000', 0, 'pause 1000', 1000, 'pause 500', 2000]);
  expect(most).toBe(1000);
});

it('loads nothing after a part of which one failed', async () => {
  const load = vi.fn(async (item: number) => {
    if (item === 1200) throw new Error('no more');
    return item;
  });
  await expect(loadInParts({ pause: () => undefined }, items, load)).rejects.toThrow('no more');
  expect(load).toHaveBeenCalledTimes(2000);
});
