// Owns the tests of when a worker is taken to hang.

import { expect, it } from 'vitest';
import { createPulse } from '../../../src/workers/pulse.ts';

/** How often it ticks until a worker is given up; it is asked each time. */
function ticksUntilLost({ tick }: { tick: () => boolean }, most = 1000): number {
  let ticks = 1;
  while (!tick() && ticks < most) ticks += 1;
  return ticks;
}

it('gives a worker up, once, that has left six questions in a row unanswered', () => {
  let asked = 0;
  const pulse = createPulse(() => {
    asked += 1;
  });
  pulse.heard();
  expect(ticksUntilLost(pulse)).toBe(7);
  expect(asked).toBe(7);
  expect(pulse.tick()).toBe(false);
});

it('begins anew with each sign of life, as of one that is busy for seconds', () => {
  const pulse = createPulse(() => {});
  for (let round = 0; round < 100; round += 1) {
    pulse.heard();
    expect(ticksUntilLost(pulse, 6)).toBe(6);
  }
});

it('has more patience with one that starts, but not without end', () => {
  expect(ticksUntilLost(createPulse(() => {}))).toBe(121);
});
