// Connections over several types: the terms of content, and the content of terms, types and taxonomies.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { countRoutes, openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
});

afterAll(() => gateway[Symbol.asyncDispose]());

interface Term {
  readonly __typename: string;
  readonly name: string;
}

const namesOf = (terms: { nodes: readonly Term[] }) => terms.nodes.map(({ name }) => name);

describe('the terms of content', () => {
  const nodes = '{ nodes { __typename name } }';

  it('are of all taxonomies, by name', async () => {
    const query = `{ post(id: "102", idType: DATABASE_ID) { terms ${nodes} } }`;
    const { data, errors, requests } = await gateway.query(query);
    expect(errors).toBeUndefined();
    const terms: readonly Term[] = data.post.terms.nodes;
    const names = terms.map(({ name }) => name);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' })));
    expect(terms.map(({ __typename }) => __typename).sort()).toEqual(['Category', 'Category', 'Tag', 'Tag']);
    expect(requests, requests.join('\n')).toHaveLength(3);
    expect(requests[0]).toBe('/wp/v2/posts?include=102&per_page=100&_fields=categories,format,id,tags');
    expect(requests.slice(1).sort()).toEqual([
      expect.stringMatching(/^\/wp\/v2\/categories\?include=[\d,]+&per_page=100&_fields=id,name$/),
      expect.stringMatching(/^\/wp\/v2\/tags\?include=[\d,]+&per_page=100&_fields=id,name$/),
    ]);
  });

  it('are loaded together for a page of content', async () => {
    const { data, requests } = await gateway.query(`{ posts(first: 20) { nodes { terms ${nodes} } } }`);
    expect(data.posts.nodes).toHaveLength(20);
    expect(countRoutes(requests)).toMatchObject({ '/wp/v2/categories': 1, '/wp/v2/tags': 1 });
  });

  it('have a format among them', async () => {
    const { data } = await gateway.query(`{ post(id: "127", idType: DATABASE_ID) { terms ${nodes} } }`);
    expect(data.post.terms.nodes).toEqual([
      { __typename: 'Category', name: 'Coffee' },
      { __typename: 'PostFormat', name: 'Quote' },
    ]);
  });

  const rows: readonly (readonly [where: string, found: readonly string[]])[] = [
    ['{ taxonomies: [POSTFORMAT] }', ['Quote']],
    ['{ taxonomies: [CATEGORY] }', ['Coffee']],
    ['{ taxonomies: [CATEGORY, POSTFORMAT], order: DESC }', ['Quote', 'Coffee']],
    ['{ taxonomies: [TAG] }', []],
    ['{ search: "o" }', ['Coffee', 'Quote']],
    ['{ nameLike: "fee" }', ['Coffee']],
    ['{ orderby: TERM_ID, order: ASC }', ['Quote', 'Coffee']],
    ['{ exclude: ["2"] }', ['Quote']],
  ];

  it.each(rows)('where %s', async (where, found) => {
    const query = `{ post(id: "127", idType: DATABASE_ID) { terms(where: ${where}) ${nodes} } }`;
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(namesOf(data.post.terms)).toEqual(found);
  });

  it('are of custom taxonomies, too', async () => {
    const query = `{ book(id: "a-short-book", idType: SLUG) { terms ${nodes} genres ${nodes} } }`;
    const { data } = await gateway.query(query);
    expect(data.book.terms.nodes).toEqual(data.book.genres.nodes);
    expect(data.book.terms.nodes).toEqual([{ __typename: 'Genre', name: 'Fiction' }]);
  });

  it('have pages', async () => {
    const page = (args: string) =>
      gateway.query(
        `{ post(id: "127", idType: DATABASE_ID) { terms(${args}) { pageInfo { endCursor hasNextPage } nodes { name } } } }`,
      );
    const first = (await page('first: 1')).data.post.terms;
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, nodes: [{ name: 'Coffee' }] });
    const next = (await page(`first: 1, after: "${first.pageInfo.endCursor}"`)).data.post.terms;
    expect(next).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ name: 'Quote' }] });
  });
});

describe('the content of a term', () => {
  it('is that of its posts', async () => {
    const query = `{ category(id: "coffee", idType: SLUG) {
      contentNodes(first: 3) { pageInfo { hasNextPage endCursor } nodes { __typename databaseId uri ... on NodeWithTitle { title } } }
      posts(first: 3) { nodes { __typename databaseId uri title } }
    } }`;
    const { data, errors, requests } = await gateway.query(query);
    expect(errors).toBeUndefined();
    const { contentNodes, posts } = data.category;
    expect(contentNodes.nodes).toEqual(posts.nodes);
    expect(contentNodes.pageInfo.hasNextPage).toBe(true);
    const list = '/wp/v2/posts?categories=2&orderby=date&order=desc&per_page=4&_fields=date,id,link,title.rendered';
    expect(requests).toEqual(['/wp/v2/categories?slug=coffee&per_page=100&_fields=id,slug', list]);
    const next = await gateway.query(`{ category(id: "coffee", idType: SLUG) {
      contentNodes(first: 3, after: "${contentNodes.pageInfo.endCursor}") { nodes { databaseId } }
    } }`);
    const seen = contentNodes.nodes.map(({ databaseId }: { databaseId: number }) => databaseId);
    expect(
      next.data.category.contentNodes.nodes.some(({ databaseId }: { databaseId: number }) => seen.includes(databaseId)),
    ).toBe(false);
  });

  it('is narrowed', async () => {
    const query = `{ category(id: "coffee", idType: SLUG) {
      contentNodes(where: { contentTypes: [POST], notIn: ["131"] }) { nodes { __typename } }
    } }`;
    const { requests, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(requests[1]).toContain('/wp/v2/posts?categories=2&exclude=131&orderby=date');
  });

  it('is of the types that its taxonomy has', async () => {
    const query = `{ genre(id: "fiction", idType: SLUG) { contentNodes(where: { contentTypes: [BOOK] }) { nodes { __typename } } } }`;
    const { data, requests } = await gateway.query(query);
    expect(data.genre.contentNodes.nodes).toContainEqual({ __typename: 'Book' });
    expect(requests.map((request) => request.split('?')[0])).toEqual(['/wp/v2/genre', '/wp/v2/books']);
  });
});

describe('types and taxonomies', () => {
  it('have content', async () => {
    const query = `{ contentType(id: "book", idType: NAME) {
      contentNodes(first: 2) { nodes { __typename databaseId } }
      others: contentNodes(where: { contentTypes: [POST] }) { nodes { databaseId } }
    } books(first: 2) { nodes { __typename databaseId } } }`;
    const { data, requests } = await gateway.query(query);
    expect(data.contentType.contentNodes).toEqual(data.books);
    expect(data.contentType.others).toEqual({ nodes: [] });
    expect(requests[0]).toBe('/wp/v2/books?orderby=date&order=desc&per_page=3&_fields=date,id');
    expect(new Set(requests).size).toBe(requests.length);
  });

  it('have terms', async () => {
    const query = `{ taxonomy(id: "genre", idType: NAME) { connectedTerms(first: 2) { nodes { __typename name } } } genres(first: 2) { nodes { __typename name } } }`;
    const { data } = await gateway.query(query);
    expect(data.taxonomy.connectedTerms).toEqual(data.genres);
  });
});

it('answers nothing where REST tells nothing', async () => {
  const { data, errors, requests } = await gateway.query(`{
    registeredScripts { nodes { id } } registeredStylesheets { nodes { id } }
    plugins { nodes { id } } plugin(id: "x") { id } themes { nodes { id } } theme(id: "x") { id }
    userRoles { nodes { id } } userRole(id: "x") { id } revisions { nodes { id } }
    post(id: "101", idType: DATABASE_ID) {
      enqueuedScripts { nodes { id } } enqueuedStylesheets { nodes { id } }
      editingLockedBy { lockTimestamp } lastEditedBy { node { id } }
      preview { node { id } } revisions { nodes { id } } revisionOf { node { id } } isRevision isPreview
      ancestors { nodes { id } } parent { node { id } }
    }
    user(id: "1", idType: DATABASE_ID) { roles { nodes { id } } revisions { nodes { id } } enqueuedScripts { nodes { id } } }
  }`);
  expect(errors).toBeUndefined();
  const empty = { nodes: [] };
  expect(data).toEqual({
    ...{ registeredScripts: empty, registeredStylesheets: empty, revisions: empty },
    ...{ plugins: empty, plugin: null, themes: empty, theme: null, userRoles: empty, userRole: null },
    post: {
      ...{ enqueuedScripts: empty, enqueuedStylesheets: empty, editingLockedBy: null, lastEditedBy: null },
      ...{ preview: null, revisions: empty, revisionOf: null, isRevision: false, isPreview: false },
      ...{ ancestors: null, parent: null },
    },
    user: { roles: null, revisions: empty, enqueuedScripts: empty },
  });
  expect(requests).toEqual([
    '/wp/v2/posts?include=101&per_page=100&_fields=id',
    '/wp/v2/users?include=1&per_page=100&_fields=id',
  ]);
});

describe('terms of all taxonomies', () => {
  it('have the formats that posts have among them, by their slugs as WordPress sorts them', async () => {
    const query = `query ($after: String) {
      terms(first: 7, after: $after) { pageInfo { hasNextPage endCursor } nodes { __typename name slug } }
    }`;
    const found: { __typename: string; name: string; slug: string }[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext && found.length < 200; ) {
      const { data, errors }: Awaited<ReturnType<TestGateway['query']>> = await gateway.query(query, { after });
      expect(errors).toBeUndefined();
      found.push(...data.terms.nodes);
      hasNext = data.terms.pageInfo.hasNextPage;
      after = data.terms.pageInfo.endCursor;
    }
    const keyOf = (term: (typeof found)[number]) => (term.__typename === 'PostFormat' ? term.slug : term.name);
    const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
    expect(found.map(keyOf)).toEqual([...found].map(keyOf).sort(compare));
    expect(new Set(found.map(({ slug }) => slug)).size).toBe(found.length);
    const posts: { format: string }[] = await (
      await fetch(`${url}/wp-json/wp/v2/posts?per_page=100&_fields=format`)
    ).json();
    const used = new Set(
      posts.map(({ format }) => `post-format-${format}`).filter((slug) => !slug.endsWith('standard')),
    );
    const formats = found.filter(({ __typename }) => __typename === 'PostFormat').map(({ slug }) => slug);
    expect(formats).toEqual([...used].sort());
    expect(formats.length).toBeGreaterThan(1);
  });

  it('are narrowed with them', async () => {
    const { data, errors } = await gateway.query(`{
      one: terms(where: { slug: ["post-format-quote", "coffee"] }) { nodes { __typename } }
      none: terms(where: { taxonomies: [TAG], nameLike: "quote" }) { nodes { __typename } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.one.nodes.map((node: { __typename: string }) => node.__typename)).toEqual(['Category', 'PostFormat']);
    expect(data.none.nodes).not.toContainEqual({ __typename: 'PostFormat' });
  });
});

describe('the address of a media item', () => {
  it('leads to it, where WordPress leads visitors to the file', async () => {
    const { data: known } = await gateway.query('{ mediaItem(id: 403, idType: DATABASE_ID) { uri } }');
    const page = await fetch(`${url}${known.mediaItem.uri}`, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([301, expect.stringMatching(/tiny-bean\.jpg$/)]);
    await using fresh = await openGateway(url);
    const { data, errors } = await fresh.query(
      'query ($uri: String!) { nodeByUri(uri: $uri) { __typename ... on MediaItem { databaseId } } }',
      known.mediaItem,
    );
    expect(errors).toBeUndefined();
    expect(data.nodeByUri).toEqual({ __typename: 'MediaItem', databaseId: 403 });
  });
});

describe('content of several types', () => {
  const all = '{ hasPassword: false, contentTypes: [POST, PAGE, BOOK] }';

  it('is filtered here without reading all of it', async () => {
    await using fresh = await openGateway(url);
    const ask = (args: string) =>
      fresh.query(`{ contentNodes(${args}) { pageInfo { hasNextPage endCursor } nodes { databaseId } } }`);
    const first = await ask(`first: 5, where: ${all}`);
    expect(first.errors).toBeUndefined();
    const second = await ask(`first: 5, after: "${first.data.contentNodes.pageInfo.endCursor}", where: ${all}`);
    const whole = await ask(`first: 10, where: { contentTypes: [POST, PAGE, BOOK], notIn: [120] }`);
    expect([...first.data.contentNodes.nodes, ...second.data.contentNodes.nodes]).toEqual(
      whole.data.contentNodes.nodes,
    );
  });

  it.each([0, 3, 40])('begins at an offset of %i', async (offset) => {
    const { data, errors } = await gateway.query(`{
      page: contentNodes(where: { offsetPagination: { offset: ${offset}, size: 6 } }) {
        pageInfo { offsetPagination { hasMore hasPrevious } }
        nodes { databaseId }
      }
      whole: contentNodes(first: 60) { nodes { databaseId } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.page.nodes).toEqual(data.whole.nodes.slice(offset, offset + 6));
    expect(data.page.pageInfo.offsetPagination).toEqual({ hasMore: true, hasPrevious: offset > 0 });
  });

  it('is sorted by place and title, with types that have no place at the beginning', async () => {
    const { data, errors } = await gateway.query(`{
      contentNodes(first: 100, where: {
        contentTypes: [POST, PAGE]
        orderby: [{ field: MENU_ORDER, order: DESC }, { field: TITLE, order: ASC }]
      }) { nodes { __typename ... on Page { menuOrder } } }
    }`);
    expect(errors).toBeUndefined();
    const places = data.contentNodes.nodes.map((node: { menuOrder?: number | null }) => node.menuOrder ?? 0);
    expect(places).toEqual([...places].sort((a, b) => b - a));
    expect(places[0]).toBeGreaterThan(0);
  });
});
