// A Redis that has become a replica and takes no writes any more, with connections that it leaves open: where its address
// leads to the new master, gateways follow it there; where it leads nowhere else, what is there is still read.

import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { type CutWay, openWay } from '../support/cut-way.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
let master: TestRedis;
let replica: TestRedis;
let way: CutWay;

beforeEach(async () => {
  if (!hasRedis) return;
  [master, replica] = await Promise.all([open(), open()]);
  way = await openWay(master.port);
  for (const opened of [master, replica, way]) onTestFinished(() => opened[Symbol.asyncDispose]());
  await follow(replica, master);
  await vi.waitFor(async () => expect(await replica.send('INFO')).toContain('master_link_status:up'), patient);
});

const open = () => startRedis('--repl-diskless-sync-delay', '0');

const follow = (one: TestRedis, other: TestRedis) => one.send('REPLICAOF', '127.0.0.1', String(other.port));

function write(tier: SharedTier, key: string): void {
  const now = performance.now();
  const times = { storedAt: now, freshUntil: now + 600_000, staleUntil: now + 600_000, errorUntil: now + 600_000 };
  tier.write(key, { value: key, tags: [], times });
}

const has = async (tier: SharedTier, key: string) => (await tier.read([key]))[0]?.value === key;

const writeUntilFound = (tier: SharedTier, other: SharedTier, key: string) =>
  vi.waitFor(async () => {
    write(tier, key);
    expect(await has(other, key)).toBe(true);
  }, patient);

/** Makes a replica the master of its master: what it has not got by then is lost. */
async function swap(one: TestRedis, other: TestRedis): Promise<void> {
  await vi.waitFor(async () => expect(await other.send('DBSIZE')).toBe(await one.send('DBSIZE')), patient);
  await other.send('REPLICAOF', 'NO', 'ONE');
  await follow(one, other);
}

async function countClients(redis: TestRedis): Promise<number> {
  const lines = String(await redis.send('CLIENT', 'LIST', 'TYPE', 'normal'))
    .trim()
    .split('\n');
  // One of them is who asks.
  return lines.length - 1;
}

describe.skipIf(!hasRedis)('a Redis that has become a replica', () => {
  it.each<[string, (tier: SharedTier) => void]>([
    ['a purge', (tier) => tier.purge(['post:1'])],
    ['what is kept', (tier) => write(tier, 'b')],
  ])('is left with all connections for the master in its place once it refuses %s', async (_, change) => {
    const tier = await openTier({ url: `redis://127.0.0.1:${way.port}` });
    await writeUntilFound(tier, tier, 'a');
    await swap(master, replica);
    // Nothing leads to the new master yet, so that a first attempt is in vain.
    const known = way.connections;
    change(tier);
    await vi.waitFor(() => expect(way.connections).toBeGreaterThan(known), patient);
    way.turn(replica.port);
    const purges: (readonly string[] | null)[] = [];
    const other = await openTier(replica, { onPurge: (tags) => void purges.push(tags) });
    await vi.waitFor(async () => {
      change(tier);
      expect(await countClients(master)).toBe(0);
    }, patient);
    tier.purge(['post:2']);
    await vi.waitFor(() => expect(purges).toContainEqual(['post:2']), patient);
    await writeUntilFound(tier, other, 'c');
  });

  it('is read on where there is no other, by the same connections', async () => {
    const states: boolean[] = [];
    const url = `redis://127.0.0.1:${way.port}`;
    const tier = await openTier({ url }, { onState: (isUsable) => void states.push(isUsable) });
    await writeUntilFound(tier, tier, 'a');
    await swap(master, replica);
    // News that were waited for come to an end then, and are waited for anew.
    await vi.waitFor(() => expect(states).toEqual([true, false, true]), patient);
    const known = way.connections;
    await vi.waitFor(async () => {
      write(tier, 'b');
      expect(await has(tier, 'a')).toBe(true);
      // Attempts to find another one.
      expect(way.connections).toBeGreaterThan(known + 1);
    }, patient);
    await vi.waitFor(async () => expect(await countClients(master)).toBe(3), patient);
    expect(states).toEqual([true, false, true]);
  });
});
