import { expect, it } from 'vitest';
import { createGiveWay } from '../../src/give-way.ts';

it('gives way where the parts of some work have taken long enough, and then begins anew', async () => {
  let now = 0;
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const giveWay = createGiveWay(() => now);
  const seen: number[] = [];
  for (let part = 0; part < 9; part += 1) {
    now += 2;
    await giveWay();
    seen.push(turns);
  }
  isOver = true;
  expect(seen.map((turn) => turn - (seen[0] ?? 0))).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3]);
});
