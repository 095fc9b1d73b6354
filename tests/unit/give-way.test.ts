import { expect, it } from 'vitest';
import { createGiveWay } from '../../src/give-way.ts';
import { countLoopTurns } from '../support/loop-turns.ts';

it('gives way where the parts of some work have taken long enough, and then begins anew', async () => {
  let now = 0;
  using loop = countLoopTurns();
  const giveWay = createGiveWay(() => now);
  const seen: number[] = [];
  for (let part = 0; part < 9; part += 1) {
    now += 2;
    await giveWay();
    seen.push(loop.turns);
  }
  expect(seen.map((turn) => turn - (seen[0] ?? 0))).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3]);
});
