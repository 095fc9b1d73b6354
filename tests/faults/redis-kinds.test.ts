// The tier works on a cluster, whose keys are on several servers, and behind sentinels, also when they name another master.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Kept } from '../../src/cache/redis/entry.ts';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { hasRedis, startRedis, startSentinel, type TestRedis } from '../support/redis.ts';
import { openTier } from '../support/tier.ts';

// Servers find each other by gossip, which takes a busy machine a while.
vi.setConfig({ testTimeout: 120_000 });

const patient = { timeout: 60_000, interval: 50 };
const opened: AsyncDisposable[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

async function start(...options: readonly string[]): Promise<TestRedis> {
  const redis = await startRedis(...options);
  opened.push(redis);
  return redis;
}

async function open(url: string) {
  const purges: (readonly string[] | null)[] = [];
  const tier = await openTier({ url }, { onPurge: (tags) => void purges.push(tags) });
  return { tier, purges };
}

function kept(value: unknown, tags: readonly string[] = []): Kept {
  const now = performance.now();
  const until = now + 600_000;
  return { value, tags, times: { storedAt: now, freshUntil: until, staleUntil: until, errorUntil: until } };
}

const keyOf = (key: string) => `headgate:3:http://site.test:${key}`;

const valuesAt = async (tier: SharedTier, keys: readonly string[]) =>
  (await tier.read(keys)).map((found) => found?.value);

/** What one process keeps, shares and purges the other one knows. */
async function expectToShare(url: string): Promise<void> {
  const [one, other] = [await open(url), await open(url)];
  const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`);
  for (const key of keys) one.tier.write(key, kept(key, [`post:${key.slice(4)}`]));
  await vi.waitFor(async () => expect(await valuesAt(other.tier, keys)).toEqual(keys), patient);

  let calls = 0;
  let land = () => {};
  const landed = new Promise<void>((resolve) => {
    land = resolve;
  });
  const share = ({ tier }: { readonly tier: SharedTier }) =>
    tier.share({
      key: 'wanted',
      signal: new AbortController().signal,
      async call() {
        calls += 1;
        await landed;
        return 'made';
      },
      toShared: (value) => value,
      fromShared: (value) => (typeof value === 'string' ? value : undefined),
    });
  const all = Promise.all([share(one), share(other), share(one), share(other)]);
  await vi.waitFor(() => expect(calls).toBe(1), patient);
  land();
  expect([await all, calls]).toEqual([['made', 'made', 'made', 'made'], 1]);

  one.tier.purge(['post:3']);
  await vi.waitFor(() => expect(other.purges).toContainEqual(['post:3']), patient);
  const left = keys.map((key) => (key === 'key-3' ? undefined : key));
  expect(await valuesAt(other.tier, keys)).toEqual(left);
}

describe.skipIf(!hasRedis)('a cluster', () => {
  it('of two servers is shared as one is', async () => {
    const options = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'];
    const [first, second] = [await start(...options), await start(...options)];
    await first.send('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await second.send('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    await first.send('CLUSTER', 'MEET', '127.0.0.1', String(second.port));
    for (const server of [first, second]) {
      await vi.waitFor(async () => expect(String(await server.send('CLUSTER', 'INFO'))).toMatch(/state:ok/), patient);
    }
    await expectToShare(`redis-cluster://127.0.0.1:${first.port}`);
    const sizes = [Number(await first.send('DBSIZE')), Number(await second.send('DBSIZE'))];
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasRedis)('sentinels', () => {
  it('say who the master is, and who takes its place', async () => {
    const master = await start('--repl-diskless-sync-delay', '0');
    const replica = await start('--replicaof', '127.0.0.1', String(master.port));
    const sentinel = await startSentinel(master);
    opened.push(sentinel);
    const replicasOf = async () => JSON.stringify(await sentinel.send('SENTINEL', 'REPLICAS', 'main'));
    await vi.waitFor(async () => expect(await replicasOf()).toContain(String(replica.port)), patient);
    const url = `redis-sentinel://127.0.0.1:${sentinel.port}/main`;
    await expectToShare(url);
    const { tier } = await open(url);
    const replication = async () => String(await replica.send('INFO', 'replication'));
    await vi.waitFor(async () => expect(await replication()).toContain('master_link_status:up'), patient);
    await vi.waitFor(async () => expect(await replica.send('EXISTS', keyOf('key-1'))).toBe(1), patient);
    await master.kill();
    await vi.waitFor(async () => {
      tier.write('after', kept('after'));
      expect(await valuesAt(tier, ['after'])).toEqual(['after']);
    }, patient);
    expect(Number(await replica.send('EXISTS', keyOf('after')))).toBe(1);
    // Who was there before knows that nothing was lost, and those that start take its word.
    await vi.waitFor(async () => expect(await replica.send('EXISTS', keyOf('run'))).toBe(1), patient);
    const late = await open(url);
    expect(await valuesAt(late.tier, ['key-1'])).toEqual(['key-1']);
  });
});
