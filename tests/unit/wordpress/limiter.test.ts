// Owns the queue in front of WordPress: order, bounds, and that no slot is ever lost.

import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLimiter, OverloadedError } from '../../../src/wordpress/limiter.ts';

const open = new AbortController().signal;
// All tasks of a test wait with it.
setMaxListeners(0, open);

/** A task that ends when told. */
function createTask() {
  const { promise, resolve } = withResolvers();
  let started = false;
  return {
    run: () => {
      started = true;
      return promise;
    },
    end: resolve,
    isStarted: () => started,
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('createLimiter', () => {
  it('runs tasks in the order they came', async () => {
    const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 9, queueTimeoutMs: 10_000 });
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4].map((number) => limiter.run(async () => order.push(number), open)));
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('frees the slot of a task that fails', async () => {
    const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 0, queueTimeoutMs: 10_000 });
    await expect(limiter.run(() => Promise.reject(new Error('no')), open)).rejects.toThrow('no');
    await expect(limiter.run(async () => 'yes', open)).resolves.toBe('yes');
  });

  it('refuses beyond its queue, at once', async () => {
    const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 1, queueTimeoutMs: 10_000 });
    const [first, second] = [createTask(), createTask()];
    const running = limiter.run(first.run, open);
    const waiting = limiter.run(second.run, open);
    await expect(limiter.run(createTask().run, open)).rejects.toBeInstanceOf(OverloadedError);
    expect(second.isStarted()).toBe(false);
    first.end();
    await running;
    second.end();
    await waiting;
    expect(second.isStarted()).toBe(true);
  });

  it('lets waiting tasks leave from the middle of the queue', async () => {
    const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 9, queueTimeoutMs: 10_000 });
    const [first, second, third] = [createTask(), createTask(), createTask()];
    const leaving = new AbortController();
    const running = limiter.run(first.run, open);
    const left = limiter.run(second.run, leaving.signal);
    const waiting = limiter.run(third.run, open);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    first.end();
    third.end();
    await Promise.all([running, waiting]);
    expect([second.isStarted(), third.isStarted()]).toEqual([false, true]);
    await expect(limiter.run(async () => 'free', open)).resolves.toBe('free');
  });

  it('does not let tasks wait for ever', async () => {
    const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 9, queueTimeoutMs: 10 });
    const first = createTask();
    const running = limiter.run(first.run, open);
    await expect(limiter.run(createTask().run, open)).rejects.toBeInstanceOf(OverloadedError);
    first.end();
    await running;
    await expect(limiter.run(async () => 'free', open)).resolves.toBe('free');
  });

  it('begins with four slots, and has one more for as many successes as it has', async () => {
    const limiter = createLimiter({ maxConcurrent: 6, maxQueued: 99, queueTimeoutMs: 10_000 });
    expect(limiter.slots).toBe(4);
    const succeed = (times: number) =>
      Promise.all(Array.from({ length: times }, () => limiter.run(async () => {}, open)));
    await succeed(12);
    expect(limiter.slots).toBeGreaterThan(4);
    await succeed(99);
    expect(limiter.slots).toBe(6);
  });

  it('has no more slots for tasks that do not need them', async () => {
    const limiter = createLimiter({ maxConcurrent: 6, maxQueued: 9, queueTimeoutMs: 10_000 });
    for (let task = 0; task < 50; task++) await limiter.run(async () => {}, open);
    expect(limiter.slots).toBe(4);
  });

  it('halves its slots for a sign of strain, once for all that were under way, down to one', () => {
    const limiter = createLimiter({ maxConcurrent: 16, maxQueued: 9, queueTimeoutMs: 10_000 });
    const began = performance.now();
    for (let sign = 0; sign < 9; sign++) limiter.slowDown(began);
    expect(limiter.slots).toBe(2);
    for (let sign = 0; sign < 9; sign++) limiter.slowDown(Number.POSITIVE_INFINITY);
    expect(limiter.slots).toBe(1);
  });

  it('gives a slot to the next in line only where it may', async () => {
    const limiter = createLimiter({ maxConcurrent: 2, maxQueued: 9, queueTimeoutMs: 10_000 });
    const [first, second, third] = [createTask(), createTask(), createTask()];
    const running = [first, second, third].map((task) => limiter.run(task.run, open));
    limiter.slowDown(performance.now());
    first.end();
    await running[0];
    expect(third.isStarted()).toBe(false);
    second.end();
    await running[1];
    third.end();
    await running[2];
    expect(third.isStarted()).toBe(true);
  });
});
