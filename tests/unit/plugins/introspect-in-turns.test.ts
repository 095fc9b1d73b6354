// Owns the test of introspection that holds nobody up: the answer of graphql-js, with turns for others in between.

import { readFileSync } from 'node:fs';
import { buildSchema, executeSync, getIntrospectionQuery, parse } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';
import { asksForTypes, introspectInTurns } from '../../../src/plugins/introspect-in-turns.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));
const document = parse(getIntrospectionQuery());

afterEach(() => vi.restoreAllMocks());

it('tells the whole schema as graphql-js does, and others have their turn after each slice', async () => {
  // Each type takes longer than a slice.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  using loop = countLoopTurns();
  const result = await introspectInTurns({ schema, document });
  expect(result).toEqual(executeSync({ schema, document }));
  expect(loop.turns).toBeGreaterThanOrEqual(Object.keys(schema.getTypeMap()).length);
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
