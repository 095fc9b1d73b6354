// Owns the memory of parsed documents: bounded by what they weigh, so that a flood of distinct ones costs time only.

import type { DocumentNode } from 'graphql';

/** What Yoga needs of a cache of documents. */
export interface DocumentCache {
  get(source: string): DocumentNode | undefined;
  set(source: string, document: DocumentNode): void;
}

// Measured with graphql 16.15: a token with its share of nodes and locations is 290 to 490 bytes.
const bytesPerToken = 400;

/** A least-recently-used cache. Yoga's own counts documents, and 1,024 of the largest would be gigabytes. */
export function createDocumentCache(maxBytes: number): DocumentCache {
  const entries = new Map<string, { readonly document: DocumentNode; readonly bytes: number }>();
  let total = 0;
  return {
    get(source) {
      const entry = entries.get(source);
      if (entry === undefined) return undefined;
      entries.delete(source);
      entries.set(source, entry);
      return entry.document;
    },
    set(source, document) {
      const bytes = source.length * 2 + countTokens(document) * bytesPerToken;
      if (bytes > maxBytes / 8) return;
      total += bytes - (entries.get(source)?.bytes ?? 0);
      entries.delete(source);
      entries.set(source, { document, bytes });
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) break;
        entries.delete(oldest);
        total -= entry.bytes;
      }
    },
  };
}

function countTokens(document: DocumentNode): number {
  let count = 0;
  for (let token = document.loc?.startToken ?? null; token !== null; token = token.next) count += 1;
  return count;
}
