// Owns the tests of the two doors to an answer: kept bytes and GraphQL itself say the same, whoever asks and however.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import type { GatewayOptions } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const createStore = () =>
  createResponseStore({ maxBytes: 10_000_000, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 });
const createContext = (request: Request) => ({
  signal: request.signal,
  trace: { ...createTrace(), tags: new Set(['post:1', 'list:post']) },
});

/** One that keeps answers, and one whose every answer comes out of GraphQL. */
const keeping = createStandInGateway(log, { store: createStore(), createContext, graphiql: true });
const plain = createStandInGateway(log, { createContext, graphiql: true });
let servers: { readonly keeping: Server; readonly plain: Server };

beforeAll(async () => {
  servers = { keeping: await startStandInServer(keeping, log), plain: await startStandInServer(plain, log) };
});

afterAll(async () => {
  await servers.keeping.close();
  await servers.plain.close();
});

interface Exchange {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function exchange(base: string, path: string, init: RequestInit): Promise<Exchange> {
  const response = await fetch(base + path, { redirect: 'manual', ...init });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

const volatile = new Set(['age', 'date', 'x-request-id', 'connection', 'keep-alive', 'content-security-policy']);

/** Without what differs from one answer to the next. */
function steady({ status, headers, body }: Exchange): Exchange {
  const kept = Object.entries(headers).filter(([name]) => !volatile.has(name));
  const withoutIds = body.replace(/"requestId":"[^"]*"/g, '"requestId":""').replace(/nonce="[^"]*"/g, 'nonce=""');
  return { status, headers: Object.fromEntries(kept), body: withoutIds };
}

// Long enough to gain by being compressed.
const long = `{ ${Array.from({ length: 12 }, (_, at) => `a${at}: posts { nodes { title date uri } }`).join(' ')} }`;
// The client of these tests would ask for gzip by itself; ids that are told are of one length.
const plainly = { 'accept-encoding': 'identity', 'x-request-id': 'door' };
const json = { 'content-type': 'application/json', ...plainly };
const post = (body: unknown, headers: Record<string, string> = {}): [string, RequestInit] => [
  '/graphql',
  { method: 'POST', headers: { ...json, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) },
];
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}): [string, RequestInit] => [
  `/graphql?${new URLSearchParams(parameters)}`,
  { headers: { ...plainly, ...headers } },
];

const matrix: Readonly<Record<string, readonly [string, RequestInit]>> = {
  POST: post({ query: long }),
  'POST with variables': post({ query: 'query Q($n: String) { hello(name: $n) }', variables: { n: 'Zoë' } }),
  'POST with a charset': post({ query: long }, { 'content-type': 'application/json; charset=utf-8' }),
  'POST for the newer media type': post({ query: long }, { accept: 'application/graphql-response+json' }),
  'POST for anything': post({ query: long }, { accept: '*/*' }),
  'POST for nothing that there is': post({ query: long }, { accept: 'application/xml' }),
  'POST for gzip': post({ query: long }, { 'accept-encoding': 'gzip' }),
  'POST for brotli': post({ query: long }, { 'accept-encoding': 'br' }),
  'POST by another origin': post({ query: long }, { origin: 'https://front.example' }),
  'POST with a cookie': post({ query: long }, { cookie: 'a=1' }),
  'POST with credentials': post({ query: long }, { authorization: 'Basic eDp5' }),
  'POST for a new answer': post({ query: long }, { 'cache-control': 'no-cache' }),
  'POST for an answer that is not kept': post({ query: long }, { 'cache-control': 'no-store' }),
  'POST with an old tag': post({ query: long }, { 'if-none-match': '*' }),
  'POST to the path of clients': ['/index.php?graphql', post({ query: long })[1]],
  mutation: post({ query: 'mutation { touch }' }),
  introspection: post({ query: '{ __schema { queryType { name } } }' }),
  'error of a field': post({ query: '{ hello userError }' }),
  'failure of WordPress': post({ query: '{ hello upstreamError }' }),
  'failure that leaves no data': post({ query: '{ requiredUpstreamError }' }),
  'failure of the gateway': post({ query: '{ plainError }' }),
  'syntax error': post({ query: '{' }),
  'unknown field': post({ query: '{ unknown }' }),
  'unknown field for the newer media type': post(
    { query: '{ unknown }' },
    { accept: 'application/graphql-response+json' },
  ),
  'variable of a wrong type': post({ query: 'query Q($n: Int!) { slow(ms: $n) }', variables: { n: 'x' } }),
  'unknown operation': post({ query: 'query A { hello }', operationName: 'B' }),
  'no document': post({}),
  'no JSON': post('{'),
  'list of operations': post([{ query: long }]),
  'unexpected parameter': post({ query: long, foo: 1 }),
  'unexpected parameter of null': post({ query: long, foo: null }),
  'an id of a wrong type': post({ query: long, extensions: { persistedQuery: { sha256Hash: 5 } } }),
  'no body': post('', { 'content-type': 'application/json' }),
  'the text of a document': post(long, { 'content-type': 'application/graphql' }),
  'the text of a document, not kept': post(long, {
    'content-type': 'application/graphql',
    'cache-control': 'no-store',
  }),
  'the text of no document': post('{"query":"{ hello }"}', { 'content-type': 'application/graphql' }),
  text: post('{ hello }', { 'content-type': 'text/plain' }),
  'an empty name': post({ query: 'query A { hello }', operationName: '' }),
  'an empty name with a cookie': post({ query: 'query A { hello }', operationName: '' }, { cookie: 'a=1' }),
  'a type in capitals': post({ query: long }, { 'content-type': 'Application/JSON; Charset=UTF-8' }),
  'a type in capitals, not kept': post(
    { query: long },
    { 'content-type': 'Application/JSON; Charset=UTF-8', 'cache-control': 'no-store' },
  ),
  'the type of GraphQL': post({ query: long }, { 'content-type': 'application/graphql+json' }),
  'weighted types': post({ query: long }, { accept: 'application/json;q=0.5, application/graphql-response+json' }),
  'weighted types, not kept': post(
    { query: long },
    { accept: 'application/json;q=0.5, application/graphql-response+json', 'cache-control': 'no-store' },
  ),
  'types of streams as well': post(
    { query: long },
    { accept: 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed' },
  ),
  'a number beyond those that there are': post('{"query":"query Q($n: Int) { hello }","variables":{"n":1e999}}'),
  'two operations without a name, not kept': post(
    { query: 'query A { hello } query B { hello }' },
    { 'cache-control': 'no-store' },
  ),
  GET: get({ query: long }),
  'GET with variables': get({ query: 'query Q($n: String) { hello(name: $n) }', variables: '{"n":"Zoë & co"}' }),
  'GET of a mutation': get({ query: 'mutation { touch }' }),
  'GET for brotli': get({ query: long }, { 'accept-encoding': 'br' }),
  'GET of GraphiQL': get({}, { accept: 'text/html' }),
  'GET without a document': get({}),
  'GET of two documents': ['/graphql?query={hello}&query={userError}', { headers: plainly }],
  'GET of two documents, not kept': [
    '/graphql?query={hello}&query={userError}',
    { headers: { ...plainly, 'cache-control': 'no-store' } },
  ],
  'GET with variables that are no JSON': get({ query: long, variables: '{' }),
  PUT: ['/graphql', { method: 'PUT', body: '{}', headers: json }],
  OPTIONS: ['/graphql', { method: 'OPTIONS', headers: { ...plainly, 'access-control-request-method': 'POST' } }],
};

/** What only an answer that may be kept has. */
const ofKept = ['age', 'cache-control', 'etag', 'vary', 'x-graphql-keys', 'surrogate-key', 'cache-tag'];
const ofEncoding = ['content-encoding', 'content-length'];

// What fails in the gateway itself is an error in the log as well.
afterEach(({ task }) => {
  const isExpected = task.suite?.name === 'failure of the gateway' || task.suite?.name === 'what is kept';
  if (isExpected) expect(log.takeErrors().every(({ path }) => path === 'plainError')).toBe(true);
});

describe.each(Object.entries(matrix))('%s', (_, [path, init]) => {
  it('is the same from GraphQL, out of the store, and through the Fetch standard', async () => {
    const first = await exchange(servers.keeping.url, path, init);
    const second = await exchange(servers.keeping.url, path, init);
    expect(steady(second)).toEqual(steady(first));
    const fetched = await keeping.fetch(new Request(`http://gateway${path}`, init));
    const { 'content-encoding': encoding, ...headers } = Object.fromEntries(fetched.headers);
    const { 'content-encoding': sent, ...others } = steady(first).headers;
    expect(steady({ status: fetched.status, headers, body: '' })).toEqual({
      status: first.status,
      headers: others,
      body: '',
    });
    expect(encoding).toBe(sent);
  });

  it('says what it would without a store', async () => {
    const kept = steady(await exchange(servers.keeping.url, path, init));
    const made = steady(await exchange(servers.plain.url, path, init));
    const without = ({ headers }: Exchange, names: readonly string[]) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
    expect([kept.status, kept.body]).toEqual([made.status, made.body]);
    const ignored = [...ofKept, ...('etag' in kept.headers ? ofEncoding : [])];
    expect(without(kept, ignored)).toEqual(without(made, ignored));
  });
});

it('an answer from before an outage says so at both doors, and is counted', async () => {
  const now = performance.now();
  const times = { storedAt: now - 5000, freshUntil: now - 1000, staleUntil: now + 60_000, errorUntil: now + 60_000 };
  const open = (options: Partial<GatewayOptions>) => {
    const stale: string[] = [];
    const metrics = { ...createMetrics(), servedStale: (reason: string) => void stale.push(reason) };
    const createContext = () => ({ trace: { ...createTrace(), ...times, stale: 1, isOutage: true } });
    return { stale, gateway: createStandInGateway(log, { createContext, metrics, ...options }) };
  };
  const told = async ({ stale, gateway }: ReturnType<typeof open>, headers: Record<string, string> = {}) => {
    const [path, init] = post({ query: '{ hello }' }, headers);
    const response = await gateway.fetch(new Request(`http://gateway${path}`, init));
    const text = await response.text();
    const { data, extensions } = JSON.parse(text);
    expect(response.headers.get('content-length')).toBe(String(text.length));
    const { reason, storedAt } = extensions.headgate.cache;
    expect(Number.isNaN(Date.parse(storedAt))).toBe(false);
    const [age, status] = ['age', 'cache-status'].map((name) => response.headers.get(name));
    return { data, reason, stale, age, status: status?.replace(/ttl=-?\d+/, 'ttl=') };
  };
  const all = await Promise.all([
    told(open({ store: createStore() })),
    told(open({ store: createStore() }), { 'cache-control': 'no-store' }),
    told(open({ store: createStore() }), { cookie: 'a=1' }),
    told(open({})),
  ]);
  const status = 'headgate; hit; ttl=; detail=outage';
  const [path, init] = post({ query: '{ hello }' }, { accept: 'text/event-stream' });
  const stream = await open({}).gateway.fetch(new Request(`http://gateway${path}`, init));
  expect([stream.status, stream.headers.get('age')]).toEqual([200, '5']);
  expect(await stream.text()).toContain('{"data":{"hello":"Hello world"}}');
  for (const one of all) {
    expect(one).toEqual({ data: { hello: 'Hello world' }, reason: 'outage', stale: ['outage'], age: '5', status });
  }
});

describe('what is kept', () => {
  const isKept = async ([path, init]: readonly [string, RequestInit]) => {
    const { headers } = await exchange(servers.keeping.url, path, init);
    return 'etag' in headers;
  };

  it('is the whole answer to a query of anybody, and nothing else', async () => {
    const kept = await Promise.all(
      Object.entries(matrix).map(async ([name, asked]) => ((await isKept(asked)) ? name : [])),
    );
    expect(kept.flat()).toEqual([
      ...['POST', 'POST with variables', 'POST with a charset', 'POST for the newer media type', 'POST for anything'],
      ...[
        'POST for gzip',
        'POST for brotli',
        'POST by another origin',
        'POST for a new answer',
        'POST with an old tag',
      ],
      ...['POST to the path of clients', 'introspection', 'unexpected parameter of null', 'the text of a document'],
      ...['an empty name', 'a type in capitals', 'the type of GraphQL'],
      ...['weighted types', 'types of streams as well'],
      ...['GET', 'GET with variables', 'GET for brotli', 'GET of two documents'],
    ]);
  });

  it('is told to nobody else to keep otherwise', async () => {
    for (const [path, init] of Object.values(matrix)) {
      const { headers } = await exchange(servers.keeping.url, path, init);
      if ('etag' in headers) continue;
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});
