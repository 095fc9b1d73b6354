// Every `where` argument of lists of categories and tags, against what WordPress's REST API says of the same terms.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { findIds, inputFields, readRows, usedArguments, type WhereRow } from './where-lists.ts';

interface Term {
  readonly id: number;
  readonly count: number;
  readonly description: string;
  readonly name: string;
  readonly slug: string;
  readonly parent: number;
}

const { url } = inject('wordpress');
let gateway: TestGateway;
/** All terms in WordPress's order by name. */
let terms: Readonly<Record<string, readonly Term[]>>;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
  const fields = 'orderby=name&_fields=id,count,description,name,slug,parent';
  terms = {
    categories: await readRows(url, 'categories', fields),
    tags: await readRows(url, 'tags', fields),
  };
});

afterAll(() => gateway[Symbol.asyncDispose]());

const none: readonly number[] = [];
const all = () => true;

function listOf(route: string, filters: string, fields = 'id,name'): string {
  const given = filters === '' ? '' : `${filters}&`;
  return `/wp/v2/${route}?${given}orderby=name&order=asc&per_page=100&_fields=${fields}`;
}

/** The lean tree of a taxonomy, by which ancestry is followed here. */
const tree = (route: string) => `/wp/v2/${route}?orderby=id&order=desc&per_page=100&_fields=id,parent`;

/** The terms of content, by its ids. */
const termsOf = (route: string, ids: string) => `/wp/v2/posts?include=${ids}&per_page=100&_fields=${route},id`;

const categories: readonly WhereRow<Term>[] = [
  { where: '{}', found: all, requests: '' },
  { where: '{ search: "coffee" }', found: ({ slug }) => slug === 'coffee', requests: 'search=coffee' },
  {
    where: '{ slug: ["filter", "code", "nothing"] }',
    found: ({ slug }) => ['filter', 'code'].includes(slug),
    requests: 'slug=filter,code,nothing',
  },
  // WordPress stores names escaped: what is between is found by any of their words.
  { where: '{ name: ["Brewing & Roasting"] }', found: ({ id }) => id === 3, requests: 'search=Roasting' },
  { where: '{ name: ["käse & öl"] }', found: ({ id }) => id === 7, requests: 'search=käse' },
  { where: '{ name: ["Coffee", "Code"] }', found: ({ id }) => [2, 5].includes(id), requests: '' },
  { where: '{ name: ["Roasting"] }', found: none, requests: 'search=Roasting' },
  { where: '{ nameLike: "roast" }', found: ({ id }) => id === 3, requests: 'search=roast' },
  { where: '{ nameLike: "& r" }', found: ({ id }) => id === 3, requests: 'search=r' },
  {
    where: '{ descriptionLike: "SLOW" }',
    found: ({ description }) => description.includes('Slow'),
    requests: [listOf('categories', '', 'description,id,name')],
  },
  {
    where: `{ include: [2, "${Buffer.from('term:5').toString('base64')}"] }`,
    found: ({ id }) => [2, 5].includes(id),
    requests: 'include=2,5',
  },
  { where: '{ include: [] }', found: all, requests: '' },
  { where: '{ exclude: [2, 5] }', found: ({ id }) => ![2, 5].includes(id), requests: 'exclude=2,5' },
  // WordPress would heed the first one only.
  { where: '{ include: [2, 5, 6], exclude: [5] }', found: ({ id }) => [2, 6].includes(id), requests: 'include=2,6' },
  {
    where: '{ excludeTree: [2] }',
    found: ({ id }) => ![2, 3, 4].includes(id),
    requests: [tree('categories'), listOf('categories', 'exclude=2,3,4')],
  },
  {
    where: '{ excludeTree: [3], exclude: [5] }',
    found: ({ id }) => ![3, 4, 5].includes(id),
    requests: [tree('categories'), listOf('categories', 'exclude=3,4,5')],
  },
  { where: '{ parent: 2 }', found: ({ parent }) => parent === 2, requests: 'parent=2' },
  { where: '{ parent: 0 }', found: ({ parent }) => parent === 0, requests: 'parent=0' },
  {
    where: '{ childOf: 2 }',
    found: ({ id }) => [3, 4].includes(id),
    requests: [tree('categories'), listOf('categories', 'include=3,4')],
  },
  {
    where: '{ childOf: 2, exclude: [4] }',
    found: ({ id }) => id === 3,
    requests: [tree('categories'), listOf('categories', 'include=3')],
  },
  { where: '{ childOf: 8 }', found: none, requests: [tree('categories')] },
  {
    where: '{ childless: true }',
    found: ({ id }) => ![2, 3, 5].includes(id),
    requests: [tree('categories'), listOf('categories', 'include=8,7,6,4,1')],
  },
  { where: '{ childless: false }', found: all, requests: '' },
  { where: '{ hideEmpty: true }', found: ({ count }) => count > 0, requests: 'hide_empty=true' },
  { where: '{ hideEmpty: false }', found: all, requests: '' },
  {
    where: '{ objectIds: [101, 136] }',
    found: ({ id }) => [4, 5, 6].includes(id),
    requests: [termsOf('categories', '101,136'), listOf('categories', 'include=5,6,4')],
  },
  {
    where: '{ objectIds: [101], exclude: [5] }',
    found: ({ id }) => id === 6,
    requests: [termsOf('categories', '101'), listOf('categories', 'include=6')],
  },
  { where: '{ objectIds: [161] }', found: none, requests: [termsOf('categories', '161')] },
  { where: '{ termTaxonomyId: [2, 3] }', found: ({ id }) => [2, 3].includes(id), requests: 'include=2,3' },
  { where: '{ termTaxonomId: [2, 3] }', found: ({ id }) => [2, 3].includes(id), requests: 'include=2,3' },
  { where: '{ include: [2], termTaxonomyId: [3] }', found: none, requests: [] },
  { where: '{ padCounts: false, hierarchical: false }', found: all, requests: '' },
  { where: '{ cacheDomain: "core", updateTermMetaCache: true }', found: all, requests: '' },
];

const tags: readonly WhereRow<Term>[] = [
  { where: '{ name: ["“Quotes” & more"] }', found: ({ slug }) => slug === 'quotes', requests: 'search=Quotes' },
  { where: '{ name: ["C++"] }', found: ({ slug }) => slug === 'cpp', requests: 'search=C' },
  { where: '{ name: ["日本"] }', found: ({ name }) => name === '日本', requests: 'search=日本' },
  // Tags have no parents, and REST would not heed the filter.
  { where: '{ parent: 2 }', found: none, requests: [] },
  { where: '{ parent: 0 }', found: all, requests: '' },
  { where: '{ childOf: 9 }', found: none, requests: [tree('tags')] },
  { where: '{ hideEmpty: true }', found: ({ count }) => count > 0, requests: 'hide_empty=true' },
];

const rows = [
  ...categories.map((row) => ['categories', row.where, row] as const),
  ...tags.map((row) => ['tags', row.where, row] as const),
];

describe('lists of terms', () => {
  it.each(rows)('%s %s', async (route, where, { found, requests }) => {
    const answer = await findIds(gateway, route, where);
    const isFound = typeof found === 'function' ? found : () => false;
    const expected = (terms[route] ?? []).filter(isFound).map(({ id }) => id);
    expect(answer.errors).toBeUndefined();
    expect(answer.ids).toEqual(expected);
    if (typeof found === 'function') expect(expected.length).toBeGreaterThan(0);
    expect(answer.requests).toEqual(typeof requests === 'string' ? [listOf(route, requests)] : requests);
  });

  it('have no argument that no test uses', async () => {
    const known = await inputFields(gateway, 'RootQueryToCategoryConnectionWhereArgs');
    const used = usedArguments(
      rows.map(([, where]) => where),
      known,
    );
    expect([...used, 'offsetPagination', 'order', 'orderby'].sort()).toEqual(known);
    expect(await inputFields(gateway, 'RootQueryToTagConnectionWhereArgs')).toEqual(known);
  });

  it.each(['categories', 'tags'])('%s of a post are narrowed, never widened', async (route) => {
    const [own = [], post] = [terms[route], 138];
    const [{ [route]: ids = [] } = {}] = await readRows<Record<string, number[]>>(url, 'posts', `include=${post}`);
    const { data } = await gateway.query(`{
      post(id: "${post}", idType: DATABASE_ID) {
        some: ${route}(where: { exclude: [2, 9] }) { nodes { databaseId } }
        others: ${route}(where: { include: [1, 16] }) { nodes { databaseId } }
      }
    }`);
    const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
    const byName = own.toSorted((a, b) => compare(a.name, b.name));
    const expected = byName.filter(({ id }) => ids.includes(id) && ![2, 9].includes(id));
    expect(data.post.some.nodes).toEqual(expected.map(({ id }) => ({ databaseId: id })));
    expect(data.post.others.nodes).toEqual([]);
  });
});

describe('the order of terms', () => {
  const ids = (route: string, compare: (a: Term, b: Term) => number) =>
    [...(terms[route] ?? [])].sort((a, b) => compare(a, b) || b.id - a.id).map(({ id }) => id);

  it.each([
    ['NAME', 'name'],
    ['SLUG', 'slug'],
  ] as const)('%s, as the database sorts texts', async (orderby, parameter) => {
    for (const order of ['ASC', 'DESC']) {
      const answer = await findIds(gateway, 'tags', `{ orderby: ${orderby}, order: ${order} }`);
      const query = `orderby=${parameter}&order=${order.toLowerCase()}`;
      const rest = await readRows<Term>(url, 'tags', `${query}&_fields=id`);
      expect(answer.ids).toEqual(rest.map(({ id }) => id));
      expect(answer.requests).toEqual([`/wp/v2/tags?${query}&per_page=100&_fields=id,${parameter}`]);
    }
  });

  it('DESCRIPTION: each one once, the empty ones together', async () => {
    const { ids: found } = await findIds(gateway, 'tags', '{ orderby: DESCRIPTION, order: ASC }');
    const empty = (terms['tags'] ?? []).filter(({ description }) => description === '').map(({ id }) => id);
    expect(found?.slice(0, empty.length)).toEqual(empty.sort((a, b) => b - a));
    expect([...(found ?? [])].sort()).toEqual((terms['tags'] ?? []).map(({ id }) => id).sort());
  });

  it('COUNT and TERM_ID, with ties by id descending', async () => {
    const byCount = await findIds(gateway, 'tags', '{ orderby: COUNT, order: DESC }');
    expect(byCount.ids).toEqual(ids('tags', (a, b) => b.count - a.count));
    const rising = await findIds(gateway, 'categories', '{ orderby: COUNT, order: ASC }');
    expect(rising.ids).toEqual(ids('categories', (a, b) => a.count - b.count));
    const byId = await findIds(gateway, 'categories', '{ orderby: TERM_ID, order: ASC }');
    expect(byId.ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(['TERM_GROUP', 'TERM_ORDER'])('%s, of which REST tells nothing: by id descending', async (orderby) => {
    const { ids: found } = await findIds(gateway, 'categories', `{ orderby: ${orderby} }`);
    expect(found).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it.each(['categories', 'tags'])('%s by offset, at every offset', async (route) => {
    // WordPress's lists of hierarchical taxonomies ignore `offset`.
    const expected = (terms[route] ?? []).map(({ id }) => id);
    for (let offset = 0; offset <= expected.length; offset += 3) {
      const { data } = await gateway.query(`{
        list: ${route}(where: { offsetPagination: { offset: ${offset}, size: 3 } }) {
          pageInfo { total offsetPagination { hasMore hasPrevious } }
          nodes { databaseId }
        }
      }`);
      expect(data.list.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual(
        expected.slice(offset, offset + 3),
      );
      expect(data.list.pageInfo).toEqual({
        total: expected.length,
        offsetPagination: { hasMore: offset + 3 < expected.length, hasPrevious: offset > 0 },
      });
    }
  });
});

describe('what makes no sense is refused', () => {
  it.each([
    ['{ include: ["x"] }', 'BAD_USER_INPUT', 'where.include: "x"'],
    ['{ objectIds: ["post:1"] }', 'BAD_USER_INPUT', 'where.objectIds: "post:1"'],
    ['{ excludeTree: ["-1"] }', 'BAD_USER_INPUT', 'where.excludeTree: "-1"'],
  ])('%s: %s', async (where, code, message) => {
    const { ids, errors, requests } = await findIds(gateway, 'categories', where);
    expect(ids).toBeNull();
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code }, message: expect.stringContaining(message) }]);
    expect(requests).toEqual([]);
  });

  it.each(['childOf: 2', 'childless: true', 'excludeTree: [2]', 'name: ["Coffee", "Code"]', 'descriptionLike: "a"'])(
    '%s, beyond a stated number of rows',
    async (argument) => {
      await using bounded = await openGateway(url, { scanLimit: 5 });
      const { ids, errors } = await findIds(bounded, 'categories', `{ ${argument} }`);
      expect(ids).toBeNull();
      expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'LIMIT_EXCEEDED' } }]);
      expect(errors?.[0]?.message).toContain(`where.${argument.split(':')[0]} itself`);
      expect(errors?.[0]?.message).toContain('at most 5 rows');
    },
  );
});

it('all terms of content are those of each of its taxonomies', async () => {
  type Ids = { readonly nodes: readonly { readonly id: string }[] };
  const { data } = await gateway.query(
    '{ posts(first: 20) { nodes { terms(first: 100) { nodes { id } } categories { nodes { id } } tags { nodes { id } } } } }',
  );
  const idsOf = ({ nodes }: Ids) => nodes.map(({ id }) => id);
  const posts: readonly Record<'terms' | 'categories' | 'tags', Ids>[] = data?.posts.nodes ?? [];
  expect(posts.some(({ categories, tags }) => categories.nodes.length > 0 && tags.nodes.length > 0)).toBe(true);
  for (const { terms: all, categories, tags } of posts) {
    expect(idsOf(all).sort()).toEqual([...idsOf(categories), ...idsOf(tags)].sort());
  }
  // Each taxonomy is asked for what is selected of its own type.
  const { requests } = await gateway.query(
    '{ posts(first: 20) { nodes { terms { nodes { id ... on Tag { description } } } } } }',
  );
  expect(requests.find((request) => request.startsWith('/wp/v2/tags'))).toContain('description');
  expect(requests.find((request) => request.startsWith('/wp/v2/categories'))).not.toContain('description');
});
