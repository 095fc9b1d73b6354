// Owns the tests of how operations share the event loop: who goes on for long gives way, and comes to the same all the same.

import { execute, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createTrace, type Trace } from '../../src/loaders/trace.ts';
import { createWave } from '../../src/loaders/wave.ts';
import { createPace, type Pace } from '../../src/pace.ts';
import { createBuilder } from '../../src/schema/builder.ts';
import { countLoopTurns } from '../support/loop-turns.ts';

const rows = 100;

function buildSchema(onResolve: () => void): GraphQLSchema {
  const builder = createBuilder();
  const resolve = () => {
    onResolve();
    return {};
  };
  const resolveLater = async () => resolve();
  builder.object('Row', {
    fields: {
      row: { type: 'Row', resolve },
      later: { type: 'Row!', resolve: resolveLater },
      text: { type: 'String', resolve: () => 'text' },
    },
  });
  builder.query({ rows: { type: '[Row!]', resolve: () => Array.from({ length: rows }, () => ({})) } });
  return builder.build();
}

/** Runs an operation each of whose objects takes so long, and counts the turns of the loop meanwhile. */
async function run(msEach: number) {
  let now = 0;
  let turns = 0;
  let isOver = false;
  let longestMs = 0;
  let turnStartedAt = 0;
  const count = () => {
    turns += 1;
    longestMs = Math.max(longestMs, now - turnStartedAt);
    turnStartedAt = now;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const schema = buildSchema(() => {
    now += msEach;
  });
  const trace: Trace = { ...createTrace(), pace: createPace(undefined, () => now) };
  const document = parse('{ rows { row { row { text } later { row { text } } } } }');
  const result = await execute({ schema, document, contextValue: { trace } });
  isOver = true;
  return { result, turns, longestMs, tookMs: now, paused: trace.pace.paused() };
}

/** A pace whose operation has had its time in this turn. */
function createLatePace(clock: { now: number }, signal?: AbortSignal): Pace {
  const pace = createPace(signal, () => clock.now);
  for (let free = 0; free <= 64; free += 1) void pace.pause();
  clock.now += 10;
  return pace;
}

describe('an operation', () => {
  it('gives way where it goes on for long, with the same answer', async () => {
    const quick = await run(0);
    const slow = await run(1);
    const inner = { row: { text: 'text' }, later: { row: { text: 'text' } } };
    expect(quick.result).toEqual({ data: { rows: Array.from({ length: rows }, () => ({ row: inner })) } });
    expect(slow.result).toEqual(quick.result);
    expect(quick.turns).toBeLessThan(5);
    expect(slow).toMatchObject({ tookMs: 4 * rows, paused: undefined });
    // A part that has begun is done.
    expect(slow.longestMs).toBeLessThan(10 + 2);
    expect(slow.turns).toBeGreaterThan((2 * rows) / 10);
  });

  it('goes on until it is done before those that came after it, but for small ones', async () => {
    const order: string[] = [];
    const clock = { now: 0 };
    const operate = async (name: string, pace: Pace) => {
      const part = async () => {
        await pace.pause();
        clock.now += 3;
        order.push(name);
      };
      await Promise.all(Array.from({ length: 8 }, part));
    };
    const [older, younger, small] = [
      createLatePace(clock),
      createLatePace(clock),
      createPace(undefined, () => clock.now),
    ];
    const operations = [operate('y', younger), operate('o', older)];
    await Promise.all([...operations, operate('s', small)]);
    expect(order.join('')).toBe('s'.repeat(8) + 'o'.repeat(8) + 'y'.repeat(8));
  });

  it('leaves every other turn to those with few parts, wherever they came', async () => {
    const order: string[] = [];
    const clock = { now: 0 };
    const operate = (name: string, pace: Pace, parts: number) =>
      Promise.all(
        Array.from({ length: parts }, async () => {
          await pace.pause();
          clock.now += 10;
          order.push(name);
        }),
      );
    const [older, younger, light] = [createLatePace(clock), createLatePace(clock), createLatePace(clock)];
    const first = [older, younger].map((pace) => pace.pause(2000));
    await Promise.all([...first, operate('o', older, 6), operate('y', younger, 3), operate('l', light, 3)]);
    expect(order.join('')).toBe('olololoooyyy');
  });

  it('goes first where what is left of it is left out', async () => {
    const order: string[] = [];
    const clock = { now: 0 };
    const operate = async (name: string, pace: Pace) => {
      await pace.pause();
      order.push(name);
    };
    const leaving = new AbortController();
    const [older, younger] = [createLatePace(clock), createLatePace(clock, leaving.signal)];
    const operations = [operate('o', older), operate('y', younger)];
    leaving.abort();
    await Promise.all(operations);
    expect(order).toEqual(['y', 'o']);
  });

  it('waits for older ones before it has had its own time', async () => {
    const clock = { now: 0 };
    const [older, younger] = [createLatePace(clock), createPace(undefined, () => clock.now)];
    expect(younger.pause(64)).toBeUndefined();
    const first = older.pause();
    const second = younger.pause();
    expect([first, second]).toEqual([expect.any(Promise), expect.any(Promise)]);
    await Promise.all([first, second]);
    expect(younger.pause()).toBeUndefined();
  });
});

/** Runs a part as fields are run. */
function start(pace: Pace, part: () => unknown): unknown {
  if (pace.isFull) return pace.hold(() => follow(pace, part));
  return follow(pace, part);
}

function follow(pace: Pace, part: () => unknown): unknown {
  const outcome = part();
  if (!(outcome instanceof Promise)) return outcome;
  pace.wait();
  return outcome.finally(() => pace.end());
}

describe('parts whose outcome is waited for', () => {
  it('are fifteen hundred at most, and whatever comes of them lets the next one begin', async () => {
    const pace = createPace();
    let running = 0;
    let most = 0;
    const run = async (index: number) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      if (index % 4 === 1) throw new Error('later');
    };
    const begin = (index: number) => {
      if (index % 4 === 2) return index;
      if (index % 4 === 3) throw new Error('at once');
      return run(index);
    };
    const parts = Array.from({ length: 9000 }, async (_, index) => start(pace, () => begin(index)));
    const settled = await Promise.allSettled(parts);
    expect(
      [0, 1, 2, 3].map((kind) => settled.filter((part, i) => i % 4 === kind && part.status === 'fulfilled').length),
    ).toEqual([2250, 0, 2250, 0]);
    expect(most).toBe(1500);
    expect(running).toBe(0);
  });

  it('go on where none of those that were held has an outcome to wait for', async () => {
    const pace = createPace();
    const first = Array.from({ length: 2000 }, async () => start(pace, () => new Promise(setImmediate)));
    const rest = Array.from({ length: 3000 }, async (_, index) => start(pace, () => index));
    await Promise.all([...first, ...rest]);
    expect(await start(pace, () => 'at once')).toBe('at once');
  });
});

describe('a wave', () => {
  it('waits for what is paused', async () => {
    const clock = { now: 0 };
    const pace = createLatePace(clock);
    const wave = createWave(1000, pace);
    const loads: number[] = [];
    const batches: number[][] = [];
    const load = async (id: number) => {
      await pace.pause();
      clock.now += 3;
      loads.push(id);
      if (loads.length === 1) wave.schedule(() => batches.push(loads.splice(0)));
    };
    const ids = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(ids.map(load));
    while (batches.length === 0) await new Promise(setImmediate);
    expect(batches.flat()).toHaveLength(20);
    expect(batches).toHaveLength(1);
  });

  it('dispatches many batches in turns', async () => {
    const clock = { now: 0 };
    const wave = createWave(1000, createLatePace(clock));
    using loop = countLoopTurns();
    const dispatched: { readonly index: number; readonly turn: number }[] = [];
    for (let index = 0; index < 20; index += 1) {
      wave.schedule(() => {
        clock.now += 3;
        dispatched.push({ index, turn: loop.turns });
      });
    }
    while (dispatched.length < 20) await new Promise(setImmediate);
    expect(dispatched.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(new Set(dispatched.map(({ turn }) => turn)).size).toBe(5);
  });
});
