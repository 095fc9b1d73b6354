// What each nested connection costs in REST requests, measured on the demo site; the documentation shows the same numbers.

import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

interface Row {
  readonly of: string;
  readonly each: string;
  /** The selection, where it is more than {@link each} and its nodes. */
  readonly query?: string;
  /** Requests of the list itself. */
  readonly list: number;
  /** Requests for what is nested. */
  readonly nested: number;
  readonly how: string;
}

const batch = 'together, by id';
const known = 'nothing: the list tells it';
const shared = 'together, then what is shown by id';
const each = 'one each';

const lists: Readonly<Record<string, string>> = {
  posts: 'posts(first: 100)',
  pages: 'pages(first: 100)',
  categories: 'categories(first: 10)',
  tags: 'tags(first: 10)',
  genres: 'genres(first: 10)',
  books: 'books(first: 3)',
  users: 'users(first: 10)',
  comments: 'comments(first: 100)',
  mediaItems: 'mediaItems(first: 100)',
  menuItems: 'menuItems(first: 10, where: { location: PRIMARY })',
  contentTypes: 'contentTypes',
  taxonomies: 'taxonomies',
  postFormats: 'postFormats',
};

const id = '{ nodes { id } }';

const rows: readonly Row[] = [
  { of: 'posts', each: 'author', query: 'author { node { name } }', list: 1, nested: 1, how: batch },
  { of: 'posts', each: 'featuredImage', query: 'featuredImage { node { sourceUrl } }', list: 1, nested: 1, how: batch },
  { of: 'posts', each: 'categories', query: 'categories { nodes { name } }', list: 1, nested: 1, how: batch },
  {
    of: 'posts',
    each: 'categories(where: …)',
    query: 'categories(where: { parent: 0, exclude: ["1"], orderby: COUNT }) { nodes { name } }',
    list: 1,
    nested: 1,
    how: `${batch}, and filtered here`,
  },
  {
    of: 'posts',
    each: 'terms',
    query: 'terms { nodes { name } }',
    list: 1,
    nested: 2,
    how: `${batch}; one a taxonomy`,
  },
  { of: 'posts', each: 'postFormats', query: 'postFormats { nodes { name } }', list: 1, nested: 0, how: known },
  { of: 'posts', each: 'commentCount', query: 'commentCount', list: 1, nested: 1, how: 'together' },
  { of: 'posts', each: 'comments(first: 5)', query: `comments(first: 5) ${id}`, list: 1, nested: 1, how: 'together' },
  { of: 'posts', each: 'seo', query: 'seo { title metaDesc }', list: 1, nested: 0, how: known },
  {
    of: 'posts',
    each: 'author { posts(first: 5) }',
    query: 'author { node { posts(first: 5) { nodes { title } } } }',
    list: 1,
    nested: 2,
    how: shared,
  },
  { of: 'pages', each: 'parent', query: 'parent { node { slug } }', list: 1, nested: 1, how: batch },
  { of: 'pages', each: 'children', query: `children ${id}`, list: 1, nested: 1, how: 'together' },
  {
    of: 'categories',
    each: 'posts(first: 5)',
    query: 'posts(first: 5) { nodes { title } }',
    list: 1,
    nested: 2,
    how: shared,
  },
  {
    of: 'categories',
    each: 'posts(where: { search, … })',
    query: 'posts(first: 5, where: { notIn: ["101"], orderby: { field: TITLE, order: ASC } }) { nodes { slug } }',
    list: 1,
    nested: 2,
    how: `${shared}: whatever REST itself filters and sorts by`,
  },
  {
    of: 'categories',
    each: 'posts(where: { title, … })',
    query: 'posts(first: 5, where: { hasPassword: false }) { nodes { title } }',
    list: 1,
    nested: 2,
    how: `${shared}; the gateway filters`,
  },
  { of: 'categories', each: 'children', query: `children ${id}`, list: 1, nested: 1, how: 'together' },
  { of: 'categories', each: 'parent', query: 'parent { node { slug } }', list: 1, nested: 1, how: batch },
  {
    of: 'tags',
    each: 'posts(first: 5)',
    query: 'posts(first: 5) { nodes { title } }',
    list: 1,
    nested: 2,
    how: shared,
  },
  {
    of: 'genres',
    each: 'books(first: 5)',
    query: 'books(first: 5) { nodes { title } }',
    list: 1,
    nested: 2,
    how: shared,
  },
  { of: 'genres', each: 'contentNodes', query: `contentNodes ${id}`, list: 1, nested: 1, how: shared },
  { of: 'books', each: 'genres', query: 'genres { nodes { name } }', list: 1, nested: 1, how: batch },
  {
    of: 'users',
    each: 'posts(first: 5)',
    query: 'posts(first: 5) { nodes { title } }',
    list: 1,
    nested: 2,
    how: shared,
  },
  {
    of: 'users',
    each: 'comments',
    query: `comments ${id}`,
    list: 1,
    nested: 2,
    how: 'for all: the gateway filters',
  },
  { of: 'comments', each: 'author', query: 'author { node { name } }', list: 1, nested: 1, how: batch },
  {
    of: 'comments',
    each: 'commentedOn',
    query: 'commentedOn { node { uri } }',
    list: 1,
    nested: 4,
    how: `${batch}; one a type, until all are found`,
  },
  { of: 'comments', each: 'replies', query: `replies ${id}`, list: 1, nested: 1, how: 'together' },
  {
    of: 'mediaItems',
    each: 'sourceUrl, srcSet, sizes',
    query: 'sourceUrl srcSet sizes',
    list: 1,
    nested: 0,
    how: known,
  },
  { of: 'mediaItems', each: 'author', query: 'author { node { name } }', list: 1, nested: 1, how: batch },
  { of: 'menuItems', each: 'childItems', query: 'childItems { nodes { label } }', list: 2, nested: 0, how: known },
  {
    of: 'menuItems',
    each: 'connectedNode',
    query: 'connectedNode { node { uri ... on Page { title } } }',
    list: 2,
    nested: 3,
    how: `${batch}; one a type`,
  },
  {
    of: 'postFormats',
    each: 'posts(first: 5)',
    query: 'posts(first: 5) { nodes { title } }',
    list: 0,
    nested: 3,
    how: `${shared}; one more asks what REST filters by`,
  },
  { of: 'contentTypes', each: 'contentNodes', query: `contentNodes(first: 100) ${id}`, list: 0, nested: 4, how: each },
  { of: 'taxonomies', each: 'connectedTerms', query: `connectedTerms(first: 2) ${id}`, list: 0, nested: 3, how: each },
];

it.each(rows)('$of and of each $each', async ({ of, query, list, nested }) => {
  const { url, credentials } = inject('wordpress');
  const authorization = of === 'menuItems' ? { authorization: credentials.admin.authorization } : {};
  const ask = async (selection: string) => {
    await using gateway = await openGateway(url, authorization);
    const { errors, requests } = await gateway.query(`{ ${lists[of]} { nodes { ${selection} } } }`);
    expect(errors).toBeUndefined();
    return requests;
  };
  const [plain, whole] = [await ask('id'), await ask(`id ${query}`)];
  expect(plain).toHaveLength(list);
  expect(whole.slice(list).length, whole.join('\n')).toBe(nested);
});

it('are what the documentation says', async () => {
  const table = rows.map(
    ({ of, each: what, nested, how }) => `| \`${lists[of]}\` | \`${what}\` | ${nested} | ${how} |`,
  );
  await expect(page(table.join('\n'))).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/request-costs.md'));
});

function page(table: string): string {
  return `# What a query costs

A query becomes REST requests: one for each list, and a few for what its nodes lead to, however many nodes there are.
This page has the numbers for each nested connection, beside the request of the list itself, with nothing cached. A test
asks the demo site for each of them and counts; it prints this page, too:
\`npx vitest run tests/graphql/request-costs.test.ts --update\`.

| A list | and of each node | more requests | how |
| --- | --- | ---: | --- |
${table}

- *Together, by id*: one request for up to 100 ids, of each type.
- *Together*: one request for all lists, as long as their pages are among its first 100 rows; what is not is asked again,
  in smaller groups, and at last one by one.
- *Together, then what is shown by id*: the same for lists that are long as a rule. Their lean rows are read first, for as
  many lists as 75 rows may hold: 12 of five nodes each, 6 of ten, none of 37 or more; then what is shown is loaded by id.
- *One each* is also what pages cost that follow a cursor or an offset inside of a list.
- Counts of comments: the ids of all comments of these posts are read, 100 a request, or a total for each post where that
  is less: 100 posts with 65 comments each take 65 requests. At most 40 are made for one list; what is not counted then is
  null with LIMIT_EXCEEDED, and what is counted is known for the next time.
- Comments of users are found among all comments, newest first, 100 a request, once for all users of a query: REST filters
  them by user for people with rights only.
- Search over several types at once has pages by number: a page takes one request for each 100 results before it.
- \`terms(where: { hideEmpty: true })\` asks for the number of posts of each of WordPress's nine post formats.
- \`seo\` is in the list with Yoast, AIOSEO and SEOPress; Rank Math has it in a route of its own, one request a node: ask for
  pages of 50 at most.
- A page whose edge cuts a group of equal dates takes one request more; an order or a filter that REST lacks reads up to
  \`SCAN_LIMIT\` rows, 100 a request.
- What is known is not asked for again for \`FRESH_SECONDS\`. \`TRACE=on\` tells the requests of any query.
`;
}
