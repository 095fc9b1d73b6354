// Owns what is asked to warm a cache: operations from a file or folder, once each or for each address of the sitemap.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Kind, parse } from 'graphql';
import { loadPersistedOperations } from '../config/persisted-file.ts';
import { ConfigError } from '../errors.ts';

/** An operation with its variables. */
export interface WarmOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What shows an address, where nobody says what is asked. */
export const usualOperation = `query Warm($uri: String!) {
  nodeByUri(uri: $uri) {
    __typename
    id
    ... on NodeWithTitle { title }
    ... on NodeWithContentEditor { content }
    ... on NodeWithExcerpt { excerpt }
    ... on NodeWithFeaturedImage { featuredImage { node { sourceUrl altText } } }
    ... on NodeWithAuthor { author { node { name } } }
    ... on TermNode { name description }
  }
}`;

/** Reads the documents of a `.graphql` file, a folder of them, or a manifest of persisted operations. */
export function readDocuments(path: string): string[] {
  try {
    if (statSync(path).isDirectory()) {
      const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
      return names.filter(isDocument).map((name) => readFileSync(join(path, name), 'utf8'));
    }
    if (isDocument(path)) return [readFileSync(path, 'utf8')];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(`--operations is "${path}" (${code}); it must be a file or folder of GraphQL documents.`);
  }
  return [...loadPersistedOperations(path).values()];
}

function isDocument(name: string): boolean {
  return ['.graphql', '.gql'].includes(extname(name));
}

/**
 * What is asked: documents whose only required variable is `$uri` once for each address, those that need none once. Gives
 * back how many were left out: mutations, fragments alone, and those that need other variables.
 */
export function planOperations(
  documents: readonly string[],
  addresses: readonly string[],
): { readonly operations: readonly WarmOperation[]; readonly leftOut: number } {
  const operations: WarmOperation[] = [];
  let leftOut = 0;
  for (const query of documents) {
    const needs = requiredVariables(query);
    if (needs === null) leftOut += 1;
    else if (needs.length === 0) operations.push({ query });
    else if (needs.length === 1 && needs[0] === 'uri')
      operations.push(...addresses.map((uri) => ({ query, variables: { uri } })));
    else leftOut += 1;
  }
  return { operations, leftOut };
}

/** Null for what is no single query. */
function requiredVariables(query: string): string[] | null {
  try {
    const found = parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const [operation] = found;
    if (!operation || found.length > 1 || operation.operation !== 'query') return null;
    return (operation.variableDefinitions ?? [])
      .filter(
        ({ type, defaultValue, variable }) =>
          (type.kind === Kind.NON_NULL_TYPE && !defaultValue) || variable.name.value === 'uri',
      )
      .map(({ variable }) => variable.name.value);
  } catch {
    return null;
  }
}
