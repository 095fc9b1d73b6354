// Owns the tests of clocks that differ: what processes share is told by that of Redis, and nothing stands where it is set.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMemoryCache } from '../../src/cache/memory-cache.ts';
import { openRedisLink } from '../../src/cache/redis/redis-link.ts';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { followSharedLog } from '../../src/cache/redis/shared-log.ts';
import { createTieredCache } from '../../src/cache/tiered-cache.ts';
import type { Times } from '../../src/cache/times.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { addressOf, openTier } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
let redis: TestRedis;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});

afterEach(async () => {
  vi.restoreAllMocks();
});

afterAll(() => redis?.[Symbol.asyncDispose]());

const open = () => openTier(redis);

/** Sets the clock of this machine. */
function setClock(aheadMs: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + aheadMs);
}

describe.skipIf(!hasRedis)('a machine whose clock is wrong', () => {
  it.each([-600_000, 600_000])('by %i ms makes nothing older or younger for the others', async (aheadMs) => {
    const options = { freshSeconds: 600, maxBytes: 1e6, negativeSeconds: 1 };
    const past = createMemoryCache({ ...options, now: () => performance.now() - 100_000 });
    const [one, other] = [
      createTieredCache(past, await open()),
      createTieredCache(createMemoryCache(options), await open()),
    ];
    const said = { kind: 'post', tags: [], since: 0 };
    const key = `post:${aheadMs}`;
    setClock(aheadMs);
    const listed = one.putList(key, { ids: [7], total: 1 }, said);
    const kept = one.putEntity(key, { ...said, fields: ['id'], data: { id: 7 }, bytes: 1 });
    await vi.waitFor(async () => expect(await keysLike(key)).toHaveLength(1), patient);
    vi.restoreAllMocks();
    await vi.waitFor(async () => {
      await Promise.all([other.reach?.('list', [key]), other.reach?.('entity', [key])]);
      expect([other.list(key), other.entity(key)]).not.toContain(undefined);
    }, patient);
    expectSame(other.list(key)?.times, listed);
    expectSame(other.entity(key)?.fields.get('id')?.times, kept);
  });

  it('asks nothing that another one is asking', async () => {
    const [one, other] = [await open(), await open()];
    let calls = 0;
    let land: (value: string) => void = () => undefined;
    const landed = new Promise<string>((resolve) => {
      land = resolve;
    });
    const share = (tier: SharedTier) =>
      tier.share({
        key: 'GET /posts',
        signal: new AbortController().signal,
        call() {
          calls += 1;
          return landed;
        },
        toShared: (value) => value,
        fromShared: (value) => (typeof value === 'string' ? value : undefined),
      });
    const first = share(one);
    await vi.waitFor(() => expect(calls).toBe(1), patient);
    setClock(600_000);
    const second = share(other);
    vi.restoreAllMocks();
    land('made');
    expect([await first, await second, calls]).toEqual(['made', 'made', 1]);
  });
});

describe.skipIf(!hasRedis)('a Redis whose clock is set', () => {
  it.each([-600_000, 600_000])('by %i ms begins a new life of the log', async (stepMs) => {
    let aheadMs = 0;
    const open = () => openRedisLink(addressOf(redis.url), () => undefined);
    const [link, teller] = [open(), open()];
    const log = followSharedLog({
      ...{ teller, prefix: `step:${stepMs}:`, onPurge: () => undefined },
      ...{ onLost: () => undefined, onState: () => undefined, onTelling: () => undefined },
      link: {
        ...link,
        async send(key, command) {
          const reply = await link.send(key, command);
          if (command[0] !== 'TIME' || !Array.isArray(reply)) return reply;
          return [Number(String(reply[0])) + aheadMs / 1000, reply[1]];
        },
      },
    });
    await vi.waitFor(() => expect(log.state()).not.toBeNull(), patient);
    const before = { epoch: log.state()?.epoch ?? '', seen: log.state()?.seen ?? '0-0', tags: [] };
    expect(log.stands(before)).toBe(true);
    aheadMs = stepMs;
    await vi.waitFor(() => expect(log.stands(before)).toBe(false), patient);
    log.close();
    teller.close();
  });
});

describe.skipIf(!hasRedis)('a Redis whose clock was set back, so that its log stays at one ms', () => {
  it('has purges that come one after the other, however many there are', async () => {
    const key = 'headgate:3:http://site.test:purges';
    const [one, other] = [await open(), await open()];
    const purges: (readonly string[] | null)[] = [];
    const third = await openTier(redis, { onPurge: (tags) => void purges.push(tags) });
    await redis.send('XADD', key, `${Date.now() + 3_600_000}-5000`, 'tags', '["post:1"]', 'from', 'x');
    await vi.waitFor(() => expect(purges).toContainEqual(['post:1']), patient);
    const until = performance.now() + 600_000;
    const times = { storedAt: performance.now(), freshUntil: until, staleUntil: until, errorUntil: until };
    const valueAt = async (tier: SharedTier, key: string) => (await tier.read([key]))[0]?.value;
    const write = async (value: string) => {
      one.write('crowded', { value, tags: ['post:2'], times });
      await vi.waitFor(async () => expect(await valueAt(other, 'crowded')).toBe(value), patient);
    };
    await write('before');
    one.purge(['post:2']);
    await vi.waitFor(() => expect(purges).toContainEqual(['post:2']), patient);
    for (const tier of [one, third, await open()]) expect(await valueAt(tier, 'crowded')).toBeUndefined();
    await write('after');
  });
});

async function keysLike(key: string): Promise<unknown> {
  return redis.send('KEYS', `*entity:${key}`);
}

/** As near as a reply of a busy machine tells. */
function expectSame(found: Times | undefined, told: Times): void {
  expect(Math.abs((found?.storedAt ?? 0) - told.storedAt)).toBeLessThan(5000);
  expect(Math.abs((found?.freshUntil ?? 0) - told.freshUntil)).toBeLessThan(5000);
}
