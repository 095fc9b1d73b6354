// What operations are asked by is held while they wait: who finds no room for it is told to come again, and it comes back.

import { EventEmitter, once } from 'node:events';
import { createSchema } from 'graphql-yoga';
import { expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

/** Of a process that was given 256 MiB. */
vi.mock('node:v8', async (original) => ({
  ...(await original<typeof import('node:v8')>()),
  getHeapStatistics: () => ({ heap_size_limit: 304 * 1024 * 1024 }),
}));

/** A gateway whose fields wait until they are told. */
function open() {
  const events = new EventEmitter().setMaxListeners(0);
  const counts = { waiting: 0 };
  const wait = async () => {
    counts.waiting += 1;
    await once(events, 'end');
    counts.waiting -= 1;
    return 1;
  };
  const follow = {
    async *subscribe() {
      await once(events, 'end');
      yield { followed: 1 };
    },
  };
  const gateway = createStandInGateway(createRecordingLogger(), {
    schema: createSchema({
      typeDefs: `
        type Query { wait(text: String): Int now(ids: [Int!]): Int }
        type Mutation { wait(text: String): Int }
        type Subscription { followed(ids: [Int!]): Int }
      `,
      resolvers: { Query: { wait, now: () => 1 }, Mutation: { wait }, Subscription: { followed: follow } },
    }),
    createContext: () => ({}),
    store: createResponseStore({ maxBytes: 1e6, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 }),
  });
  const ask = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    gateway.fetch(
      new Request('http://gateway.test/graphql', {
        ...{ method: 'POST', body: JSON.stringify(body), ...(signal ? { signal } : {}) },
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );
  const end = () => events.emit('end');
  return { ask, end, counts };
}

const pad = 'y'.repeat(240_000);
const refusal = { status: 503, wait: '1', body: { errors: [{ extensions: { code: 'OVERLOADED' } }] } };

async function toldBy(response: Response) {
  return { status: response.status, wait: response.headers.get('retry-after'), body: await response.json() };
}

it.each([
  ['queries of anybody', 'query', {}],
  ['queries of somebody', 'query', { authorization: 'Basic eDp5' }],
  ['mutations', 'mutation', {}],
])('bounds what %s hold', async (_what, type, headers) => {
  const { ask, end, counts } = open();
  const askLarge = (text: number) =>
    ask({ query: `${type} Q($text: String) { wait(text: $text) }`, variables: { text: `${text}${pad}` } }, headers);
  const waiting: Promise<Response>[] = [];
  for (let count = 1; count <= 8; count += 1) waiting.push(askLarge(count));
  await vi.waitFor(() => expect(counts.waiting).toBe(8));
  const more = Array.from({ length: 40 }, (_, index) => askLarge(index + 9));
  expect(await toldBy(await Promise.race(more))).toMatchObject(refusal);
  expect(counts.waiting).toBeLessThan(20);
  // Who asks for little is answered all the same.
  expect(await toldBy(await ask({ query: '{ now }' }, headers))).toMatchObject({ status: 200 });
  await vi.waitFor(() => {
    end();
    expect(counts.waiting).toBe(0);
  });
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(Array(8).fill(200));
  await Promise.all(more);
  const again = askLarge(0);
  await vi.waitFor(() => expect(counts.waiting).toBe(1));
  end();
  expect((await again).status).toBe(200);
});

it('bounds what those hold who wait for the run of another', async () => {
  const { ask, end, counts } = open();
  // The variables are none of the operation's.
  const responses = Array.from({ length: 60 }, (_, index) =>
    ask({ query: '{ wait }', variables: { other: `${index}${pad}` } }),
  );
  expect(await toldBy(await Promise.race(responses))).toMatchObject(refusal);
  expect(counts.waiting).toBe(1);
  const small = ask({ query: '{ wait }' });
  // By then all that came before has been read.
  expect((await ask({ query: '{ now }' })).status).toBe(200);
  end();
  expect((await small).status).toBe(200);
  const statuses = (await Promise.all(responses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(25);
});

it('never turns away a hundred usual operations at once', async () => {
  const { ask, end, counts } = open();
  // 8 KB with 1,000 tokens.
  const query = (name: number) => `query Q${name} { wait now(ids: [${'1 '.repeat(980)}]) }`.padEnd(8192);
  const responses = Array.from({ length: 100 }, (_, index) => ask({ query: query(index) }));
  await vi.waitFor(() => expect(counts.waiting).toBe(100));
  end();
  expect((await Promise.all(responses)).map(({ status }) => status)).toEqual(Array(100).fill(200));
});

it('bounds what is held for those who follow something', async () => {
  const { ask, end } = open();
  const leaving = new AbortController();
  const follow = (ids: number) =>
    ask(
      { query: `subscription { followed(ids: [${'1 '.repeat(ids)}]) }` },
      { accept: 'text/event-stream' },
      leaving.signal,
    );
  const statuses: number[] = [];
  for (let count = 0; count < 30; count += 1) statuses.push((await follow(3500)).status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(2);
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(14);
  const refused = await toldBy(await follow(3500));
  const limit = { name: 'subscriptions' };
  expect(refused).toMatchObject({
    ...{ status: 503, wait: '5' },
    body: {
      errors: [{ message: expect.stringContaining('leave no room'), extensions: { code: 'LIMIT_EXCEEDED', limit } }],
    },
  });
  for (let count = 0; count < 100; count += 1) expect((await follow(50)).status).toBe(200);
  leaving.abort();
  end();
  await vi.waitFor(async () => {
    const response = await ask(
      { query: `subscription { followed(ids: [${'1 '.repeat(3500)}]) }` },
      { accept: 'text/event-stream' },
    );
    await response.body?.cancel();
    expect(response.status).toBe(200);
  });
});
