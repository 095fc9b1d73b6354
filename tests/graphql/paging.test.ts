// Pages of lists: no item twice, none lost, whatever the database does with ties.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { type PermutingProxy, startPermutingProxy } from '../support/permuting-proxy.ts';

interface Row {
  readonly id: number;
  readonly date: string;
  readonly modified: string;
  readonly menu_order: number;
  readonly author: number;
}

const { url } = inject('wordpress');
let proxy: PermutingProxy;
let gateway: TestGateway;
let posts: Row[];
let pages: Row[];

async function readRows(type: string): Promise<Row[]> {
  const query = 'per_page=100&orderby=id&_fields=id,date,modified,menu_order,author';
  const answer = await fetch(`${url}/wp-json/wp/v2/${type}?${query}`);
  return await answer.json();
}

beforeAll(async () => {
  proxy = await startPermutingProxy(url, 4301);
  // Nothing is kept: every page asks anew, and ties come in a new order.
  gateway = await openGateway(proxy.url, { freshSeconds: 0 });
  [posts, pages] = await Promise.all([readRows('posts'), readRows('pages')]);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

/** Walks a list from one end to the other, and gives the ids in the list's order. */
async function walk(field: string, size: number, direction: 'forward' | 'backward', where = ''): Promise<number[]> {
  const [count, cursor] = direction === 'forward' ? ['first', 'after'] : ['last', 'before'];
  const query = `query ($size: Int, $cursor: String) {
    list: ${field}(${count}: $size, ${cursor}: $cursor${where ? `, where: ${where}` : ''}) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes { databaseId }
    }
  }`;
  const ids: number[] = [];
  let position: string | null = null;
  for (let page = 0; page < 100; page += 1) {
    const { data, errors } = await gateway.query(query, { size, cursor: position });
    expect(errors).toBeUndefined();
    const { pageInfo, nodes } = data.list;
    const found = nodes.map(({ databaseId }: { databaseId: number }) => databaseId);
    if (direction === 'forward') ids.push(...found);
    else ids.unshift(...found);
    if (!(direction === 'forward' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) return ids;
    position = direction === 'forward' ? pageInfo.endCursor : pageInfo.startCursor;
  }
  throw new Error('the list has no end');
}

type Key = 'date' | 'modified' | 'menu_order' | 'author';

function sorted(rows: readonly Row[], key: Key, direction: 'asc' | 'desc'): number[] {
  const sign = direction === 'asc' ? 1 : -1;
  const compare = (a: Row, b: Row) => (a[key] < b[key] ? -sign : a[key] > b[key] ? sign : b.id - a.id);
  return [...rows].sort(compare).map(({ id }) => id);
}

describe('a list of posts', () => {
  it('has ties to break, or these tests would show nothing', () => {
    const dates = posts.map(({ date }) => date);
    expect(new Set(dates).size).toBeLessThan(dates.length - 5);
  });

  it.each([
    [2, 'forward'],
    [5, 'forward'],
    [7, 'forward'],
    [25, 'forward'],
    [100, 'forward'],
    [4, 'backward'],
    [10, 'backward'],
  ] as const)('newest first, pages of %i %s', async (size, direction) => {
    expect(await walk('posts', size, direction)).toEqual(sorted(posts, 'date', 'desc'));
  });

  it('oldest first, with ties by id descending', async () => {
    expect(await walk('posts', 6, 'forward', '{ orderby: { field: DATE, order: ASC } }')).toEqual(
      sorted(posts, 'date', 'asc'),
    );
  });

  it('by modification', async () => {
    expect(await walk('posts', 9, 'forward', '{ orderby: { field: MODIFIED, order: DESC } }')).toEqual(
      sorted(posts, 'modified', 'desc'),
    );
  });

  it('by author, where most of a list is one tie', async () => {
    expect(await walk('posts', 11, 'forward', '{ orderby: { field: AUTHOR, order: ASC } }')).toEqual(
      sorted(posts, 'author', 'asc'),
    );
  });

  it('by title: each one once', async () => {
    const ids = await walk('posts', 8, 'forward', '{ orderby: { field: TITLE, order: ASC } }');
    expect([...ids].sort((a, b) => a - b)).toEqual(posts.map(({ id }) => id).sort((a, b) => a - b));
  });

  it('by offset, at every offset', async () => {
    const expected = sorted(posts, 'date', 'desc');
    const query = `query ($offset: Int) {
      posts(where: { offsetPagination: { offset: $offset, size: 5 } }) {
        pageInfo { total offsetPagination { total hasMore hasPrevious } }
        nodes { databaseId }
      }
    }`;
    for (let offset = 0; offset < expected.length + 5; offset += 5) {
      const { data } = await gateway.query(query, { offset });
      expect(data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual(
        expected.slice(offset, offset + 5),
      );
      const total = expected.length;
      const offsetPagination = { total, hasMore: offset + 5 < total, hasPrevious: offset > 0 };
      expect(data.posts.pageInfo).toEqual({ total, offsetPagination });
    }
  });
});

describe('a list of pages', () => {
  it('by menu order, with ties by id descending', async () => {
    expect(await walk('pages', 4, 'forward', '{ orderby: { field: MENU_ORDER, order: ASC } }')).toEqual(
      sorted(pages, 'menu_order', 'asc'),
    );
  });

  it('by menu order from the end', async () => {
    expect(await walk('pages', 5, 'backward', '{ orderby: { field: MENU_ORDER, order: ASC } }')).toEqual(
      sorted(pages, 'menu_order', 'asc'),
    );
  });

  it('by two keys', async () => {
    const rows = [...pages].sort((a, b) => a.author - b.author || b.menu_order - a.menu_order || b.id - a.id);
    const where = '{ orderby: [{ field: AUTHOR, order: ASC }, { field: MENU_ORDER, order: DESC }] }';
    expect(await walk('pages', 5, 'forward', where)).toEqual(rows.map(({ id }) => id));
  });
});

describe('lists of terms and users', () => {
  it.each(['categories', 'tags', 'users'])('%s: each one once', async (field) => {
    const answer = await fetch(`${url}/wp-json/wp/v2/${field}?per_page=100&_fields=id`);
    const rows: { id: number }[] = await answer.json();
    const ids = await walk(field, 3, 'forward');
    expect([...ids].sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id).sort((a, b) => a - b));
  });

  it('categories by count, with ties by id descending', async () => {
    const answer = await fetch(`${url}/wp-json/wp/v2/categories?per_page=100&_fields=id,count`);
    const rows: { id: number; count: number }[] = await answer.json();
    const expected = rows.sort((a, b) => b.count - a.count || b.id - a.id).map(({ id }) => id);
    expect(await walk('categories', 2, 'forward', '{ orderby: COUNT, order: DESC }')).toEqual(expected);
  });
});

describe('WPGraphQL’s rules', () => {
  const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { databaseId }';

  it('shows ten nodes without "first", and does not look further', async () => {
    const { data } = await gateway.query(`{ posts { ${pageInfo} } zero: posts(first: 0) { ${pageInfo} } }`);
    expect(data.posts.nodes).toHaveLength(10);
    expect(data.posts.pageInfo.hasNextPage).toBe(false);
    expect(data.zero).toEqual(data.posts);
  });

  it('ignores a cursor that names nothing', async () => {
    const { data } = await gateway.query(`{
      posts(first: 3) { ${pageInfo} }
      garbage: posts(first: 3, after: "rubbish") { ${pageInfo} }
      gone: posts(first: 3, after: "${Buffer.from('arrayconnection:99999').toString('base64')}") { ${pageInfo} }
    }`);
    expect(data.garbage).toEqual(data.posts);
    expect(data.gone).toEqual(data.posts);
    expect(data.posts.pageInfo.hasPreviousPage).toBe(false);
  });

  it('gives cursors that people can make by hand', async () => {
    const { data } = await gateway.query(`{ posts(first: 1) { edges { cursor node { databaseId } } } }`);
    const [{ cursor, node }] = data.posts.edges;
    expect(Buffer.from(cursor, 'base64').toString()).toBe(`arrayconnection:${node.databaseId}`);
  });

  it('refuses "first" with "last", and negative sizes', async () => {
    const { data, errors } = await gateway.query(`{
      both: posts(first: 1, last: 1) { ${pageInfo} }
      negative: posts(first: -1) { ${pageInfo} }
    }`);
    expect(data).toEqual({ both: null, negative: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['both'], 'BAD_USER_INPUT'],
      [['negative'], 'BAD_USER_INPUT'],
    ]);
  });

  it('shows a hundred at most', async () => {
    const { data, requests } = await gateway.query(
      `{ posts(first: 10000) { pageInfo { total } nodes { databaseId } } }`,
    );
    expect(data.posts.nodes).toHaveLength(Math.min(100, posts.length));
    expect(data.posts.pageInfo.total).toBe(posts.length);
    expect(requests).toHaveLength(1);
  });

  it('shows a page no different after something was published before it', async () => {
    const first = await gateway.query(`{ posts(first: 5) { ${pageInfo} } }`);
    const cursor = first.data.posts.pageInfo.endCursor;
    const { data, requests } = await gateway.query(
      `query ($c: String) { posts(first: 5, after: $c) { ${pageInfo} } }`,
      {
        c: cursor,
      },
    );
    expect(data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual(
      sorted(posts, 'date', 'desc').slice(5, 10),
    );
    // The cursor names a post and the page a time: nothing depends on how many posts are newer.
    expect(requests.every((request) => !request.includes('offset='))).toBe(true);
  });
});
