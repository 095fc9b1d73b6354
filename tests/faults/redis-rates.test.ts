// What a client takes of one gateway it has not left for another one on the same Redis; without Redis each counts for itself.

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateStore } from '../../src/cache/rate-store.ts';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { openWay } from '../support/cut-way.ts';
import { startTwoPosts } from '../support/recorded-headgate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier, untilUsable } from '../support/tier.ts';
import { startTinyWordPress } from '../support/tiny-wordpress.ts';

vi.setConfig({ testTimeout: 120_000 });

const patient = { timeout: 30_000, interval: 20 };
const prefix = 'headgate:3:http://site.test:rate:';
/** Nothing comes back while a test runs: a point takes twelve minutes. */
const rates = { points: 5, seconds: 3600 };

let redis: TestRedis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});

beforeEach(async () => {
  if (hasRedis) await redis.send('FLUSHALL');
});

afterAll(async () => redis?.[Symbol.asyncDispose]());

async function open(waitMs = 5000, url = redis.url): Promise<{ readonly tier: SharedTier; readonly store: RateStore }> {
  const tier = await openTier({ url }, { waitMs });
  return { tier, store: tier.countRates(rates) };
}

/** Whether each of so many attempts was let in. */
async function take(store: RateStore, key: string, times: number): Promise<boolean[]> {
  const seen: boolean[] = [];
  for (let index = 0; index < times; index += 1) seen.push((await store.take(key, 1)) === 0);
  return seen;
}

describe.skipIf(!hasRedis)('what clients take', () => {
  it('is counted for all processes together, with what it costs afterwards', async () => {
    const [one, other] = [(await open()).store, (await open()).store];
    expect(await take(one, 'a', 3)).toEqual([true, true, true]);
    expect(await take(other, 'a', 3)).toEqual([true, true, false]);
    expect(await take(one, 'a', 1)).toEqual([false]);
    expect(await take(one, 'b', 1)).toEqual([true]);
    one.charge('c', 1_000_000);
    await vi.waitFor(async () => expect(await other.take('c', 1)).toBeGreaterThan(0), patient);
    // Nobody waits for more than a period, and Redis keeps nothing for longer than two.
    expect(await other.take('c', 1)).toBeLessThanOrEqual(1000 * rates.seconds * 1.2);
    expect(Number(await redis.send('PTTL', `${prefix}c`))).toBeLessThanOrEqual(2000 * rates.seconds);
    expect(Number(await redis.send('PTTL', `${prefix}a`))).toBeGreaterThan(0);
  });

  it('is counted once where all come at the same time', async () => {
    const stores = [(await open()).store, (await open()).store];
    const waits = await Promise.all(Array.from({ length: 40 }, (_, index) => stores[index % 2]?.take('a', 1)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(rates.points);
  });

  it('is refused without asking Redis where this process alone has given all', async () => {
    const { store } = await open();
    await take(store, 'a', 5);
    await redis.send('CONFIG', 'RESETSTAT');
    expect(await take(store, 'a', 50)).toEqual(Array(50).fill(false));
    expect(String(await redis.send('INFO', 'commandstats'))).not.toMatch(/cmdstat_eval:/);
  });

  it('counts as nothing where something else is in its place', async () => {
    const { store } = await open();
    await redis.send('SET', `${prefix}a`, 'text');
    await redis.send('LPUSH', `${prefix}b`, 'text');
    await redis.send('SET', `${prefix}c`, '1e300');
    expect(await take(store, 'a', 6)).toEqual([true, true, true, true, true, false]);
    expect(await take(store, 'b', 6)).toEqual([true, true, true, true, true, false]);
    expect(await store.take('c', 1)).toBeLessThanOrEqual(2000 * rates.seconds);
  });

  it('is counted by each process for itself while Redis is away, with what it gave before', async () => {
    const [one, other] = [await open(), await open()];
    expect(await take(one.store, 'a', 3)).toEqual([true, true, true]);
    await redis.kill();
    try {
      await Promise.all([untilUsable(one.tier, false), untilUsable(other.tier, false)]);
      expect(await take(one.store, 'a', 3)).toEqual([true, true, false]);
      expect(await take(other.store, 'a', 6)).toEqual([true, true, true, true, true, false]);
    } finally {
      await redis.start();
    }
    await Promise.all([untilUsable(one.tier, true), untilUsable(other.tier, true)]);
    expect(await take(one.store, 'b', 5)).toEqual([true, true, true, true, true]);
    await vi.waitFor(async () => expect(await take(other.store, 'b', 1)).toEqual([false]), patient);
  });

  it('is counted in a slow Redis as well, without waiting, and known to the next ones', async () => {
    await using way = await openWay(redis.port);
    const { tier, store } = await open(400, `redis://127.0.0.1:${way.port}`);
    const other = await open();
    way.delay(200);
    for (let count = 0; count < 10; count += 1) await tier.read(['none']);
    // Given at once.
    expect([store.take('a', 1), store.take('a', 1)]).toEqual([0, 0]);
    await vi.waitFor(async () => expect(await redis.send('EXISTS', `${prefix}a`)).toBe(1), patient);
    expect(await take(other.store, 'a', 4)).toEqual([true, true, true, false]);
    expect(await take(other.store, 'b', 5)).toEqual(Array(5).fill(true));
    expect(store.take('b', 1)).toBe(0);
    await vi.waitFor(() => expect(store.take('b', 0)).toBeGreaterThan(0), patient);
  });

  it('is counted without Redis where that is full, read-only or frozen, and nobody waits for long', async () => {
    const { store } = await open(50);
    await redis.send('REPLICAOF', '127.0.0.1', '1');
    expect(await take(store, 'a', 6)).toEqual([true, true, true, true, true, false]);
    await redis.send('REPLICAOF', 'NO', 'ONE');
    redis.freeze();
    try {
      // As many clients as would take minutes, were each of them waited for.
      const waits = await Promise.all(Array.from({ length: 3000 }, (_, index) => store.take(`client ${index}`, 1)));
      expect(waits.every((wait) => wait === 0)).toBe(true);
      for (let index = 0; index < 200; index += 1) expect(await store.take(`later ${index}`, 1)).toBe(0);
    } finally {
      redis.thaw();
    }
  });
});

describe.skipIf(!hasRedis)('two gateways', () => {
  it('refuse a client together, and count for themselves without Redis', async () => {
    const { logger } = createRecordingLogger();
    await using site = await startTwoPosts();
    const env = { WORDPRESS_URL: site.origin, PORT: '0', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
    // A point comes back in a minute; Redis is waited for, however busy this machine is.
    const limited = { RATE_LIMIT: '1', TRUST_PROXY: '1', REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '1000' };
    await using one = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    await using other = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    const statusOf = async ({ url }: { readonly url: string }, from: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      await response.text();
      return response.status;
    };
    expect([await statusOf(one, '192.0.2.1'), await statusOf(other, '192.0.2.1')]).toEqual([200, 429]);
    expect(await statusOf(other, '192.0.2.2')).toBe(200);
    await redis.kill();
    try {
      expect([await statusOf(one, '192.0.2.3'), await statusOf(other, '192.0.2.3')]).toEqual([200, 200]);
      expect([await statusOf(one, '192.0.2.3'), await statusOf(other, '192.0.2.3')]).toEqual([429, 429]);
    } finally {
      await redis.start();
    }
  });

  it('let a few of many guesses through together, and all users at once whom they do not know yet', async () => {
    const { logger } = createRecordingLogger();
    await using site = await startTinyWordPress();
    const env = { WORDPRESS_URL: site.url, PORT: '0', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
    const limited = { RATE_LIMIT: '30', TRUST_PROXY: '1', REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '1000' };
    await using one = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    await using other = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    const askAll = (from: string, nameOf: (index: number) => string) =>
      Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const authorization = `Basic ${Buffer.from(`${nameOf(index)}:${index}`).toString('base64')}`;
          const response = await fetch(`${index % 2 ? one.url : other.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-forwarded-for': from, authorization },
            body: JSON.stringify({ query: '{ viewer { id } }' }),
          });
          await response.text();
          return response.status;
        }),
      );
    await askAll('192.0.2.1', () => 'wrong');
    // Three use up the address; each process looks at four at a time, and knows what the other has charged a little later.
    expect(site.proofs.length).toBeLessThanOrEqual(14);
    expect(await askAll('192.0.2.2', (index) => `user${index + 1}`)).toEqual(Array(40).fill(200));
  });

  it('refuse a user together, in however many ways his credentials are written', async () => {
    const { logger } = createRecordingLogger();
    await using site = await startTinyWordPress();
    const env = { WORDPRESS_URL: site.url, PORT: '0', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
    const limited = { RATE_LIMIT_USERS: '2', REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '1000' };
    await using one = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    await using other = await startHeadgate(loadConfig({ ...env, ...limited }), logger);
    const statusOf = async ({ url }: { readonly url: string }, password: string) => {
      const authorization = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      await response.text();
      return response.status;
    };
    expect([await statusOf(one, 'a b'), await statusOf(other, 'a  b')]).toEqual([200, 200]);
    expect([await statusOf(one, 'ab'), await statusOf(other, 'ab ')]).toEqual([429, 429]);
    expect([await statusOf(one, 'a b'), await statusOf(other, 'a  b')]).toEqual([429, 429]);
  });
});
