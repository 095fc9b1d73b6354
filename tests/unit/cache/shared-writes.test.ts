// What is written to Redis goes there so much at a time; of what waits meanwhile by the same key, only the latest.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSharedWrites, type SharedWrite } from '../../../src/cache/redis/shared-writes.ts';

const times = { storedAt: 0, freshUntil: 0, staleUntil: 0, errorUntil: 0 };

function toWrite(key: string, value: unknown): SharedWrite {
  return { key, kept: { value, times, tags: [] }, stamp: { epoch: 'epoch', seen: '0-0' } };
}

/** Writes of values of a length that end when a test says so, by a clock that it sets. */
function openWrites(length = 1) {
  const clock = { now: 0 };
  const sent: unknown[] = [];
  const ends: (() => void)[] = [];
  const writes = createSharedWrites({
    now: () => clock.now,
    print: async ({ kept }) => (kept.value === 'purged' ? undefined : Buffer.alloc(length)),
    send({ key, kept }) {
      sent.push([key, kept.value]);
      return new Promise((resolve) => void ends.push(resolve));
    },
  });
  const turns = async () => {
    for (let count = 0; count < 100; count += 1) await nextTurn();
  };
  return {
    clock,
    writes,
    sent,
    async untilSent() {
      await turns();
      return sent.length;
    },
    async endAll() {
      for (const end of ends.splice(0)) end();
      await turns();
    },
  };
}

it('sends two hundred at a time, and the next ones as those end', async () => {
  const { writes, sent, untilSent, endAll } = openWrites();
  for (let count = 0; count < 450; count += 1) writes.add(toWrite(`key:${count}`, count));
  expect(sent).toEqual([]);
  expect(await untilSent()).toBe(200);
  await endAll();
  expect(sent.length).toBe(400);
  await endAll();
  expect(sent).toEqual(Array.from({ length: 450 }, (_, count) => [`key:${count}`, count]));
});

it('sends some megabytes at a time, and one value of any length', async () => {
  const { writes, sent, untilSent, endAll } = openWrites(2_400_000);
  for (let count = 0; count < 20; count += 1) writes.add(toWrite(`key:${count}`, count));
  // A few are printed at a time before it is known how long they are.
  expect(await untilSent()).toBeLessThan(4 + 8);
  for (let count = 0; count < 10; count += 1) await endAll();
  expect(sent.length).toBe(20);
  const huge = openWrites(50_000_000);
  huge.writes.add(toWrite('huge', 1));
  expect(await huge.untilSent()).toBe(1);
});

it('goes on with the next ones where some are not to be written any more', async () => {
  const { writes, sent, untilSent } = openWrites();
  for (let count = 0; count < 500; count += 1) writes.add(toWrite(`key:${count}`, 'purged'));
  writes.add(toWrite('last', 1));
  await untilSent();
  expect(sent).toEqual([['last', 1]]);
});

it('sends of a key one at a time, and of what waits meanwhile the latest', async () => {
  const { writes, sent, untilSent, endAll } = openWrites();
  writes.add(toWrite('a', 1));
  await untilSent();
  for (const value of [2, 3, 4]) writes.add(toWrite('a', value));
  writes.add(toWrite('b', 1));
  await untilSent();
  const before = [
    ['a', 1],
    ['b', 1],
  ];
  expect(sent).toEqual(before);
  await endAll();
  await endAll();
  expect(sent).toEqual([...before, ['a', 4]]);
});

it('keeps no more waiting than a bound, but the latest of what waits', async () => {
  const { writes, sent, untilSent, endAll } = openWrites();
  for (let count = 0; count < 2500; count += 1) writes.add(toWrite(`key:${count}`, 'first'));
  writes.add(toWrite('key:1999', 'last'));
  await untilSent();
  for (let count = 0; count < 30; count += 1) await endAll();
  expect(sent.length).toBe(2000);
  expect(sent.at(-1)).toEqual(['key:1999', 'last']);
});

it('has settled once nothing waits, nor is under way', async () => {
  const { writes, sent, untilSent, endAll } = openWrites();
  for (let count = 0; count < 250; count += 1) writes.add(toWrite(`key:${count}`, count));
  writes.add(toWrite('key:0', 'last'));
  let isSettled = false;
  const settled = writes.settled().then(() => {
    isSettled = true;
  });
  await untilSent();
  await endAll();
  expect([sent.length, isSettled]).toEqual([250, false]);
  await endAll();
  await settled;
  expect(sent.length).toBe(250);
});

it('does not keep what waits longer than a second, however slowly others are taken', async () => {
  const { clock, writes, sent, untilSent, endAll } = openWrites(1_000_000);
  const add = (from: number, count: number) => {
    for (let at = from; at < from + count; at += 1) writes.add(toWrite(`key:${at}`, at));
  };
  add(0, 1000);
  const taken = await untilSent();
  expect(taken).toBeLessThan(20);
  clock.now += 999;
  add(1000, 10);
  clock.now += 1;
  // Those that were under way are written, and none that came with them.
  await endAll();
  for (let round = 0; round < 10; round += 1) await endAll();
  expect(sent.slice(taken)).toEqual(Array.from({ length: 10 }, (_, at) => [`key:${1000 + at}`, 1000 + at]));
});
