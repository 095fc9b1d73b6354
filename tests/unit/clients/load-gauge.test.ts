// A process that is late lets less work in, and all of it once it is in time again.

import { expect, it } from 'vitest';
import { createLoadGauge, runWithin } from '../../../src/clients/load-gauge.ts';

function openGauge(maxDelayMs = 100) {
  const state = { delayMs: 0, clock: 0 };
  const gauge = createLoadGauge({ maxDelayMs, measure: () => state.delayMs, now: () => state.clock });
  /** How many of a hundred pieces of work are let in, each second. */
  const offer = () => {
    let taken = 0;
    for (let index = 0; index < 100; index += 1) {
      state.clock += 10;
      const work = gauge.begin();
      if (work) taken += 1;
      work?.end();
    }
    return taken;
  };
  /** Work that goes on all the time: what is offered is beside it. */
  const busy = () => {
    for (let index = 0; index < 16; index += 1) expect(gauge.begin()).not.toBeNull();
  };
  return { state, gauge, offer, busy };
}

it('lets all in while it is in time', () => {
  const { offer, busy } = openGauge();
  busy();
  expect(offer()).toBe(100);
});

it('lets less and less in while it is late, never nothing, and all again afterwards', () => {
  const { state, offer, busy } = openGauge();
  busy();
  state.delayMs = 101;
  const [first, second] = [offer(), offer()];
  expect(first).toBeGreaterThan(second);
  expect(first).toBeLessThan(60);
  expect(second).toBeGreaterThanOrEqual(4);
  state.delayMs = 99;
  expect(offer()).toBeGreaterThan(second);
  expect(offer()).toBe(100);
});

it('lets a little work in however late it is', () => {
  const { state, offer } = openGauge();
  state.delayMs = 10_000;
  expect(offer()).toBe(100);
});

it('turns work away that is done at once, where more of it comes than it can do', () => {
  const { state, gauge } = openGauge();
  /** How many of a thousand pieces are let in, all of them between two looks. */
  const flood = () => {
    state.clock += 100;
    let taken = 0;
    for (let index = 0; index < 1000; index += 1) {
      const work = gauge.begin();
      if (work) taken += 1;
      work?.end();
    }
    return taken;
  };
  expect(flood()).toBe(1000);
  state.delayMs = 400;
  const taken = Array.from({ length: 12 }, flood);
  expect(taken[0]).toBeLessThan(800);
  expect(taken.at(-1)).toBeGreaterThanOrEqual(16);
  expect(taken.at(-1)).toBeLessThan(100);
  state.delayMs = 0;
  expect(Array.from({ length: 12 }, flood).at(-1)).toBe(1000);
});

it('may be as late as it likes where that is set', () => {
  const { state, offer, busy } = openGauge(0);
  busy();
  state.delayMs = 10_000;
  expect(offer()).toBe(100);
});

it('counts work as ended once, whether it failed or not', async () => {
  const { state, gauge } = openGauge();
  state.delayMs = 10_000;
  const turnedAway = () => 'turned away';
  const open: (() => void)[] = [];
  const waiting = Array.from({ length: 16 }, () =>
    runWithin(gauge, () => new Promise<string>((resolve) => open.push(() => resolve('done'))), turnedAway),
  );
  state.clock += 1000;
  for (let look = 0; look < 20; look += 1) {
    state.clock += 100;
    await runWithin(gauge, async () => 'more', turnedAway);
  }
  const outcomes = await Promise.all([1, 2, 3].map(() => runWithin(gauge, async () => 'more', turnedAway)));
  expect(outcomes).toContain('turned away');
  for (const end of open) end();
  expect(await Promise.all(waiting)).toEqual(Array(16).fill('done'));
  await expect(runWithin(gauge, () => Promise.reject(new Error('failed')), turnedAway)).rejects.toThrow('failed');
  state.clock += 100;
  for (let index = 0; index < 16; index += 1) expect(await runWithin(gauge, async () => 'in', turnedAway)).toBe('in');
});

it('measures the event loop of the process', async () => {
  using gauge = createLoadGauge({ maxDelayMs: 60_000 });
  expect(
    await runWithin(
      gauge,
      async () => 'in',
      () => 'out',
    ),
  ).toBe('in');
});
