// Owns the test of gql.tada: the compiler infers the types of queries from our schema, and refuses what is not in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

const client = `
import { initGraphQLTada, type ResultOf, type VariablesOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

const graphql = initGraphQLTada<{ introspection: introspection; scalars: { ID: string } }>();

const query = graphql(\`
  query Page($uri: String!, $first: Int) {
    nodeByUri(uri: $uri) { __typename ... on Post { title tags(first: $first) { nodes { name } } } }
  }
\`);

type Title = Extract<NonNullable<ResultOf<typeof query>['nodeByUri']>, { __typename: 'Post' }>['title'];

export const variables: VariablesOf<typeof query> = { uri: '/' };
export const title: Title = 'One';
// @ts-expect-error: a title is text.
export const number: Title = 1;
// @ts-expect-error: the address is required.
export const none: VariablesOf<typeof query> = {};
`;

it('infers what queries take and give', { timeout: 120_000 }, () => {
  // Below the repository, whose packages the compiler finds there.
  mkdirSync(join(root, 'artefacts'), { recursive: true });
  const folder = mkdtempSync(join(root, 'artefacts/gql-tada-'));
  try {
    const schema = buildSchema(readFileSync(join(root, 'schema/schema.graphql'), 'utf8'));
    const introspection = minifyIntrospection(introspectionFromSchema(schema));
    const options = { fileType: '.d.ts', shouldPreprocess: true };
    writeFileSync(join(folder, 'graphql-env.d.ts'), outputIntrospectionFile(introspection, options));
    writeFileSync(join(folder, 'client.ts'), client);
    const compilerOptions = {
      ...{ strict: true, noEmit: true, module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2023' },
      ...{ skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const run = () => execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(run()).toBe('');
    writeFileSync(join(folder, 'client.ts'), client.replace("title: Title = 'One'", 'title: Title = 2'));
    expect(run).toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
