// Requests that a foreign page could send in its visitor's name are refused, and what a private API hides is hidden.

import { createSchema } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
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

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }'])('hides %s', async (query) => {
    expect(await errorsOf({ query })).toContain('introspection has been disabled');
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
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ query, variables });
    const response = await gateway.fetch(new Request(address, { method: 'POST', headers, body }));
    const { errors } = JSON.parse(/^data: (\{.*)$/m.exec(await response.text())?.[1] ?? '{}');
    expect(errors).toHaveLength(1);
    expect(errors[0].message).toMatch(told);
  });

  it('has no page', async () => {
    expect(hardened.graphiql).toBe(false);
    const response = await hardened.fetch(new Request(address, { headers: { accept: 'text/html' } }));
    expect(await response.text()).not.toContain('<html');
  });
});
