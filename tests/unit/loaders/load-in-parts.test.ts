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

it('loads parts of many arguments together, no more than one large part of them', async () => {
  const pace = { pause: () => undefined };
  let running = 0;
  const most: number[] = [];
  const load = async (item: number) => {
    running += 1;
    await new Promise(setImmediate);
    most.push(running);
    await new Promise(setImmediate);
    running -= 1;
    return item;
  };
  const few = items.slice(0, 400);
  const found = await Promise.all(Array.from({ length: 20 }, () => loadInParts(pace, few, load)));
  expect(found).toEqual(Array.from({ length: 20 }, () => few));
  expect(Math.max(...most)).toBe(800);
});

it('goes on with other arguments after one that failed', async () => {
  const pace = { pause: () => undefined };
  const fail = loadInParts(pace, items.slice(0, 900), () => Promise.reject(new Error('no more')));
  const others = loadInParts(pace, items, async (item) => item);
  await expect(fail).rejects.toThrow('no more');
  expect(await others).toEqual(items);
});
