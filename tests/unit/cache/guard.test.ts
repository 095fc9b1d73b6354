// Redis is waited for a moment; after three failures it is left alone for a while, then tried by one call at a time.

import { expect, it } from 'vitest';
import { createGuard } from '../../../src/cache/redis/guard.ts';

it('tries what fails three times, then one call in each rest, and all once that succeeds', async () => {
  let clock = 0;
  let tried = 0;
  let answers = false;
  const failures: number[] = [];
  const guard = createGuard({
    waitMs: 1,
    restMs: 1000,
    onFailure: (_error, inARow) => void failures.push(inARow),
    onSuccess: () => undefined,
    now: () => clock,
  });
  const ask = () =>
    guard.run(() => {
      tried += 1;
      return answers ? Promise.resolve('reply') : new Promise<string>(() => undefined);
    });
  for (let count = 0; count < 50; count += 1) expect(await ask()).toBeUndefined();
  expect(tried).toBe(3);
  clock = 999;
  await ask();
  expect(tried).toBe(3);
  clock = 1000;
  await Promise.all([ask(), ask(), ask()]);
  expect(tried).toBe(4);
  expect(failures).toEqual([1, 2, 3, 4]);
  answers = true;
  await ask();
  expect(tried).toBe(4);
  clock = 2000;
  expect(await ask()).toBe('reply');
  expect(await Promise.all([ask(), ask()])).toEqual(['reply', 'reply']);
});
