// What comes at once is read in turns of the event loop; what is known is read at once, and what is too much not at all.

import { expect, it } from 'vitest';
import { createReadInTurns } from '../../../src/gateway/read-in-turns.ts';
import type { OperationRequest } from '../../../src/operations/read-operation.ts';

const requestOf = (text: string): OperationRequest => ({
  method: 'POST',
  url: '/graphql',
  contentType: 'application/json',
  body: Buffer.from(text),
});

/** A reader that takes so long for each, in an event loop of which the test says when a turn is over. */
function openReader({ readMs, bytes = 100 }: { readonly readMs: number; readonly bytes?: number }) {
  let clock = 0;
  let turns: (() => void)[] = [];
  const order: string[] = [];
  const lookUp = ({ body }: OperationRequest) => {
    const query = String(body);
    const asked = { query, variables: undefined, operationName: undefined, documentBytes: 0, requestBytes: 0 };
    if (query.startsWith('known')) return asked;
    const read = () => {
      clock += readMs;
      if (query.startsWith('bad')) throw new Error(query);
      order.push(query);
      return asked;
    };
    return { bytes, read };
  };
  const readInTurns = createReadInTurns(
    { lookUp },
    { now: () => clock, afterTurn: (callback) => turns.push(callback) },
  );
  return {
    order,
    read: (text: string) => readInTurns(requestOf(text)),
    /** How many are read in the next turn. */
    endTurn() {
      const before = order.length;
      const ended = turns;
      turns = [];
      for (const end of ended) end();
      return order.length - before;
    },
    isIdle: () => turns.length === 0,
  };
}

it('reads five milliseconds in a turn, and the others in the next ones, in their order', async () => {
  const { read, endTurn, order, isIdle } = openReader({ readMs: 3 });
  const names = Array.from({ length: 10 }, (_, index) => `q${index}`);
  const answers = names.map(read);
  expect(answers.filter((answer) => !(answer instanceof Promise))).toHaveLength(2);
  for (const count of [2, 2, 2, 2]) expect(endTurn()).toBe(count);
  expect(await Promise.all(answers)).toMatchObject(names.map((query) => ({ query })));
  expect(order).toEqual(names);
  endTurn();
  expect(isIdle()).toBe(true);
});

it('gives at once what is known, whatever waits', () => {
  const { read } = openReader({ readMs: 20 });
  expect(read('a')).not.toBeInstanceOf(Promise);
  expect(read('b')).toBeInstanceOf(Promise);
  expect(read('known')).toMatchObject({ query: 'known' });
});

it('takes no more than is read within a second, and 8 MiB', () => {
  const slow = openReader({ readMs: 50 });
  const outcomes = Array.from({ length: 500 }, (_, index) => slow.read(`q${index}`));
  const taken = outcomes.filter((outcome) => outcome instanceof Promise).length;
  expect(taken).toBeGreaterThan(20);
  expect(taken).toBeLessThan(250);
  expect(outcomes.at(-1)).toBeUndefined();
  const large = openReader({ readMs: 10, bytes: 1024 * 1024 });
  const kept = Array.from({ length: 12 }, (_, index) => large.read(`q${index}`));
  expect(kept.filter((outcome) => outcome instanceof Promise)).toHaveLength(8);
  expect(kept.slice(9)).toEqual([undefined, undefined, undefined]);
});

it('takes no others along where one fails', async () => {
  const { read, endTurn } = openReader({ readMs: 10 });
  const [, bad, good] = ['first', 'bad', 'good'].map(read);
  endTurn();
  endTurn();
  await expect(bad).rejects.toThrow('bad');
  expect(await good).toMatchObject({ query: 'good' });
});
