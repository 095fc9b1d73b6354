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

it('knows which documents ask for types', () => {
  expect(asksForTypes(document)).toBe(true);
  expect(asksForTypes(parse('{ __schema { types { name } } }', { noLocation: true }))).toBe(true);
  expect(asksForTypes(parse('{ __type(name: "Post") { name } }'))).toBe(false);
});
