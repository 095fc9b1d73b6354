// What is edited in WordPress is noticed without a plugin, and drops the answers that it concerns, and no others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openWatchedGateway, type Round, type WatchedGateway } from '../support/watched-gateway.ts';
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
function notice(...kinds: string[]) {
  return observe(watched.round(kinds));
}

async function observe(round: Promise<Round>) {
  const { changes, requests } = await round;
  const dropped = names.filter((name) => !watched.isKept(answers[name]));
  for (const name of dropped) await watched.ask(answers[name]);
  const told = changes.map(({ type, id, action, uri }) => [type, id, action, ...(uri ? [uri] : [])].join(' '));
  const tags = [...new Set(changes.flatMap((change) => change.tags ?? ['everything']))].sort();
  return { told, tags, dropped, requests };
}

it('costs one request for each kind while nothing changes', async () => {
  const kinds = ['categories', 'tags', 'posts', 'mediaItems', 'comments', 'users'];
  await watched.round(kinds);
  const { told, dropped, requests } = await notice(...kinds);
  expect({ told, dropped }).toEqual({ told: [], dropped: [] });
  expect(requests).toEqual(
    ['categories', 'tags', 'posts', 'media', 'comments', 'users'].map((name) => `wp/v2/${name}`),
  );
});

/** What address resolving by id would have found. */
const byId = ['uri:?attachment_id=103', 'uri:?p=103', 'uri:?page_id=103'];
const shown = ['post', 'newest', 'ofCode', 'lastModified', 'total', 'newAddress'] as const;
const counted = ['list:category', 'list:tag', 'term:5:count', 'term:14:count'];

interface Step {
  readonly what: string;
  readonly body: object | null;
  readonly told: string;
  /** Its address before. */
  readonly from?: string;
  /** Beside the post and the lists of its type. */
  readonly tags: readonly string[];
  readonly dropped: readonly Name[];
}

/** Edits of post 103, one after the other. */
const steps: readonly Step[] = [
  {
    ...{ what: 'content', body: { content: '<p>Other words.</p>' }, told: 'updated /release-party/', tags: [] },
    dropped: ['post', 'tagged', 'lastModified', 'address'],
  },
  {
    ...{ what: 'slug', body: { slug: 'party' }, told: 'updated /party/', from: '/release-party/' },
    tags: [...byId, 'uri:party?', 'uri:release-party?'],
    dropped: ['post', 'tagged', 'lastModified', 'address', 'newAddress'],
  },
  {
    ...{ what: 'author', body: { author: 3 }, told: 'updated /party/', tags: [] },
    dropped: ['post', 'tagged', 'ofOtherAuthor', 'lastModified', 'newAddress'],
  },
  {
    ...{ what: 'date', body: { date: '2026-01-01T10:00:00' }, told: 'updated /party/', tags: [] },
    dropped: [...shown, 'deep', 'tagged', 'ofOtherAuthor'],
  },
  {
    ...{ what: 'terms', body: { tags: [14] }, told: 'updated /party/' },
    tags: ['list:tag', 'term:14:count', 'term:15:count'],
    dropped: [...shown, 'tagged', 'tagCount'],
  },
  {
    ...{ what: 'featured image', body: { featured_media: 410 }, told: 'updated /party/', tags: [] },
    dropped: shown,
  },
  {
    ...{ what: 'going back to a draft', body: { status: 'draft' }, told: 'deleted /party/' },
    tags: [...byId, ...counted, 'uri:party?'],
    dropped: [...shown, 'deep'],
  },
  {
    ...{ what: 'publication', body: { status: 'publish' }, told: 'created /party/' },
    tags: [...byId, ...counted, 'uri:party?'],
    dropped: [...shown, 'deep'],
  },
  {
    ...{ what: 'trash', body: null, told: 'deleted /party/' },
    tags: [...byId, ...counted, 'uri:party?'],
    dropped: [...shown, 'deep'],
  },
  {
    ...{ what: 'return from the trash', body: { status: 'publish' }, told: 'created /party/' },
    tags: [...byId, ...counted, 'uri:party?'],
    dropped: [...shown, 'deep'],
  },
];

describe('of a post', () => {
  it.each(steps)('its $what is noticed', async ({ body, told, from, tags, dropped }) => {
    await edit('posts/103', body, body ? 'POST' : 'DELETE');
    const found = await notice('posts');
    expect(found.told).toEqual([`Post 103 ${told}`, ...(from ? [`Post 103 updated ${from}`] : [])]);
    expect(found.tags).toEqual(['list:post', 'post:103', ...tags].sort());
    expect(found.dropped).toEqual(inOrder(dropped));
  });

  it('a new one is noticed', async () => {
    const { id } = await edit('posts', { title: 'New', status: 'publish', slug: 'brand-new' });
    const { told, dropped } = await notice('posts');
    expect(told).toEqual([`Post ${id} created /brand-new/`]);
    expect(dropped).toEqual(inOrder(['newest', 'deep', 'lastModified', 'total']));
  });
});

it('notices an image', async () => {
  await edit('media/409', { alt_text: 'Words' });
  const { told, tags, dropped } = await notice('mediaItems');
  expect({ told, tags, dropped }).toEqual({
    ...{ told: ['MediaItem 409 updated /logo/'], tags: ['list:mediaitem', 'post:409'], dropped: ['image'] },
  });
});

it('notices comments that come, and that go', async () => {
  const { id } = await edit('comments', { post: 138, content: 'A comment' });
  const came = await notice('comments');
  expect(came.tags).toEqual([`comment:${id}`, 'list:comment']);
  expect(came.dropped).toEqual(['comments', 'commentCount']);
  await edit(`comments/${id}`, null, 'DELETE');
  const went = await notice('comments');
  expect(went.told).toEqual([`Comment ${id} deleted /in-many-places/#comment-${id}`]);
  expect(went.dropped).toEqual(['comments', 'commentCount']);
});

it('notices the text of a comment that is corrected', async () => {
  const { id } = await edit('comments', { post: 138, content: 'A comment' });
  await notice('comments');
  await edit(`comments/${id}`, { content: 'Another text' });
  const { told, dropped } = await notice('comments');
  expect(told).toEqual([`Comment ${id} updated /in-many-places/#comment-${id}`]);
  expect(dropped).toEqual(['comments']);
  await edit(`comments/${id}?force=true`, null, 'DELETE');
  await notice('comments');
});

it('notices at once that the latest is gone, though as many are there: another one came with an early date', async () => {
  const { id: latest } = await edit('posts', { title: 'Latest', status: 'publish', slug: 'latest' });
  await notice('posts');
  await edit(`posts/${latest}`, null, 'DELETE');
  const { id: early } = await edit('posts', {
    title: 'Early',
    status: 'publish',
    slug: 'early',
    date: '2000-01-01T00:00:00',
  });
  const { told } = await notice('posts');
  expect(told.sort()).toEqual([`Post ${early} created /early/`, `Post ${latest} deleted /latest/`].sort());
  await edit(`posts/${early}`, null, 'DELETE');
  await notice('posts');
});

it('notices the name of a term, and drops no post for it', async () => {
  await edit('tags/13', { name: 'Feelings' });
  const { told, tags, dropped } = await notice('tags');
  expect(told).toEqual(['Tag 13 updated /tag/umlaut/']);
  expect(tags).toEqual(['list:tag', 'term:13']);
  // It was found by the term.
  expect(dropped).toEqual(['taggedOtherwise']);
});

it('notices the description of a term, a term that comes and one that goes', async () => {
  await edit('tags/13', { description: 'What people feel' });
  expect((await notice('tags')).told).toEqual(['Tag 13 updated /tag/umlaut/']);
  const { id } = await edit('tags', { name: 'Brand new' });
  expect((await notice('tags')).told).toEqual([`Tag ${id} created /tag/brand-new/`]);
  await edit(`tags/${id}?force=true`, null, 'DELETE');
  expect((await notice('tags')).told).toEqual([`Tag ${id} deleted /tag/brand-new/`]);
});

it('notices the name of an author', async () => {
  await edit('users/3', { name: 'Somebody' });
  const { tags, dropped } = await notice('users');
  expect(tags).toEqual(['list:user', 'user:3']);
  expect(dropped).toEqual(['post', 'users']);
});

it('notices menus and settings with the gateway’s own credentials', async () => {
  const { authorization } = wordpress.credentials.admin;
  const items = await fetch(`${wordpress.url}/wp-json/wp/v2/menu-items?per_page=1`, { headers: { authorization } });
  const [item] = await items.json();
  await edit(`menu-items/${item.id}`, { title: 'Elsewhere' });
  await edit('settings', { date_format: 'Y' });
  const { told, tags, dropped } = await notice('menus', 'menu items', 'settings');
  expect(told).toEqual(['Menu  updated', 'MenuItem  updated', 'Settings  updated']);
  expect(tags).toEqual(['list:menu', 'list:menuitem', 'route:wp/v2/settings']);
  expect(dropped).toEqual(['menus', 'settings']);
});

describe('what a webhook tells of', () => {
  const tell = (id: number, ...tags: readonly string[]) =>
    observe(watched.tell([{ type: 'Post', id, action: 'updated', tags: [`post:${id}`, ...tags], source: 'webhook' }]));
  const lists = ['list:post', 'list:category', 'list:tag', 'list:user'];

  it('is looked at, drops no more than what is noticed, and is noticed once', async () => {
    await edit('posts/104', { content: '<p>Other words.</p>' });
    const { told, dropped, requests } = await tell(104, ...lists);
    expect(told).toEqual([expect.stringMatching(/^Post 104 updated \//)]);
    expect(dropped).toEqual(inOrder(['otherPost', 'lastModified']));
    expect(requests).toEqual(['wp/v2/posts']);
    const again = await notice('posts', 'categories', 'tags');
    expect([again.told, again.dropped]).toEqual([[], []]);
  });

  it('is no change where the public sees nothing of it', async () => {
    const { id } = await edit('posts', { title: 'Draft' });
    const { told, dropped } = await tell(id, ...lists);
    expect({ told, dropped }).toEqual({ told: [], dropped: [] });
  });

  it('is what the public sees of it, whatever the webhook says', async () => {
    await edit('posts/104', { status: 'draft' });
    const { told, tags } = await tell(104, ...lists);
    expect(told).toEqual([expect.stringMatching(/^Post 104 deleted \//)]);
    expect(tags).toEqual(expect.arrayContaining(['post:104', 'list:post', 'term:2:count']));
  });
});

function inOrder(some: readonly Name[]): Name[] {
  return names.filter((name) => some.includes(name));
}
