// Lists of posts by time and in every order, and what is refused: nothing that is asked for is left out in silence.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { findIds, readRows } from './where-lists.ts';

interface Post {
  readonly id: number;
  readonly date: string;
  readonly modified: string;
  readonly slug: string;
  readonly author: number;
}

const { url } = inject('wordpress');
let gateway: TestGateway;
let bounded: TestGateway;
let posts: Post[];

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
  bounded = await openGateway(url, { freshSeconds: 0, scanLimit: 10 });
  posts = await readRows(url, 'posts', '_fields=id,date,modified,slug,author');
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await bounded[Symbol.asyncDispose]();
});

type Key = 'date' | 'modified' | 'author';

function sorted(rows: readonly Post[], key: Key, direction: 'ASC' | 'DESC'): number[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = (a: Post, b: Post) => (a[key] < b[key] ? -sign : a[key] > b[key] ? sign : b.id - a.id);
  return [...rows].sort(compare).map(({ id }) => id);
}

describe('dateQuery', () => {
  const tie = '2024-05-01T12:00:00';
  const moment = 'year: 2024, month: 5, day: 1, hour: 12, minute: 0, second: 0';
  const rows: readonly [dateQuery: string, found: (post: Post) => boolean, bounds: string][] = [
    ['year: 2024', ({ date }) => date.startsWith('2024'), 'after=2023-12-31T23:59:59&before=2025-01-01T00:00:00'],
    [
      'year: 2024, month: 5',
      ({ date }) => date.startsWith('2024-05'),
      'after=2024-04-30T23:59:59&before=2024-06-01T00:00:00',
    ],
    [
      'year: 2024, month: 12, day: 24',
      ({ date }) => date.startsWith('2024-12-24'),
      'after=2024-12-23T23:59:59&before=2024-12-25T00:00:00',
    ],
    [
      'year: 2024, month: 5, day: 1, hour: 12',
      ({ date }) => date.startsWith('2024-05-01T12'),
      'after=2024-05-01T11:59:59&before=2024-05-01T13:00:00',
    ],
    [moment, ({ date }) => date === tie, 'after=2024-05-01T11:59:59&before=2024-05-01T12:00:01'],
    [
      'year: 2025, month: 2',
      ({ date }) => date.startsWith('2025-02'),
      'after=2025-01-31T23:59:59&before=2025-03-01T00:00:00',
    ],
    [`after: { ${moment} }`, ({ date }) => date > tie, 'after=2024-05-01T12:00:00'],
    [`after: { ${moment} }, inclusive: true`, ({ date }) => date >= tie, 'after=2024-05-01T11:59:59'],
    [`before: { ${moment} }`, ({ date }) => date < tie, 'before=2024-05-01T12:00:00'],
    [`before: { ${moment} }, inclusive: true`, ({ date }) => date <= tie, 'before=2024-05-01T12:00:01'],
    ['after: { year: 2023 }', ({ date }) => date > '2024', 'after=2023-12-31T23:59:59'],
    ['after: { year: 2024 }, inclusive: true', ({ date }) => date > '2024', 'after=2023-12-31T23:59:59'],
    ['before: { year: 2024 }', ({ date }) => date < '2024', 'before=2024-01-01T00:00:00'],
    ['before: { year: 2024 }, inclusive: true', ({ date }) => date < '2025', 'before=2025-01-01T00:00:00'],
    [
      'after: { year: 2024, month: 4 }, before: { year: 2024, month: 12 }',
      ({ date }) => date > '2024-05' && date < '2024-12',
      'after=2024-04-30T23:59:59&before=2024-12-01T00:00:00',
    ],
    [
      'year: 2024, after: { year: 2024, month: 5 }, relation: AND',
      ({ date }) => date > '2024-06' && date < '2025',
      'after=2024-05-31T23:59:59&before=2025-01-01T00:00:00',
    ],
    [
      'column: MODIFIED, after: { year: 2024 }',
      ({ modified }) => modified > '2025',
      'modified_after=2024-12-31T23:59:59',
    ],
    [
      'column: DATE, year: 2023, relation: OR',
      ({ date }) => date.startsWith('2023'),
      'after=2022-12-31T23:59:59&before=2024-01-01T00:00:00',
    ],
  ];

  it.each(rows)('{ %s }', async (dateQuery, found, bounds) => {
    const { ids, errors, requests } = await findIds(gateway, 'posts', `{ dateQuery: { ${dateQuery} } }`);
    const expected = sorted(posts.filter(found), 'date', 'DESC');
    expect(errors).toBeUndefined();
    expect(expected.length).toBeGreaterThan(0);
    expect(ids).toEqual(expected);
    expect(requests).toEqual([`/wp/v2/posts?${bounds}&orderby=date&order=desc&per_page=100&_fields=date,id`]);
  });

  const numberIn = (date: string, from: number, to: number) => Number(date.slice(from, to));

  it.each<[dateQuery: string, found: (post: Post) => boolean]>([
    ['month: 5', ({ date }) => numberIn(date, 5, 7) === 5],
    ['year: 2024, day: 1', ({ date }) => date.startsWith('2024') && numberIn(date, 8, 10) === 1],
    ['year: 2024, compare: "!="', ({ date }) => !date.startsWith('2024')],
    ['month: 5, day: 2, compare: ">="', ({ date }) => numberIn(date, 5, 7) >= 5 && numberIn(date, 8, 10) >= 2],
    ['hour: 12, minute: 0, compare: "<="', ({ date }) => date.slice(11, 16) <= '12:00'],
    ['column: MODIFIED, month: 1', ({ modified }) => numberIn(modified, 5, 7) === 1],
    ['after: { year: 2023 }, month: 12', ({ date }) => date > '2024' && numberIn(date, 5, 7) === 12],
  ])('{ %s }, of which the gateway checks what REST cannot', async (dateQuery, found) => {
    const { ids, errors, requests } = await findIds(gateway, 'posts', `{ dateQuery: { ${dateQuery} } }`);
    const expected = sorted(posts.filter(found), 'date', 'DESC');
    expect(errors).toBeUndefined();
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(posts.length);
    expect(ids).toEqual(expected);
    expect(requests).toHaveLength(1);
  });

  it('narrows the pages of a list', async () => {
    const query = `query ($after: String) {
      posts(first: 4, after: $after, where: { dateQuery: { year: 2024, month: 5 } }) {
        pageInfo { hasNextPage endCursor }
        nodes { databaseId }
      }
    }`;
    const first = await gateway.query(query);
    expect(first.data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual([
      145, 144, 143, 142,
    ]);
    const second = await gateway.query(query, { after: first.data.posts.pageInfo.endCursor });
    expect(second.data.posts).toEqual({
      pageInfo: { hasNextPage: false, endCursor: Buffer.from('arrayconnection:139').toString('base64') },
      nodes: [{ databaseId: 141 }, { databaseId: 140 }, { databaseId: 139 }],
    });
  });
});

describe('orderby', () => {
  const order = (field: string, direction: string) => `{ orderby: { field: ${field}, order: ${direction} } }`;

  it.each([
    ['DATE', 'date', 'ASC'],
    ['DATE', 'date', 'DESC'],
    ['MODIFIED', 'modified', 'ASC'],
    ['MODIFIED', 'modified', 'DESC'],
    ['AUTHOR', 'author', 'ASC'],
    ['AUTHOR', 'author', 'DESC'],
  ] as const)('%s (%s) %s', async (field, key, direction) => {
    const { ids, requests } = await findIds(gateway, 'posts', order(field, direction));
    expect(ids).toEqual(sorted(posts, key, direction));
    expect(requests).toEqual([
      `/wp/v2/posts?orderby=${key}&order=${direction.toLowerCase()}&per_page=100&_fields=${[key, 'id'].sort().join()}`,
    ]);
  });

  it.each([
    ['TITLE', 'ASC', 'title', 'id,title.rendered'],
    ['TITLE', 'DESC', 'title', 'id,title.rendered'],
    ['SLUG', 'ASC', 'slug', 'id,slug'],
    ['SLUG', 'DESC', 'slug', 'id,slug'],
  ] as const)('%s %s, as the database sorts texts', async (field, direction, orderby, fields) => {
    const { ids, requests } = await findIds(gateway, 'posts', order(field, direction));
    const rest: { id: number }[] = await readRows(
      url,
      'posts',
      `orderby=${orderby}&order=${direction.toLowerCase()}&_fields=id`,
    );
    // Two posts have the same title; ties are by id descending.
    const unique = rest.map(({ id }) => id).filter((id) => id !== 115);
    if (field === 'TITLE') unique.splice(unique.indexOf(116) + 1, 0, 115);
    expect(ids).toEqual(field === 'TITLE' ? unique : rest.map(({ id }) => id));
    expect(requests).toEqual([
      `/wp/v2/posts?orderby=${orderby}&order=${direction.toLowerCase()}&per_page=100&_fields=${fields}`,
    ]);
  });

  it.each(['PARENT', 'MENU_ORDER'])('%s, of which posts have none: by id descending', async (field) => {
    const { ids } = await findIds(gateway, 'posts', order(field, 'ASC'));
    expect(ids).toEqual(posts.map(({ id }) => id).sort((a, b) => b - a));
  });

  it('MENU_ORDER of posts and another key: by the other one', async () => {
    const both = '{ orderby: [{ field: MENU_ORDER, order: ASC }, { field: DATE, order: DESC }] }';
    expect((await findIds(gateway, 'posts', both)).ids).toEqual(sorted(posts, 'date', 'DESC'));
  });

  it.each([
    ['ASC', 'ASC'],
    ['DESC', 'DESC'],
  ] as const)('MENU_ORDER %s, then TITLE %s as the database sorts it', async (first, second) => {
    const rows: { id: number; menu_order: number }[] = await readRows(
      url,
      'pages',
      `orderby=title&order=${second.toLowerCase()}&_fields=id,menu_order`,
    );
    const sign = first === 'ASC' ? 1 : -1;
    const expected = rows.sort((a, b) => sign * (a.menu_order - b.menu_order)).map(({ id }) => id);
    const where = `{ orderby: [{ field: MENU_ORDER, order: ${first} }, { field: TITLE, order: ${second} }] }`;
    const { data, errors, requests } = await gateway.query(`{
      some: pages(first: 3, where: ${where}) { pageInfo { endCursor } nodes { databaseId } }
      list: pages(first: 100, where: ${where}) { nodes { databaseId } }
    }`);
    expect(errors).toBeUndefined();
    expect(new Set(rows.map((row) => row.menu_order)).size).toBeGreaterThan(2);
    expect(data.list.nodes.map((node: { databaseId: number }) => node.databaseId)).toEqual(expected);
    expect(data.some.nodes).toEqual(data.list.nodes.slice(0, 3));
    expect(requests.length).toBeLessThanOrEqual(3);
    const after = await gateway.query(
      `query ($after: String) { pages(first: 4, after: $after, where: ${where}) { nodes { databaseId } } }`,
      { after: data.some.pageInfo.endCursor },
    );
    expect(after.data.pages.nodes).toEqual(data.list.nodes.slice(3, 7));
  });

  it.each(['DATE', 'TITLE'] as const)('%s, then others: pages lose and repeat none', async (field) => {
    const rows: (Post & { title: { rendered: string } })[] = await readRows(
      url,
      'posts',
      'orderby=title&order=asc&_fields=id,date,author,title',
    );
    const keyOf = ({ date, title }: (typeof rows)[number]) => (field === 'DATE' ? date : title.rendered);
    const place = new Map(rows.map((row, index) => [row.id, index]));
    const compare = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
      keyOf(a) === keyOf(b)
        ? b.author - a.author || b.id - a.id
        : field === 'DATE'
          ? keyOf(a) < keyOf(b)
            ? 1
            : -1
          : (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0);
    const expected = [...rows].sort(compare).map(({ id }) => id);
    const direction = field === 'DATE' ? 'DESC' : 'ASC';
    const query = `query ($after: String) {
      posts(first: 16, after: $after, where: {
        orderby: [{ field: ${field}, order: ${direction} }, { field: AUTHOR, order: DESC }]
      }) { pageInfo { hasNextPage endCursor } nodes { databaseId } }
    }`;
    const found: number[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const { data, errors }: { data: { posts: Page }; errors?: unknown } = await gateway.query(query, { after });
      expect(errors).toBeUndefined();
      found.push(...data.posts.nodes.map(({ databaseId }) => databaseId));
      hasNext = data.posts.pageInfo.hasNextPage && found.length < 2 * expected.length;
      after = data.posts.pageInfo.endCursor;
    }
    expect(found).toEqual(expected);
  });

  it('COMMENT_COUNT, of a few posts of a site with more comments than may be read', async () => {
    const where = '{ in: [101, 112, 102], orderby: { field: COMMENT_COUNT, order: ASC } }';
    const few = await openGateway(url, { scanLimit: 15 });
    const { ids, errors, requests } = await findIds(few, 'posts', where);
    await few[Symbol.asyncDispose]();
    expect(errors).toBeUndefined();
    expect(ids).toEqual([102, 112, 101]);
    expect(requests.slice(1)).toEqual([
      '/wp/v2/comments?per_page=1&_fields=id',
      '/wp/v2/comments?post=112,102,101&per_page=1&_fields=id',
      '/wp/v2/comments?post=112,102,101&orderby=post&order=asc&per_page=100&_fields=id,post',
    ]);
  });

  it('COMMENT_COUNT, for which the comments of all posts are counted', async () => {
    const comments: { post: number }[] = await readRows(url, 'comments', '_fields=post');
    const countOf = (post: number) => comments.filter((comment) => comment.post === post).length;
    const { ids, errors, requests } = await findIds(gateway, 'posts', order('COMMENT_COUNT', 'DESC'));
    expect(errors).toBeUndefined();
    expect(countOf(101)).toBeGreaterThan(countOf(112));
    expect(ids).toEqual(posts.map(({ id }) => id).sort((a, b) => countOf(b) - countOf(a) || b - a));
    expect(requests.map((request) => request.replace(/post=[\d,]+/, 'post=…'))).toEqual([
      '/wp/v2/posts?orderby=id&order=desc&per_page=100&_fields=comment_count,content.protected,id',
      '/wp/v2/comments?per_page=1&_fields=id',
      '/wp/v2/comments?post=…&orderby=post&order=asc&per_page=100&_fields=id,post',
    ]);
  });

  it('IN and NAME_IN: as given', async () => {
    const byId = await findIds(gateway, 'posts', '{ in: [103, 120, 101], orderby: { field: IN, order: ASC } }');
    expect(byId.ids).toEqual([103, 120, 101]);
    const names = '{ nameIn: ["cardamom", "every-block"], orderby: { field: NAME_IN, order: ASC } }';
    expect((await findIds(gateway, 'posts', names)).ids).toEqual([136, 112]);
    const without = await findIds(gateway, 'posts', '{ orderby: { field: IN, order: ASC } }');
    expect(without.ids).toEqual(sorted(posts, 'date', 'DESC'));
  });

  it.each([
    ['{ in: [139, 140, 141, 101, 102, 146], orderby: { field: DATE, order: DESC } }', 1],
    ['{ in: [139, 140, 141, 101, 102, 146], orderby: { field: DATE, order: DESC } }', 2],
    ['{ in: [139, 140, 141], orderby: { field: DATE, order: DESC } }', 1],
    ['{ isSticky: true, orderby: { field: DATE, order: DESC } }', 1],
  ] as const)('pages of %s by %i lose and repeat none, and end where they end', async (where, size) => {
    // WordPress leaves nothing out of a list of ids, not even what the cursor names.
    const chosen = where.includes('isSticky') ? [117, 118, 119] : JSON.parse(/\[.*?\]/.exec(where)?.[0] ?? '[]');
    const expected = sorted(
      posts.filter(({ id }) => chosen.includes(id)),
      'date',
      'DESC',
    );
    const query = `query ($after: String) {
      posts(first: ${size}, after: $after, where: ${where}) { pageInfo { hasNextPage endCursor } nodes { databaseId } }
    }`;
    let after: string | null = null;
    for (let at = 0; at < expected.length; at += size) {
      const { data, errors }: { data: { posts: Page }; errors?: unknown } = await gateway.query(query, { after });
      expect(errors).toBeUndefined();
      expect(data.posts.nodes.map(({ databaseId }) => databaseId)).toEqual(expected.slice(at, at + size));
      expect(data.posts.pageInfo.hasNextPage).toBe(at + size < expected.length);
      after = data.posts.pageInfo.endCursor;
    }
  });
});

interface Page {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly nodes: readonly { readonly databaseId: number }[];
}

describe('what makes no sense is refused', () => {
  it.each([
    ['{ dateQuery: { year: 2023, month: 13 } }', 'BAD_USER_INPUT', 'where.dateQuery is not a date'],
    ['{ dateQuery: { before: { year: 2023, month: 2, day: 30 } } }', 'BAD_USER_INPUT', 'where.dateQuery.before is not'],
    ['{ dateQuery: { year: 99 } }', 'BAD_USER_INPUT', 'where.dateQuery is not a date'],
    ['{ in: ["rubbish"] }', 'BAD_USER_INPUT', 'where.in: "rubbish"'],
    ['{ authorNotIn: ["user:2"] }', 'BAD_USER_INPUT', 'where.authorNotIn: "user:2"'],
    ['{ tagId: "espresso" }', 'BAD_USER_INPUT', 'where.tagId'],
    ['{ parent: "rubbish" }', 'BAD_USER_INPUT', 'The ID input is invalid'],
    ['{ offsetPagination: { offset: -1 } }', 'BAD_USER_INPUT', 'where.offsetPagination.offset'],
    ['{ offsetPagination: { size: 0 } }', 'BAD_USER_INPUT', 'where.offsetPagination.size'],
  ])('%s: %s', async (where, code, message) => {
    const { ids, errors, requests } = await findIds(gateway, 'posts', where);
    expect(ids).toBeNull();
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code }, message: expect.stringContaining(message) }]);
    expect(requests.filter((request) => request.startsWith('/wp/v2/posts?'))).toEqual([]);
  });

  it.each([
    ['{ hasPassword: true, orderby: { field: AUTHOR, order: ASC } }', 'where.hasPassword'],
    ['{ title: "Field notes 1", hasPassword: false, author: 2 }', null],
    ['{ orderby: { field: COMMENT_COUNT, order: DESC } }', 'where.orderby'],
    ['{ template: DEFAULT_TEMPLATE, orderby: { field: TITLE, order: ASC } }', 'where.template'],
  ])('%s reads no more than a stated number of rows', async (where, message) => {
    const { ids, errors } = await findIds(bounded, 'posts', where);
    if (message === null) {
      expect(errors).toBeUndefined();
      return;
    }
    expect(ids).toBeNull();
    expect(errors).toMatchObject([
      { path: ['list'], extensions: { code: 'LIMIT_EXCEEDED' }, message: expect.stringContaining(message) },
    ]);
    expect(errors?.[0]?.message).toContain('10 rows');
  });

  it('nor does an order by several keys, where a page ends within what WordPress gives in any order', async () => {
    const { data, errors } = await bounded.query(`{
      posts(first: 5, where: { orderby: [{ field: AUTHOR, order: ASC }, { field: DATE, order: ASC }] }) {
        nodes { databaseId }
      }
    }`);
    expect(data.posts).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED' }, message: expect.stringContaining('the order by author, date') },
    ]);
  });
});
