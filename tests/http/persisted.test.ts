// Owns the tests of persisted operations over HTTP: by Apollo's protocol, by id, and where nothing else may be asked.

import { describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { sha256 } from '../../src/operations/canonical.ts';
import { createPersistedOperations } from '../../src/operations/persisted-operations.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

const log = createRecordingLogger();
const query = 'query Hello($name: String) { hello(name: $name) }';
const hash = sha256(query);
const listed = new Map([
  ['hello', query],
  ['touch', 'mutation Touch { touch }'],
]);

function open(only: boolean, keeps = true) {
  const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 };
  const gateway = createStandInGateway(log, {
    persisted: createPersistedOperations({ listed: only ? listed : new Map(), only }),
    ...(keeps ? { store: createResponseStore({ maxBytes: 1_000_000, ...times }) } : {}),
  });
  const answerOf = async (request: Request) => {
    const response = await gateway.fetch(request);
    return { status: response.status, cacheControl: response.headers.get('cache-control'), ...(await response.json()) };
  };
  return {
    post: (body: object, headers: Record<string, string> = {}) =>
      answerOf(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
    get: (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
      answerOf(new Request(`http://gateway/graphql?${new URLSearchParams(parameters)}`, { headers })),
    getAs: (search: string, headers: Record<string, string>) =>
      answerOf(new Request(`http://gateway/graphql?${search}`, { headers })),
  };
}

const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
const credentials = { authorization: 'Basic eDp5', 'apollo-require-preflight': '1' };

describe.each([
  ['answers that are kept', true],
  ['no store', false],
])('with %s', (_, keeps) => {
  it('follows the protocol of automatic persisted queries', async () => {
    const { post, get } = open(false, keeps);
    const unknown = await post(byHash);
    expect(unknown).toEqual({
      status: 200,
      cacheControl: 'no-store',
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await post({ ...byHash, query })).toMatchObject({ status: 200, data: { hello: 'Hello world' } });
    const variables = { name: 'Zoë & co' };
    expect(await post({ ...byHash, variables })).toMatchObject({ data: { hello: 'Hello Zoë & co' } });
    const extensions = JSON.stringify(byHash.extensions);
    expect(await get({ extensions, variables: JSON.stringify(variables) })).toMatchObject({
      data: { hello: 'Hello Zoë & co' },
    });
    expect(await get({ queryId: hash })).toMatchObject({ data: { hello: 'Hello world' } });
    // With credentials GraphQL is asked each time.
    expect(await post({ ...byHash, variables }, credentials)).toMatchObject({ data: { hello: 'Hello Zoë & co' } });
    expect(await get({ documentId: `sha256:${hash}` }, credentials)).toMatchObject({ data: { hello: 'Hello world' } });
  });

  it('answers 400 for the newer media type', async () => {
    const accept = 'application/graphql-response+json';
    expect(await open(false, keeps).post(byHash, { accept })).toMatchObject({ status: 400 });
  });

  it('refuses a document under a hash that is not its own', async () => {
    const { post } = open(false, keeps);
    const wrong = { ...byHash, query: '{ hello }' };
    expect(await post(wrong)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'PERSISTED_QUERY_MISMATCH' } }],
    });
    expect(await post(byHash)).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
  });
});

it('executes no document with a hash that is no text', async () => {
  const { post, get } = open(false);
  const extensions = { persistedQuery: { version: 1, sha256Hash: 5 } };
  const refused = {
    status: 400,
    cacheControl: 'no-store',
    errors: [{ message: 'The id of a document must be a string.', extensions: { code: 'BAD_USER_INPUT' } }],
  };
  expect(await post({ query, extensions })).toEqual(refused);
  expect(await get({ query, extensions: JSON.stringify(extensions) })).toEqual(refused);
});

it('tells what is wrong with a document that has no such operation, or is none, when it is named by an id', async () => {
  const listed = new Map(Object.entries({ two: 'query A { hello } query B { hello }', broken: '{' }));
  const persisted = createPersistedOperations({ listed, only: false });
  const gateway = createStandInGateway(log, { persisted });
  const messageOf = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const { errors } = await (await gateway.fetch(new Request('http://gateway/graphql', init))).json();
    return errors[0].message;
  };
  expect(await messageOf({ queryId: 'two' })).toBe('Could not determine what operation to execute.');
  expect(await messageOf({ queryId: 'broken' })).toBe('Syntax Error: Expected Name, found <EOF>.');
});

describe('where only the list may be asked', () => {
  it('answers what is listed, by id and by its very text', async () => {
    const { post, get } = open(true);
    expect(await get({ documentId: 'hello' })).toMatchObject({ data: { hello: 'Hello world' } });
    expect(await post({ id: 'hello', variables: { name: 'Ann' } })).toMatchObject({ data: { hello: 'Hello Ann' } });
    expect(await post({ query })).toMatchObject({ data: { hello: 'Hello world' } });
    expect(await post({ id: 'touch' })).toMatchObject({ data: { touch: 'touched' } });
  });

  it.each([
    ['another document', { query: '{ color }' }],
    [
      'another document with its hash',
      { query: '{ color }', extensions: { persistedQuery: { sha256Hash: sha256('{ color }') } } },
    ],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['a syntax error', { query: '{' }],
    ['nothing', {}],
    ['a list', [{ query: '{ color }' }]],
  ])('refuses %s', async (_, body) => {
    expect(await open(true).post(body)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'PERSISTED_QUERY_REQUIRED' } }],
    });
  });

  it.each(['application/graphql', 'application/x-www-form-urlencoded', 'application/graphql+json', 'text/plain'])(
    'refuses a body of type %s',
    async (type) => {
      expect(await open(true).post({ query: '{ color }' }, { 'content-type': type })).not.toHaveProperty('data');
    },
  );

  it.each([
    ['a second document', `query={color}&query=${encodeURIComponent(query)}`],
    ['a listed document first', `query=${encodeURIComponent(query)}&query={color}`],
  ])('executes nothing else by GET with %s, whoever asks', async (_, search) => {
    const { getAs } = open(true);
    const asked = await Promise.all([
      getAs(search, {}),
      getAs(search, { 'cache-control': 'no-store' }),
      getAs(search, { accept: 'text/event-stream, application/json' }),
      getAs(search, credentials),
    ]);
    for (const { data = {} } of asked) expect(data).not.toHaveProperty('color');
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => asked[0]?.status));
  });

  it('does not let a GET change anything', async () => {
    for (const headers of [{}, credentials]) {
      expect(await open(true).get({ documentId: 'touch' }, headers)).toMatchObject({ status: 405 });
    }
  });
});
