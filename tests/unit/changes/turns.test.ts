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
