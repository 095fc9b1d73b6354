// The schema has all that WPGraphQL's has, but for the differences that are listed here and in the docs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema as parseSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/schema/build.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';
import { type AllowedDifference, printDifferences } from '../../support/print-differences.ts';
import { findAdditions } from '../../support/sdl-additions.ts';
import { diffSchemas, reachableTypes } from '../../support/sdl-diff.ts';

/** What differs, and why. What differs no more must leave this list. */
const allowed: readonly AllowedDifference[] = [
  {
    at: 'RootMutation.increaseCount',
    what: 'is missing',
    reason: 'It belongs to the test site that the schema was recorded on, not to WPGraphQL.',
  },
];

const root = join(import.meta.dirname, '../../..');
const reference = parseSchema(readFileSync(join(root, 'tests/data/wpgraphql.graphql'), 'utf8'));
const schema = buildSchema(bookSite, bookResources);

describe("WPGraphQL's schema, as far as operations reach", () => {
  it('is in ours', () => {
    const known = allowed.map(({ at, what }) => ({ at, what }));
    expect(diffSchemas(reference, schema)).toEqual(known);
  });

  it('is the whole of it', () => {
    const names = reachableTypes(reference).map(({ name }) => name);
    expect(names.length).toBe(reachable);
    expect(names).toEqual(expect.arrayContaining(['Book', 'EnqueuedScript', 'SEOConfig', 'UserRoleEnum', 'Node']));
  });

  it('has beside it only what says that it is an extension', () => {
    const silent = findAdditions(reference, schema).filter(
      ({ description }) => !description.endsWith('An extension of WPGraphQL.'),
    );
    expect(silent).toEqual([]);
  });

  it('is compared in the documentation', async () => {
    const page = printDifferences(reference, schema, allowed);
    await expect(page).toMatchFileSnapshot(join(root, 'docs/schema-differences.md'));
  });
});

/** Types of the recorded schema that an operation can reach: a file that is cut off must not go unnoticed. */
const reachable = 595;

const base = `
  interface Node { id: ID! }
  enum Order { ASC DESC }
  input Where { search: String, order: Order }
  type Post implements Node { id: ID! title(raw: Boolean = false): String tags: [String!]! }
  type Page implements Node { id: ID! }
  union Any = Post | Page
  type RootQuery { posts(where: Where, first: Int): [Post] any: Any node(id: ID!): Node }
  schema { query: RootQuery }
`;

describe('the comparison', () => {
  const changes: readonly (readonly [change: string, from: string, to: string, difference: string])[] = [
    ['a type', 'type Page implements Node { id: ID! }', '', 'Page is missing'],
    ['a kind', 'type Page implements Node { id: ID! }', 'scalar Page', 'Page is a scalar instead of a type'],
    ['a field', ' tags: [String!]!', '', 'Post.tags is missing'],
    ['nullability', '[String!]!', '[String]!', 'Post.tags is [String]! instead of [String!]!'],
    ['an argument', '(raw: Boolean = false)', '', 'Post.title:raw is missing'],
    ['a default', '= false', '= true', 'Post.title:raw is Boolean = true instead of Boolean = false'],
    ['a type of an argument', 'first: Int', 'first: String', 'RootQuery.posts:first is String instead of Int'],
    ['a required argument', 'first: Int', 'first: Int, size: Int!', 'RootQuery.posts:size is required here only'],
    ['an enum value', 'ASC DESC', 'ASC', 'Order.DESC is missing'],
    ['an input field', 'search: String, ', '', 'Where.search is missing'],
    ['a required input field', 'order: Order', 'order: Order, now: Int!', 'Where.now is required here only'],
    ['an interface', 'type Post implements Node', 'type Post', 'Post does not implement Node'],
    ['a member of a union', '= Post | Page', '= Post', 'Any.Page is missing'],
  ];

  it.each(changes)('sees %s', (_, from, to, difference) => {
    expect(base).toContain(from);
    const changed = parseSchema(withoutPage(base.replace(from, to)), { assumeValid: true });
    const found = diffSchemas(parseSchema(base), changed).map(({ at, what }) => `${at} ${what}`);
    expect(found).toContain(difference);
  });

  it.each([
    ['a type', 'type Extra { id: ID } extend type RootQuery { "An extension." extra: Extra }', 'RootQuery.extra,Extra'],
    ['a field', 'extend type Post { more: ID }', 'Post.more'],
    ['a value', 'extend enum Order { RAND }', 'Order.RAND'],
    ['an input field', 'extend input Where { more: ID }', 'Where.more'],
    ['a member of a union', 'type Extra { id: ID } extend union Any = Extra', 'Any may be Extra,Extra'],
    ['an interface', 'interface Extra { id: ID! } extend type Post implements Extra', 'Extra,Post implements Extra'],
  ])('sees that %s is more', (_, more, expected) => {
    const found = findAdditions(parseSchema(base), parseSchema(`${base} ${more}`)).map(({ at }) => at);
    expect(found.sort()).toEqual(expected.split(',').sort());
  });

  it('sees that an argument is more, with its description', () => {
    const more = base.replace('first: Int', 'first: Int, "For some." size: Int');
    expect(findAdditions(parseSchema(base), parseSchema(more))).toEqual([
      { at: 'RootQuery.posts:size', description: 'For some.' },
    ]);
  });

  it('takes what is more for no difference', () => {
    const more = `${base} type Extra { id: ID } extend type Post { extra(size: Int, kind: Order! = ASC): Extra } extend enum Order { RAND }`;
    expect(diffSchemas(parseSchema(base), parseSchema(more))).toEqual([]);
  });
});

/** A union of what is no object type cannot be parsed. */
function withoutPage(sdl: string): string {
  return sdl.includes('type Page') ? sdl : sdl.replace('= Post | Page', '= Post');
}
