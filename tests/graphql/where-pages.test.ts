// The `where` arguments of lists of pages and media that posts do not have, or have in another way.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { findIds, inputFields, readRows, type WhereRow } from './where-lists.ts';

interface Row {
  readonly id: number;
  readonly date: string;
  readonly author: number;
  readonly parent?: number;
  readonly post?: number | null;
  readonly mime_type?: string;
  readonly menu_order?: number;
}

const { url } = inject('wordpress');
let gateway: TestGateway;
let lists: Readonly<Record<string, readonly Row[]>>;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
  const fields = '_fields=id,date,author,parent,post,mime_type,menu_order';
  lists = { pages: await readRows(url, 'pages', fields), mediaItems: await readRows(url, 'media', fields) };
});

afterAll(() => gateway[Symbol.asyncDispose]());

const routes: Readonly<Record<string, string>> = { pages: 'pages', mediaItems: 'media' };
const none: readonly number[] = [];
const all = () => true;

function listOf(field: string, filters: string): string {
  const given = filters === '' ? '' : `${filters}&`;
  return `/wp/v2/${routes[field]}?${given}orderby=date&order=desc&per_page=100&_fields=date,id`;
}

/** The one request of a search. */
const relevant = (route: string, search: string) =>
  `/wp/v2/${route}?search=${search}&orderby=relevance&order=desc&per_page=100&_fields=id`;

/** Newest first, ties by id descending. */
function sorted(rows: readonly Row[]): number[] {
  return [...rows].sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : b.id - a.id)).map(({ id }) => id);
}

const pages: readonly WhereRow<Row>[] = [
  { where: '{}', found: all, requests: '' },
  { where: '{ parent: "204" }', found: ({ parent }) => parent === 204, requests: 'parent=204' },
  { where: '{ parent: "0" }', found: ({ parent }) => parent === 0, requests: 'parent=0' },
  {
    where: `{ parentIn: ["205", "${Buffer.from('post:204').toString('base64')}"] }`,
    found: ({ parent }) => parent === 204 || parent === 205,
    requests: 'parent=205,204',
  },
  {
    where: '{ parentNotIn: [204, 205] }',
    found: ({ parent }) => parent === 0,
    requests: 'parent_exclude=204,205',
  },
  // WordPress would heed the first one only.
  {
    where: '{ parentIn: [204, 205], parentNotIn: [205] }',
    found: ({ parent }) => parent === 204,
    requests: 'parent=204',
  },
  { where: '{ parent: "204", parentIn: ["205"] }', found: none, requests: [] },
  { where: '{ name: "team" }', found: ({ id }) => id === 205 || id === 212, requests: 'slug=team' },
  { where: '{ nameIn: ["日本", "about"] }', found: ({ id }) => id === 208 || id === 204, requests: 'slug=日本,about' },
  { where: '{ search: "cardamom" }', found: ({ id }) => id === 209, requests: [relevant('pages', 'cardamom')] },
  { where: '{ author: 3 }', found: ({ author }) => author === 3, requests: 'author=3' },
  {
    where: '{ title: "Team" }',
    found: [212, 205],
    requests: [
      '/wp/v2/pages?search=Team&search_columns=post_title&orderby=date&order=desc&per_page=100' +
        '&_fields=date,id,title.rendered',
    ],
  },
  { where: '{ isSticky: true }', found: none, requests: [] },
  { where: '{ isSticky: false }', found: all, requests: '' },
  { where: '{ mimeType: IMAGE_PNG }', found: none, requests: [] },
];

const media: readonly WhereRow<Row>[] = [
  { where: '{}', found: all, requests: '' },
  {
    where: '{ mimeType: IMAGE_JPEG }',
    found: ({ mime_type }) => mime_type === 'image/jpeg',
    requests: 'mime_type=image/jpeg',
  },
  { where: '{ mimeType: APPLICATION_PDF }', found: ({ id }) => id === 413, requests: 'mime_type=application/pdf' },
  {
    // A type that older WordPress does not know: there REST shows everything.
    where: '{ mimeType: IMAGE_AVIF }',
    found: none,
    requests: ['/wp/v2/media?mime_type=image/avif&orderby=date&order=desc&per_page=100&_fields=date,id,mime_type'],
  },
  { where: '{ parent: "113" }', found: ({ post }) => post === 113, requests: 'parent=113' },
  {
    where: '{ parentIn: ["113", "126"] }',
    found: ({ post }) => post === 113 || post === 126,
    requests: 'parent=113,126',
  },
  { where: '{ search: "roastery" }', found: ({ id }) => id === 407, requests: [relevant('media', 'roastery')] },
  { where: '{ authorIn: [3, 4] }', found: ({ author }) => author === 3 || author === 4, requests: 'author=3,4' },
  { where: '{ status: INHERIT }', found: all, requests: '' },
  { where: '{ status: PUBLISH }', found: none, requests: [] },
  {
    where: '{ in: [409, 410, 401] }',
    found: [409, 401],
    requests: ['/wp/v2/media?include=409,410,401&per_page=100&_fields=id'],
  },
  {
    where: '{ dateQuery: { year: 2024, month: 12 } }',
    found: ({ date }) => date.startsWith('2024-12'),
    requests: 'after=2024-11-30T23:59:59&before=2025-01-01T00:00:00',
  },
];

const rows = [
  ...pages.map((row) => ['pages', row.where, row] as const),
  ...media.map((row) => ['mediaItems', row.where, row] as const),
];

describe('lists of pages and media', () => {
  it.each(rows)('%s %s', async (field, where, { found, requests }) => {
    const answer = await findIds(gateway, field, where);
    const expected = typeof found === 'function' ? sorted((lists[field] ?? []).filter(found)) : found;
    expect(answer.errors).toBeUndefined();
    expect(answer.ids).toEqual(expected);
    if (typeof found === 'function') expect(expected.length).toBeGreaterThan(0);
    expect(answer.requests).toEqual(typeof requests === 'string' ? [listOf(field, requests)] : requests);
  });

  it('know no argument that posts do not have', async () => {
    const known = await inputFields(gateway, 'RootQueryToPostConnectionWhereArgs');
    for (const type of ['Page', 'MediaItem']) {
      expect(known).toEqual(
        expect.arrayContaining(await inputFields(gateway, `RootQueryTo${type}ConnectionWhereArgs`)),
      );
    }
  });

  it('PARENT and MENU_ORDER of pages, with ties by id descending', async () => {
    const byId = (a: Row, b: Row) => b.id - a.id;
    const own = [...(lists['pages'] ?? [])];
    const byParent = own.sort((a, b) => (a.parent ?? 0) - (b.parent ?? 0) || byId(a, b)).map(({ id }) => id);
    const byOrder = own.sort((a, b) => (b.menu_order ?? 0) - (a.menu_order ?? 0) || byId(a, b)).map(({ id }) => id);
    const parent = await findIds(gateway, 'pages', '{ orderby: { field: PARENT, order: ASC } }');
    expect(parent.ids).toEqual(byParent);
    expect(parent.requests).toEqual(['/wp/v2/pages?orderby=parent&order=asc&per_page=100&_fields=id,parent']);
    const order = await findIds(gateway, 'pages', '{ orderby: { field: MENU_ORDER, order: DESC } }');
    expect(order.ids).toEqual(byOrder);
    expect(order.requests).toEqual(['/wp/v2/pages?orderby=menu_order&order=desc&per_page=100&_fields=id,menu_order']);
  });

  it('children are narrowed, never widened', async () => {
    const { data, errors } = await gateway.query(`{
      page(id: "204", idType: DATABASE_ID) {
        some: children(where: { parentNotIn: [205] }) { nodes { databaseId } }
        none: children(where: { parentNotIn: [204] }) { nodes { databaseId } }
        few: children(where: { notIn: [205] }) { nodes { databaseId } }
        ordered: children(where: { orderby: { field: MENU_ORDER, order: ASC } }) { nodes { databaseId } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.page).toEqual({
      some: { nodes: [{ databaseId: 206 }, { databaseId: 205 }] },
      none: { nodes: [] },
      few: { nodes: [{ databaseId: 206 }] },
      ordered: { nodes: [{ databaseId: 206 }, { databaseId: 205 }] },
    });
  });

  it('ancestors are narrowed, never widened', async () => {
    const { data, errors } = await gateway.query(`{
      page(id: "208", idType: DATABASE_ID) {
        all: ancestors { nodes { databaseId } }
        few: ancestors(where: { notIn: [205] }) { nodes { databaseId } }
        one: ancestors(where: { name: "about" }) { nodes { databaseId } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.page).toEqual({
      all: { nodes: [{ databaseId: 205 }, { databaseId: 204 }] },
      few: { nodes: [{ databaseId: 204 }] },
      one: { nodes: [{ databaseId: 204 }] },
    });
  });
});
