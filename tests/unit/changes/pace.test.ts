// WordPress is asked often while people ask, seldom while nobody does, and less while it fails, and never for more than its share.

import { expect, it } from 'vitest';
import { paceOf } from '../../../src/changes/pace.ts';

const options = { intervalMs: 750, kinds: 4, share: 0.1, slots: 6 };
const usual = { dueAt: 0, endedAt: 20, idleMs: 0, tookMs: 20, failures: 0, isBack: false };
const nextAt = (given: object = {}, state: object = {}) =>
  paceOf({ ...options, ...given }, { ...usual, ...state }).nextAt;

it('gives every kind its turn within eight seconds, and asks no more often than the interval', () => {
  expect([1, 4, 8, 10, 12].map((kinds) => kinds * nextAt({ kinds }))).toEqual([8000, 8000, 8000, 8000, 9000]);
  expect(nextAt({ intervalMs: 30_000 })).toBe(30_000);
});

it('counts from when a turn was due, however long its request takes', () => {
  expect(nextAt({ kinds: 8 }, { endedAt: 600, tookMs: 600 })).toBe(1000);
});

it('leaves room between two turns', () => {
  expect(paceOf({ ...options, kinds: 8 }, usual).betweenAt).toBe(500);
});

it('asks less the longer nobody asks, down to once a minute', () => {
  const waits = [59_000, 60_000, 120_000, 300_000, 86_400_000].map((idleMs) => nextAt({}, { idleMs }));
  expect(waits).toEqual([2000, 4000, 8000, 60_000, 60_000]);
});

it('asks a little less while WordPress fails, and two seconds after it is back', () => {
  expect([0, 1, 2, 9].map((failures) => nextAt({ kinds: 16 }, { failures }))).toEqual([750, 1500, 2000, 2000]);
  expect(nextAt({ kinds: 1 }, { failures: 9 })).toBe(8000);
  expect(nextAt({}, { failures: 9, idleMs: 86_400_000 })).toBe(60_000);
});

it('gives every kind its turn in a quarter of the time once WordPress is back, as far as the interval allows', () => {
  expect(nextAt({ kinds: 2 }, { isBack: true })).toBe(1000);
  expect(nextAt({ kinds: 8 }, { isBack: true })).toBe(750);
  expect(nextAt({ intervalMs: 30_000 }, { isBack: true })).toBe(30_000);
});

it('leaves a slow WordPress the time that is not its own', () => {
  // A tenth of six slots is six tenths of one: after 3 s of work, 2 s of rest.
  const slow = { endedAt: 3000, tookMs: 3000 };
  expect(nextAt({}, slow)).toBe(5000);
  expect(nextAt({ share: 0.01 }, slow)).toBe(50_000);
  expect(paceOf(options, { ...usual, ...slow }).betweenAt).toBe(5000);
});
