// New credentials of one address are looked at a few at a time: more while they are good, and a few again once one is wrong.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRateStore } from '../../../src/cache/rate-store.ts';
import { createRateLimit } from '../../../src/clients/rate-limit.ts';
import { UserError } from '../../../src/errors.ts';

function open() {
  const store = createRateStore({ points: 1000, seconds: 60 });
  const limit = createRateLimit({ store, proxies: 0 });
  let [looking, most, next] = [0, 0, 0];
  return {
    /** Comes with so many at once that nobody knows, and gives how many were looked at at the same time. */
    async come(times: number, isGood = true): Promise<number> {
      most = 0;
      const prove = async () => {
        next += 1;
        const client = { headers: { authorization: `Bearer ${next}` }, address: '192.0.2.1' };
        const id = next;
        await limit.proofOf(client)(async () => {
          looking += 1;
          most = Math.max(most, looking);
          await nextTurn();
          looking -= 1;
          if (!isGood) throw new UserError('no', 'UNAUTHENTICATED');
          return { id };
        }, undefined);
      };
      await Promise.allSettled(Array.from({ length: times }, prove));
      return most;
    },
  };
}

it('looks at four at first, and at more where they are good', async () => {
  const { come } = open();
  expect(await come(4)).toBe(4);
  expect(await come(150)).toBeGreaterThan(12);
});

it('looks at no more than four where some are wrong', async () => {
  const { come } = open();
  await come(150);
  for (let time = 0; time < 3; time += 1) await come(1, false);
  expect(await come(4)).toBe(4);
  expect(await come(40, false)).toBe(4);
});
