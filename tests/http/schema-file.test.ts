// Owns the tests of the schema as a file: for whom it is there, and that it is not sent again to who has it.

import { buildSchema, printSchema } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GatewayOptions } from '../../src/gateway.ts';
import { createCallers } from '../../src/operations/callers.ts';
import { createPersistedOperations } from '../../src/operations/persisted-operations.ts';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, standInSchema, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
let server: Server;

beforeAll(async () => {
  server = await startStandInServer(createStandInGateway(log), log);
});

afterAll(() => server.close());

const get = (headers: Record<string, string> = {}) => fetch(`${server.url}/schema.graphql`, { headers });

it('is the schema of the moment', async () => {
  const response = await get();
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  const text = await response.text();
  expect(printSchema(buildSchema(text)).length).toBe(printSchema(standInSchema).length);
  expect(text).toContain('type Query {');
});

it('is not sent again to who has it', async () => {
  const etag = (await get()).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  for (const given of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const response = await get({ 'if-none-match': given });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, '']);
  }
  expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
});

it.each(['br', 'gzip'])('comes as %s', async (encoding) => {
  const response = await get({ 'accept-encoding': encoding });
  expect(response.headers.get('content-encoding')).toBe(encoding);
  expect(await response.text()).toContain('type Query {');
});

it.each<[string, Partial<GatewayOptions>, number]>([
  ['introspection is off', { introspection: false }, 404],
  ['the gateway is hardened', { hardened: true }, 404],
  ['only listed operations run', { persisted: createPersistedOperations({ listed: new Map(), only: true }) }, 404],
  ['a key is needed', { callers: createCallers({ keys: [], required: true }) }, 401],
])('is closed where %s', async (_why, options, status) => {
  const gateway = createStandInGateway(log, options);
  const response = await gateway.fetch(new Request('http://gateway/schema.graphql'));
  expect(response.status).toBe(status);
  expect(await response.text()).not.toContain('type Query');
});

it('is not introspected either, nor guessed, where introspection is off', async () => {
  const gateway = createStandInGateway(log, { introspection: false });
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
    return (await gateway.fetch(new Request('http://gateway/graphql', init))).json();
  };
  expect(await ask('{ __schema { types { name } } }')).toEqual({ errors: expect.any(Array) });
  expect(JSON.stringify(await ask('{ helo }'))).not.toContain('hello');
  expect(await ask('{ __typename hello }')).toEqual({ data: { __typename: 'Query', hello: 'Hello world' } });
});
