// Owns the test of what code would be made of operations: that of front ends is small, and what it leaves out is what differs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type DocumentNode, executeSync, getOperationAST, Kind, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { expect, it } from 'vitest';
import { maxCodeCharacters, weighCode } from '../../../src/plugins/code-weight.ts';
import { frontEndQueries } from '../../support/front-end-queries.ts';

const demo = buildSchema(readFileSync(join(import.meta.dirname, '../../../schema/schema.graphql'), 'utf8'));

function namesOf(document: DocumentNode): (string | undefined)[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [],
  );
}

it.each(frontEndQueries)('lets code be made of %s', (_, query) => {
  const document = parse(query);
  for (const operationName of namesOf(document)) {
    const weight = weighCode({ schema: demo, document, operationName }, maxCodeCharacters);
    if (getOperationAST(document, operationName)?.operation === 'query') expect(weight).toBeLessThan(maxCodeCharacters);
  }
});

const nest = (levels: number): string =>
  levels === 0 ? 'id' : `id contentType { node { contentNodes { nodes { ${nest(levels - 1)} } } } }`;

it('stops where it has counted enough', () => {
  const document = parse(`{ contentNodes { nodes { ${nest(9)} } } }`);
  const weight = weighCode({ schema: demo, document }, maxCodeCharacters);
  expect(weight).toBeGreaterThan(maxCodeCharacters);
  expect(weight).toBeLessThan(maxCodeCharacters * 1.1);
});

const schema = buildSchema('type Query { p: P } type P { title: String slug: String p: P }');
const variables = '($x: Boolean = false, $y: Boolean = true)';
const title = 'fragment A on P { title }';
const deep = { title: 't', slug: 's', p: { title: 'u', slug: 'v' } };

function answersOf(document: DocumentNode, operationName: string): readonly unknown[] {
  const executed = executeSync({ schema, document, operationName, rootValue: { p: deep } });
  // Code of another operation, as it may have been made before.
  for (const name of namesOf(document)) compileQuery(schema, document, name);
  const compiled = compileQuery(schema, document, operationName);
  const result = isCompiledQuery(compiled) ? compiled.query({ p: deep }, {}, {}) : {};
  return [JSON.stringify(executed.data), 'data' in result && JSON.stringify(result.data)];
}

it.each([
  ['other conditions of a fragment', `{ a: p { ...A @include(if: $x) } b: p { ...A @include(if: $y) } } ${title}`],
  ['a second spread without one', `{ p { ...A @include(if: $x) ... { ...A } } } ${title}`],
  ['a key with and without one', `{ p @include(if: $x) { ...A } p { slug } } ${title}`],
  ['an operation with and one without', `{ p { ...A } } query R${variables} { p { ...A @include(if: $x) } } ${title}`],
])('leaves to graphql-js what code would answer otherwise: %s', (_, query) => {
  const document = parse(`query Q${variables} ${query}`);
  const weights = namesOf(document).map((operationName) => weighCode({ schema, document, operationName }, 10_000));
  expect(Math.max(...weights)).toBe(Number.POSITIVE_INFINITY);
  const [executed, compiled] = answersOf(document, 'Q');
  expect(compiled).not.toBe(executed);
});

it.each([
  ['conditions of fields', '{ p { title @include(if: $x) slug @skip(if: $x) p @include(if: $y) { title } } }'],
  ['one of a fragment', `{ p { slug ...A @include(if: $x) } } ${title}`],
  ['the same of a fragment', `{ a: p { ...A @include(if: $y) } b: p { ...A @include(if: $y) } } ${title}`],
  ['a second spread with one', `{ p { ...A ... @include(if: $x) { ...A } } } ${title}`],
])('lets code be made that answers the same: %s', (_, query) => {
  const document = parse(`query Q${variables} ${query}`);
  expect(weighCode({ schema, document, operationName: 'Q' }, maxCodeCharacters)).toBeLessThan(maxCodeCharacters);
  const [executed, compiled] = answersOf(document, 'Q');
  expect(compiled).toBe(executed);
});
