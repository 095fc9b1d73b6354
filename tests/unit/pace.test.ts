// Owns the tests of how operations share the event loop: who goes on for long gives way, and comes to the same all the same.

import { execute, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createTrace, type Trace } from '../../src/loaders/trace.ts';
import { createWave } from '../../src/loaders/wave.ts';
import { createPace, type Pace } from '../../src/pace.ts';
import { createBuilder } from '../../src/schema/builder.ts';

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
  const trace: Trace = { ...createTrace(), pace: createPace(() => now) };
  const document = parse('{ rows { row { row { text } later { row { text } } } } }');
  const result = await execute({ schema, document, contextValue: { trace } });
  isOver = true;
  return { result, turns, longestMs, tookMs: now, paused: trace.pace.paused() };
}

/** A pace whose operation has had its time in this turn. */
function createLatePace(clock: { now: number }): Pace {
  const pace = createPace(() => clock.now);
  for (let free = 0; free <= 64; free += 1) void pace.pause();
  clock.now += 5;
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
    // The whole first list is asked for at once, and few parts more are free.
    expect(slow.longestMs).toBeLessThan(2 * rows);
    expect(slow.turns).toBeGreaterThan((3 * rows) / 10);
  });

  it('shares the loop with others', async () => {
    const order: string[] = [];
    const clock = { now: 0 };
    const operate = async (name: string) => {
      const pace = createLatePace(clock);
      const part = async () => {
        await pace.pause();
        clock.now += 3;
        order.push(name);
      };
      await Promise.all(Array.from({ length: 8 }, part));
    };
    await Promise.all([operate('a'), operate('b')]);
    expect(order.filter((name) => name === 'a')).toHaveLength(8);
    expect(order.join('')).toMatch(/^a+b+a+b+a+b+/);
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
});
