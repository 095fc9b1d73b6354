// Owns the tests of how long a read takes that other processes share: waiting for another one is part of its time.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../src/errors.ts';
import { createShareRead } from '../../src/loaders/share-read.ts';
import { untilAborted } from '../../src/wordpress/deadline.ts';
import type { RestResponse } from '../../src/wordpress/rest.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
let redis: TestRedis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});

afterAll(() => redis?.[Symbol.asyncDispose]());

/** A process that reads within so long, and counts what it asks. */
async function openProcess(timeoutMs: number, signal = new AbortController().signal) {
  const tier = await openTier(redis);
  const share = createShareRead(tier, timeoutMs);
  let asked = 0;
  return {
    asked: () => asked,
    read: (key: string, ask: () => Promise<RestResponse>) =>
      share(key, signal, () => {
        const answered = ask();
        asked += 1;
        return answered;
      }),
  };
}

type TestProcess = Awaited<ReturnType<typeof openProcess>>;

/** How often they asked. */
function totalOf(processes: readonly TestProcess[]): number {
  return processes.reduce((sum, { asked }) => sum + asked(), 0);
}

function answer({ cacheable = true } = {}): RestResponse {
  return { status: 200, body: [], total: 0, bytes: 2, cacheable };
}

/** What is settled later. */
function later<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

describe.skipIf(!hasRedis)('a read that another process does', () => {
  it('fails when its own time is over, and does not ask anew', async () => {
    const [one, other] = [await openProcess(60_000), await openProcess(100)];
    const { promise, resolve } = later<RestResponse>();
    const first = one.read('posts', () => promise);
    await vi.waitFor(() => expect(one.asked()).toBe(1), patient);
    await expect(other.read('posts', () => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    resolve(answer());
    expect(await first).toMatchObject({ body: [] });
    expect(other.asked()).toBe(0);
  });

  it('fails with it where WordPress does not answer', async () => {
    const processes = [await openProcess(60_000), await openProcess(60_000), await openProcess(60_000)];
    const { promise, reject } = later<RestResponse>();
    const reads = Promise.allSettled(processes.map(({ read }) => read('pages', () => promise)));
    await vi.waitFor(() => expect(totalOf(processes)).toBe(1), patient);
    reject(new UpstreamError('UPSTREAM_TIMEOUT', 'GET /pages: no answer'));
    for (const outcome of await reads) expect(outcome).toMatchObject({ reason: { code: 'UPSTREAM_TIMEOUT' } });
    expect(totalOf(processes)).toBe(1);
  });

  const failure = new UpstreamError('UPSTREAM_ERROR', 'GET /users: 500');
  it.each([
    ['fails', () => Promise.reject(failure), { reason: failure }],
    ['is for nobody else', async () => answer({ cacheable: false }), { value: { cacheable: false } }],
  ])('is done by all others at once where it %s', async (key, come, outcome) => {
    const processes = await Promise.all(Array.from({ length: 5 }, () => openProcess(60_000)));
    const [first, others] = [later<void>(), later<void>()];
    const ask = () => (totalOf(processes) === 0 ? first : others).promise.then(come);
    const reads = Promise.allSettled(processes.map(({ read }) => read(key, ask)));
    await vi.waitFor(() => expect(totalOf(processes)).toBe(1), patient);
    first.resolve();
    // None of them waits for what another one's comes to.
    await vi.waitFor(() => expect(totalOf(processes)).toBe(5), patient);
    others.resolve();
    for (const settled of await reads) expect(settled).toMatchObject(outcome);
  });

  it('is done by one of the others where all have left that wait for it there', async () => {
    const leaving = new AbortController();
    const first = await openProcess(60_000, leaving.signal);
    const others = [await openProcess(60_000), await openProcess(60_000), await openProcess(60_000)];
    const left = first.read('left', () => untilAborted(leaving.signal, new Promise<RestResponse>(() => undefined)));
    await vi.waitFor(() => expect(first.asked()).toBe(1), patient);
    const { promise, resolve } = later<RestResponse>();
    const reads = others.map(({ read }) => read('left', () => promise));
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await vi.waitFor(() => expect(totalOf(others)).toBe(1), patient);
    resolve(answer());
    for (const response of await Promise.all(reads)) expect(response).toMatchObject({ body: [] });
    expect(totalOf(others)).toBe(1);
  });
});
