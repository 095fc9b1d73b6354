// Owns the configuration of GraphQL Code Generator, as docs/typed-clients.md has it.

import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: process.env['HEADGATE_SCHEMA'] ?? 'http://localhost:4000/schema.graphql',
  documents: ['client.ts'],
  ignoreNoDocuments: false,
  generates: { './gql/': { preset: 'client', config: { useTypeImports: true, scalars: { ID: 'string' } } } },
};

export default config;
