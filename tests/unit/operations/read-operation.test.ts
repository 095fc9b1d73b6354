// Owns the tests of reading an operation: which requests are the same question, and which are none.

import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../../src/cache/document-cache.ts';
import { UserError } from '../../../src/errors.ts';
import { createLimits } from '../../../src/limits.ts';
import { sha256 } from '../../../src/operations/canonical.ts';
import { createPersistedOperations } from '../../../src/operations/persisted-operations.ts';
import { createOperationReader, isOperation } from '../../../src/operations/read-operation.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

function createReader(listed: Record<string, string> = {}, only = false) {
  const persisted = createPersistedOperations({ listed: new Map(Object.entries(listed)), only });
  const read = createOperationReader({
    documents: createDocumentCache(1_000_000),
    persisted,
    limits: createLimits({ tokens: 1000 }),
  });
  return {
    takeError: read.takeError,
    post: (body: unknown, contentType = 'application/json') =>
      read({ method: 'POST', url: '/graphql', contentType, body: Buffer.from(JSON.stringify(body)) }),
    text: (body: string, contentType = 'application/json') =>
      read({ method: 'POST', url: '/graphql', contentType, body: Buffer.from(body) }),
    get: (parameters: Record<string, string>) =>
      read({ method: 'GET', url: `/graphql?${new URLSearchParams(parameters)}`, contentType: undefined, body: null }),
  };
}

const { post, get, text } = createReader();

function keyOf(read: ReturnType<typeof post>): string {
  if (!isOperation(read)) throw new Error(`not read: ${JSON.stringify(read)}`);
  return read.key;
}

const query = 'query Q($a: Int, $b: In) { posts(first: $a, where: $b) { nodes { id } } }';

describe('the key', () => {
  it.each([
    ['blanks, commas and comments', { query: query.replaceAll(' ', ' \n,# c\n') }],
    ['a name that is the only choice', { query, operationName: 'Q' }],
    ['variables that are not declared', { query, variables: { z: 1, __proto__: { a: 1 } } }],
    ['null for none', { query, variables: null, operationName: null, extensions: null }],
    ['null for what nobody knows', { query, foo: null }],
  ])('is the same with %s', (_, body) => {
    expect(keyOf(post(body))).toBe(keyOf(post({ query })));
  });

  it.each(['application/graphql', 'Application/GraphQL; charset=utf-8'])('is the same for a body of %s', (type) => {
    expect(keyOf(text(query, type))).toBe(keyOf(post({ query })));
  });

  it('is the same for variables in any order, at any depth, by POST and GET', () => {
    const one = { a: 1, b: { x: [1, { p: 1, q: 2 }], y: 'ü' } };
    const other = { b: { y: 'ü', x: [1, { q: 2, p: 1 }] }, a: 1 };
    expect(keyOf(post({ query, variables: one }))).toBe(keyOf(post({ variables: other, query })));
    expect(keyOf(get({ query, variables: JSON.stringify(other) }))).toBe(keyOf(post({ query, variables: one })));
  });

  it.each([
    ['another value', { query, variables: { a: 2 } }],
    ['a value of another type', { query, variables: { a: '1' } }],
    ['null instead of none', { query, variables: { a: 1, b: null } }],
    ['another order of a list', { query, variables: { a: 1, b: { x: [2, 1] } } }],
    ['another document', { query: query.replace('id', 'uri'), variables: { a: 1 } }],
  ])('is another with %s', (_, body) => {
    const others = [{ a: 1 }, { a: 1, b: { x: [1, 2] } }].map((variables) => keyOf(post({ query, variables })));
    expect(others).not.toContain(keyOf(post(body)));
  });

  it('tells the operations of one document apart', () => {
    const two = 'query A { a } query B { b }';
    expect(keyOf(post({ query: two, operationName: 'A' }))).not.toBe(keyOf(post({ query: two, operationName: 'B' })));
    expect(post({ query: two })).toMatchObject({ query: two, variables: undefined, operationName: undefined });
  });

  it('does not take a string for what surrounds it', () => {
    expect(keyOf(post({ query: '{ a(b: "x  y") }' }))).not.toBe(keyOf(post({ query: '{ a(b: "x y") }' })));
  });
});

describe('what is left to GraphQL', () => {
  it.each([
    ['no document', { variables: {} }],
    ['variables that are no object', { query, variables: [1] }],
    ['an unexpected parameter', { query, foo: 1 }],
    ['a list of operations', [{ query }]],
    ['no object', 'query'],
  ])('%s', (_, body) => {
    expect(post(body)).toBeNull();
  });

  it.each([
    ['a syntax error', { query: '{' }],
    ['an unknown operation', { query: 'query A { a }', operationName: 'B' }],
  ])('%s, with the document', (_, body) => {
    const { query, operationName } = { operationName: undefined, ...body };
    expect(post(body)).toMatchObject({ query, variables: undefined, operationName });
  });

  it.each(['text/plain', 'application/jsonx', ''])('a body of type %s', (contentType) => {
    expect(post({ query }, contentType)).toBeNull();
  });

  it('but for a GET whose variables are no JSON', () => {
    expect(get({ query, variables: '{' })).toEqual(new UserError('"variables" must be a JSON object.'));
  });

  it.each([
    ['a hash', { query, extensions: { persistedQuery: { sha256Hash: 5 } } }],
    ['an id', { query, documentId: ['a'] }],
  ])('but for %s that is no text', (_, body) => {
    expect(post(body)).toEqual(new UserError('The id of a document must be a string.'));
  });

  it('but for numbers beyond those that there are', () => {
    expect(get({ query, variables: '{"b":{"c":[1e999]}}' })).toEqual(new UserError('A number is too large.'));
  });
});

describe('ids', () => {
  const text = '{ posts { nodes { id } } }';
  const id = sha256(text);

  it('are learned with the document, and work in every way to name them', () => {
    const reader = createReader();
    expect(reader.post({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
    expect(reader.post({ query: text, extensions: { persistedQuery: { version: 1, sha256Hash: id } } })).toMatchObject({
      query: text,
    });
    const key = keyOf(reader.post({ query: text }));
    const ways = [
      reader.post({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } }),
      reader.get({ extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: id } }) }),
      reader.get({ queryId: id }),
      reader.get({ documentId: `sha256:${id.toUpperCase()}` }),
      reader.post({ documentId: id }),
      reader.post({ id }),
    ];
    expect(ways.map(keyOf)).toEqual(ways.map(() => key));
  });

  it('are refused with a document that they are not the hash of', () => {
    const reader = createReader();
    expect(reader.post({ query: '{ other }', queryId: id })).toBe('PERSISTED_QUERY_MISMATCH');
    expect(reader.get({ queryId: id })).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('of a list may have any form', () => {
    const reader = createReader({ latest: text });
    expect(reader.get({ queryId: 'latest' })).toMatchObject({ query: text });
    expect(reader.get({ queryId: id })).toMatchObject({ query: text });
    expect(reader.post({ query: '{ free }' })).toMatchObject({ query: '{ free }' });
  });

  it('are the only way where only the list may be asked, but for its very texts', () => {
    const reader = createReader({ latest: text }, true);
    expect(reader.post({ query: text })).toMatchObject({ query: text });
    expect(reader.post({ query: '{ free }' })).toBe('PERSISTED_QUERY_REQUIRED');
    const free = { query: '{ free }', extensions: { persistedQuery: { version: 1, sha256Hash: sha256('{ free }') } } };
    expect(reader.post(free)).toBe('PERSISTED_QUERY_REQUIRED');
    expect(reader.get({ queryId: sha256('{ free }') })).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

it('is told once why a document is no GraphQL', () => {
  const reader = createReader();
  expect(reader.post({ query: '{ a' })).toMatchObject({ query: '{ a' });
  expect(reader.takeError('{ b')).toBeUndefined();
  reader.post({ query: '{ a' });
  expect(reader.takeError('{ a')?.message).toContain('Syntax Error');
  expect(reader.takeError('{ a')).toBeUndefined();
});

it('takes no JSON for the text of a document, nor the other way round', () => {
  const reader = createReader();
  const body = JSON.stringify({ query });
  for (let round = 0; round < 2; round += 1) {
    expect(isOperation(reader.text(body))).toBe(true);
    expect(reader.text(body, 'application/graphql')).toEqual(expect.not.objectContaining({ key: expect.anything() }));
    expect(isOperation(reader.text(query, 'application/graphql'))).toBe(true);
    expect(reader.text(query)).toBeNull();
  }
});

it('takes no body for the query of a GET that came before', () => {
  const reader = createReader();
  expect(reader.get({ query: '{ a }' })).toMatchObject({ query: '{ a }' });
  expect(reader.text(`?${new URLSearchParams({ query: '{ a }' })}`)).toBeNull();
});

describe('a request that comes again', () => {
  const request = (document: string, headers: Record<string, string> = {}) => ({
    ...{ method: 'POST', url: '/graphql', contentType: 'application/json', headers },
    body: Buffer.from(JSON.stringify({ query: document, variables: { a: 1 } })),
  });
  const createRead = () =>
    createOperationReader({
      documents: createDocumentCache(1_000_000),
      persisted: createPersistedOperations({ listed: new Map(), only: false }),
      limits: createLimits({}),
    });
  const read = createRead();
  const mutation = 'mutation ($a: String) { updatePost(input: { id: 1, title: $a }) { clientMutationId } }';

  it('is remembered as it came', () => {
    expect(read(request(query))).toBe(read(request(query)));
  });

  it.each([
    ['a mutation', mutation, {}],
    ['somebody’s', '{ viewer { name } }', { authorization: 'Basic YTpi' }],
  ])('is not where it is %s', (_, document, headers) => {
    const [first, second] = [read(request(document, headers)), read(request(document, headers))];
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
  });

  const flood = () => {
    for (let index = 0; index < 3000; index += 1) read(request(`{ f${Math.imul(index, 2654435761) >>> 0} }`));
  };

  it('outlasts a flood of others, and what came once is not kept', () => {
    const once = read(request('{ a }'));
    const twice = read(request('{ b }'));
    expect(read(request('{ b }'))).toBe(twice);
    flood();
    expect(read(request('{ a }'))).toEqual(once);
    expect(read(request('{ a }'))).not.toBe(once);
    expect(read(request('{ b }'))).toBe(twice);
  });

  it('is kept at once where it is long', () => {
    const long = `{ c ${'# '.repeat(3000)}\n}`;
    const first = read(request(long));
    flood();
    expect(read(request(long))).toBe(first);
  });

  it.each([
    ['nothing', 3000, () => ({})],
    ['names that came before', 1500, () => ({ a: 1 })],
    ['names that nobody used', 1500, (index: number) => ({ [index.toString(36)]: 1 })],
  ])('weighs what it is counted as, with variables of %s', (_, values, valueAt) => {
    const reader = createRead();
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 300; round += 1) {
      const a = Array.from({ length: values }, (_value, index) => valueAt(round * values + index));
      const body = Buffer.from(JSON.stringify({ query, variables: { a, round } }));
      reader({ method: 'POST', url: '/graphql', contentType: 'application/json', body });
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(6 * 1024 * 1024);
    reader.takeError('');
  });
});
