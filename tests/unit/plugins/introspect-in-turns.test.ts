// Owns the test of introspection that holds nobody up: the answer of graphql-js, with turns for others in between.

import { readFileSync } from 'node:fs';
import { buildSchema, executeSync, getIntrospectionQuery, parse } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';
import { createLimits, type LimitName, type LimitSettings } from '../../../src/limits.ts';
import { createAnswerBudget } from '../../../src/loaders/answer-budget.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { asksForTypes, introspectInTurns } from '../../../src/plugins/introspect-in-turns.ts';
import { weighParts } from '../../../src/plugins/weigh-introspection.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));
const document = parse(getIntrospectionQuery());

afterEach(() => vi.restoreAllMocks());

it('tells the whole schema as graphql-js does, and others have their turn after each slice', async () => {
  // After two types its time in a turn is over.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 6));
  using loop = countLoopTurns();
  const result = await introspectInTurns({ schema, document });
  expect(result).toEqual(executeSync({ schema, document }));
  expect(loop.turns).toBeGreaterThanOrEqual(Object.keys(schema.getTypeMap()).length / 2);
});

/** What each field leads to as well. */
const deep = '{ __schema { types { fields { type { fields { name description args { name description } } } } } } }';

it.each([
  ['the standard query', getIntrospectionQuery()],
  ['a type by its name', 'query ($n: String = "Post") { __type(name: $n) { fields { name } __typename } }'],
  ['lists in lists', deep],
  [
    'the rest of the schema',
    '{ __schema { description queryType { ...A } directives { locations args { name } } } } fragment A on __Type { name interfaces { name } }',
  ],
])('weighs %s as what it is in print', (_what, text) => {
  const asked = parse(text);
  const weight = [...weighParts({ schema, document: asked }, Infinity)].reduce((sum, bytes) => sum + bytes, 0);
  const print = Buffer.byteLength(JSON.stringify(executeSync({ schema, document: asked }).data));
  expect(weight / print).toBeGreaterThan(0.98);
  expect(weight / print).toBeLessThan(1.2);
});

it.each<[string, string, LimitSettings, LimitName]>([
  ['of all types', deep, { resultBytes: 100_000 }, 'resultBytes'],
  ['of a type in the list', '{ __schema { types { fields { name } } } }', { typeBytes: 500 }, 'typeBytes'],
  ['of a type by its name', '{ __type(name: "RootQuery") { fields { name } } }', { typeBytes: 500 }, 'typeBytes'],
  ['of types that lead', '{ __schema { queryType { fields { name } } } }', { typeBytes: 500 }, 'typeBytes'],
])('refuses what is too much %s', async (_what, text, settings, name) => {
  const limits = createLimits(settings);
  const contextValue = { trace: createTrace({ limits }) };
  const { data, errors } = await introspectInTurns({ schema, document: parse(text), contextValue }, limits);
  expect({ data, errors: errors?.map(({ originalError }) => originalError) }).toEqual({
    data: null,
    errors: [limits.excess(name)],
  });
});

it('holds room for its answer, and is refused where there is none', async () => {
  const budget = createAnswerBudget(512 * 1024, 0);
  const shares = Array.from({ length: 2 }, () => budget.open(true));
  const results = await Promise.all(
    shares.map((share) => introspectInTurns({ schema, document, contextValue: { trace: createTrace({ share }) } })),
  );
  expect(results.map(({ data }) => data !== null)).toEqual([true, false]);
  expect(shares.map(({ isOver }) => isOver)).toEqual([false, true]);
});

it('tells no more types when its client has left', async () => {
  const left = new AbortController();
  const trace = createTrace({ signal: left.signal });
  const told = introspectInTurns({ schema, document, contextValue: { trace } });
  left.abort(new Error('left'));
  expect(await told).toMatchObject({ data: null, errors: [{ message: 'left' }] });
});

it('tells one type, what fragments select, and data beside it', async () => {
  const mixed = parse(
    '{ __typename ...Types __type(name: "Post") { name } } fragment Types on RootQuery { __schema { types { name } } }',
  );
  expect(await introspectInTurns({ schema, document: mixed })).toEqual(executeSync({ schema, document: mixed }));
});

it.each([
  ['the standard query', document, true],
  ['a document without locations', parse('{ __schema { types { name } } }', { noLocation: true }), true],
  ['one type', parse('{ __type(name: "Post") { name } }'), true],
  ['a fragment', parse('{ ... { ...A } } fragment A on RootQuery { __schema { types { name } } }'), true],
  ['another operation', parse('query A { posts { nodes { id } } } query B { __schema { types { name } } }'), true],
  ['a comment', parse('# __schema\n{ posts { nodes { id } } }'), false],
  ['a string', parse('{ post(id: "__schema") { id } }'), false],
  ['an alias', parse('{ ___schema: __typename }'), false],
])('knows whether types are asked for by %s', (_what, asked, answer) => {
  expect([asksForTypes(asked), asksForTypes(asked)]).toEqual([answer, answer]);
});

it('tells a few errors of variables', async () => {
  const asked = parse('query ($in: [Int]) { __schema { types { name } } posts(where: { in: $in }) { nodes { id } } }');
  const variableValues = { in: Array.from({ length: 100 }, () => 'x') };
  expect((await introspectInTurns({ schema, document: asked, variableValues })).errors).toHaveLength(5);
});
