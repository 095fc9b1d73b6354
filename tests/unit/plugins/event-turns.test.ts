import { expect, it } from 'vitest';
import { createTurns } from '../../../src/plugins/event-turns.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

const { signal } = new AbortController();

it('lets those that wait go in the order in which they came, and gives way between them', async () => {
  let now = 0;
  using loop = countLoopTurns();
  const enter = createTurns(() => now);
  const seen: [number, number][] = [];
  const all = Array.from({ length: 9 }, async (_, index) => {
    await enter(signal);
    seen.push([index, loop.turns]);
    // What comes of it by promises counts as well.
    for (let step = 0; step < 20; step += 1) await null;
    now += 2;
  });
  await Promise.all(all);
  const [[, first] = [0, 0]] = seen;
  expect(seen.map(([index, turn]) => [index, turn - first])).toEqual([
    ...[0, 1, 2].map((index) => [index, 0]),
    ...[3, 4, 5].map((index) => [index, 1]),
    ...[6, 7, 8].map((index) => [index, 2]),
  ]);
});

it('serves whoever comes while others are served, and who comes after all of them', async () => {
  const enter = createTurns();
  const seen: string[] = [];
  const [, second] = [enter(signal).then(() => seen.push('first')), enter(signal)];
  await second;
  seen.push('second');
  await enter(signal);
  await new Promise(setImmediate);
  await enter(signal);
  expect(seen).toEqual(['first', 'second']);
});
