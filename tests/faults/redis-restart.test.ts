// A Redis that is started anew with what it had saved: what was purged since then is not found by anybody, and all of it
// stays where a gateway knows that nothing was.

import { expect, it, onTestFinished, vi } from 'vitest';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { type CutWay, openWay } from '../support/cut-way.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier, untilUsable } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

const prefix = 'headgate:3:http://site.test:';
const patient = { timeout: 30_000, interval: 20 };
const test = it.skipIf(!hasRedis);

async function open(...options: readonly string[]): Promise<TestRedis> {
  const redis = await startRedis(...options);
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
}

function write(tier: SharedTier, key: string, tag: string): void {
  const now = performance.now();
  const times = { storedAt: now, freshUntil: now + 600_000, staleUntil: now + 600_000, errorUntil: now + 600_000 };
  tier.write(key, { value: key, tags: [tag], times });
}

const has = async (tier: SharedTier, key: string) => (await tier.read([key]))[0]?.value === key;

/** A write may still meet a connection that was lost: what is asked for is written again. */
const writeUntilFound = (tier: SharedTier, key: string, tag: string) =>
  vi.waitFor(async () => {
    write(tier, key, tag);
    expect(await has(tier, key)).toBe(true);
  }, patient);

const untilFound = (tier: SharedTier, key: string) =>
  vi.waitFor(async () => expect(await has(tier, key)).toBe(true), patient);

/** What a gateway keeps and saves, with a purge that is not saved. */
async function losePurge(redis: TestRedis, tier: SharedTier): Promise<void> {
  write(tier, 'a', 'post:1');
  await untilFound(tier, 'a');
  await redis.send('SAVE');
  tier.purge(['post:1']);
  expect(await tier.told()).toBe(true);
  await tier[Symbol.asyncDispose]();
  await redis.kill();
}

test('has nothing for gateways that start with it, and they agree', async () => {
  const redis = await open();
  await losePurge(redis, await openTier(redis));
  await redis.start();
  const tiers = await Promise.all(Array.from({ length: 4 }, () => openTier(redis)));
  for (const tier of tiers) expect(await has(tier, 'a')).toBe(false);
  const last = await openTier(redis);
  await vi.waitFor(async () => {
    write(last, 'b', 'post:2');
    for (const tier of tiers) expect(await has(tier, 'b')).toBe(true);
  }, patient);
  // Another one that starts has no reason to doubt it.
  expect(await has(await openTier(redis), 'b')).toBe(true);
});

test('has all of it where gateways have followed it to its end, also for those that start', async () => {
  const redis = await open();
  const onLost = vi.fn();
  const tiers = [await openTier(redis, { onLost }), await openTier(redis, { onLost })];
  for (const [index, tier] of tiers.entries()) {
    tier.purge([`post:${index + 7}`]);
    expect(await tier.told()).toBe(true);
    write(tier, `a${index}`, 'post:1');
    await untilFound(tier, `a${index}`);
  }
  for (let round = 0; round < 2; round += 1) {
    await redis.send('SAVE');
    await redis.kill();
    for (const tier of tiers) await untilUsable(tier, false);
    await redis.start();
    for (const tier of tiers) await untilUsable(tier, true);
    for (const tier of [...tiers, await openTier(redis)]) {
      await untilFound(tier, 'a0');
      await untilFound(tier, 'a1');
    }
  }
  expect(onLost).not.toHaveBeenCalled();
});

test('has nothing for a gateway that was cut off before, which says that it may have missed something', async () => {
  const redis = await open();
  await using way = await openWay(redis.port);
  const onLost = vi.fn();
  const one = await openTier({ url: `redis://127.0.0.1:${way.port}` }, { onLost });
  const other = await openTier(redis);
  way.cut();
  other.purge(['post:9']);
  expect(await other.told()).toBe(true);
  await losePurge(redis, other);
  await untilUsable(one, false);
  await redis.start();
  way.heal();
  await untilUsable(one, true);
  expect(await has(one, 'a')).toBe(false);
  expect(onLost).toHaveBeenCalledOnce();
  await writeUntilFound(one, 'b', 'post:2');
});

/** A gateway that was cut off, and another one that was not: both know all that is saved, and the other one purged since. */
async function cutOff(redis: TestRedis, way: CutWay) {
  const [onLost, onPurge] = [vi.fn(), vi.fn()];
  const one = await openTier({ url: `redis://127.0.0.1:${way.port}` }, { onLost, onPurge });
  const other = await openTier(redis);
  write(other, 'a', 'post:1');
  other.purge(['post:9']);
  await vi.waitFor(() => expect(onPurge).toHaveBeenCalledOnce(), patient);
  await redis.send('SAVE');
  way.cut();
  other.purge(['post:1']);
  expect(await other.told()).toBe(true);
  return { one, other, onLost };
}

test('has nothing for a gateway that was cut off before, though it knows all that was saved', async () => {
  const redis = await open();
  await using way = await openWay(redis.port);
  const { one, other, onLost } = await cutOff(redis, way);
  await other[Symbol.asyncDispose]();
  await redis.kill();
  await untilUsable(one, false);
  await redis.start();
  way.heal();
  await untilUsable(one, true);
  for (const tier of [one, await openTier(redis)]) expect(await has(tier, 'a')).toBe(false);
  expect(onLost).toHaveBeenCalledOnce();
});

test('has nothing for a gateway that was cut off before, where another one was there and has begun anew', async () => {
  const redis = await open();
  await using way = await openWay(redis.port);
  const { one, other, onLost } = await cutOff(redis, way);
  await redis.kill();
  for (const tier of [one, other]) await untilUsable(tier, false);
  await redis.start();
  await untilUsable(other, true);
  way.heal();
  await untilUsable(one, true);
  expect(await has(one, 'a')).toBe(false);
  expect(onLost).toHaveBeenCalledOnce();
});

test('says that it may have missed something where a gateway was cut off and the log is gone, and else not', async () => {
  const redis = await open();
  await using way = await openWay(redis.port);
  const { one, other, onLost } = await cutOff(redis, way);
  await untilUsable(one, false);
  way.heal();
  await untilUsable(one, true);
  expect(onLost).not.toHaveBeenCalled();
  way.cut();
  await untilUsable(one, false);
  await other[Symbol.asyncDispose]();
  await redis.send('FLUSHALL');
  way.heal();
  await untilUsable(one, true);
  expect(onLost).toHaveBeenCalledOnce();
  // Who is there when it goes has missed nothing.
  const before = await redis.send('GET', `${prefix}epoch`);
  await redis.send('FLUSHALL');
  await vi.waitFor(
    async () => expect([null, before]).not.toContain(await redis.send('GET', `${prefix}epoch`)),
    patient,
  );
  expect(onLost).toHaveBeenCalledOnce();
});

test('has nothing where a gateway misses what it has told, though that had not come back to it', async () => {
  const redis = await open();
  await using way = await openWay(redis.port, { silentAfter: 'XREAD' });
  const one = await openTier({ url: `redis://127.0.0.1:${way.port}` });
  write(one, 'a', 'post:1');
  await untilFound(one, 'a');
  await redis.send('SAVE');
  one.purge(['post:1']);
  expect(await one.told()).toBe(true);
  await redis.kill();
  await untilUsable(one, false);
  await redis.start();
  await untilUsable(one, true);
  expect(await has(await openTier(redis), 'a')).toBe(false);
});

const commands = '+@connection +get +mget +set +del +time +xadd +xlen +xrange +xread';

test.each([
  ['the documented commands', `${commands} +info`, false],
  ['these without INFO', commands, true],
])('is in use for users who may send %s', async (_, allowed, isFound) => {
  const redis = await open('--user', 'gate', 'on', '>word', '~headgate:*', ...allowed.split(' '));
  const url = redis.url.replace('//', '//gate:word@');
  await losePurge(redis, await openTier({ url }));
  await redis.start();
  const tier = await openTier({ url });
  // Who may not ask what Redis it is cannot know.
  expect(await has(tier, 'a')).toBe(isFound);
  await writeUntilFound(tier, 'b', 'post:2');
  await untilFound(await openTier({ url }), 'b');
});
