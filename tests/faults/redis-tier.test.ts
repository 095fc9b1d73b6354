// Owns the tests of the tier that processes share: what one keeps the others find, purges reach all, and no fault of Redis
// is an error or a wait.

import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Kept } from '../../src/cache/redis/entry.ts';
import type { SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { openWay } from '../support/cut-way.ts';
import { countLoopTurns } from '../support/loop-turns.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { openTier, untilUsable } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

let redis: TestRedis;
const prefix = 'headgate:3:http://site.test:';

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});

afterEach(async () => {
  if (hasRedis) await redis.send('FLUSHALL');
});

afterAll(async () => redis?.[Symbol.asyncDispose]());

/** A process's view of the tier, and what it was told. */
async function open({ url = redis.url, waitMs = 5000 } = {}) {
  const purges: (readonly string[] | null)[] = [];
  const told: unknown[] = [];
  const states: boolean[] = [];
  const tellings: boolean[] = [];
  const options = {
    waitMs,
    onPurge(tags: readonly string[] | null, details?: unknown) {
      purges.push(tags);
      told.push(details);
    },
    onState: (isUsable: boolean) => void states.push(isUsable),
    onTelling: (isTold: boolean) => void tellings.push(isTold),
  };
  const tier = await openTier({ url }, options);
  return { tier, purges, told, states, tellings };
}

const patient = { timeout: 30_000, interval: 20 };

function kept(value: unknown, tags: readonly string[] = [], seconds = 600): Kept {
  const now = performance.now();
  const until = now + 1000 * seconds;
  return { value, tags, times: { storedAt: now, freshUntil: until, staleUntil: until, errorUntil: until } };
}

async function valueAt(tier: SharedTier, key: string): Promise<unknown> {
  return (await tier.read([key]))[0]?.value;
}

/** Waits until one process finds what another one has written. */
const finds = (tier: SharedTier, key: string, value: unknown) =>
  vi.waitFor(async () => expect(await valueAt(tier, key)).toEqual(value), patient);

describe.skipIf(!hasRedis)('what one process keeps', () => {
  it('is found by the others, with its times and tags, short or long, and ends with its times', async () => {
    const [one, other] = [await open(), await open()];
    const long = 'x'.repeat(10_000);
    one.tier.write('a', kept({ title: 'A' }, ['post:1']));
    one.tier.write('b', kept(long));
    one.tier.write('late', kept('gone', [], 0));
    await finds(other.tier, 'b', long);
    const [a, b, none, late] = await other.tier.read(['a', 'b', 'none', 'late']);
    expect(a).toMatchObject({ value: { title: 'A' }, tags: ['post:1'] });
    expect((a?.times.freshUntil ?? 0) - performance.now()).toBeGreaterThan(500_000);
    expect([b?.value, none, late]).toEqual([long, undefined, undefined]);
    // Compressed, and bounded in time.
    expect(Number(await redis.send('STRLEN', `${prefix}b`))).toBeLessThan(500);
    expect(Number(await redis.send('PTTL', `${prefix}a`))).toBeGreaterThan(500_000);
  });

  it('is packed in turns: others have theirs in between', async () => {
    const { tier } = await open();
    using loop = countLoopTurns();
    // Each takes longer than a turn may.
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    const packedIn: number[] = [];
    const value = { toJSON: () => packedIn.push(loop.turns) };
    for (let index = 0; index < 20; index += 1) tier.write(`key:${index}`, kept(value));
    await vi.waitFor(() => expect(packedIn).toHaveLength(20), patient);
    clock.mockRestore();
    expect(new Set(packedIn).size).toBe(20);
  });

  it('is not found by gateways of another site', async () => {
    const { tier } = await open();
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
    const keys = await redis.send('KEYS', '*');
    expect(keys).toEqual(expect.arrayContaining([`${prefix}a`]));
    expect(Array.isArray(keys) && keys.every((key) => String(key).startsWith(prefix))).toBe(true);
  });

  it('counts as nothing where it is damaged, of another type, or of another release', async () => {
    const { tier } = await open();
    for (const key of ['cut', 'noise', 'version', 'whole']) tier.write(key, kept('x'.repeat(5000)));
    await finds(tier, 'whole', 'x'.repeat(5000));
    await redis.send('SETRANGE', `${prefix}cut`, '20', 'damage');
    await redis.send('SET', `${prefix}noise`, randomBytes(500));
    await redis.send('SETRANGE', `${prefix}version`, '0', '\x01');
    await redis.send('LPUSH', `${prefix}list`, 'x');
    const found = await tier.read(['cut', 'noise', 'version', 'list', 'whole']);
    expect(found.map((entry) => entry !== undefined)).toEqual([false, false, false, false, true]);
  });

  it('counts as nothing where one bit of it is another, or it is by another key', async () => {
    const { tier } = await open();
    const [short, long] = [{ title: 'one' }, { title: 'two '.repeat(500) }];
    tier.write('short', kept(short, ['post:1']));
    tier.write('long', kept(long, ['post:2']));
    await finds(tier, 'long', long);
    for (const key of ['short', 'long']) {
      const bytes = await redis.getBytes(prefix + key);
      await redis.send('SET', `${prefix}other`, bytes);
      expect(await valueAt(tier, 'other')).toBeUndefined();
      for (let bit = 16; bit < 8 * bytes.length; bit += 5) {
        const damaged = Buffer.from(bytes);
        const at = Math.floor(bit / 8);
        damaged[at] = Number(damaged[at]) ^ (1 << (bit % 8));
        await redis.send('SET', prefix + key, damaged);
        expect([bit, await valueAt(tier, key)]).toEqual([bit, undefined]);
      }
      await redis.send('SET', prefix + key, bytes);
    }
    expect([await valueAt(tier, 'short'), await valueAt(tier, 'long')]).toEqual([short, long]);
  });
});

describe.skipIf(!hasRedis)('a purge', () => {
  it('takes what waits to be written when it comes', async () => {
    // Long enough for all of it on any machine: what is given up is not found either.
    const [one, other] = [await open({ waitMs: 30_000 }), await open()];
    const numbers = Array.from({ length: 4000 }, (_, index) => index);
    for (let count = 0; count < 400; count += 1) one.tier.write(`before:${count}`, kept(numbers));
    one.tier.write('purged', kept('A', ['post:1']));
    one.tier.write('last', kept('B', ['post:2']));
    one.tier.purge(['post:1']);
    await finds(other.tier, 'last', 'B');
    // It would only take the place of what others keep since.
    expect(await redis.send('EXISTS', `${prefix}purged`)).toBe(0);
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:1']), patient);
    for (const { tier } of [one, other]) expect(await valueAt(tier, 'purged')).toBeUndefined();
  });

  it('reaches every process, and what was kept before is not found any more', async () => {
    const [one, other] = [await open(), await open()];
    one.tier.write('a', kept('A', ['post:1', 'list:post']));
    one.tier.write('b', kept('B', ['post:2']));
    await finds(other.tier, 'b', 'B');
    one.tier.purge(['post:1']);
    expect([await valueAt(one.tier, 'a'), await valueAt(one.tier, 'b')]).toEqual([undefined, 'B']);
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:1']), patient);
    expect([await valueAt(other.tier, 'a'), await valueAt(other.tier, 'b')]).toEqual([undefined, 'B']);
    // A process that starts later knows of it as well.
    const late = await open();
    expect([await valueAt(late.tier, 'a'), await valueAt(late.tier, 'b')]).toEqual([undefined, 'B']);
    one.tier.write('a', kept('A2', ['post:1']));
    await finds(late.tier, 'a', 'A2');
    one.tier.purge(null);
    await vi.waitFor(() => expect(late.purges).toContainEqual(null), patient);
    expect(await late.tier.read(['a', 'b'])).toEqual([undefined, undefined]);
    expect(one.purges).toEqual([]);
  });

  it('tells what it is about as long as that is short', async () => {
    const [one, other] = [await open(), await open()];
    one.tier.purge(['post:1'], { edits: [12] });
    one.tier.purge(['post:2'], { edits: ['x'.repeat(100_000)] });
    one.tier.purge(null);
    await vi.waitFor(() => expect(other.purges).toContainEqual(null), patient);
    // What a late reply leaves in doubt is told twice.
    const detailsOf = new Map(other.purges.map((tags, index) => [JSON.stringify(tags), other.told[index]]));
    expect([...detailsOf]).toEqual([
      ['["post:1"]', { edits: [12] }],
      ['["post:2"]', undefined],
      ['null', undefined],
    ]);
  });

  it('is not lost while Redis is away, on either side', async () => {
    const [one, other] = [await open(), await open()];
    await redis.kill();
    await untilUsable(one.tier, false);
    one.tier.purge(['post:7']);
    await redis.start();
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:7']), patient);
  });

  it.each([
    ['full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ])(
    'is told when a Redis that was %s takes it, in its order, and that it is not is said once',
    async (_, stop, go) => {
      await redis.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      const [one, other] = [await open(), await open()];
      one.tier.purge(['post:0']);
      expect(await one.tier.told()).toBe(true);
      await redis.send(...stop);
      for (const tag of ['post:1', 'post:2', 'post:3']) one.tier.purge([tag]);
      await vi.waitFor(async () => expect(await one.tier.told()).toBe(false), patient);
      await vi.waitFor(() => expect(other.purges).toContainEqual(['post:0']), patient);
      expect([one.tellings, other.purges]).toEqual([[false], [['post:0']]]);
      await redis.send(...go);
      await vi.waitFor(() => expect(other.purges).toContainEqual(['post:3']), patient);
      expect(other.purges).toEqual([['post:0'], ['post:1'], ['post:2'], ['post:3']]);
      await vi.waitFor(() => expect(one.tellings).toEqual([false, true]), patient);
    },
  );

  it('is of everything where there are too many to be told, and not lost with the one that is being told', async () => {
    const [one, other] = [await open(), await open()];
    for (let id = 1; id <= 1500; id += 1) one.tier.purge([`post:${id}`]);
    expect(await one.tier.told()).toBe(true);
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:1500']), patient);
    expect(other.purges).toContainEqual(null);
  });

  it('is told again to a Redis that has forgotten it, and nothing of before stands', async () => {
    const [one, other] = [await open(), await open()];
    one.tier.write('a', kept('A'));
    await finds(other.tier, 'a', 'A');
    const old = await redis.send('DUMP', `${prefix}a`).catch(() => null);
    expect(old).not.toBeNull();
    one.tier.purge(['post:7']);
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:7']), patient);
    // As an eviction may do: the log is gone, and what was kept is there.
    await redis.send('DEL', `${prefix}purges`);
    await vi.waitFor(async () => expect(await valueAt(other.tier, 'a')).toBeUndefined(), patient);
    await vi.waitFor(() => expect(other.purges.length).toBeGreaterThan(1), patient);
    // Each process learns of it by itself.
    await vi.waitFor(async () => {
      one.tier.write('a', kept('new'));
      expect(await valueAt(other.tier, 'a')).toBe('new');
    }, patient);
  });
});

describe.skipIf(!hasRedis)('what several processes want at the same time', () => {
  const shareOf = (tier: SharedTier, call: () => Promise<string>) =>
    tier.share({
      key: 'GET /posts',
      signal: new AbortController().signal,
      call,
      toShared: (value) => value,
      fromShared: (value) => (typeof value === 'string' ? value : undefined),
    });

  it('is made once', async () => {
    const [{ tier: first }, { tier: second }] = [await open(), await open()];
    const tiers = [first, second];
    let calls = 0;
    let land = () => {};
    const landed = new Promise<void>((resolve) => {
      land = resolve;
    });
    const call = async () => {
      calls += 1;
      await landed;
      return 'made';
    };
    const all = Promise.all(Array.from({ length: 8 }, (_, index) => shareOf(tiers[index % 2] ?? first, call)));
    await vi.waitFor(() => expect(calls).toBe(1), patient);
    land();
    expect(new Set(await all)).toEqual(new Set(['made']));
    expect(calls).toBe(1);
  });

  it('is made by another one where the first fails, and again after a purge', async () => {
    const [one, other] = [await open(), await open()];
    await expect(shareOf(one.tier, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await shareOf(other.tier, async () => 'before')).toBe('before');
    other.tier.purge(['post:1']);
    await vi.waitFor(() => expect(one.purges).toContainEqual(['post:1']), patient);
    expect(await shareOf(one.tier, async () => 'after')).toBe('after');
  });

  it('is not what was begun before a purge, though that has not come back from the log', async () => {
    await using way = await openWay(redis.port, { silentAfter: 'XREAD' });
    const [one, other] = [await open({ url: `redis://127.0.0.1:${way.port}` }), await open()];
    let land = () => {};
    let isBegun = false;
    const before = shareOf(other.tier, () => {
      isBegun = true;
      return new Promise((resolve) => {
        land = () => resolve('before');
      });
    });
    await vi.waitFor(() => expect(isBegun).toBe(true), patient);
    one.tier.purge(['post:1']);
    await vi.waitFor(() => expect(other.purges).toContainEqual(['post:1']), patient);
    const after = shareOf(one.tier, async () => 'after');
    land();
    expect([await before, await after]).toEqual(['before', 'after']);
  });

  it('is handed over though nothing comes back where values are written', async () => {
    await using way = await openWay(redis.port, { silentAfter: 'silencer' });
    const [one, other] = [await open({ url: `redis://127.0.0.1:${way.port}` }), await open()];
    one.tier.write('silencer', kept('A'));
    await finds(other.tier, 'silencer', 'A');
    let written = 0;
    await vi.waitFor(async () => {
      written += 1;
      one.tier.write(`b${written}`, kept('B'));
      await sleep(50);
      expect(await valueAt(other.tier, `b${written}`)).toBeUndefined();
    }, patient);
    let calls = 0;
    let land = () => {};
    const make = () => {
      calls += 1;
      return new Promise<string>((resolve) => {
        land = () => resolve('made');
      });
    };
    const first = shareOf(one.tier, make);
    await vi.waitFor(() => expect(calls).toBe(1), patient);
    const second = shareOf(other.tier, make);
    land();
    expect([await first, await second, calls]).toEqual(['made', 'made', 1]);
  });

  it('is not waited for once it is made, though the connection to Redis was lost meanwhile', async () => {
    const { tier } = await open();
    let land = () => {};
    let isBegun = false;
    const made = shareOf(tier, () => {
      isBegun = true;
      return new Promise((resolve) => {
        land = () => resolve('made');
      });
    });
    await vi.waitFor(() => expect(isBegun).toBe(true), patient);
    const leases = await redis.send('KEYS', '*:lease:*');
    const [lease = ''] = Array.isArray(leases) ? leases : [];
    // It would end by itself.
    expect(await redis.send('PERSIST', lease)).toBe(1);
    await redis.send('CLIENT', 'KILL', 'TYPE', 'normal');
    land();
    expect(await made).toBe('made');
    await vi.waitFor(async () => expect(await redis.send('EXISTS', lease)).toBe(0), patient);
  });

  it.each([
    ['no end', 'SET'],
    ['another type', 'RPUSH'],
  ])('is made though the key of its lease has %s, and that is gone then', async (_, command) => {
    const { tier } = await open();
    const id = createHash('sha256').update('GET /posts').digest('base64url');
    const lease = `${prefix}lease:${id}`;
    await redis.send(command, lease, 'x');
    expect(await shareOf(tier, async () => 'made')).toBe('made');
    await vi.waitFor(async () => expect(await redis.send('EXISTS', lease)).toBe(0), patient);
  });
});

describe.skipIf(!hasRedis)('a Redis that', () => {
  it('was killed is done without, and in use again when it is back', async () => {
    const { tier, states } = await open();
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
    await redis.kill();
    expect(await valueAt(tier, 'a')).toBeUndefined();
    await untilUsable(tier, false);
    tier.write('b', kept('B'));
    await redis.start();
    await untilUsable(tier, true);
    // One write may still meet the connection that was lost: what is asked for is written again.
    await vi.waitFor(async () => {
      tier.write('c', kept('C'));
      expect(await valueAt(tier, 'c')).toBe('C');
    }, patient);
    expect(states.slice(0, 2)).toEqual([true, false]);
    expect(states.at(-1)).toBe(true);
  });

  it('is frozen is waited for a moment only, then not at all', async () => {
    const { tier } = await open({ waitMs: 50 });
    await redis.send('CONFIG', 'RESETSTAT');
    redis.freeze();
    try {
      for (let count = 0; count < 50; count += 1) expect(await valueAt(tier, 'a')).toBeUndefined();
      await untilUsable(tier, false);
    } finally {
      redis.thaw();
    }
    await untilUsable(tier, true);
    // One try: all others went on at once, and whether Redis is back is nobody's to find out.
    const [, asked = '0'] = /cmdstat_mget:calls=(\d+)/.exec(String(await redis.send('INFO', 'commandstats'))) ?? [];
    expect(asked).toBe('1');
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
  });

  it('cannot be reached any more, though no connection ends, is done without, and in use again when it can', async () => {
    await using way = await openWay(redis.port);
    const { tier } = await open({ url: `redis://127.0.0.1:${way.port}`, waitMs: 50 });
    way.cut();
    for (let count = 0; count < 20; count += 1) expect(await valueAt(tier, 'a')).toBeUndefined();
    await untilUsable(tier, false);
    // One that came about meanwhile brings nothing either: its first words were lost.
    const known = way.connections;
    await vi.waitFor(() => expect(way.connections).toBeGreaterThan(known), patient);
    way.heal();
    await untilUsable(tier, true);
    await vi.waitFor(async () => {
      tier.write('a', kept('A'));
      expect(await valueAt(tier, 'a')).toBe('A');
    }, patient);
  });

  it('falls silent on connections of before is asked by new ones after one sign of life that does not come', async () => {
    await using way = await openWay(redis.port);
    const { tier } = await open({ url: `redis://127.0.0.1:${way.port}`, waitMs: 500 });
    tier.write('a', kept(1));
    await finds(tier, 'a', 1);
    way.cut();
    way.heal();
    // What is kept is not read: the log of purges is not heard of either.
    expect(await valueAt(tier, 'a')).toBeUndefined();
    await finds(tier, 'a', 1);
    expect(way.lost.filter((sent) => sent.includes('PING'))).toHaveLength(1);
  });

  it('says nothing on the connection of what is kept is still asked and told all else, and gets what is kept by a new one', async () => {
    await using way = await openWay(redis.port, { silentAfter: `${prefix}stuck` });
    const [one, other] = [await open({ url: `redis://127.0.0.1:${way.port}`, waitMs: 500 }), await open()];
    other.tier.write('a', kept('A'));
    await finds(one.tier, 'a', 'A');
    const known = way.connections;
    one.tier.write('stuck', kept(1));
    await finds(other.tier, 'stuck', 1);
    one.tier.purge(['post:1']);
    expect(await one.tier.told()).toBe(true);
    await finds(one.tier, 'a', 'A');
    await vi.waitFor(() => expect(way.connections).toBeGreaterThan(known), patient);
    await vi.waitFor(async () => {
      one.tier.write('b', kept('B'));
      expect(await valueAt(other.tier, 'b')).toBe('B');
    }, patient);
    expect([one.states, one.tellings, other.purges]).toEqual([[true], [], [['post:1']]]);
  });

  it('takes its time for each reply is waited for a few times only, has what is kept, and is told what is purged', async () => {
    const other = await open();
    await using way = await openWay(redis.port);
    const { tier, purges } = await open({ url: `redis://127.0.0.1:${way.port}`, waitMs: 2000 });
    way.delay(400);
    await redis.send('CONFIG', 'RESETSTAT');
    // One operation asks several times, each for what came of the last one.
    for (let count = 0; count < 50; count += 1) await tier.read([`none ${count}`]);
    const [, reads] = /cmdstat_mget:calls=(\d+)/.exec(String(await redis.send('INFO', 'commandstats'))) ?? [];
    expect(Number(reads)).toBeLessThan(10);
    tier.write('a', kept(1, ['post:1']));
    tier.write('b', kept(2));
    await finds(other.tier, 'a', 1);
    other.tier.purge(['post:1']);
    await vi.waitFor(() => expect(purges).toEqual([['post:1']]), patient);
    way.delay(0);
    await finds(tier, 'b', 2);
    expect(await valueAt(tier, 'a')).toBeUndefined();
  });

  it('has something of ten megabytes gives it or not, and all else as before', async () => {
    const { tier } = await open();
    const huge = randomBytes(5_000_000).toString('hex');
    tier.write('huge', kept(huge));
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
    await redis.send('SET', `${prefix}noise`, randomBytes(10_000_000));
    expect([undefined, huge]).toContain(await valueAt(tier, 'huge'));
    expect(await valueAt(tier, 'noise')).toBeUndefined();
    expect(tier.isUsable).toBe(true);
    const { tier: hurried } = await open({ waitMs: 1 });
    expect([undefined, huge]).toContain(await valueAt(hurried, 'huge'));
    await untilUsable(hurried, true);
    expect(await valueAt(tier, 'a')).toBe('A');
  });

  it('is full or read-only still tells what it has', async () => {
    const { tier } = await open();
    tier.write('a', kept('A', ['post:1']));
    await finds(tier, 'a', 'A');
    await redis.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await redis.send('CONFIG', 'SET', 'maxmemory', '1');
    tier.write('b', kept('B'));
    expect(await tier.share(sharedCall(async () => 'made'))).toBe('made');
    expect([await valueAt(tier, 'a'), await valueAt(tier, 'b')]).toEqual(['A', undefined]);
    // A purge that cannot be told stands where it was made.
    tier.purge(['post:1']);
    expect(await valueAt(tier, 'a')).toBeUndefined();
    await redis.send('CONFIG', 'SET', 'maxmemory', '0');
    await redis.send('REPLICAOF', '127.0.0.1', '1');
    tier.write('c', kept('C'));
    expect(await tier.share(sharedCall(async () => 'made'))).toBe('made');
    await redis.send('REPLICAOF', 'NO', 'ONE');
    await vi.waitFor(async () => {
      tier.write('d', kept('D'));
      expect(await valueAt(tier, 'd')).toBe('D');
    }, patient);
  });

  it('has other things in the place of the log gets one', async () => {
    await redis.send('SET', `${prefix}purges`, 'text');
    await redis.send('LPUSH', `${prefix}epoch`, 'text');
    const { tier } = await open();
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
  });

  it('is not there when a process starts is used when it comes', async () => {
    await redis.kill();
    const opening = open();
    await redis.start();
    const { tier } = await opening;
    tier.write('a', kept('A'));
    await finds(tier, 'a', 'A');
  });

  it('has users lets in those that it knows', async () => {
    await redis.send('ACL', 'SETUSER', 'gate', 'on', '>p@ss:word', '~headgate:*', '+@all');
    await redis.send('CONFIG', 'SET', 'requirepass', 'other');
    try {
      const { tier } = await open({ url: redis.url.replace('//', '//gate:p%40ss%3Aword@') });
      tier.write('a', kept('A'));
      await finds(tier, 'a', 'A');
    } finally {
      await redis.kill();
      await redis.start();
    }
  });
});

function sharedCall(call: () => Promise<string>) {
  const { signal } = new AbortController();
  const fromShared = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { key: 'x', signal, call, toShared: (value: string) => value, fromShared };
}
