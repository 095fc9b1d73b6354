import { buildSchema, type ExecutionResult, parse } from 'graphql';
import { expect, it, vi } from 'vitest';
import { type Asked, createEventRuns, type RunEvent, toKey } from '../../../src/plugins/event-runs.ts';
import { createTurns } from '../../../src/plugins/event-turns.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { a: Int }');
const document = parse('subscription { a }');
const asked: Asked = { schema, document, key: 'same' };
const event = { id: 1 };
const staying = () => new AbortController().signal;

/** Runs that end when they are told to. */
function createRuns() {
  const begun: { readonly signal: AbortSignal; readonly end: (result: ExecutionResult) => void }[] = [];
  const run: RunEvent = (signal) => new Promise((end) => begun.push({ signal, end }));
  return { begun, run };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

it('runs an event once for all who ask the same of it, and anew for who comes later', async () => {
  const resultOf = createEventRuns(createTurns());
  const { begun, run } = createRuns();
  const told = [1, 2, 3].map(() => resultOf(asked, event, run, staying()));
  await turns(3);
  expect(begun).toHaveLength(1);
  const result = { data: { a: 1 } };
  begun[0]?.end(result);
  for (const one of await Promise.all(told)) expect(one).toBe(result);
  void resultOf(asked, event, run, staying());
  await turns(3);
  expect(begun).toHaveLength(2);
});

it('shares nothing between different events, schemas, documents and keys, nor with who has none', async () => {
  const resultOf = createEventRuns(createTurns());
  const { begun, run } = createRuns();
  const different: [Asked, unknown][] = [
    [asked, event],
    [asked, { id: 1 }],
    [{ ...asked, schema: buildSchema('type Query { a: Int } type Subscription { a: Int }') }, event],
    [{ ...asked, document: parse('subscription { a }') }, event],
    [{ ...asked, key: 'other' }, event],
    [{ ...asked, key: null }, event],
    [{ ...asked, key: null }, event],
  ];
  for (const [one, payload] of different) void resultOf(one, payload, run, staying());
  await turns(10);
  expect(begun).toHaveLength(different.length);
});

it('goes on while somebody waits, ends with the last one, and is not joined then', async () => {
  const resultOf = createEventRuns(createTurns());
  const { begun, run } = createRuns();
  const [first, second] = [new AbortController(), new AbortController()];
  for (const { signal } of [first, second]) void resultOf(asked, event, run, signal);
  await turns(3);
  first.abort();
  expect(begun[0]?.signal.aborted).toBe(false);
  second.abort();
  expect(begun[0]?.signal.aborted).toBe(true);
  void resultOf(asked, event, run, staying());
  await turns(3);
  expect(begun).toHaveLength(2);
});

it('runs nothing for who has left before his turn', async () => {
  const resultOf = createEventRuns(createTurns());
  const { begun, run } = createRuns();
  const leaving = new AbortController();
  const told = resultOf(asked, event, run, leaving.signal);
  leaving.abort();
  expect(await told).toBeUndefined();
  expect(begun).toEqual([]);
});

it('runs no more than 16 at once, and the rest as these end', async () => {
  const resultOf = createEventRuns(createTurns(), 600_000);
  const { begun, run } = createRuns();
  for (let count = 0; count < 20; count += 1) void resultOf({ ...asked, key: null }, event, run, staying());
  await turns(30);
  expect(begun).toHaveLength(16);
  for (const { end } of begun.slice(0, 3)) end({ data: {} });
  await turns(30);
  expect(begun).toHaveLength(19);
});

it('has nobody wait long for runs that wait for WordPress', async () => {
  const resultOf = createEventRuns(createTurns(), 1);
  const { begun, run } = createRuns();
  for (let count = 0; count < 40; count += 1) void resultOf({ ...asked, key: null }, event, run, staying());
  await vi.waitFor(() => expect(begun).toHaveLength(40));
});

it('gives a key that tells apart what JSON does not', () => {
  const keyOf = (variableValues: Record<string, unknown>, operationName?: string) =>
    toKey({ schema, document, variableValues, ...(operationName ? { operationName } : {}) });
  expect(keyOf({ ids: ['1'] }, 'A')).toBe(keyOf({ ids: ['1'] }, 'A'));
  const all = [
    keyOf({}),
    keyOf({}, 'A'),
    keyOf({ x: null }),
    keyOf({ x: Number.POSITIVE_INFINITY }),
    keyOf({ x: '1' }),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(keyOf({ read: () => 'x' })).toBeNull();
});
