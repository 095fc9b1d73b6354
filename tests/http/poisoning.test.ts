// What an answer is kept by is all that it depends on: nothing else of a request changes what the next client gets.

import { createHash } from 'node:crypto';
import { createSchema } from 'graphql-yoga';
import { beforeEach, describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const log = createRecordingLogger();
const odd = 'odd.example';

/** All that a resolver could let slip into an answer: what it sees of the request. */
const schema = createSchema({
  typeDefs: 'type Query { seen: String, hello(name: String): String }',
  resolvers: {
    Query: {
      seen: (_source, _args, { seen }: { readonly seen: string }) => seen,
      hello: (_source, { name }: { readonly name?: string }) => `Hello ${name ?? 'world'}`,
    },
  },
});

let gateway: Gateway;

beforeEach(() => {
  const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 };
  gateway = createGateway({
    schema,
    logger: log.logger,
    store: createResponseStore({ maxBytes: 1_000_000, ...times }),
    createContext: (request) => ({
      seen: JSON.stringify(
        [request.method, request.url, ...request.headers].filter((part) => !/^x-request-id/.test(String(part))),
      ),
      trace: createTrace(),
    }),
  });
});

const query = '{ seen hello }';

async function get(headers: Record<string, string> = {}, parameters: Record<string, string> = { query }) {
  const response = await gateway.fetch(
    new Request(`http://gateway/graphql?${new URLSearchParams(parameters)}`, { headers }),
  );
  const kept = [...response.headers].filter(([name]) => !/^(?:x-request-id|age)$/.test(name));
  return { status: response.status, body: await response.text(), headers: kept };
}

const names = [
  ...[
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-port',
    'x-forwarded-prefix',
  ],
  ...['x-forwarded-server', 'x-forwarded-scheme', 'x-forwarded-user', 'x-real-ip', 'x-client-ip', 'true-client-ip'],
  ...['cf-connecting-ip', 'x-host', 'x-original-host', 'x-original-url', 'x-rewrite-url', 'x-override-url', 'via'],
  ...['x-http-method', 'x-http-method-override', 'x-method-override', 'x-http-host-override', 'x-wap-profile'],
  ...['accept-language', 'accept-charset', 'accept-datetime', 'user-agent', 'referer', 'origin', 'dnt', 'save-data'],
  ...['x-requested-with', 'x-amz-date', 'x-api-version', 'x-custom-ip-authorization', 'x-wp-nonce', 'x-csrf-token'],
  ...[
    'range',
    'if-range',
    'if-modified-since',
    'if-unmodified-since',
    'max-forwards',
    'pragma',
    'te',
    'upgrade-insecure-requests',
  ],
  ...['sec-fetch-mode', 'sec-fetch-site', 'sec-ch-ua', 'traceparent', 'baggage', 'x-b3-traceid', 'x-amzn-trace-id'],
  ...[
    'apollo-require-preflight',
    'apollographql-client-name',
    'apollographql-client-version',
    'x-apollo-operation-name',
  ],
  ...[
    'x-graphql-csrf',
    'idempotency-key',
    'x-correlation-id',
    'front-end-https',
    'x-sucuri-clientip',
    'cdn-loop',
    '__proto__',
  ],
  ...[
    'proxy-connection',
    'proxy-authorization',
    'early-data',
    'priority',
    'x-purpose',
    'purpose',
    'x-moz',
    'x-middleware-prefetch',
  ],
] as const;

describe('a header that no answer is kept by', () => {
  it.each(names)('%s changes no answer', async (name) => {
    const first = await get({ [name]: odd });
    expect(first.status).toBe(200);
    expect(first.body + JSON.stringify(first.headers)).not.toContain(odd);
    expect(await get()).toEqual(first);
  });
});

describe('what is a request of its own', () => {
  it.each([
    ['cookies', { cookie: `a=${odd}`, 'apollo-require-preflight': '1' }],
    ['credentials', { authorization: 'Basic YTpi', 'apollo-require-preflight': '1' }],
  ])('with %s leaves nothing to others', async (_name, headers) => {
    const own = await get(headers);
    expect(own.headers).toContainEqual(['cache-control', 'no-store']);
    const others = await get();
    expect(others.body).not.toContain(odd);
    expect(others.body).not.toContain('YTpi');
    expect(await get(headers)).toEqual(own);
  });

  it('by a media type is told in that type, and no other', async () => {
    const typeOf = ({ headers }: Awaited<ReturnType<typeof get>>) =>
      headers.find(([name]) => name === 'content-type')?.[1];
    const first = await get({ accept: 'application/graphql-response+json' });
    expect(typeOf(first)).toContain('application/graphql-response+json');
    expect(typeOf(await get())).toContain('application/json');
    expect((await get({ accept: `${odd}/x` })).body).not.toContain(odd);
  });
});

describe('parameters', () => {
  it.each([
    ['one too many', { query, utm_source: odd }],
    ['extensions', { query, extensions: JSON.stringify({ odd }) }],
    ['a name of the only operation', { query: '{seen,hello}', operationName: '' }],
    ['variables that are not declared', { query, variables: JSON.stringify({ odd, constructor: { prototype: odd } }) }],
    ['a prototype', { query, variables: `{"__proto__":{"name":"${odd}"}}` }],
  ])('%s change no answer', async (_name, parameters) => {
    const first = await get({}, parameters);
    expect(first.body).not.toContain(odd);
    expect((await get()).body).toBe(first.body);
  });

  it('that differ have answers that differ', async () => {
    const hello = 'query ($name: String) { hello(name: $name) }';
    const asked = [
      '{"name":"a"}',
      '{"name":"b"}',
      '{"name":"A"}',
      '{"name":"a "}',
      '{"name":null}',
      '{}',
      '{"name":"é"}',
      '{"name":"e\u0301"}',
    ];
    const first = new Map<string, string>();
    for (const variables of asked) first.set(variables, (await get({}, { query: hello, variables })).body);
    expect(new Set(first.values()).size).toBe(asked.length - 1);
    for (const [variables, body] of first) expect((await get({}, { query: hello, variables })).body).toBe(body);
  });

  it('with the id of another document register nothing', async () => {
    const id = createHash('sha256').update(query).digest('hex');
    const withId = (text?: string) =>
      get(
        {},
        {
          ...(text === undefined ? {} : { query: text }),
          extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: id } }),
        },
      );
    const refused = await withId('{ hello(name: "odd.example") }');
    expect(JSON.parse(refused.body)).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_MISMATCH' } }] });
    expect((await withId()).body).toContain('PersistedQueryNotFound');
    const right = await withId(query);
    expect(right.status).toBe(200);
    expect((await withId()).body).toBe(right.body);
  });
});
