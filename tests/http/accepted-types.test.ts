// Owns the tests of what a client accepts: where nothing of that is offered, nothing runs, and it is told so in few words.

import { createSchema } from 'graphql-yoga';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const ran: string[] = [];
const run = (name: string) => () => {
  ran.push(name);
  return name;
};
const schema = createSchema({
  typeDefs: 'type Query { read: String } type Mutation { write: String } type Subscription { follow: String }',
  resolvers: {
    Query: { read: run('read') },
    Mutation: { write: run('write') },
    Subscription: {
      follow: {
        async *subscribe() {
          yield { follow: run('follow')() };
        },
      },
    },
  },
});

let server: Server;
beforeAll(async () => {
  const gateway = createStandInGateway(log, {
    schema,
    createContext: () => ({ name: run('context')() }),
    graphiql: true,
  });
  server = await startStandInServer(gateway, log);
});
afterAll(() => server.close());
beforeEach(() => void ran.splice(0));

type Init = RequestInit & { readonly headers?: Record<string, string> };

async function ask(accept: string | null, path: string, init: Init = {}) {
  const headers = new Headers({ ...init.headers, ...(accept === null ? {} : { accept }) });
  const response = await fetch(`${server.url}${path}`, { ...init, headers });
  const length = [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return { status: response.status, type: response.headers.get('content-type'), length, text: await response.text() };
}

const post = (body: unknown, headers: Record<string, string> = {}): [string, Init] => [
  '/graphql',
  { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
];

const form = new FormData();
form.append('operations', '{"query":"mutation { write }"}');
form.append('map', '{}');
const query = { query: '{ read }' };
const mutation = { query: 'mutation { write }' };
const subscription = { query: 'subscription { follow }' };
const credentials = { authorization: 'Basic eDp5' };
const anything =
  '"Accept" takes nothing that this is answered as:' +
  ' application/json, application/graphql-response+json, text/event-stream, multipart/mixed.';

const requests: Record<string, readonly [string, Init]> = {
  'a query': post(query),
  'a query with credentials': post(query, credentials),
  'a query in the address': ['/graphql?query={read}', {}],
  'a mutation': post(mutation, credentials),
  'a mutation in a form': [
    '/graphql',
    { method: 'POST', body: form, headers: { ...credentials, 'x-graphql-csrf': '1' } },
  ],
  'a subscription': post(subscription),
  'a subscription in the address': [`/graphql?query=${encodeURIComponent(subscription.query)}`, {}],
  'a list of operations': post([query, mutation]),
  'what is no GraphQL': post({ query: '{' }),
};

describe.each(Object.entries(requests))('%s', (_name, [path, init]) => {
  it.each([
    ['text', 'text/plain'],
    ['XML', 'application/xml, text/xml;q=0.5'],
    ['a page', 'text/html'],
    ['two thousand types that there are not', Array.from({ length: 2000 }, () => 'a/b').join()],
  ])('is refused before it runs where only %s is accepted', async (_kind, accept) => {
    const { status, length, text } = await ask(accept, path, init);
    expect(status).toBe(406);
    expect(JSON.parse(text).errors).toEqual([{ message: anything, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(length).toBeLessThan(500);
    expect(ran).toEqual([]);
  });
});

const long = Array.from({ length: 2000 }, () => 'a/b').join();

it.each([
  ['JSON', 'application/json'],
  ['parts', 'multipart/mixed'],
  ['JSON and much else', `application/json, ${long}`],
])('a subscription is refused before it runs where %s is accepted and no events', async (_kind, accept) => {
  const { status, length, text } = await ask(accept, ...post(subscription));
  expect([status, JSON.parse(text).errors[0].message]).toEqual([
    406,
    '"Accept" takes nothing that this is answered as: text/event-stream.',
  ]);
  expect(length).toBeLessThan(500);
  expect(ran).toEqual([]);
});

it('nothing is said at length of what GraphQL refuses itself', async () => {
  for (const accept of [long, `${long}, application/json;charset=latin1`, `${long}, text/html`]) {
    const asked = await ask(accept, '/graphql');
    const listed = await ask(accept, ...post([query]));
    expect(asked.length + listed.length).toBeLessThan(1200);
  }
  expect(ran).toEqual([]);
});

const json = 'application/json; charset=utf-8';
const newer = 'application/graphql-response+json; charset=utf-8';
const events = 'text/event-stream';
const parts = 'multipart/mixed; boundary="-"';
const chrome = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

it.each<[string | null, string]>([
  [null, json],
  ['*/*', json],
  ['application/*', json],
  ['APPLICATION/JSON', json],
  ['application/json;charset=iso-8859-1', json],
  ['application/json;q=0', json],
  ['*/json', json],
  [chrome, json],
  ['application/json, multipart/mixed, text/event-stream', json],
  ['application/graphql-response+json, application/json', newer],
  ['application/json;q=0.5, application/graphql-response+json', newer],
  ['text/html, application/graphql-response+json, application/json', newer],
  [events, events],
  ['text/*', events],
  ['text/event-stream;q=0', events],
  ['text/plain, text/event-stream', events],
  ['multipart/mixed', parts],
  ['multipart/*, text/event-stream', parts],
])('a query is answered where this is accepted: %s', async (accept, expected) => {
  for (const [path, init] of [post(query), post(query, credentials), ['/graphql?query={read}', {}] as const]) {
    const { status, type, text } = await ask(accept, path, init);
    expect([status, type]).toEqual([200, expected]);
    expect(text).toContain('{"data":{"read":"read"}}');
  }
});

it.each([null, '*/*', 'text/*', 'text/event-stream;q=0', 'application/json, text/event-stream', chrome])(
  'a subscription is followed where this is accepted: %s',
  async (accept) => {
    const { status, type, text } = await ask(accept, ...post(subscription));
    expect([status, type]).toEqual([200, events]);
    expect(text).toContain('data: {"data":{"follow":"follow"}}');
  },
);

it('GraphiQL and what it is made of are answered as what they are', async () => {
  const page = await ask('text/html', '/graphql');
  expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await ask('image/avif', '/graphiql/tabs.json')).toMatchObject({ status: 200, type: 'application/json' });
  expect((await ask('a/b', '/graphql', { method: 'OPTIONS' })).status).toBe(204);
});
