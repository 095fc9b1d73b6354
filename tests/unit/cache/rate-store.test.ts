// A client may take so many points at once, gets them back over the period, and costs a few bytes.

import { beforeEach, expect, it } from 'vitest';
import { createRateStore, type OwnRateStore } from '../../../src/cache/rate-store.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

let clock = 0;
let store: OwnRateStore;

beforeEach(() => {
  clock = 1000.5;
  store = createRateStore({ points: 60, seconds: 60, now: () => clock });
});

const takeAll = (key: string, times: number) => Array.from({ length: times }, () => store.take(key, 1));

it('gives all points at once, then one a second', () => {
  expect(takeAll('a', 60)).toEqual(Array(60).fill(0));
  expect(store.take('a', 1)).toBeCloseTo(1000);
  clock += 999.9;
  expect(takeAll('a', 2).map((wait) => Number(wait) > 0)).toEqual([false, true]);
  clock += 3_600_000;
  expect(takeAll('a', 61).filter((wait) => wait === 0)).toHaveLength(60);
});

it('counts each client for itself', () => {
  takeAll('a', 60);
  expect(store.take('b', 60)).toBe(0);
});

it('takes nothing from who is refused', () => {
  takeAll('a', 60);
  takeAll('a', 100);
  clock += 1000;
  expect(store.take('a', 1)).toBe(0);
});

it('tells what is left without taking it', () => {
  expect(store.take('a', 0)).toBe(0);
  store.charge('a', 59);
  expect(store.take('a', 0)).toBe(0);
  expect(store.take('a', 1)).toBe(0);
  store.charge('a', 1);
  expect(store.take('a', 0)).toBeGreaterThan(0);
});

it('learns what was taken elsewhere, and gives nothing back for it', () => {
  takeAll('a', 2);
  store.learn('a', 60_000);
  expect(store.take('a', 1)).toBeCloseTo(1000);
  store.learn('a', 1000);
  expect(store.take('a', 1)).toBeCloseTo(1000);
  store.learn('b', 0);
  expect(store.take('b', 60)).toBe(0);
});

it('lets nobody wait for longer than a period', () => {
  store.charge('a', 1_000_000);
  expect(store.take('a', 0)).toBeCloseTo(60_000);
  clock += 61_000;
  expect(store.take('a', 1)).toBe(0);
});

it('keeps as many clients as its bytes hold, those that ask', () => {
  const small = createRateStore({ points: 1, seconds: 60, maxBytes: 1500, now: () => clock });
  small.take('a', 1);
  for (let index = 0; index < 1000; index += 1) {
    small.take(`flood ${index}`, 1);
    expect(small.take('a', 1)).toBeGreaterThan(0);
  }
  expect(small.take('flood 0', 1)).toBe(0);
  expect(small.take('flood 999', 1)).toBeGreaterThan(0);
});

it('takes no more memory than it was given, however many clients there are', () => {
  const maxBytes = 8 * 1024 * 1024;
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const store = createRateStore({ points: 1, seconds: 60, maxBytes });
  for (let index = 0; index < 100_000; index += 1) store.take(`2001:db8:0:${index}`, 1);
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(1.2 * maxBytes);
  expect(store.take('2001:db8:0:99999', 1)).toBeGreaterThan(0);
});
