// Owns the tests of queries that have become code: they answer as graphql-js does, with every set of variables.

import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { frontEndQueries, variablesOf } from '../support/front-end-queries.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

let plain: TestGateway;
let compiled: TestGateway;

beforeAll(async () => {
  const { url, credentials } = inject('wordpress');
  const { authorization } = credentials.admin;
  plain = await openGateway(url, { authorization, hotAfter: Number.POSITIVE_INFINITY });
  compiled = await openGateway(url, { authorization, hotAfter: 0 });
  // The compiler is loaded when it is first wanted.
  await import('graphql-jit');
  // Viewed once, so that both see the same navigation.
  for (const gateway of [plain, compiled]) await gateway.query('{ menus { nodes { name } } }');
});

afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await compiled[Symbol.asyncDispose]();
});

/** In the order of the keys, and the errors in that of their paths. */
function textOf({ data, errors }: Awaited<ReturnType<TestGateway['query']>>): string {
  const known = errors?.map(({ message, path, extensions }) => `${path?.join('.')} ${extensions.code} ${message}`);
  return JSON.stringify({ data, errors: known?.sort() });
}

async function expectSame(query: string, variables?: Record<string, unknown>) {
  expect(textOf(await compiled.query(query, variables))).toBe(textOf(await plain.query(query, variables)));
}

it.each(frontEndQueries)('%s', async (name, query) => {
  const variables = variablesOf(name);
  await expectSame(query, variables);
  // Code that was made with some variables must not remember them.
  await expectSame(query, { ...variables, short: true, first: 2, text: 'tea', year: 2025, slug: 'no-such-slug' });
  await expectSame(query, variables);
});

const posts = 'posts(first: 3) { nodes { databaseId';

it.each([
  [
    'directives',
    `query Q($a: Boolean!) { ${posts} title @include(if: $a) ... @skip(if: $a) { slug } } } }`,
    [{ a: true }, { a: false }],
  ],
  [
    'conditions of one fragment',
    `query Q($a: Boolean!, $b: Boolean!) { a: ${posts} ...F @include(if: $a) } } b: ${posts} ...F @include(if: $b) } } } fragment F on Post { title }`,
    [
      { a: true, b: false },
      { a: false, b: true },
    ],
  ],
  [
    'arguments',
    `query Q($f: PostObjectFieldFormatEnum) { ${posts} title(format: $f) } } }`,
    [{}, { f: 'RENDERED' }, { f: null }],
  ],
  [
    'sizes',
    'query Q($s: MediaItemSizeEnum) { mediaItems(first: 3) { nodes { sourceUrl(size: $s) srcSet(size: $s) } } }',
    [{}, { s: 'THUMBNAIL' }, { s: 'LARGE' }],
  ],
  [
    'orders',
    `query Q($o: PostObjectsConnectionOrderbyEnum!) { posts(first: 3, where: { orderby: [{ field: $o, order: ASC }] }) { nodes { databaseId } } }`,
    [{ o: 'TITLE' }, { o: 'DATE' }],
  ],
  [
    'interfaces',
    '{ contentNodes(first: 5) { nodes { __typename databaseId ... on NodeWithTitle { title } ... on Post { slug } } } }',
    [{}],
  ],
  ['aliases', `{ a: ${posts} } } b: ${posts} t: title u: title } } }`, [{}]],
  [
    'errors of fields',
    '{ posts(first: -1) { nodes { id } } page(id: "x y", idType: DATABASE_ID) { title } user(id: "a@b.c", idType: EMAIL) { name } }',
    [{}],
  ],
  ['wrong variables', 'query Q($n: Int!) { posts(first: $n) { nodes { id } } }', [{ n: 'x' }, {}, { n: 2 }]],
  [
    'introspection',
    '{ __schema { types { name kind fields(includeDeprecated: true) { name args { name defaultValue } } } } }',
    [{}],
  ],
])('%s', async (_, query, sets) => {
  for (const variables of [...sets, ...sets]) await expectSame(query, variables);
});

it.each([
  [
    'variables select others',
    'query Q($n: Int, $a: Boolean!) { posts(first: $n) { nodes { title @include(if: $a) modified @skip(if: $a) } } }',
    [{ a: true }, { a: false }],
    ['title.rendered', 'modified'],
  ],
  [
    'their arguments name others',
    'query Q($n: Int, $path: String!) { posts(first: $n) { nodes { restField(path: $path) } } }',
    [{ path: 'comment_status' }, { path: 'ping_status' }],
    ['comment_status', 'ping_status'],
  ],
])('asks WordPress for other fields where %s', async (_, query, [first, second], [field = '', other = '']) => {
  const { url } = inject('wordpress');
  // Nothing is known yet that could stand in for what is not asked for.
  await using fresh = await openGateway(url, { hotAfter: 0 });
  const ask = async (variables: object) => {
    const { data, requests } = await fresh.query(query, { ...variables });
    return { data, asked: requests.join() };
  };
  // Each is another list, so that WordPress is asked.
  await ask({ n: 1, ...first });
  const [before, after] = [await ask({ n: 2, ...first }), await ask({ n: 3, ...second })];
  expect(before.asked).toContain(field);
  expect(after.asked).toContain(other);
  expect(after.data).toEqual((await plain.query(query, { n: 3, ...second })).data);
});
