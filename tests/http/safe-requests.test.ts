// Requests that a foreign page could send in its visitor's name are refused, and what a private API hides is hidden.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSchema } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

const log = createRecordingLogger();
const open = createStandInGateway(log);
const hardened = createStandInGateway(log, { hardened: true, graphiql: true });
const gateways = [
  ['by default', open],
  ['hardened', hardened],
] as const;
const address = 'http://gateway.test/graphql';
const getHello = new Request(`${address}?query={hello}`);
const required = { extensions: { code: 'PREFLIGHT_REQUIRED' } };

describe.each(gateways)('bodies, %s', (_name, gateway) => {
  it.each([
    ['a form', new URLSearchParams({ query: '{ hello }' })],
    ['text', '{"query":"{ hello }"}'],
    ['bytes without a type', new Blob(['{"query":"{ hello }"}'])],
  ])('%s is refused', async (_kind, body) => {
    const response = await gateway.fetch(new Request(address, { method: 'POST', body }));
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('a form with files is refused without a header that browsers ask about, and without credentials', async () => {
    const ask = (headers: Record<string, string>) =>
      gateway.fetch(new Request(address, { method: 'POST', headers, body: multipart() }));
    const bare = await ask({});
    expect(bare.status).toBe(403);
    expect(await bare.json()).toMatchObject({ errors: [required] });
    const unknown = await ask({ 'apollo-require-preflight': '1' });
    expect(unknown.status).toBe(401);
    expect(await unknown.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/graphql+json'])(
    '%s is read',
    async (type) => {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{"query":"{ hello }"}' };
      expect(await (await gateway.fetch(new Request(address, init))).json()).toEqual({
        data: { hello: 'Hello world' },
      });
    },
  );
});

/** What a subscription tells first. */
async function firstEvent(gateway: Gateway, asked: object) {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const request = new Request(address, { method: 'POST', headers, body: JSON.stringify(asked) });
  const text = await (await gateway.fetch(request)).text();
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}');
}

function multipart(): FormData {
  const form = new FormData();
  form.set('operations', '{"query":"{ hello }"}');
  form.set('map', '{}');
  return form;
}

describe('GET', () => {
  it('is answered to anybody who brings no credentials', async () => {
    const response = await open.fetch(getHello);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });

  it.each([
    ['cookies', { cookie: 'wordpress_logged_in=1' }],
    ['credentials', { authorization: 'Basic YTpi' }],
  ])('with %s needs a header', async (_kind, headers) => {
    const response = await open.fetch(new Request(getHello, { headers }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [required] });
  });

  it.each([
    ['apollo-require-preflight', 'true'],
    ['x-apollo-operation-name', 'Hello'],
    ['x-graphql-csrf', '1'],
    ['x-requested-with', 'XMLHttpRequest'],
    ['content-type', 'application/json'],
  ])('with cookies and %s is answered', async (name, value) => {
    for (const [, gateway] of gateways) {
      const response = await gateway.fetch(new Request(getHello, { headers: { cookie: 'a=1', [name]: value } }));
      expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
    }
  });

  it('with cookies and a type that forms can send is not', async () => {
    const headers = { cookie: 'a=1', 'content-type': 'text/plain' };
    expect((await open.fetch(new Request(getHello, { headers }))).status).toBe(403);
  });

  it('with its own document is not answered by a hardened gateway', async () => {
    const response = await hardened.fetch(getHello);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [required] });
  });
});

describe('a hardened gateway', () => {
  async function errorsOf(body: object): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const response = await hardened.fetch(
      new Request(address, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
    const { errors, data } = await response.json();
    expect(data).toBeUndefined();
    return errors.map(({ message }: { message: string }) => message).join('\n');
  }

  it.each([
    '{ __schema { types { name } } }',
    '{ ...A } fragment A on Query { __schema { queryType { name } } }',
    '{ __type(name: "Query") { name } __schema { types { name } } }',
  ])('refuses %s', async (query) => {
    const told = await errorsOf({ query });
    expect(told).toContain('introspection has been disabled, but the requested query contained the field "__schema"');
  });

  const variables = { name: 'Query' };
  it.each([
    ['by its name', '{ __type(name: "Query") { name fields { type { name ofType { name } } } } }', { __type: null }],
    ['in a variable', 'query ($name: String!) { __type(name: $name) { name } }', { __type: null }],
    ['by default', 'query ($no: String! = "Query") { __type(name: $no) { name } }', { __type: null }],
    [
      'beside others',
      '{ __typename a: hello __type(name: "Post") { kind } b: hello }',
      { __typename: 'Query', a: 'Hello world', __type: null, b: 'Hello world' },
    ],
    ['of introspection', '{ __type(name: "__Type") { name } }', { __type: null }],
    [
      'in fragments',
      '{ ...A } fragment A on Query { ... { __type(name: "Query") { ...B } } } fragment B on __Type { fields { name } }',
      { __type: null },
    ],
    [
      'further down',
      '{ self { __typename self { __type(name: "Post") { name } } } }',
      { self: { __typename: 'Query', self: { __type: null } } },
    ],
    [
      'further down, in a variable',
      'query ($name: String!) { self { __type(name: $name) { name } } }',
      { self: { __type: null } },
    ],
    [
      'on a condition',
      'query ($is: Boolean = true) { self { __type(name: "Query") @include(if: $is) { name } } }',
      { self: { __type: null } },
    ],
  ])('knows no type %s, be it run as it came or as code', async (_kind, query, data) => {
    const gateway = createStandInGateway(log, { hardened: true, execution: { hotAfter: 0 } });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query, variables });
    const ask = async () => (await gateway.fetch(new Request(address, { method: 'POST', headers, body }))).json();
    await import('graphql-jit');
    for (let run = 0; run < 4; run += 1) {
      expect(await ask()).toEqual({ data });
      await nextTurn();
    }
  });

  it('knows no type in events', async () => {
    const schema = createSchema({
      typeDefs: 'type Query { hello: String } type Told { query: Query } type Subscription { told: Told }',
      resolvers: {
        Subscription: {
          told: {
            async *subscribe() {
              yield { told: { query: {} } };
            },
          },
        },
      },
    });
    const gateway = createStandInGateway(log, { schema, hardened: true });
    const query = 'subscription { told { query { __type(name: "Told") { name } __typename } } }';
    expect(await firstEvent(gateway, { query })).toEqual({
      data: { told: { query: { __type: null, __typename: 'Query' } } },
    });
  });

  it('tells __typename', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = '{"query":"{ self { __typename } }"}';
    const response = await hardened.fetch(new Request(address, { method: 'POST', headers, body }));
    expect(await response.json()).toEqual({ data: { self: { __typename: 'Query' } } });
  });

  it.each([
    ['a field', { query: '{ helo }' }],
    ['an object without fields', { query: '{ self }' }],
    ['an argument', { query: '{ hello(nam: "a") }' }],
    ['a type', { query: '{ self { ... on Quer { hello } } }' }],
    [
      'a field of a variable',
      { query: 'query ($r: Range) { hello(range: $r) }', variables: { r: { from: 1, tp: 2 } } },
    ],
    ['an enum value', { query: '{ paint(color: RE) }' }],
    ['an enum value in a variable', { query: 'query ($c: Color) { paint(color: $c) }', variables: { c: 'RE' } }],
  ])('suggests no name for %s', async (_kind, body) => {
    expect(await errorsOf(body)).not.toContain('Did you mean');
  });

  it.each([
    ['an enum value', { color: 'RE' }, /Value "RE" does not exist in "Color" enum\.$/],
    // As graphql 16 and 17 say it.
    [
      'a field',
      { range: { from: 1, tp: 2 } },
      /Field "tp" is not defined by type "Range"\.$|not to include unknown field "tp", found: \{ from: 1, tp: 2 \}\.$/,
    ],
  ])('suggests no name for %s in a variable of a subscription', async (_kind, variables, told) => {
    const schema = createSchema({
      typeDefs: /* GraphQL */ `
        enum Color { RED }
        input Range { from: Int!, to: Int }
        type Query { hello: String }
        type Subscription { told(color: Color, range: Range): String }
      `,
    });
    const gateway = createStandInGateway(log, { schema, hardened: true });
    const query = 'subscription ($color: Color, $range: Range) { told(color: $color, range: $range) }';
    const { errors } = await firstEvent(gateway, { query, variables });
    expect(errors).toHaveLength(1);
    expect(errors[0].message).toMatch(told);
  });

  it('has no page', async () => {
    expect(hardened.graphiql).toBe(false);
    const response = await hardened.fetch(new Request(address, { headers: { accept: 'text/html' } }));
    expect(await response.text()).not.toContain('<html');
  });
});
