// The clock that processes share is told apart from their own by what Redis replies, however long that takes.

import { expect, it } from 'vitest';
import { createSharedClock } from '../../../src/cache/redis/shared-clock.ts';

/** A clock of a process at 1000 ms and a Redis at 5000 s; a reply takes as long one way as the other. */
function openClock() {
  const own = { ms: 1000 };
  const redis = { ahead: 4_999_000, takes: 2, reply: undefined as unknown };
  const ask = async () => {
    own.ms += redis.takes / 2;
    const ms = own.ms + redis.ahead;
    own.ms += redis.takes / 2;
    return redis.reply ?? [Buffer.from(String(Math.floor(ms / 1000))), String((ms % 1000) * 1000)];
  };
  return { own, redis, clock: createSharedClock(ask, () => own.ms) };
}

it('is known after one reply, better after a quicker one, and no worse after a late one', async () => {
  const { redis, clock } = openClock();
  redis.takes = 200;
  expect(await clock.compare()).toBe(false);
  expect(clock.offset()).toBe(4_999_000);
  redis.ahead += 50;
  await clock.compare();
  expect(clock.offset()).toBe(4_999_000);
  redis.takes = 2;
  expect(await clock.compare()).toBe(false);
  expect(clock.offset()).toBe(4_999_049);
  redis.takes = 3000;
  await clock.compare();
  expect(clock.offset()).toBe(4_999_049);
});

it.each([-600_000, 600_000])('says that it was set, by %i ms, once', async (step) => {
  const { redis, clock } = openClock();
  await clock.compare();
  redis.ahead += step;
  expect(await clock.compare()).toBe(true);
  expect(Math.abs(clock.offset() - redis.ahead)).toBeLessThanOrEqual(1);
  expect(await clock.compare()).toBe(false);
});

it.each([['OK'], [['x', 'y']], [[]]])('is not told by %j', async (reply) => {
  const { redis, clock } = openClock();
  redis.reply = reply;
  await expect(clock.compare()).rejects.toThrow('does not tell the time');
});
