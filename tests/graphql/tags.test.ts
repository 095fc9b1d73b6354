// Owns the tests of what an answer depends on: the tags of exactly what it shows, by which a purge finds it.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const store = createResponseStore({
  ...{ maxBytes: 10_000_000, freshSeconds: 300, staleSeconds: 60, staleIfErrorSeconds: 600 },
});
let gateway: TestGateway;

beforeAll(async () => {
  const { url, credentials } = inject('wordpress');
  const { authorization } = credentials.admin;
  gateway = await openGateway(url, { store, authorization });
});

afterAll(() => gateway[Symbol.asyncDispose]());

async function ask(query: string) {
  const { data, headers, errors } = await gateway.query(query);
  expect(errors).toBeUndefined();
  return { data, tags: (headers.get('surrogate-key') ?? '').split(' ') };
}

interface Node {
  readonly databaseId: number;
}

const tagsOf = (kind: string, nodes: readonly Node[]) => nodes.map(({ databaseId }) => `${kind}:${databaseId}`);
const unique = (tags: readonly string[]) => [...new Set(tags)].sort();

it('are the nodes that a list shows and what is shown of them, and the list; not the node after its page', async () => {
  const { data, tags } = await ask(`{
    posts(first: 3) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId title author { node { databaseId name } } categories { nodes { databaseId name } } }
    }
  }`);
  const { nodes, pageInfo } = data.posts;
  expect(pageInfo.hasNextPage).toBe(true);
  const authors = nodes.map(({ author }: { readonly author: { readonly node: Node } }) => author.node);
  const terms = nodes.flatMap(
    ({ categories }: { readonly categories: { readonly nodes: Node[] } }) => categories.nodes,
  );
  expect(tags).toEqual(
    unique(['list:post', ...tagsOf('post', nodes), ...tagsOf('user', authors), ...tagsOf('term', terms)]),
  );
});

it('are the same when all of it was known', async () => {
  const query = '{ posts(first: 3) { nodes { databaseId title author { node { name } } } } }';
  const cold = await ask(query);
  store.clear();
  expect((await ask(query)).tags).toEqual(cold.tags);
});

it('are those of a node alone, where one is shown, by whatever it was found', async () => {
  const { data } = await ask('{ posts(first: 1) { nodes { databaseId id slug uri } } }');
  const [{ databaseId, id, slug, uri }] = data.posts.nodes;
  const own = [`post:${databaseId}`];
  expect((await ask(`{ post(id: "${id}") { title } }`)).tags).toEqual(own);
  expect((await ask(`{ post(id: "${slug}", idType: SLUG) { title } }`)).tags).toEqual(own);
  const { tags } = await ask(`{ nodeByUri(uri: "${uri}") { ... on Post { title } } }`);
  expect(tags).toEqual([...own, expect.stringMatching(/^uri:/)]);
});

it('tell what would have to appear, where nothing is shown', async () => {
  expect((await ask('{ post(id: "no-such-post", idType: SLUG) { title } }')).tags).toEqual(['list:post']);
  expect((await ask('{ post(id: 999999, idType: DATABASE_ID) { title } }')).tags).toEqual(['post:999999']);
});

describe.each([
  ['comments', '{ comments(first: 2) { nodes { databaseId } } }', 'comment', 'list:comment'],
  ['mediaItems', '{ mediaItems(first: 2) { nodes { databaseId } } }', 'post', 'list:mediaitem'],
  ['tags', '{ tags(first: 2) { nodes { databaseId } } }', 'term', 'list:tag'],
  ['users', '{ users(first: 2) { nodes { databaseId } } }', 'user', 'list:user'],
  ['books', '{ books(first: 2) { nodes { databaseId } } }', 'post', 'list:book'],
])('of %s', (root, query, kind, list) => {
  it('are named as WPGraphQL names them', async () => {
    const { data, tags } = await ask(query);
    expect(data[root].nodes.length).toBeGreaterThan(0);
    expect(tags).toEqual(unique([list, ...tagsOf(kind, data[root].nodes)]));
  });
});

it('are all types where all are searched', async () => {
  const { tags } = await ask('{ contentNodes(first: 2, where: { search: "coffee" }) { nodes { databaseId } } }');
  expect(tags).toEqual(expect.arrayContaining(['list:post', 'list:page']));
});

it('are the menus, and the settings', async () => {
  const menus = await ask('{ menus { nodes { name menuItems { nodes { label } } } } }');
  expect(menus.tags).toEqual(expect.arrayContaining(['list:menu', 'list:menuitem']));
  expect((await ask('{ generalSettings { dateFormat } }')).tags).toContain('route:wp/v2/settings');
});

it('let a purge drop what shows a post and nothing else', async () => {
  store.clear();
  const { data } = await ask('{ posts(first: 2) { nodes { databaseId } } }');
  const [first, second] = data.posts.nodes;
  const queryOf = ({ databaseId }: Node) => `{ post(id: ${databaseId}, idType: DATABASE_ID) { title } }`;
  await ask(queryOf(first));
  await ask(queryOf(second));
  expect(store.purge([`post:${first.databaseId}`])).toBe(2);
  expect((await gateway.query(queryOf(second))).headers.get('age')).toBe('0');
});
