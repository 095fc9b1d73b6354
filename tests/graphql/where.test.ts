// Every `where` argument of lists of posts, against what WordPress's REST API says of the same posts.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { findIds, inputFields, readRows, usedArguments, type WhereRow } from './where-lists.ts';

interface Post {
  readonly id: number;
  readonly date: string;
  readonly modified: string;
  readonly slug: string;
  readonly author: number;
  readonly categories: readonly number[];
  readonly tags: readonly number[];
  readonly sticky: boolean;
  readonly content: { readonly protected: boolean };
}

const { url } = inject('wordpress');
let gateway: TestGateway;
let posts: Post[];

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
  const fields = 'id,date,modified,slug,author,categories,tags,sticky,content.protected';
  posts = await readRows(url, 'posts', `_fields=${fields}`);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const globalId = (id: string) => Buffer.from(id).toString('base64');
const all = () => true;
const none: readonly number[] = [];
const isIn = (values: readonly number[], ids: readonly number[]) => ids.some((id) => values.includes(id));
const coffee = [2, 3, 4];
const code = [5, 6];

/** The one request of a list in its usual order. */
function listOf(filters: string, fields = 'date,id'): string {
  return `/wp/v2/posts?${filters === '' ? '' : `${filters}&`}orderby=date&order=desc&per_page=100&_fields=${fields}`;
}

/** The one request of a search. */
const relevant = (filters: string) => `/wp/v2/posts?${filters}&orderby=relevance&order=desc&per_page=100&_fields=id`;

const bySlug = (route: string, slugs: string) => `/wp/v2/${route}?slug=${slugs}&per_page=100&_fields=id,slug`;
const byIds = (filters: string, ids: string) => `/wp/v2/posts?${filters}include=${ids}&per_page=100&_fields=id`;

const authors: readonly WhereRow<Post>[] = [
  { where: '{ author: 3 }', found: ({ author }) => author === 3, requests: 'author=3' },
  { where: '{ author: -2 }', found: ({ author }) => author !== 2, requests: 'author_exclude=2' },
  {
    where: `{ authorIn: ["4", "${globalId('user:5')}"] }`,
    found: ({ author }) => [4, 5].includes(author),
    requests: 'author=4,5',
  },
  {
    where: '{ authorNotIn: ["2", "5"] }',
    found: ({ author }) => ![2, 5].includes(author),
    requests: 'author_exclude=2,5',
  },
  // WordPress would heed the second one only.
  { where: '{ authorIn: [4, 5], authorNotIn: [5] }', found: ({ author }) => author === 4, requests: 'author=4' },
  { where: '{ author: 4, authorIn: [5] }', found: none, requests: [] },
  {
    where: '{ authorName: "juergen-mueller" }',
    found: ({ author }) => author === 3,
    requests: [bySlug('users', 'juergen-mueller'), listOf('author=3')],
  },
  { where: '{ authorName: "nobody" }', found: none, requests: [bySlug('users', 'nobody')] },
];

const taxonomies: readonly WhereRow<Post>[] = [
  {
    where: '{ categoryId: 2 }',
    found: ({ categories }) => isIn(categories, coffee),
    requests: 'categories[terms]=2&categories[include_children]=true',
  },
  {
    where: '{ categoryId: -2 }',
    found: ({ categories }) => !isIn(categories, coffee),
    requests: 'categories_exclude[terms]=2&categories_exclude[include_children]=true',
  },
  {
    where: '{ categoryName: "coffee" }',
    found: ({ categories }) => isIn(categories, coffee),
    requests: [bySlug('categories', 'coffee'), listOf('categories[terms]=2&categories[include_children]=true')],
  },
  {
    where: '{ categoryName: "coffee/brewing" }',
    found: ({ categories }) => isIn(categories, [3, 4]),
    requests: [bySlug('categories', 'brewing'), listOf('categories[terms]=3&categories[include_children]=true')],
  },
  {
    where: '{ categoryName: "coffee,code" }',
    found: ({ categories }) => isIn(categories, [...coffee, ...code]),
    requests: [bySlug('categories', 'code,coffee'), listOf('categories[terms]=2,5&categories[include_children]=true')],
  },
  {
    where: '{ categoryName: "coffee+code" }',
    found: ({ categories }) => isIn(categories, coffee) && isIn(categories, code),
    requests: [
      bySlug('categories', 'code,coffee'),
      '/wp/v2/categories?orderby=id&order=desc&per_page=100&_fields=id,parent',
      listOf('categories[terms]=2&categories[include_children]=true', 'categories,date,id'),
    ],
  },
  { where: '{ categoryName: "coffee+nothing" }', found: none, requests: [bySlug('categories', 'coffee,nothing')] },
  { where: '{ categoryName: "nothing" }', found: none, requests: [bySlug('categories', 'nothing')] },
  {
    where: `{ categoryIn: [7, "${globalId('term:2')}"] }`,
    found: ({ categories }) => isIn(categories, [2, 7]),
    requests: 'categories=7,2',
  },
  {
    where: '{ categoryNotIn: [5, 6] }',
    found: ({ categories }) => !isIn(categories, [5, 6]),
    requests: 'categories_exclude=5,6',
  },
  {
    where: '{ categoryIn: [2], categoryNotIn: [5] }',
    found: ({ categories }) => isIn(categories, [2]) && !isIn(categories, [5]),
    requests: 'categories_exclude=5&categories=2',
  },
  {
    where: '{ categoryIn: [5], categoryId: 2 }',
    found: ({ categories }) => categories.includes(5) && isIn(categories, coffee),
    requests: [listOf('categories[terms]=2&categories[include_children]=true', 'categories,date,id')],
  },
  {
    where: '{ categoryName: "code", categoryId: 2 }',
    found: ({ categories }) => categories.includes(5) && isIn(categories, coffee),
    requests: [
      bySlug('categories', 'code'),
      '/wp/v2/categories?orderby=id&order=desc&per_page=100&_fields=id,parent',
      listOf('categories[terms]=2&categories[include_children]=true', 'categories,date,id'),
    ],
  },
  {
    where: '{ categoryId: -2, categoryNotIn: [5] }',
    found: ({ categories }) => !isIn(categories, [...coffee, 5]),
    requests: [
      '/wp/v2/categories?orderby=id&order=desc&per_page=100&_fields=id,parent',
      listOf('categories_exclude=2,3,4,5'),
    ],
  },
  {
    where: '{ tagIn: [9], tagSlugAnd: ["cpp", "espresso"] }',
    found: ({ tags }) => tags.includes(9) && tags.includes(11),
    requests: [bySlug('tags', 'cpp,espresso'), listOf('tags=9', 'date,id,tags')],
  },
  {
    where: '{ tag: "espresso" }',
    found: ({ tags }) => tags.includes(9),
    requests: [bySlug('tags', 'espresso'), listOf('tags=9')],
  },
  {
    where: '{ tag: "espresso,cpp" }',
    found: ({ tags }) => isIn(tags, [9, 11]),
    requests: [bySlug('tags', 'cpp,espresso'), listOf('tags=9,11')],
  },
  {
    where: '{ tag: "espresso+cpp" }',
    found: ({ tags }) => tags.includes(9) && tags.includes(11),
    requests: [bySlug('tags', 'cpp,espresso'), listOf('tags[terms]=9,11&tags[operator]=AND')],
  },
  {
    where: '{ tag: "日本" }',
    found: ({ tags }) => tags.includes(14),
    requests: [bySlug('tags', '日本'), listOf('tags=14')],
  },
  { where: '{ tagId: "9" }', found: ({ tags }) => tags.includes(9), requests: 'tags=9' },
  { where: '{ tagId: "-9" }', found: ({ tags }) => !tags.includes(9), requests: 'tags_exclude=9' },
  { where: '{ tagIn: [9, 10] }', found: ({ tags }) => isIn(tags, [9, 10]), requests: 'tags=9,10' },
  { where: '{ tagNotIn: [9, 10] }', found: ({ tags }) => !isIn(tags, [9, 10]), requests: 'tags_exclude=9,10' },
  {
    where: '{ tagId: "-9", tagNotIn: [10] }',
    found: ({ tags }) => !isIn(tags, [9, 10]),
    requests: 'tags_exclude=9,10',
  },
  {
    where: '{ tagSlugIn: ["cpp", "umlaut"] }',
    found: ({ tags }) => isIn(tags, [11, 13]),
    requests: [bySlug('tags', 'cpp,umlaut'), listOf('tags=11,13')],
  },
  {
    where: '{ tagSlugAnd: ["rest-api", "espresso"] }',
    found: ({ tags }) => tags.includes(10) && tags.includes(9),
    requests: [bySlug('tags', 'espresso,rest-api'), listOf('tags[terms]=10,9&tags[operator]=AND')],
  },
  { where: '{ tagSlugAnd: ["espresso", "nothing"] }', found: none, requests: [bySlug('tags', 'espresso,nothing')] },
];

const identities: readonly WhereRow<Post>[] = [
  {
    where: `{ in: ["120", "101", "${globalId('post:4301')}"] }`,
    found: [120, 101, 4301],
    requests: [byIds('', '120,101,4301')],
  },
  { where: '{ in: [] }', found: all, requests: '' },
  // An empty text in a list of ids counts for nothing.
  {
    where: '{ in: [""], notIn: [""], authorIn: [""], authorNotIn: [""], parentIn: [""], parentNotIn: [""] }',
    found: all,
    requests: '',
  },
  {
    where: '{ categoryIn: [""], categoryNotIn: [""], tagIn: [""], tagNotIn: [""] }',
    found: all,
    requests: '',
  },
  { where: '{ in: ["", "101"] }', found: [101], requests: [byIds('', '101')] },
  { where: '{ in: [101, 161, 99999, 201] }', found: [101], requests: [byIds('', '101,161,99999,201')] },
  { where: '{ notIn: ["120", "101"] }', found: ({ id }) => ![120, 101].includes(id), requests: 'exclude=120,101' },
  { where: '{ in: [120, 101, 102], notIn: [101] }', found: [120, 102], requests: [byIds('', '120,102')] },
  { where: '{ id: 102 }', found: [102], requests: 'include=102' },
  { where: '{ in: [120, 101, 102], id: 101 }', found: [101], requests: [byIds('', '101')] },
  { where: '{ name: "日本語の記事" }', found: [104], requests: 'slug=日本語の記事' },
  { where: '{ nameIn: ["same-title", "cardamom"] }', found: [136, 115], requests: 'slug=same-title,cardamom' },
  { where: '{ name: "cardamom", nameIn: ["same-title", "cardamom"] }', found: [136], requests: 'slug=cardamom' },
  { where: '{ name: "cardamom", nameIn: ["same-title"] }', found: none, requests: [] },
  { where: '{ parent: "0" }', found: all, requests: '' },
  { where: '{ parent: "204" }', found: none, requests: [] },
  { where: '{ parentIn: ["0", "204"] }', found: all, requests: '' },
  { where: '{ parentNotIn: ["0"] }', found: none, requests: [] },
];

const others: readonly WhereRow<Post>[] = [
  { where: '{ search: "cardamom" }', found: [136], requests: [relevant('search=cardamom')] },
  { where: '{ search: "cardamom espresso-free" }', found: none, requests: [relevant('search=cardamom espresso-free')] },
  {
    where: '{ title: "same title" }',
    found: [116, 115],
    requests: [listOf('search=title&search_columns=post_title', 'date,id,title.rendered')],
  },
  {
    // Dashes, commas and quotes mean something in a search, and short words may be stopwords.
    where: '{ title: "Tied 2024-05-01, 1 of 7" }',
    found: [139],
    requests: [listOf('search=Tied&search_columns=post_title', 'date,id,title.rendered')],
  },
  {
    where: '{ title: "Every block we" }',
    found: none,
    requests: [listOf('search=Every&search_columns=post_title', 'date,id,title.rendered')],
  },
  {
    where: '{ hasPassword: true }',
    found: [120],
    requests: [listOf('', 'content.protected,date,id')],
  },
  {
    where: '{ hasPassword: false, author: 2 }',
    found: ({ author, content }) => author === 2 && !content.protected,
    requests: [listOf('author=2', 'content.protected,date,id')],
  },
  {
    where: '{ isSticky: true }',
    found: [117, 118, 119],
    requests: ['/wp/v2/posts?sticky=true&orderby=id&order=asc&per_page=100&_fields=id'],
  },
  { where: '{ isSticky: false }', found: ({ sticky }) => !sticky, requests: 'sticky=false' },
  {
    where: '{ isSticky: true, notIn: [118] }',
    found: [117, 119],
    requests: ['/wp/v2/posts?sticky=true&orderby=id&order=desc&per_page=100&_fields=id'],
  },
  {
    where: '{ isSticky: false, in: [119, 101] }',
    found: [101],
    requests: ['/wp/v2/posts?include=119,101&per_page=100&_fields=id,sticky'],
  },
  { where: '{ status: PUBLISH }', found: all, requests: '' },
  { where: '{ status: DRAFT }', found: none, requests: [] },
  { where: '{ stati: [DRAFT, PUBLISH] }', found: all, requests: '' },
  { where: '{ stati: [PRIVATE, FUTURE] }', found: none, requests: [] },
  { where: '{ mimeType: IMAGE_JPEG }', found: none, requests: [] },
  { where: '{ template: DEFAULT_TEMPLATE }', found: all, requests: [listOf('', 'date,id,template')] },
];

describe('lists of posts', () => {
  const rows = [...authors, ...taxonomies, ...identities, ...others].map((row) => [row.where, row] as const);
  it.each(rows)('%s', async (where, { found, requests }) => {
    const answer = await findIds(gateway, 'posts', where);
    const expected = typeof found === 'function' ? sorted(posts.filter(found)) : found;
    expect(answer.errors).toBeUndefined();
    expect(answer.ids).toEqual(expected);
    if (typeof found === 'function') expect(expected.length).toBeGreaterThan(0);
    expect(answer.requests).toEqual(typeof requests === 'string' ? [listOf(requests)] : requests);
  });

  it('have no argument that no test uses', async () => {
    const known = await inputFields(gateway, 'RootQueryToPostConnectionWhereArgs');
    const elsewhere = ['dateQuery', 'orderby', 'offsetPagination', 'password'];
    const used = usedArguments(
      rows.map(([where]) => where),
      known,
    );
    expect([...used, ...elsewhere].sort()).toEqual(known);
  });

  it('inside of others are narrowed, never widened', async () => {
    const { data, errors } = await gateway.query(`{
      user(id: "3", idType: DATABASE_ID) {
        others: posts(first: 100, where: { authorNotIn: [2] }) { nodes { databaseId } }
        nobody: posts(first: 100, where: { authorNotIn: [3] }) { nodes { databaseId } }
      }
      category(id: "7", idType: DATABASE_ID) {
        tagged: posts(first: 100, where: { tagIn: [13], authorIn: [3, 5] }) { nodes { databaseId } }
      }
    }`);
    expect(errors).toBeUndefined();
    const idsOf = (list: { nodes: { databaseId: number }[] }) => list.nodes.map(({ databaseId }) => databaseId);
    expect(idsOf(data.user.others)).toEqual(sorted(posts.filter(({ author }) => author === 3)));
    expect(idsOf(data.user.nobody)).toEqual([]);
    expect(idsOf(data.category.tagged)).toEqual([138, 107]);
  });
});

/** Newest first, ties by id descending. */
function sorted(rows: readonly Post[]): number[] {
  return [...rows].sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : b.id - a.id)).map(({ id }) => id);
}
