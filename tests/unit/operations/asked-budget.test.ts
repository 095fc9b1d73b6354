// Owns the tests of the room for what operations are asked by: it is bounded, comes back, and is there for usual ones.

import { describe, expect, it } from 'vitest';
import { createLimits } from '../../../src/limits.ts';
import {
  type AskedBudget,
  createAskedBudget,
  createFollowingBudget,
  createRunningBudget,
  weighRequest,
  weighRunning,
} from '../../../src/operations/asked-budget.ts';

const mebibyte = 1024 * 1024;
/** Of a process with a heap of 256 MiB. */
const smallHeap = 304 * mebibyte;
const maxBodyBytes = mebibyte / 4;

/** What is taken of a budget until it refuses. */
function fill(budget: AskedBudget, bytes: number): number {
  let taken = 0;
  while (taken < 1e9 && budget.take(bytes)) taken += bytes;
  return taken;
}

describe('the room of operations under way', () => {
  it('is no more than an eighth of the heap, however large they are, and always there for a hundred usual ones', () => {
    for (const [kilobytes, most] of [
      [80, 38],
      [600, 60],
      [700, 38],
      [1700, 38],
      [3300, 38],
    ] as const) {
      const taken = fill(createRunningBudget(createLimits(), maxBodyBytes, smallHeap), kilobytes * 1024);
      expect([kilobytes, taken > 0, taken <= most * mebibyte]).toEqual([kilobytes, true, true]);
    }
    expect(fill(createRunningBudget(createLimits(), maxBodyBytes, smallHeap), 600 * 1024)).toBe(100 * 600 * 1024);
  });

  it('is left to small ones where large ones find none', () => {
    const budget = createRunningBudget(createLimits(), maxBodyBytes, smallHeap);
    fill(budget, mebibyte);
    // A document of 200 tokens with a variable, and a hundred of it.
    const bytes = weighRunning({ documentBytes: 80_000, requestBytes: weighRequest(1500, 3) });
    expect(fill(budget, bytes) / bytes).toBeGreaterThanOrEqual(40);
  });

  it('is enough for hundreds of them in a heap as it comes', () => {
    const bytes = weighRunning({ documentBytes: 400 * 1024, requestBytes: weighRequest(8192, 20) });
    const budget = createRunningBudget(createLimits(), maxBodyBytes, 2048 * mebibyte);
    expect(fill(budget, bytes) / bytes).toBeGreaterThan(400);
  });

  it('has a place for one of the heaviest that the limits allow', () => {
    const budget = createRunningBudget(createLimits({ tokens: 100_000 }), maxBodyBytes, smallHeap);
    expect(budget.take(weighRunning({ documentBytes: 40_000_000, requestBytes: weighRequest(maxBodyBytes) }))).not.toBe(
      null,
    );
  });
});

it('comes back once', () => {
  const budget = createAskedBudget({ maxBytes: 800, always: { count: 0, bytes: 0 } });
  const first = budget.take(100);
  expect(budget.take(100)).toBe(null);
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  expect([budget.take(100) !== null, budget.take(100)]).toEqual([true, null]);
});

describe('the room of what is followed', () => {
  it('is a sixteenth of the heap for large ones, and enough for what each place may have', () => {
    const budget = createFollowingBudget(smallHeap);
    expect(fill(budget, mebibyte)).toBeLessThanOrEqual(19 * mebibyte);
    for (let place = 0; place < 1000; place += 1) expect(budget.take(32 * 1024)).not.toBe(null);
    expect(budget.take(33 * 1024)).toBe(null);
  });
});
