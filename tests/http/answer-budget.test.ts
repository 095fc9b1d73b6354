// Owns the tests of the room for answers over HTTP: who finds none is told to come again, and it comes back.

import { EventEmitter, once } from 'node:events';
import { createSchema } from 'graphql-yoga';
import { afterEach, expect, it, vi } from 'vitest';
import type { RunOptions } from '../../src/context/request.ts';
import { UserError } from '../../src/errors.ts';
import { createLimits } from '../../src/limits.ts';
import { createTrace, type Trace } from '../../src/loaders/trace.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

afterEach(() => vi.restoreAllMocks());

/** Far more than a part of any heap: twice as much is the room. */
const resultBytes = 1e12;

it('turns away a query for which there is no room, until others are done', async () => {
  const events = new EventEmitter();
  let held = 0;
  const limits = { resultBytes };
  const draw = async (_source: unknown, { ms }: { ms: number }, { trace }: { trace: Trace }) => {
    if (!trace.countBytes(0.9 * resultBytes)) return trace.refuse(false);
    if (ms > 0) {
      held += 1;
      await once(events, 'end');
    }
    if (ms < 0) throw new Error('failed');
    return 'large';
  };
  const gateway = createStandInGateway(createRecordingLogger(), {
    schema: createSchema({
      typeDefs: 'type Query { large(ms: Int = 0): String } type Mutation { large(ms: Int = 0): String }',
      resolvers: { Query: { large: draw }, Mutation: { large: draw } },
    }),
    createContext: (_request: Request, { share }: RunOptions) => ({
      trace: createTrace({ limits: createLimits(limits), share }),
    }),
    limits,
  });
  const ask = async (query: string) => {
    const body = JSON.stringify({ query });
    const headers = { 'content-type': 'application/json' };
    const answer = await gateway.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers, body }));
    return { status: answer.status, wait: answer.headers.get('retry-after'), body: await answer.json() };
  };
  const data = { data: { large: 'large' } };

  for (let run = 0; run < 4; run += 1) await ask('{ large(ms: -1) }');
  const waiting = ['{ a: large(ms: 1) }', '{ b: large(ms: 1) }'].map(ask);
  await vi.waitFor(() => expect(held).toBe(2));
  const refused = await ask('{ large }');
  expect(refused).toMatchObject({ status: 503, wait: '1', body: { errors: [{ extensions: { code: 'OVERLOADED' } }] } });
  expect(await ask('mutation { large }')).toMatchObject({ status: 200, body: data });
  events.emit('end');
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  expect(await ask('{ large }')).toMatchObject({ status: 200, body: data });
});

it('tells a refusal for which null cannot stand no more than twenty times', async () => {
  const resolvers = {
    Query: { rows: () => Array.from({ length: 100 }, () => ({})) },
    Row: { text: (_source: unknown, _args: object, { trace }: { trace: Trace }) => trace.refuse(true) },
  };
  const gateway = createStandInGateway(createRecordingLogger(), {
    schema: createSchema({ typeDefs: 'type Query { rows: [Row] } type Row { text: String! }', resolvers }),
    createContext: () => ({ trace: createTrace() }),
  });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: '{ rows { text } }' });
  const answer = await gateway.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers, body }));
  const { data, errors } = await answer.json();
  expect(data.rows).toEqual(Array.from({ length: 100 }, () => null));
  expect(errors).toHaveLength(20);
  expect(errors[19]).toMatchObject({ path: ['rows', 19, 'text'], extensions: { limit: { name: 'resultBytes' } } });
});

const sse = { accept: 'text/event-stream' };
const parts = { accept: 'multipart/mixed' };
const somebody = { authorization: 'Basic eDp5' };

it.each<[string, Record<string, string>]>([
  ['anybody', {}],
  ['somebody', somebody],
  ['anybody who takes events', sse],
  ['somebody who takes events', { ...somebody, ...sse }],
  ['somebody who takes any text', { ...somebody, accept: 'text/*' }],
  ['somebody who takes odd JSON too', { ...somebody, accept: 'text/*, application/ld+json' }],
  ['anybody who takes parts', parts],
  ['somebody who takes parts', { ...somebody, ...parts }],
])('prints what is large whole, beside errors as well, for %s', async (_who, headers) => {
  const text = '"\n漢'.repeat(400_000);
  const rows = Array.from({ length: 3 }, (_, id) => ({ id, text }));
  const weighed = (_source: unknown, _args: object, { trace }: { trace: Trace }) => {
    trace.countBytes(Buffer.byteLength(text) * 3);
    return rows;
  };
  const fail = () => {
    throw new UserError('not so');
  };
  const gateway = createStandInGateway(createRecordingLogger(), {
    schema: createSchema({
      typeDefs: 'type Query { rows: [Row] failing: Int } type Row { id: Int text: String }',
      resolvers: { Query: { rows: weighed, failing: fail } },
    }),
    createContext: (_request: Request, { share }: RunOptions) => ({ trace: createTrace({ share }) }),
  });
  for (const [query, expected] of [
    ['{ rows { id text } }', { data: { rows } }],
    ['{ rows { id text } failing }', { errors: [{ message: 'not so' }], data: { rows, failing: null } }],
  ] as const) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const answer = await gateway.fetch(
      new Request('http://gateway.test/graphql', { ...init, body: JSON.stringify({ query }) }),
    );
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = headers['accept']?.replace(/\*.*/, '') ?? 'json';
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    expect([String(bytes.length), null]).toContain(answer.headers.get('content-length'));
    // An event and a part have their text on a line of its own.
    const [json = ''] = /\{"(?:data|errors)".*\}/.exec(String(bytes)) ?? [];
    expect(JSON.parse(json)).toMatchObject(expected);
  }
});

it.each([
  ['events', sse],
  ['parts', parts],
])('wraps what is large as what is small for who takes %s, without making one text of it', async (_what, headers) => {
  const text = '漢'.repeat(1000);
  const weighed = (_source: unknown, { count }: { count: number }, { trace }: { trace: Trace }) => {
    trace.countBytes(3 * count * text.length);
    return Array.from({ length: count }, () => text);
  };
  const gateway = createStandInGateway(createRecordingLogger(), {
    schema: createSchema({
      typeDefs: 'type Query { texts(count: Int!): [String] }',
      resolvers: { Query: { texts: weighed } },
    }),
    createContext: (_request: Request, { share }: RunOptions) => ({ trace: createTrace({ share }) }),
  });
  const ask = async (count: number) => {
    const body = JSON.stringify({ query: `{ texts(count: ${count}) }` });
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const answer = await gateway.fetch(new Request('http://gateway.test/graphql', init));
    const kept = [...answer.headers].filter(([name]) => name !== 'content-length' && name !== 'x-request-id');
    const json = JSON.stringify({ data: { texts: Array.from({ length: count }, () => text) } });
    const told = (await answer.text()).replace(json, '').replace(`: ${Buffer.byteLength(json)}`, ':');
    return { status: answer.status, headers: kept, told };
  };
  const small = await ask(1);
  expect(small.told.length).toBeLessThan(150);
  const toBytes = vi.spyOn(Buffer, 'from');
  expect(await ask(1000)).toEqual(small);
  const lengths = toBytes.mock.calls.map(([given]: readonly unknown[]) =>
    typeof given === 'string' ? given.length : 0,
  );
  expect(Math.max(...lengths)).toBeLessThan(100_000);
});
