// Owns the memory of parsed documents: bounded by what they weigh, so that a flood of distinct ones costs time only.

import type { DocumentNode } from 'graphql';
import { type BoundedMap, createBoundedMap } from './bounded-map.ts';

/** Parsed documents by their text. */
export type DocumentCache = BoundedMap<DocumentNode>;

// Measured with graphql 16.15: a token with its share of nodes and locations is 290 to 490 bytes.
const bytesPerToken = 400;

/** A least-recently-used cache. Yoga's own counts documents, and 1,024 of the largest would be gigabytes. */
export function createDocumentCache(maxBytes: number): DocumentCache {
  return createBoundedMap<DocumentNode>({ maxBytes, bytesOf: (document) => countTokens(document) * bytesPerToken });
}

function countTokens(document: DocumentNode): number {
  let count = 0;
  for (let token = document.loc?.startToken ?? null; token !== null; token = token.next) count += 1;
  return count;
}
