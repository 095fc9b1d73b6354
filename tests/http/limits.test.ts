// Requests that ask for too much are refused before they cost anything, with the limit that they are over.

import { createSchema } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createMetrics, printMetrics } from '../../src/metrics.ts';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const json = { 'content-type': 'application/json' };

/** Levels of fragments that spread the one below twice. */
const bomb = (levels: number) =>
  `{ ...F0 } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F${levels} on Query { hello }`;
const nested = (levels: number) => `${'{ self '.repeat(levels - 1)}{ hello ${'}'.repeat(levels)}`;
const aliased = (count: number) =>
  `{ self { ${Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')} } }`;
const roots = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `r${i}: hello`).join(' ')} }`;
const repeated = (count: number) => `{ self { ${'hello '.repeat(count)} } }`;
const directed = (count: number) => `{ self { hello ${'@skip(if: false) '.repeat(count)} } }`;
const spread = (count: number) =>
  `{ self { ${Array.from({ length: 20 }, () => '...A').join(' ')} } } fragment A on Query { ${Array.from({ length: count }, (_, i) => `a${i}: self { hello }`).join(' ')} }`;

/** So many fragments at one place: comparing them takes as many steps as there are pairs, and so does their field. */
const fragmentsAtOnePlace = (count: number) =>
  `{ self { ${Array.from({ length: count }, (_, i) => `...F${i}`).join(' ')} } } ${Array.from({ length: count }, (_, i) => `fragment F${i} on Query { hello }`).join(' ')}`;
const times = (count: number, text: string) => Array.from({ length: count }, () => text).join(' ');

/** Documents just within a limit, and just beyond. */
const bounds = [
  ['depth', 20, nested(20), nested(21)],
  ['aliases', 50, aliased(50), aliased(51)],
  ['rootFields', 20, roots(20), roots(21)],
  ['repeats', 20, repeated(20), repeated(21)],
  ['directives', 50, withDirectives(50), withDirectives(51)],
  ['documentBytes', 65_536, `{ hello }#${'x'.repeat(65_526)}`, `{ hello }#${'x'.repeat(65_527)}`],
  ['lines', 2000, `${'\n'.repeat(1999)}{ hello }`, `${'\r\n'.repeat(2000)}{ hello }`],
  ['comparisons', 15_000, fragmentsAtOnePlace(20), fragmentsAtOnePlace(122)],
  ['tokens', 4000, `{ ${'hello '.repeat(20)} }`, `{ ${'hello '.repeat(3999)} }`],
] as const;

/** Two at each place: no directive may stand there twice. */
function withDirectives(count: number): string {
  const places = Array.from({ length: Math.ceil(count / 2) }, (_, i) => {
    const here = 2 * i + 1 < count ? '@include(if: true) @skip(if: false)' : '@include(if: true)';
    return `a${i}: hello ${here}`;
  });
  return `{ self { ${places.join(' ')} } }`;
}

/** Attacks that are known to stop other servers. */
const attacks = [
  ['a field 2,000 times', `{${'a{b} '.repeat(2000)}}`, 'tokens'],
  ['10,000 aliases', aliased(10_000), 'documentBytes'],
  ['a spread 3,000 times', `{ ${'...A '.repeat(3000)} } fragment A on Query { hello }`, 'tokens'],
  ['a tree of aliases', `{ ${aliasTree(8)} }`, 'documentBytes'],
  ['a smaller tree of aliases', `{ ${aliasTree(4)} }`, 'aliases'],
  ['fragments of fragments', bomb(20), 'selections'],
  ['fragments of fragments, deeper', bomb(200), 'selections'],
  ['a wide fragment, often', spread(50), 'selections'],
  ['500 times __typename', `{ ${'__typename '.repeat(500)} }`, 'repeats'],
  ['500 times __typename in fragments', `{ ${'...{__typename} '.repeat(500)} }`, 'repeats'],
  ['19 × 19 of the same', `{ ${times(19, `self { self { ${times(19, 'self { hello }')} } }`)} }`, 'comparisons'],
  [
    '300 fragments of nothing',
    `{ hello } ${fragmentsAtOnePlace(300).replace('{', 'fragment A on Query {')}`,
    'comparisons',
  ],
  ['a long comment', `#${'x'.repeat(100_000)}\n{ hello }`, 'documentBytes'],
  ['a long string', `{ hello(name: "${'x'.repeat(100_000)}") }`, 'documentBytes'],
  [
    'the schema several times',
    '{ a: __schema { types { name } } b: __schema { types { name } } }',
    'introspectionAliases',
  ],
  ['types several times', '{ __schema { types { name } a: types { name } } }', 'introspectionAliases'],
  [
    'fields of types several times',
    '{ __schema { types { ...A } } } fragment A on __Type { fields { name } a: fields { name } }',
    'introspectionAliases',
  ],
  ['directives at one place', directed(5), 'directivesAtOnePlace'],
  ['directives of an operation', `query ${'@a '.repeat(5)} { hello }`, 'directivesAtOnePlace'],
] as const;

function aliasTree(levels: number): string {
  if (levels === 0) return 'hello';
  return ['a', 'b', 'c'].map((name) => `${name}:self{${aliasTree(levels - 1)}}`).join(' ');
}

describe.each([
  ['by default', {}],
  ['hardened', { hardened: true }],
])('%s', (_name, options) => {
  let server: Server;

  beforeAll(async () => {
    server = await startStandInServer(createStandInGateway(log, options), log);
  });

  afterAll(() => server.close());

  async function ask(body: unknown, accept = 'application/json') {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...json, accept }, body: text });
    return { status: response.status, ...JSON.parse(await response.text()) };
  }

  it.each(bounds)('%s: %i are enough', async (limit, max, within, beyond) => {
    expect(await ask({ query: within })).toEqual({ status: 200, data: expect.any(Object) });
    const { status, errors, ...rest } = await ask({ query: beyond });
    expect(status).toBe(400);
    expect(errors).toEqual([
      {
        message: expect.stringContaining(String(max)),
        extensions: { code: 'LIMIT_EXCEEDED', limit: { name: limit, max } },
      },
    ]);
    expect(rest).toEqual({});
  });

  it.each(attacks)('%s', async (_attack, query, name) => {
    const { status, errors, ...rest } = await ask({ query });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: { name } } }]);
    expect(rest).toEqual({});
  });

  it.each([
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a fragment of itself', '{ ...A } fragment A on Query { self { ...A } }'],
    ['a fragment that is not there', '{ ...A }'],
  ])('%s', async (_attack, query) => {
    const { status, errors } = await ask({ query }, 'application/graphql-response+json');
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it.each([
    ['selections', '{a'.repeat(20_000)],
    ['lists', `{ hello(name: ${'['.repeat(20_000)}`],
    ['objects', `{ hello(range: ${'{a:'.repeat(10_000)}`],
    ['types', `query ($a: ${'['.repeat(20_000)}`],
  ])('20,000 %s in each other', async (_attack, query) => {
    const { status, errors } = await ask({ query });
    expect(status).toBe(400);
    // Which it is depends on the size of the stack.
    expect(errors).toMatchObject([
      { extensions: { code: expect.stringMatching(/LIMIT_EXCEEDED|GRAPHQL_PARSE_FAILED/) } },
    ]);
  });

  it('inline fragments in each other', async () => {
    const { status } = await ask({ query: `${'{...'.repeat(1300)}{hello}${'}'.repeat(1300)}` });
    expect(status).toBeLessThan(500);
  });

  it.each([
    [
      'variables',
      `{"query":"query ($a: String) { hello(name: $a) }","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    ],
    ['extensions', `{"query":"{ hello }","extensions":{"a":${'['.repeat(65)}${']'.repeat(65)}}}`],
  ])('%s nested too deeply', async (_part, body) => {
    const { status, errors } = await ask(body);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'jsonDepth', max: 64 } } }]);
  });

  it.each([
    ['variables', { variables: { a: Array.from({ length: 4998 }, () => 1) } }],
    ['extensions', { extensions: { a: Array.from({ length: 5000 }, () => 1) } }],
    ['unused variables', { variables: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`v${i}`, 1])) }],
  ])('%s with too many values', async (_part, given) => {
    const { status, errors } = await ask({ query: 'query ($a: String) { hello(name: $a) }', ...given });
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'jsonValues', max: 5000 } } },
    ]);
  });

  it.each([
    ['that do not end', `{"query":"{ hello }","variables":{"a":[${'1,'.repeat(5000)}`],
    ['of a batch', `[{"query":"{ hello }","variables":{"a":["\\"",${'"1",'.repeat(5000)}1]}}]`],
  ])('values %s, without parsing them', async (_which, body) => {
    const { status, errors } = await ask(body);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'jsonValues', max: 5000 } } },
    ]);
  });

  it('no commas in texts', async () => {
    const query = `{ hello(name: "\\"${','.repeat(6000)}\\\\") ${','.repeat(6000)} }`;
    const { status } = await ask({ query, variables: { a: `\\",${','.repeat(6000)}` } });
    expect(status).toBe(200);
  });

  it('variables with as many values as anybody needs', async () => {
    const variables = { a: Array.from({ length: 4000 }, () => 1) };
    expect(await ask({ query: '{ hello }', variables })).toEqual({ status: 200, data: { hello: 'Hello world' } });
  });

  it('variables nested deeply enough for anybody', async () => {
    const body = `{"query":"{ hello }","variables":{"a":${'['.repeat(62)}${']'.repeat(62)}}}`;
    expect(await ask(body)).toEqual({ status: 200, data: { hello: 'Hello world' } });
  });

  it('shows five errors of a document', async () => {
    const { errors } = await ask({ query: '{ self { a b c d e f g h i } }' });
    expect(errors).toHaveLength(5);
  });

  it.each(['', '# __schema\n'])('shows five errors of variables, each as long as anybody reads: %j', async (before) => {
    const numbers = Array.from({ length: 15 }, (_, i) => i);
    const asked = numbers.map((i) => `a${i}: hello(limit: $v${i})`).join(' ');
    const query = `${before}query (${numbers.map((i) => `$v${i}: Int`).join(' ')}) { ${asked} }`;
    const variables = Object.fromEntries(numbers.map((i) => [`v${i}`, 'x'.repeat(5000)]));
    const { errors } = await ask({ query, variables });
    expect(errors).toHaveLength(5);
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(1001);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('%s as a variable changes nothing', async (name) => {
    const body = `{"query":"query ($n: String) { hello(name: $n) }","variables":{"${name}":{"polluted":1},"n":"you"}}`;
    expect(await ask(body)).toEqual({ status: 200, data: { hello: 'Hello you' } });
    expect({}).not.toHaveProperty('polluted');
  });

  it('a body of 20 MB', async () => {
    const { status, errors } = await ask(`{"query":"${'x'.repeat(20_000_000)}"}`);
    expect(status).toBe(413);
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
  });
});

it('a limit that is set holds', async () => {
  const server = await startStandInServer(createStandInGateway(log, { limits: { depth: 3 } }), log);
  const ask = (query: string) =>
    fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body: JSON.stringify({ query }) });
  expect((await ask(nested(3))).status).toBe(200);
  expect(await (await ask(nested(4))).json()).toMatchObject({
    errors: [{ message: 'Fields are nested more than 3 deep.', extensions: { limit: { name: 'depth', max: 3 } } }],
  });
  await server.close();
});

it('each limit is counted', async () => {
  const metrics = createMetrics();
  const gateway = createStandInGateway(log, { metrics, limits: { depth: 3 } });
  const ask = (body: string) =>
    gateway.fetch(new Request('http://gateway.test/graphql', { method: 'POST', headers: json, body }));
  await ask(JSON.stringify({ query: nested(4) }));
  await ask(JSON.stringify({ query: nested(5) }));
  await ask(`{"query":"{ hello }","variables":{"a":${'['.repeat(99)}${']'.repeat(99)}}}`);
  const server = await startStandInServer(gateway, log, { metrics, maxBodyBytes: 100 });
  const long = await fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body: ' '.repeat(101) });
  expect((await long.json()).errors[0].extensions.limit).toEqual({ name: 'bodyBytes', max: 100 });
  await server.close();
  const printed = await printMetrics([await metrics.snapshot()]);
  expect(printed).toContain('headgate_limits_exceeded_total{limit="bodyBytes"} 1');
  expect(printed).toContain('headgate_limits_exceeded_total{limit="depth"} 2');
  expect(printed).toContain('headgate_limits_exceeded_total{limit="jsonDepth"} 1');
});

it.each([
  [
    'kept',
    { store: createResponseStore({ maxBytes: 1e6, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 }) },
  ],
  ['not kept', {}],
])('a result that no text can hold is an error, where answers are %s', async (_where, options) => {
  let runs = 0;
  const endless = {
    toJSON() {
      runs += 1;
      throw new RangeError('Invalid string length');
    },
  };
  const typeDefs = 'scalar Any type Query { any: Any }';
  const schema = createSchema({ typeDefs, resolvers: { Query: { any: () => endless } } });
  const metrics = createMetrics();
  const gateway = createStandInGateway(log, { schema, metrics, limits: { resultBytes: 7 }, ...options });
  const body = JSON.stringify({ query: '{ any }' });
  const ask = async () => {
    runs = 0;
    const request = new Request('http://gateway.test/graphql', { method: 'POST', headers: json, body });
    expect(await (await gateway.fetch(request)).json()).toEqual({
      errors: [
        {
          message: 'The answer is larger than 7 bytes.',
          extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'resultBytes', max: 7 } },
        },
      ],
    });
    expect(runs).toBeGreaterThan(0);
  };
  await ask();
  await ask();
  const printed = await printMetrics([await metrics.snapshot()]);
  expect(printed).toContain('headgate_limits_exceeded_total{limit="resultBytes"} 2');
});

it('refuses an answer that escapes make far larger than what was counted', async () => {
  const typeDefs = 'type Query { text: String }';
  const schema = createSchema({ typeDefs, resolvers: { Query: { text: () => '\u0001"\\'.repeat(500_000) } } });
  const gateway = createStandInGateway(undefined, { schema, limits: { resultBytes: 2 * 1024 * 1024 } });
  const body = JSON.stringify({ query: '{ text }' });
  const request = new Request('http://gateway.test/graphql', { method: 'POST', headers: json, body });
  expect(await (await gateway.fetch(request)).json()).toMatchObject({
    errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'resultBytes' } } }],
  });
});
