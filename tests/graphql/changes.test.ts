// What is edited in WordPress is noticed without a plugin, and drops the answers that it concerns, and no others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openWatchedGateway, type WatchedGateway } from '../support/watched-gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let watched: WatchedGateway;

const posts = (args: string) => `{ posts(${args}) { nodes { databaseId title } } }`;

/** Post 103 is old, of author 5, in the category 5 (Code), and alone with the tag "emoji". */
const answers = {
  post: '{ post(id: 103, idType: DATABASE_ID) { title date author { node { name } } } }',
  otherPost: '{ post(id: 104, idType: DATABASE_ID) { title } }',
  newest: posts('first: 3'),
  deep: posts('where: { offsetPagination: { offset: 20, size: 3 } }'),
  ofCode: posts('first: 3, where: { categoryName: "code" }'),
  tagged: posts('first: 3, where: { tag: "emoji" }'),
  taggedOtherwise: posts('first: 3, where: { tag: "umlaut" }'),
  ofAuthor: posts('first: 3, where: { author: 5 }'),
  ofOtherAuthor: posts('last: 2, where: { author: 3 }'),
  lastModified: posts('first: 2, where: { orderby: [{ field: MODIFIED, order: DESC }] }'),
  total: '{ posts(first: 1) { pageInfo { total } } }',
  address: '{ nodeByUri(uri: "/release-party/") { id } }',
  newAddress: '{ nodeByUri(uri: "/party/") { id } }',
  tagName: '{ tag(id: "emoji", idType: SLUG) { name } }',
  tagCount: '{ tag(id: "emoji", idType: SLUG) { count } }',
  image: '{ mediaItem(id: 409, idType: DATABASE_ID) { altText } }',
  comments: '{ comments(first: 2) { nodes { databaseId content } } }',
  commentCount: '{ contentNode(id: 138, idType: DATABASE_ID) { ... on NodeWithComments { commentCount } } }',
  otherCommentCount: '{ contentNode(id: 145, idType: DATABASE_ID) { ... on NodeWithComments { commentCount } } }',
  users: '{ users(first: 20) { nodes { name } } }',
  menus: '{ menus { nodes { name menuItems { nodes { label } } } } }',
  settings: '{ generalSettings { dateFormat } }',
};
type Name = keyof typeof answers;
const names = Object.keys(answers).filter((name): name is Name => name in answers);

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  const { authorization } = wordpress.credentials.admin;
  watched = await openWatchedGateway(wordpress.url, { authorization, clockAheadMs: 5000 });
  for (const name of names) await watched.ask(answers[name]);
}, 600_000);
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

interface Written {
  readonly id: number;
}

async function edit(path: string, body: object | null, method = 'POST'): Promise<Written> {
  const { authorization } = wordpress.credentials.admin;
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(response.status, path).toBeLessThan(300);
  return response.json();
}

/** Gives kinds their turn; tells what was noticed and which answers were dropped, and asks for those again. */
async function notice(...kinds: string[]) {
  const { changes, requests } = await watched.round(kinds);
  const dropped = names.filter((name) => !watched.isKept(answers[name]));
  for (const name of dropped) await watched.ask(answers[name]);
  const told = changes.map(({ type, id, action, uri }) => [type, id, action, ...(uri ? [uri] : [])].join(' '));
  const tags = [...new Set(changes.flatMap((change) => change.tags ?? ['everything']))].sort();
  return { told, tags, dropped, requests };
}

const shownWith103 = ['post', 'tagged', 'lastModified', 'address'];

it('costs one request for each kind while nothing changes', async () => {
  await watched.round(['posts']);
  const { told, dropped, requests } = await notice('terms', 'posts', 'mediaItems', 'comments', 'users');
  expect({ told, dropped }).toEqual({ told: [], dropped: [] });
  expect(requests).toEqual(['wp/v2/search', 'wp/v2/posts', 'wp/v2/media', 'wp/v2/comments', 'wp/v2/users']);
});

/** Edits of post 103, one after the other, and what each one is to be noticed as. */
const edits: readonly [string, object, string, readonly string[], readonly string[]][] = [
  [
    'its content',
    { content: '<p>Other words.</p>' },
    'updated /release-party/',
    ['list:post', 'post:103'],
    shownWith103,
  ],
];

describe('of post 103', () => {
  it.each(edits)('%s', async (_, body, told, tags, dropped) => {
    await edit('posts/103', body);
    const found = await notice('posts');
    expect(found.told).toEqual([`Post 103 ${told}`]);
    expect(found.tags).toEqual([...tags].sort());
    expect(found.dropped).toEqual(names.filter((name) => dropped.includes(name)));
  });
  it.each([
    ['slug', { slug: 'party' }],
    ['author', { author: 3 }],
    ['date', { date: '2026-01-01T10:00:00' }],
    ['terms', { tags: [14] }],
    ['image', { featured_media: 410 }],
    ['draft', { status: 'draft' }],
    ['publish', { status: 'publish' }],
  ])('%s', async (n, body) => {
    await edit('posts/103', body);
    console.log(n, JSON.stringify(await notice('posts')));
  });
  it('trash', async () => {
    await edit('posts/103', null, 'DELETE');
    console.log('trash', JSON.stringify(await notice('posts')));
    await edit('posts/103', { status: 'publish' });
    console.log('restore', JSON.stringify(await notice('posts')));
    await edit('comments', { post: 132, content: 'A comment' });
    console.log('comment132', JSON.stringify(await notice('posts', 'comments')));
    await edit('posts', { title: 'New', status: 'publish', slug: 'brand-new' });
    console.log('new', JSON.stringify(await notice('posts')));
    await edit('media/409', { alt_text: 'Words' });
    console.log('media', JSON.stringify(await notice('mediaItems')));
    await edit('comments', { post: 138, content: 'A comment' });
    console.log('comment', JSON.stringify(await notice('comments')));
    await edit('tags/13', { name: 'Feelings' });
    console.log('tag', JSON.stringify(await notice('terms')));
    await edit('users/3', { name: 'Somebody' });
    console.log('user', JSON.stringify(await notice('users')));
    const items = await fetch(`${wordpress.url}/wp-json/wp/v2/menu-items?per_page=1`, {
      headers: { authorization: wordpress.credentials.admin.authorization },
    });
    const [item] = await items.json();
    await edit(`menu-items/${item.id}`, { title: 'Elsewhere' });
    console.log('menu', JSON.stringify(await notice('menus', 'menu items')));
    await edit('settings', { date_format: 'Y' });
    console.log('settings', JSON.stringify(await notice('settings')));
  });
});
