// Owns the tests of the memory of parsed documents.

import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { createDocumentCache } from '../../../src/cache/document-cache.ts';

it('keeps what was used last, within its bound', () => {
  const cache = createDocumentCache(50_000);
  const sources = Array.from({ length: 20 }, (_, index) => `{ field${index} }`);
  for (const source of sources) {
    cache.set(source, parse(source));
    cache.get(sources[0] ?? '');
  }
  const kept = sources.filter((source) => cache.get(source) !== undefined);
  expect(kept[0]).toBe(sources[0]);
  expect(kept.at(-1)).toBe(sources.at(-1));
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(20);
});

it('does not let one document push out the others', () => {
  const cache = createDocumentCache(50_000);
  cache.set('{ a }', parse('{ a }'));
  const large = `{ ${'a '.repeat(200)} }`;
  cache.set(large, parse(large));
  expect(cache.get(large)).toBeUndefined();
  expect(cache.get('{ a }')).toBeDefined();
});

it('keeps no mutation: what is written may stand in its text', () => {
  const cache = createDocumentCache(50_000);
  const mutation = 'mutation { createPost(input: { title: "Not for all" }) { clientMutationId } }';
  cache.set(mutation, parse(mutation));
  expect(cache.get(mutation)).toBeUndefined();
});
