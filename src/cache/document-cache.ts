// Owns the memory of parsed documents: bounded by what they weigh, so that a flood of distinct ones costs time only.

import { type DefinitionNode, type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { type BoundedMap, createBoundedMap } from '../bounded-map.ts';

/** Parsed documents by their text. */
export type DocumentCache = Pick<BoundedMap<DocumentNode>, 'get' | 'set'>;

// Measured with graphql 16.15: a token with its share of nodes and locations is 290 to 490 bytes.
const bytesPerToken = 400;

// One of a few tokens takes 5 KB, with what its validation came to.
const bytesPerDocument = 3 * 1024;

/** What documents of so many tokens weigh when they are parsed. */
export function weighTokens(tokens: number): number {
  return tokens * bytesPerToken;
}

/** What a document weighs. */
export function weighDocument(document: DocumentNode): number {
  return weighTokens(countTokens(document));
}

/**
 * A least-recently-used cache. Yoga's own counts documents, and 1,024 of the largest would be gigabytes. Mutations are left
 * out: what is written may stand in their text.
 */
export function createDocumentCache(maxBytes: number): DocumentCache {
  const documents = createBoundedMap<DocumentNode>({
    maxBytes,
    bytesOf: (document) => bytesPerDocument + weighDocument(document),
  });
  return {
    get: documents.get,
    set(text, document) {
      if (!document.definitions.some(isMutation)) documents.set(text, document);
    },
  };
}

function isMutation(definition: DefinitionNode): boolean {
  return definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION;
}

function countTokens(document: DocumentNode): number {
  let count = 0;
  for (let token = document.loc?.startToken ?? null; token !== null; token = token.next) count += 1;
  return count;
}
