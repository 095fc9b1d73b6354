// Search across types: the order is WordPress's own, and its pages have cursors.

import { expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');

async function searchRest(query: string): Promise<{ id: number; subtype: string }[]> {
  const answer = await fetch(`${url}/wp-json/wp/v2/search?${query}&per_page=100&_fields=id,subtype`);
  return await answer.json();
}

const query = `query ($first: Int, $after: String, $where: RootQueryToSearchResultConnectionWhereArgs) {
  search(first: $first, after: $after, where: $where) {
    pageInfo { total hasNextPage hasPreviousPage endCursor }
    nodes { __typename databaseId uri ... on NodeWithTitle { title } }
  }
}`;

it('finds content of all types, in one request and one for each type', async () => {
  await using gateway = await openGateway(url);
  const { data, errors, requests } = await gateway.query(query, { first: 50, where: { search: 'cardamom' } });
  expect(errors).toBeUndefined();
  const hits = await searchRest('search=cardamom');
  expect(hits.length).toBeGreaterThan(1);
  expect(data.search.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual(
    hits.map(({ id }) => id),
  );
  expect(new Set(data.search.nodes.map(({ __typename }: { __typename: string }) => __typename))).toEqual(
    new Set(['Post', 'Page']),
  );
  expect(data.search.pageInfo).toMatchObject({ total: hits.length, hasNextPage: false, hasPreviousPage: false });
  expect(requests).toEqual([
    '/wp/v2/search?search=cardamom&type=post&subtype=any&per_page=51&page=1&_fields=id,subtype',
    expect.stringMatching(/^\/wp\/v2\/posts\?include=136&per_page=100&_fields=id,link,title.rendered$/),
    expect.stringMatching(/^\/wp\/v2\/pages\?include=209&per_page=100&_fields=id,link,title.rendered$/),
  ]);
});

it('walks all results page by page', async () => {
  await using gateway = await openGateway(url);
  const hits = (await searchRest('search=the&subtype=post')).map(({ id }) => id);
  expect(hits.length).toBeGreaterThan(10);
  const ids: number[] = [];
  let after: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const where = { search: 'the', contentTypes: ['POST'] };
    const { data, errors } = await gateway.query(query, { first: 7, after, where });
    expect(errors).toBeUndefined();
    ids.push(...data.search.nodes.map(({ databaseId }: { databaseId: number }) => databaseId));
    if (!data.search.pageInfo.hasNextPage) break;
    after = data.search.pageInfo.endCursor;
  }
  expect(ids).toEqual(hits);
});

it('needs something to look for', async () => {
  await using gateway = await openGateway(url);
  const { errors } = await gateway.query('{ search(where: { search: " " }) { nodes { id } } }');
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

it('orders posts by relevance unless told, from page to page', async () => {
  await using gateway = await openGateway(url);
  const answer = await fetch(`${url}/wp-json/wp/v2/posts?search=the&orderby=relevance&per_page=100&_fields=id`);
  const expected = ((await answer.json()) as { id: number }[]).map(({ id }) => id);
  expect(expected.length).toBeGreaterThan(8);
  const ids: number[] = [];
  let after: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const { data, errors } = await gateway.query(
      `query ($after: String) {
        posts(first: 4, after: $after, where: { search: "the" }) { pageInfo { hasNextPage endCursor } nodes { databaseId } }
      }`,
      { after },
    );
    expect(errors).toBeUndefined();
    ids.push(...data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId));
    if (!data.posts.pageInfo.hasNextPage) break;
    after = data.posts.pageInfo.endCursor;
  }
  expect(ids).toEqual(expected);
});

it('orders content of several types by relevance, through one search', async () => {
  await using gateway = await openGateway(url);
  const { data, requests } = await gateway.query(
    '{ contentNodes(first: 5, where: { search: "cardamom", contentTypes: [POST, PAGE] }) { nodes { databaseId } } }',
  );
  const hits = await searchRest('search=cardamom&subtype=post,page');
  expect(data.contentNodes.nodes).toEqual(hits.slice(0, 5).map(({ id }) => ({ databaseId: id })));
  expect(requests[0]).toContain('/wp/v2/search?search=cardamom&type=post&subtype=');
});
