// WordPress is asked often while people ask, seldom while nobody does or it fails, and never for more than its share.

import { expect, it } from 'vitest';
import { nextInMs } from '../../../src/changes/pace.ts';

const options = { intervalMs: 1000, kinds: 4, share: 0.1, slots: 6 };
const usual = { idleMs: 0, tookMs: 20, failures: 0 };

it('gives every kind its turn within eight seconds, and asks no more often than the interval', () => {
  expect(nextInMs(options, usual)).toBe(2000);
  expect(nextInMs({ ...options, kinds: 20 }, usual)).toBe(1000);
  expect(nextInMs({ ...options, intervalMs: 30_000 }, usual)).toBe(30_000);
});

it('asks less the longer nobody asks, down to once a minute', () => {
  const waits = [59_000, 60_000, 120_000, 300_000, 86_400_000].map((idleMs) => nextInMs(options, { ...usual, idleMs }));
  expect(waits).toEqual([2000, 4000, 8000, 60_000, 60_000]);
});

it('asks less while WordPress fails', () => {
  expect([1, 2, 9].map((failures) => nextInMs(options, { ...usual, failures }))).toEqual([4000, 8000, 60_000]);
});

it('leaves a slow WordPress the time that is not its own', () => {
  // A tenth of six slots is six tenths of one: after 3 s of work, 2 s of rest.
  expect(nextInMs({ ...options, share: 0.1 }, { ...usual, tookMs: 3000 })).toBe(2000);
  expect(nextInMs({ ...options, share: 0.01 }, { ...usual, tookMs: 3000 })).toBe(47_000);
});
