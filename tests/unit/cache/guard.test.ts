// Redis is waited for a moment; after one late reply, or many slow ones, by nobody, until it gives a sign of life in time.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createGuard } from '../../../src/cache/redis/guard.ts';

const patient = { timeout: 10_000, interval: 2 };
const never = () => new Promise<never>(() => undefined);
let closing = new AbortController();

afterEach(() => {
  closing.abort();
  closing = new AbortController();
});

/** A guard of a Redis that does what a test says. */
function openGuard(silentMs: number, waits = { waitMs: 1 }) {
  const redis = { tried: 0, pinged: 0, reply: never as () => Promise<unknown>, sign: never as () => Promise<unknown> };
  const silences: number[] = [];
  const paces: boolean[] = [];
  const guard = createGuard({
    ...{ ...waits, restMs: 1, silentMs, signal: closing.signal },
    onSilence: (inARow) => void silences.push(inARow),
    onSlow: (isSlow) => void paces.push(isSlow),
    ping() {
      redis.pinged += 1;
      return redis.sign();
    },
  });
  const ask = () =>
    guard.run(() => {
      redis.tried += 1;
      return redis.reply();
    });
  return { redis, silences, paces, ask };
}

it('asks nothing after one late reply until there is a sign of life, and that is nobody’s to wait for', async () => {
  const { redis, ask, silences } = openGuard(60_000);
  expect(await Promise.all([ask(), ask()])).toEqual([undefined, undefined]);
  expect(redis.tried).toBe(2);
  // Redis would answer by now, but nobody knows.
  redis.reply = async () => 'reply';
  for (let count = 0; count < 50; count += 1) expect(await ask()).toBeUndefined();
  // Signs that come, but late.
  redis.sign = () => new Promise((resolve) => setTimeout(resolve, 20));
  expect(redis.tried).toBe(2);
  expect(silences).toEqual([]);
});

it('asks again once a sign of life is in time', async () => {
  const { redis, ask, silences } = openGuard(1);
  expect(await ask()).toBeUndefined();
  await vi.waitFor(() => expect(silences).toEqual(expect.arrayContaining([1, 2, 3])), patient);
  expect(redis.tried).toBe(1);
  redis.reply = async () => 'reply';
  redis.sign = async () => 'PONG';
  await vi.waitFor(async () => expect(await ask()).toBe('reply'), patient);
  const { pinged } = redis;
  expect(await Promise.all([ask(), ask()])).toEqual(['reply', 'reply']);
  expect(redis.pinged).toBe(pinged);
});

it('tells a slow Redis from a silent one', async () => {
  const { redis, ask, silences } = openGuard(60_000);
  redis.sign = () => new Promise((resolve) => setTimeout(resolve, 20));
  await ask();
  await vi.waitFor(() => expect(redis.pinged).toBeGreaterThan(2), patient);
  expect([redis.tried, silences]).toEqual([1, []]);
});

describe('a Redis whose replies are slow as a rule, none of them too late', () => {
  const replyAfter = (ms: number) => new Promise((resolve) => setTimeout(() => resolve('reply'), ms));
  const waits = { waitMs: 60_000, usualMs: 1 };

  it('is not waited for any more, until it gives a sign of life as soon as is usual', async () => {
    const { redis, ask, paces } = openGuard(60_000, waits);
    redis.reply = () => replyAfter(50);
    redis.sign = () => replyAfter(50);
    for (let count = 0; count < 100; count += 1) await ask();
    expect(redis.tried).toBeLessThan(10);
    await vi.waitFor(async () => {
      await ask();
      expect(paces).toEqual([true]);
    }, patient);
    redis.reply = async () => 'reply';
    redis.sign = async () => 'PONG';
    await vi.waitFor(async () => expect(await ask()).toBe('reply'), patient);
    expect(paces).toEqual([true, false]);
  });

  it('is waited for by nobody any more once it is overdue in sum', async () => {
    const { redis, ask } = openGuard(60_000, waits);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([undefined, undefined, undefined]);
    expect(redis.tried).toBe(3);
  });

  it('goes on being asked where only some of them are', async () => {
    const { redis, ask } = openGuard(60_000, waits);
    redis.sign = never;
    const replies: unknown[] = [];
    for (let count = 0; count < 200; count += 1) {
      redis.reply = count % 50 === 49 ? () => replyAfter(2) : async () => 'reply';
      replies.push(await ask());
    }
    expect(replies).toEqual(Array(200).fill('reply'));
  });
});

it('goes on with what fails at once', async () => {
  const { redis, ask } = openGuard(60_000);
  redis.reply = () => Promise.reject(new Error('READONLY'));
  redis.sign = () => Promise.reject(new Error('no connection'));
  for (let count = 1; count <= 20; count += 1) {
    expect(await ask()).toBeUndefined();
    expect(redis.tried).toBe(count);
  }
  redis.reply = async () => 'reply';
  expect(await ask()).toBe('reply');
});
