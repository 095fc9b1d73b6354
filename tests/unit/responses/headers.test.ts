// Owns the tests of what headers say: what a client accepts, and the keys by which a CDN purges.

import { describe, expect, it } from 'vitest';
import { toKeyHeaders } from '../../../src/responses/keys.ts';
import { prefersHtml, toAccepted, toEncoding, toMediaType } from '../../../src/responses/negotiate.ts';

describe('toMediaType', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
    ['application/json;q=0.5, application/graphql-response+json;q=0.9', 'application/graphql-response+json'],
    ['application/graphql-response+json;q=0, application/json', 'application/json'],
    ['text/html', null],
    ['text/event-stream', null],
    ['multipart/mixed', null],
    ['multipart/mixed, application/json', 'application/json'],
    [
      'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      'application/graphql-response+json',
    ],
    ['text/html, */*;q=0.8', null],
    ['application/xml', null],
  ])('%s → %s', (accept, media) => {
    expect(toMediaType(accept)).toBe(media);
    expect(toMediaType(accept)).toBe(media);
  });
});

it('reads of a header that is longer than any of a client its first ranges, in whole', () => {
  const many = (range: string) => range.repeat(120);
  expect(toMediaType(`${'x/y,'.repeat(110)}application/graphql-response+json`)).toBe(
    'application/graphql-response+json',
  );
  expect(toMediaType(`${many('x/yz,')}application/graphql-response+json`)).toBe(null);
  expect(toMediaType(`application/json,${many('x/yz,')}text/html`)).toBe('application/json');
  expect(toAccepted(`${'x/y,'.repeat(123)}application/json`)).toEqual(new Set());
  expect(prefersHtml(`application/json,${many('x/yz,')}text/html`)).toBe(false);
  expect(toEncoding(`gzip,${many('abcd,')}br`)).toBe('gzip');
  expect(toMediaType('x'.repeat(16_000))).toBe(null);
});

describe('toEncoding', () => {
  it.each([
    [undefined, 'identity'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.1', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['zstd', 'identity'],
  ])('%s → %s', (accept, encoding) => {
    expect(toEncoding(accept)).toBe(encoding);
  });
});

describe('toKeyHeaders', () => {
  it("has WPGraphQL's keys, and tags in plain words", () => {
    const tags = ['list:*', 'list:post', 'post:12', 'route:wp/v2/settings', 'term:3', 'user:1'];
    expect(toKeyHeaders({ tags, documentId: 'abc', operationName: 'Posts' })).toEqual({
      'x-graphql-keys': 'abc graphql:Query operation:Posts list:post cG9zdDoxMg== dGVybToz dXNlcjox',
      'surrogate-key': 'list:post post:12 route:wp/v2/settings term:3 user:1',
      'cache-tag': 'list:post,post:12,route:wp/v2/settings,term:3,user:1',
    });
  });

  it('does not name operations by names that would fill a header', () => {
    const keysOf = (length: number) =>
      toKeyHeaders({ tags: [], documentId: 'abc', operationName: 'x'.repeat(length) })['x-graphql-keys'];
    expect(keysOf(250)).toBe(`abc graphql:Query operation:${'x'.repeat(250)}`);
    expect(keysOf(251)).toBe('abc graphql:Query');
  });

  it('names what does not fit by its kind, the longest kind first', () => {
    const posts = Array.from({ length: 900 }, (_, id) => `post:${id}`);
    const headers = toKeyHeaders({ tags: [...posts, 'term:3'], documentId: 'abc', operationName: undefined });
    expect(headers['x-graphql-keys']).toBe('abc graphql:Query skipped:post dGVybToz');
    expect(headers['surrogate-key']).toBe('skipped:post term:3');
    const terms = Array.from({ length: 900 }, (_, id) => `term:${id}`);
    const both = toKeyHeaders({ tags: [...posts, ...terms, 'user:1'], documentId: 'abc', operationName: undefined });
    expect(both['surrogate-key']).toBe('skipped:post skipped:term user:1');
  });
});
