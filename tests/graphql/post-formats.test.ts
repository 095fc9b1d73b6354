// Post formats as terms, on a WordPress that filters posts by them.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
});

afterAll(() => gateway[Symbol.asyncDispose]());

const globalId = (id: string) => Buffer.from(id).toString('base64');
const index = '/?_fields=routes./wp/v2/posts.endpoints';
const countOf = (format: string) => `/wp/v2/posts?format=${format}&per_page=1&_fields=id`;
const names = ['Aside', 'Audio', 'Chat', 'Gallery', 'Image', 'Link', 'Quote', 'Status', 'Video'];

describe('the list of formats', () => {
  it('needs no request', async () => {
    const query = `{ postFormats { pageInfo { hasNextPage total } nodes { id databaseId name slug uri taxonomyName isTermNode taxonomy { node { name } } } } }`;
    const { data, errors, requests } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([]);
    expect(data.postFormats.pageInfo).toEqual({ hasNextPage: false, total: 9 });
    expect(data.postFormats.nodes.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(data.postFormats.nodes[6]).toEqual({
      id: globalId('term:-7'),
      databaseId: -7,
      name: 'Quote',
      slug: 'post-format-quote',
      uri: '/type/quote/',
      taxonomyName: 'post_format',
      isTermNode: true,
      taxonomy: { node: { name: 'post_format' } },
    });
  });

  it('counts posts', async () => {
    const { data, requests } = await gateway.query(
      '{ postFormats(where: { slug: ["post-format-quote"] }) { nodes { count } } }',
    );
    expect(data.postFormats.nodes).toEqual([{ count: 1 }]);
    expect(requests).toEqual([index, countOf('quote')]);
  });

  const rows: readonly (readonly [where: string, found: readonly string[]])[] = [
    ['{ order: DESC }', [...names].reverse()],
    ['{ orderby: TERM_ID, order: ASC }', [...names].reverse()],
    ['{ include: ["-1", "-9"] }', ['Aside', 'Video']],
    [`{ include: ["${globalId('term:-2')}"] }`, ['Audio']],
    ['{ exclude: ["-1"], nameLike: "I" }', ['Audio', 'Image', 'Link', 'Video']],
    ['{ name: ["chat", "Link"] }', ['Chat', 'Link']],
    ['{ search: "eo" }', ['Video']],
    ['{ objectIds: ["127", "101"] }', ['Quote']],
    ['{ parent: 3 }', []],
    ['{ parent: 0, childless: true, hideEmpty: true, search: "qu" }', ['Quote']],
  ];

  it.each(rows)('where %s', async (where, found) => {
    const { data, errors } = await gateway.query(`{ postFormats(where: ${where}) { nodes { name } } }`);
    expect(errors).toBeUndefined();
    expect(data.postFormats.nodes.map(({ name }: { name: string }) => name)).toEqual(found);
  });

  it('has pages', async () => {
    const first = await gateway.query('{ postFormats(first: 4) { pageInfo { endCursor hasNextPage } } }');
    const after = first.data.postFormats.pageInfo.endCursor;
    const next = await gateway.query(`{ postFormats(first: 2, after: "${after}") { nodes { name } } }`);
    expect(next.data.postFormats.nodes).toEqual([{ name: 'Image' }, { name: 'Link' }]);
  });
});

describe('one format', () => {
  const ids: readonly (readonly [idType: string | null, id: string])[] = [
    [null, globalId('term:-7')],
    ['ID', '-7'],
    ['DATABASE_ID', '-7'],
    ['SLUG', 'post-format-quote'],
    ['SLUG', 'quote'],
    ['NAME', 'quote'],
    ['URI', '/type/quote/'],
    ['URI', `${url}/type/quote`],
  ];

  it.each(ids)('by %s "%s"', async (idType, id) => {
    const argument = idType === null ? '' : `, idType: ${idType}`;
    const { data, requests } = await gateway.query(`query ($id: ID!) { postFormat(id: $id${argument}) { name } }`, {
      id,
    });
    expect(data).toEqual({ postFormat: { name: 'Quote' } });
    expect(requests).toEqual([]);
  });

  it.each([
    ['SLUG', 'post-format-standard'],
    ['DATABASE_ID', '7'],
    ['URI', '/'],
  ])('is null by %s "%s"', async (idType, id) => {
    const { data } = await gateway.query(`query ($id: ID!) { postFormat(id: $id, idType: ${idType}) { name } }`, {
      id,
    });
    expect(data).toEqual({ postFormat: null });
  });

  it('is a node', async () => {
    const { data, requests } = await gateway.query(
      `{ node(id: "${globalId('term:-7')}") { __typename ... on PostFormat { name } } }`,
    );
    expect(data).toEqual({ node: { __typename: 'PostFormat', name: 'Quote' } });
    expect(requests).toEqual([]);
  });

  it('is found by its address', async () => {
    const { data } = await gateway.query('{ nodeByUri(uri: "/type/quote/") { __typename uri isTermNode } }');
    expect(data).toEqual({ nodeByUri: { __typename: 'PostFormat', uri: '/type/quote/', isTermNode: true } });
  });

  it('has content', async () => {
    const { data, requests } = await gateway.query(`{
      postFormat(id: "quote", idType: SLUG) {
        posts(first: 5) { nodes { databaseId title } }
        contentNodes(first: 5, where: { contentTypes: [POST] }) { nodes { __typename databaseId } }
      }
    }`);
    expect(data.postFormat).toEqual({
      posts: { nodes: [{ databaseId: 127, title: 'Quote' }] },
      contentNodes: { nodes: [{ __typename: 'Post', databaseId: 127 }] },
    });
    const list = (fields: string) => `/wp/v2/posts?format=quote&orderby=date&order=desc&per_page=6&_fields=${fields}`;
    expect(requests).toEqual([index, list('date,id,title.rendered')]);
  });
});

describe('the formats of posts', () => {
  it('come with the posts', async () => {
    const query = `{ posts(where: { in: ["101", "127"] }) { nodes { databaseId postFormats { edges { isPrimary node { name slug } } } } } }`;
    const { data, requests } = await gateway.query(query);
    expect(data.posts.nodes).toEqual([
      { databaseId: 101, postFormats: { edges: [] } },
      {
        databaseId: 127,
        postFormats: { edges: [{ isPrimary: null, node: { name: 'Quote', slug: 'post-format-quote' } }] },
      },
    ]);
    expect(requests.at(-1)).toBe('/wp/v2/posts?include=101,127&per_page=100&_fields=format,id');
  });

  it('are narrowed', async () => {
    const query = `{ post(id: "127", idType: DATABASE_ID) { postFormats(where: { nameLike: "x" }) { nodes { name } } } }`;
    expect((await gateway.query(query)).data).toEqual({ post: { postFormats: { nodes: [] } } });
  });
});

it('is a taxonomy with terms', async () => {
  const query = `{
    taxonomy(id: "post_format", idType: NAME) { connectedTerms(first: 2) { nodes { __typename name } } }
    terms(first: 2, where: { taxonomies: [POSTFORMAT] }) { nodes { name } }
    termNode(id: "chat", idType: SLUG, taxonomy: POSTFORMAT) { __typename name }
    byId: termNode(id: "${globalId('term:-7')}") { name }
    byUri: termNode(id: "/type/audio/", idType: URI) { name }
  }`;
  const { data, requests } = await gateway.query(query);
  expect(data).toEqual({
    taxonomy: {
      connectedTerms: {
        nodes: [
          { __typename: 'PostFormat', name: 'Aside' },
          { __typename: 'PostFormat', name: 'Audio' },
        ],
      },
    },
    terms: { nodes: [{ name: 'Aside' }, { name: 'Audio' }] },
    termNode: { __typename: 'PostFormat', name: 'Chat' },
    byId: { name: 'Quote' },
    byUri: { name: 'Audio' },
  });
  expect(requests).toEqual([]);
});
