// Owns the tests of what clients see of errors, and of what only the log sees.

import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, standInSchema } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log);

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly errors: readonly { readonly message: string; readonly path?: unknown; readonly extensions: unknown }[];
}

async function ask(body: unknown, accept = 'application/graphql-response+json', to = gateway): Promise<Answer> {
  const response = await to.fetch(
    new Request('http://gateway.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-request-id': 'id-1' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  // Whatever fails, nothing of what the stand-in's errors carry may get out.
  expect(text).not.toMatch(/secret|10\.0\.0\.7|<html>|stack|originalError|node_modules/);
  return { status: response.status, ...JSON.parse(text) };
}

describe('requests that are not executed', () => {
  it.each([
    ['a document that does not parse', { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'],
    ['an empty document', { query: '' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['an argument of the wrong type', { query: '{ hello(limit: "many") }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      { query: 'query ($l: Int) { hello(limit: $l) }', variables: { l: 'x' } },
      'BAD_USER_INPUT',
    ],
    ['a variable that is missing', { query: 'query ($ms: Int!) { slow(ms: $ms) }' }, 'BAD_USER_INPUT'],
    [
      'a variable with a missing field',
      { query: 'query ($r: Range) { hello(range: $r) }', variables: { r: {} } },
      'BAD_USER_INPUT',
    ],
    ['an unknown operation', { query: 'query A { hello } query B { hello }', operationName: 'C' }, 'BAD_USER_INPUT'],
    ['an ambiguous operation', { query: 'query A { hello } query B { hello }' }, 'BAD_USER_INPUT'],
    ['no document', {}, 'BAD_USER_INPUT'],
    ['an unknown parameter', { query: '{ hello }', extra: 1 }, 'BAD_USER_INPUT'],
    ['variables that are a list', { query: '{ hello }', variables: [] }, 'BAD_USER_INPUT'],
    ['a body that is no JSON', '{"query": "secret', 'BAD_USER_INPUT'],
    ['a body that is null', 'null', 'BAD_USER_INPUT'],
    ['too many tokens', { query: `{ ${'hello '.repeat(4001)} }` }, 'LIMIT_EXCEEDED'],
  ])('%s', async (_name, body, code) => {
    const { status, errors, ...rest } = await ask(body);
    expect(status).toBe(400);
    expect(errors[0]).toMatchObject({ message: expect.any(String), extensions: { code } });
    expect(rest).not.toHaveProperty('data');
  });

  it('answers 200 to clients of application/json, except where the body is no JSON', async () => {
    expect((await ask({ query: '{ nope }' }, 'application/json')).status).toBe(200);
    expect((await ask({ query: '{ hello' }, 'application/json')).status).toBe(200);
    expect((await ask('{', 'application/json')).status).toBe(400);
  });

  it.each([
    ['selections', `${'{self'.repeat(1999)}{hello}${'}'.repeat(1999)}`],
    ['selections without end', '{a'.repeat(20_000)],
    ['lists', `{ hello(name: ${'['.repeat(20_000)}`],
    ['types', `query ($a: ${'['.repeat(20_000)}`],
  ])('deep nesting of %s is no failure', async (_name, query) => {
    const { status } = await ask({ query });
    expect([200, 400]).toContain(status);
  });

  it('nesting deeper than the stack is an error of the client', async () => {
    const deep = createGateway({
      schema: standInSchema,
      createContext: () => ({}),
      logger: log.logger,
      limits: { tokens: 10_000_000, documentBytes: 10_000_000 },
    });
    const { status, errors } = await ask({ query: '{a'.repeat(100_000) }, undefined, deep);
    expect(status).toBe(400);
    expect(errors).toEqual([
      { message: 'The document is nested too deeply.', extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
  });
});

describe('fields that fail', () => {
  it('tell what the caller did wrong', async () => {
    const { status, data, errors } = await ask({ query: '{ userError hello }' });
    expect(status).toBe(200);
    expect(data).toEqual({ userError: null, hello: 'Hello world' });
    expect(errors).toEqual([
      {
        message: 'first must not be negative',
        locations: [{ line: 1, column: 3 }],
        path: ['userError'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it.each([
    ['upstreamError', 'UPSTREAM_TIMEOUT', 'WordPress did not answer in time.'],
    ['fieldError', 'UPSTREAM_BAD_RESPONSE', 'WordPress answered with JSON that is not what was asked for.'],
  ])('%s says what failed, and nothing of WordPress', async (field, code, message) => {
    log.lines.splice(0);
    const { data, errors } = await ask({ query: `{ self { ${field} } a: hello }` });
    expect(data).toEqual({ self: { [field]: null }, a: 'Hello world' });
    expect(errors).toMatchObject([{ message, path: ['self', field], extensions: { code, requestId: 'id-1' } }]);
    expect(log.lines.filter((line) => line.level === 40)).toMatchObject([
      { requestId: 'id-1', path: `self.${field}`, err: { code, stack: expect.any(String) } },
    ]);
  });

  it('empty the answer where the field is required', async () => {
    const { status, data, errors } = await ask({ query: '{ requiredUpstreamError }' });
    expect(status).toBe(503);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
  });

  it('say when to ask again, by the status as well where nothing was done for there was too much to do', async () => {
    const answerTo = async (query: string, accept: string) => {
      const headers = { 'content-type': 'application/json', accept };
      const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
      const response = await gateway.fetch(new Request('http://gateway.test/graphql', init));
      const { errors } = await response.json();
      return [response.status, response.headers.get('retry-after'), errors[0].extensions.retryAfter];
    };
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      expect(await answerTo('{ overloaded a: overloaded }', accept)).toEqual([503, '1', 1]);
      expect(await answerTo('{ overloaded hello }', accept)).toEqual([200, null, 1]);
      expect(await answerTo('{ limited }', accept)).toEqual([200, null, 60]);
      expect(await answerTo('{ updating }', accept)).toEqual([200, null, undefined]);
    }
  });

  it.each(['plainError', 'graphqlError', 'text', 'color'])('%s is our fault, and masked', async (field) => {
    const { status, data, errors } = await ask({ query: `{ ${field} }` });
    expect(status).toBe(200);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([
      {
        message: 'The gateway failed.',
        path: [field],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'id-1' },
      },
    ]);
    expect(log.takeErrors()).toMatchObject([{ requestId: 'id-1', path: field, err: { stack: expect.any(String) } }]);
  });

  it('are logged once for one cause', async () => {
    const shared = new Error('shared');
    const failing = createStandInGateway(log, {
      createContext: () => {
        throw shared;
      },
    });
    const { status, errors, ...rest } = await ask({ query: '{ hello }' }, undefined, failing);
    expect(status).toBe(500);
    expect(errors).toEqual([
      { message: 'The gateway failed.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'id-1' } },
    ]);
    expect(rest).not.toHaveProperty('data');
    expect(log.takeErrors()).toHaveLength(1);
  });

  it('that throw what is no error are masked', async () => {
    const failing = createStandInGateway(log, {
      createContext: () => {
        throw 'secret';
      },
    });
    const { status, errors } = await ask({ query: '{ hello }' }, undefined, failing);
    expect(status).toBe(500);
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(log.takeErrors()).toHaveLength(1);
  });

  it('say at which argument a variable was missing', async () => {
    const { errors } = await ask({ query: 'query ($n: Int = null) { hello(range: { from: $n }) }' });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('say at which argument a value was null', async () => {
    const query = 'query ($n: Int = 1) { slow(ms: $n) hello }';
    const { data, errors } = await ask({ query, variables: { n: null } });
    expect(data).toEqual({ slow: null, hello: 'Hello world' });
    expect(errors).toMatchObject([{ path: ['slow'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
