// Nested lists of the same kind: how few REST requests many of them cost, with the pages that each would have by itself.

import { describe, expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');

interface Thread {
  readonly databaseId: number;
  readonly replies?: { readonly nodes: readonly Thread[] };
}

const toTree = ({ databaseId, replies }: Thread): unknown =>
  replies?.nodes.length ? { [databaseId]: replies.nodes.map(toTree) } : databaseId;

describe('threads of many posts', () => {
  const query = `{
    posts(
      first: 10
      where: { in: [101, 102, 104, 112, 117, 120, 132, 133, 138, 145], orderby: { field: DATE, order: DESC } }
    ) {
      nodes {
        databaseId
        comments(first: 5, where: { parent: 0 }) {
          pageInfo { hasNextPage total }
          nodes { databaseId replies(first: 5) { nodes { databaseId replies { nodes { databaseId } } } } }
        }
      }
    }
  }`;

  it('cost one request for each level, for just the fields that are shown', async () => {
    await using gateway = await openGateway(url);
    const { data, errors, requests } = await gateway.query(query);
    expect(errors).toBeUndefined();
    const threads = data.posts.nodes.map(
      ({ databaseId, comments }: { databaseId: number; comments: { nodes: Thread[] } }) => [
        databaseId,
        comments.nodes.map(toTree),
      ],
    );
    expect(Object.fromEntries(threads)).toEqual({
      101: [7, { 5: [6] }, { 1: [4, { 2: [3] }] }],
      102: [{ 10: [{ 11: [12] }] }],
      104: [13],
      112: [{ 14: [16, { 15: [17] }] }],
      117: [{ 19: [20] }],
      120: [],
      132: [{ 22: [23] }],
      133: [],
      138: [24],
      145: [26, 25],
    });
    expect(requests).toEqual([
      '/wp/v2/posts?include=101,102,104,112,117,120,132,133,138,145&orderby=date&order=desc&per_page=11&_fields=content.protected,date,id',
      '/wp/v2/comments?parent=0&post=101,102,104,112,117,132,133,138,145&orderby=date&order=desc&per_page=100&_fields=date,id,post',
      '/wp/v2/comments?parent=1,5,7,10,13,14,19,22,24,25,26&orderby=date&order=desc&per_page=100&_fields=date,id,parent',
      '/wp/v2/comments?parent=2,4,6,11,15,16,20,23&orderby=date&order=desc&per_page=100&_fields=date,id,parent',
    ]);
    const again = await gateway.query(query);
    expect(again.requests).toEqual([]);
    expect(again.data).toEqual(data);
  });

  it('are as those of each post by itself', async () => {
    await using gateway = await openGateway(url);
    const fields = (args: string) => `comments(${args}) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor total }
      nodes { databaseId content }
    }`;
    const ids = [101, 102, 112, 145];
    for (const args of ['first: 2', 'last: 2', 'first: 3, where: { order: ASC }', 'where: { orderby: COMMENT_ID }']) {
      const { data } = await gateway.query(
        `{ posts(where: { in: [${ids.join()}] }) { nodes { databaseId ${fields(args)} } } }`,
      );
      await using single = await openGateway(url);
      for (const [index, id] of ids.entries()) {
        const alone = await single.query(`{ post(id: ${id}, idType: DATABASE_ID) { databaseId ${fields(args)} } }`);
        expect(data.posts.nodes[index]).toEqual(alone.data.post);
      }
    }
  });

  it('share their requests with lists of their own order and size under other names', async () => {
    await using gateway = await openGateway(url);
    const { data, requests } = await gateway.query(`{
      posts(where: { in: [101, 112], orderby: { field: DATE, order: DESC } }) {
        nodes {
          newest: comments(first: 1) { nodes { databaseId } }
          more: comments(first: 3) { nodes { databaseId } }
          oldest: comments(last: 1) { nodes { databaseId } }
        }
      }
    }`);
    const [first] = data.posts.nodes;
    expect([first.newest, first.more, first.oldest].map(({ nodes }) => nodes.length)).toEqual([1, 3, 1]);
    expect(requests.slice(1).sort()).toEqual([
      '/wp/v2/comments?post=101,112&orderby=date&order=asc&per_page=100&_fields=date,id,post',
      '/wp/v2/comments?post=101,112&orderby=date&order=desc&per_page=100&_fields=date,id,post',
    ]);
  });
});

describe('children of many', () => {
  it('pages cost one request', async () => {
    await using gateway = await openGateway(url);
    const { data, errors, requests } = await gateway.query(`{
      pages(first: 100, where: { parent: 0 }) {
        nodes { databaseId children { nodes { databaseId ... on Page { title parentDatabaseId } } } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatch(/^\/wp\/v2\/pages\?parent=[\d,]+&orderby=date&order=desc&per_page=100&_fields=/);
    const { nodes } = data.pages;
    const families = nodes.filter((page: { children: { nodes: unknown[] } }) => page.children.nodes.length > 0);
    expect(families.length).toBeGreaterThan(0);
    for (const { databaseId, children } of families) {
      for (const child of children.nodes) expect(child.parentDatabaseId).toBe(databaseId);
    }
  });

  it('terms cost two, since WordPress lists the children of one at a time', async () => {
    await using gateway = await openGateway(url);
    const { data, errors, requests } = await gateway.query(`{
      categories(first: 100, where: { parent: 0 }) {
        nodes { databaseId children { nodes { databaseId name parentDatabaseId } } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(requests.slice(1).map((request) => request.replace(/include=[\d,]+/, 'include=…'))).toEqual([
      '/wp/v2/categories?orderby=name&order=asc&per_page=100&_fields=id,name,parent',
    ]);
    const all = await fetch(`${url}/wp-json/wp/v2/categories?per_page=100&orderby=name&_fields=id,name,parent`);
    const rows: { id: number; parent: number }[] = await all.json();
    for (const { databaseId, children } of data.categories.nodes) {
      const expected = rows.filter(({ parent }) => parent === databaseId).map(({ id }) => id);
      expect(children.nodes.map((child: { databaseId: number }) => child.databaseId)).toEqual(expected);
    }
  });
});
