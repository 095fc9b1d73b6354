// A kind that hangs while others answer is passed over for a while, and no longer than until one of those is answered.

import { expect, it } from 'vitest';
import { createTurns } from '../../../src/changes/turns.ts';

const open = () => createTurns(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, probe: async () => [] })));

it('holds what hung twice while others answered, until one of those is answered', () => {
  const { all, hung, answered } = open();
  const [a, b, c] = all;
  if (!a || !b || !c) throw new Error('no turns');
  for (let round = 0; round < 2; round += 1) {
    hung(a);
    hung(b);
    answered(c, 1000);
  }
  expect(all.map(({ heldUntil }) => heldUntil)).toEqual([9000, 9000, 0, 0, 0]);
  answered(a, 9000);
  expect(all.map(({ heldUntil, hangs }) => heldUntil + hangs)).toEqual([0, 0, 0, 0, 0]);
});

it('holds nothing where most hung: WordPress was away', () => {
  const { all, hung, answered } = open();
  for (let round = 0; round < 3; round += 1) {
    for (const one of all.slice(0, 3)) hung(one);
    const last = all.at(-1);
    if (last) answered(last, 1000);
  }
  expect(all.map(({ heldUntil }) => heldUntil)).toEqual([0, 0, 0, 0, 0]);
});

it('counts as back once most failed, until all were answered and for eight seconds at most', () => {
  const { all, failed, answered, isBack } = open();
  const [a, ...others] = all;
  if (!a) throw new Error('no turns');
  for (let count = 0; count < 2; count += 1) failed();
  answered(a, 1000);
  expect(isBack(1000)).toBe(false);
  for (let count = 0; count < 3; count += 1) failed();
  answered(a, 2000);
  expect([isBack(2000), isBack(9999), isBack(10_000)]).toEqual([true, true, false]);
  for (const one of others) answered(one, 3000);
  expect(isBack(3000)).toBe(false);
});
