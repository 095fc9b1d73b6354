// Which documents warm a cache, and how often each is asked.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildASTSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { planOperations, readDocuments, usualOperation } from '../../../src/cli/warm-operations.ts';

it('are queries that need nothing, once, and those that need $uri for each address', () => {
  const documents = [
    '{ posts { nodes { title } } }',
    'query($first: Int = 3) { posts(first: $first) { nodes { title } } }',
    'query($uri: String!, $first: Int) { nodeByUri(uri: $uri) { id } posts(first: $first) { nodes { id } } }',
    'query($id: ID!) { post(id: $id) { id } }',
    'mutation { x }',
    'fragment F on Post { id }',
    'no GraphQL',
  ];
  const { operations, leftOut } = planOperations(documents, ['/a/', '/b/']);
  expect(operations).toEqual([
    { query: documents[0] },
    { query: documents[1] },
    { query: documents[2], variables: { uri: '/a/' } },
    { query: documents[2], variables: { uri: '/b/' } },
  ]);
  expect(leftOut).toBe(4);
});

it('come from a file, a folder or a manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-warm-'));
  try {
    writeFileSync(join(folder, 'b.graphql'), '{ b }');
    writeFileSync(join(folder, 'a.gql'), '{ a }');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    writeFileSync(join(folder, 'manifest.json'), '{ "one": "{ c }" }');
    expect(readDocuments(folder)).toEqual(['{ a }', '{ b }']);
    expect(readDocuments(join(folder, 'b.graphql'))).toEqual(['{ b }']);
    expect(readDocuments(join(folder, 'manifest.json'))).toEqual(['{ c }']);
    expect(() => readDocuments(join(folder, 'none.graphql'))).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('include one that every site can answer', () => {
  const schema = buildASTSchema(parse(readFileSync('schema/schema.graphql', 'utf8')));
  expect(validate(schema, parse(usualOperation))).toEqual([]);
});
