// Owns the tests of how long a read takes that other processes share: waiting for another one is part of its time.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../src/errors.ts';
import { createShareRead } from '../../src/loaders/share-read.ts';
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
async function openProcess(timeoutMs: number) {
  const tier = await openTier(redis);
  const share = createShareRead(tier, timeoutMs);
  let asked = 0;
  return {
    asked: () => asked,
    read: (key: string, answer: Promise<RestResponse>) =>
      share(key, new AbortController().signal, () => {
        asked += 1;
        return answer;
      }),
  };
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
    const first = one.read('posts', promise);
    await vi.waitFor(() => expect(one.asked()).toBe(1), patient);
    await expect(other.read('posts', new Promise(() => undefined))).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    resolve({ status: 200, body: [], total: 0, bytes: 2, cacheable: true });
    expect(await first).toMatchObject({ body: [] });
    expect(other.asked()).toBe(0);
  });

  it('fails with it where WordPress does not answer, and is asked by itself where it fails otherwise', async () => {
    const processes = [await openProcess(60_000), await openProcess(60_000), await openProcess(60_000)];
    const total = () => processes.reduce((sum, { asked }) => sum + asked(), 0);
    const fail = async (key: string, error: UpstreamError) => {
      const { promise, reject } = later<RestResponse>();
      const before = total();
      const reads = Promise.allSettled(processes.map(({ read }) => read(key, promise)));
      await vi.waitFor(() => expect(total()).toBe(before + 1), patient);
      reject(error);
      for (const outcome of await reads) expect(outcome).toMatchObject({ reason: { code: error.code } });
      return total() - before;
    };
    expect(await fail('pages', new UpstreamError('UPSTREAM_TIMEOUT', 'GET /pages: no answer'))).toBe(1);
    expect(await fail('users', new UpstreamError('UPSTREAM_ERROR', 'GET /users: 500'))).toBe(3);
  });
});
