// The must-use plugin tells a gateway of what changes in a real WordPress, and of nothing else; the gateway shows it at once.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Change } from '../../src/changes/change-stream.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { followEvents } from '../support/event-client.ts';
import { tellGateway, webhookToken } from '../support/recorded-headgate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { installPlugin, type WebhookPlugin } from '../support/webhook-plugin.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

// Each write is a request of PHP in WebAssembly, and a busy machine takes a while for it.
vi.setConfig({ testTimeout: 180_000 });

const secret = 'a secret that is long enough for a test';
const { logger, takeErrors } = createRecordingLogger();
let wordpress: WordPress;
let headgate: Headgate;
let plugin: WebhookPlugin;
const heard: Change[] = [];

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  const { username, applicationPassword } = wordpress.credentials.admin;
  headgate = await startHeadgate(
    loadConfig({
      ...{ WORDPRESS_URL: wordpress.url, PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off' },
      ...{ WORDPRESS_USERNAME: username, WORDPRESS_APPLICATION_PASSWORD: applicationPassword },
      ...{ WEBHOOK_SECRET: secret, WEBHOOK_TOKEN: webhookToken, WATCH_INTERVAL_SECONDS: '0', FRESH_SECONDS: '86400' },
      ...{ UPSTREAM_TIMEOUT_SECONDS: '120' },
    }),
    logger,
  );
  headgate.changes.subscribe(({ changes }) => heard.push(...changes));
  plugin = await installPlugin(wordpress, `${headgate.url}/webhooks/purge`, secret);
});

afterAll(async () => {
  await headgate[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
  expect(takeErrors()).toEqual([]);
});

/** A request to WordPress as its administrator; what the plugin posts meanwhile reaches the gateway. Gives what was told. */
async function rest(method: string, route: string, body: object = {}) {
  const url = `${wordpress.url}/wp-json/wp/v2/${route}`;
  const headers = { authorization: wordpress.credentials.admin.authorization, 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: JSON.stringify(body) }) });
  const row = await response.json();
  expect([response.status, row.message]).toEqual([expect.toSatisfy((status) => status < 300), undefined]);
  heard.length = 0;
  const posted = await plugin.take();
  // One for each request of WordPress, whatever it changes.
  expect(posted.length).toBeLessThanOrEqual(1);
  for (const { url: target, blocking, headers: sent, body: text } of posted) {
    expect(blocking).toBe(false);
    const taken = await fetch(target, { method: 'POST', headers: sent, body: text });
    expect([taken.status, await taken.json()]).toEqual([200, expect.objectContaining({ status: 'purged' })]);
  }
  const changes = [...heard];
  return { row, changes, tags: new Set(changes.flatMap(({ tags }) => tags ?? ['everything'])) };
}

const short = (changes: readonly Change[]) =>
  changes.map(({ type, id, action, uri }) => [type, id, action, ...(uri === undefined ? [] : [uri])]);

async function ask(query: string, authorization?: string) {
  const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
  const response = await fetch(`${headgate.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data;
}

const titles = async () => {
  const { posts } = await ask('{ posts(first: 3) { nodes { title } } }');
  return posts.nodes.map(({ title }: { title: string }) => title);
};

describe('content', () => {
  it('is told from its beginning to its end, and shown at once', async () => {
    const before = await titles();
    const draft = await rest('POST', 'posts', { title: 'News', status: 'draft', categories: [1] });
    expect([draft.changes, await titles()]).toEqual([[], before]);
    const { id } = draft.row;

    const published = await rest('POST', `posts/${id}`, { status: 'publish' });
    const author = wordpress.credentials.admin.id;
    expect(short(published.changes)).toEqual([['Post', id, 'created', new URL(published.row.link).pathname]]);
    expect([...published.tags]).toEqual(
      expect.arrayContaining([`post:${id}`, 'list:post', 'list:category', 'term:1:count', `user:${author}`]),
    );
    expect(await titles()).toEqual(['News', ...before.slice(0, 2)]);

    const edited = await rest('POST', `posts/${id}`, { title: 'Old news' });
    expect(short(edited.changes)).toEqual([['Post', id, 'updated', new URL(published.row.link).pathname]]);
    expect([edited.tags.has('term:1:count'), edited.tags.has('list:category')]).toEqual([false, false]);
    expect(await titles()).toEqual(['Old news', ...before.slice(0, 2)]);

    const from = new URL(published.row.link).pathname;
    const query = (uri: string) => ask(`{ nodeByUri(uri: "${uri}") { ... on Post { title } } }`);
    const moved = await rest('POST', `posts/${id}`, { slug: 'moved' });
    const to = new URL(moved.row.link).pathname;
    expect(short(moved.changes)).toEqual([
      ['Post', id, 'updated', to],
      ['Post', id, 'updated', from],
    ]);
    expect(await query(to)).toEqual({ nodeByUri: { title: 'Old news' } });

    const trashed = await rest('DELETE', `posts/${id}`);
    expect(short(trashed.changes)).toEqual([['Post', id, 'deleted', to]]);
    expect(trashed.tags.has('term:1:count')).toBe(true);
    expect([await titles(), await query(to)]).toEqual([before, { nodeByUri: null }]);

    const restored = await rest('POST', `posts/${id}`, { status: 'publish' });
    expect(short(restored.changes)[0]?.slice(0, 3)).toEqual(['Post', id, 'created']);
    expect(await titles()).toEqual(['Old news', ...before.slice(0, 2)]);

    const deleted = await rest('DELETE', `posts/${id}?force=true`);
    expect(short(deleted.changes)[0]?.slice(0, 3)).toEqual(['Post', id, 'deleted']);
    expect(await titles()).toEqual(before);
  });

  it('is told with the terms that it gains and loses, its metadata, and the pages below it', async () => {
    const { row: category } = await rest('POST', 'categories', { name: 'Fresh' });
    const sorted = await rest('POST', 'posts/101', { categories: [category.id] });
    expect(short(sorted.changes).map(([type, id]) => [type, id])).toEqual([['Post', 101]]);
    expect(sorted.tags.has(`term:${category.id}:count`)).toBe(true);
    expect(await ask(`{ category(id: ${category.id}, idType: DATABASE_ID) { count } }`)).toEqual({
      category: { count: 1 },
    });
    const meta = await rest('POST', 'posts/101', { meta: { subtitle: 'Below' } });
    const own = [...meta.tags].filter((tag) => !tag.startsWith('uri:'));
    expect(own.sort()).toEqual(['list:post', 'list:user', 'post:101', 'user:1']);
    const pages = await rest('POST', 'pages/204', { slug: 'about-us' });
    expect(pages.changes.length).toBeGreaterThan(2);
    expect(new Set(pages.changes.map(({ type }) => type))).toEqual(new Set(['Page']));
    expect(pages.changes.some(({ id, uri }) => id === 205 && uri?.startsWith('/about-us/'))).toBe(true);
  });
});

describe('what else there is', () => {
  it('terms', async () => {
    const { row, changes } = await rest('POST', 'tags', { name: 'Crema' });
    expect(short(changes)).toEqual([['Tag', row.id, 'created', '/tag/crema/']]);
    expect(await ask('{ tag(id: "crema", idType: SLUG) { name } }')).toEqual({ tag: { name: 'Crema' } });
    const renamed = await rest('POST', `tags/${row.id}`, { name: 'Foam', slug: 'foam' });
    expect(short(renamed.changes)).toEqual([
      ['Tag', row.id, 'updated', '/tag/foam/'],
      ['Tag', row.id, 'updated', '/tag/crema/'],
    ]);
    expect(await ask('{ tag(id: "foam", idType: SLUG) { name } }')).toEqual({ tag: { name: 'Foam' } });
    const gone = await rest('DELETE', `tags/${row.id}?force=true`);
    expect(short(gone.changes)).toEqual([['Tag', row.id, 'deleted', '/tag/foam/']]);
  });

  it('comments that are approved', async () => {
    const held = await rest('POST', 'comments', { post: 101, content: 'Nice', status: 'hold' });
    expect(held.changes).toEqual([]);
    const approved = await rest('POST', `comments/${held.row.id}`, { status: 'approved' });
    expect(short(approved.changes)).toEqual([['Comment', held.row.id, 'created']]);
    expect([...approved.tags]).toEqual(expect.arrayContaining([`comment:${held.row.id}`, 'list:comment', 'post:101']));
    const gone = await rest('DELETE', `comments/${held.row.id}`);
    expect(short(gone.changes)).toEqual([['Comment', held.row.id, 'deleted']]);
  });

  it('menus, settings, users whom somebody sees, and what concerns everything', async () => {
    const item = await rest('POST', 'menu-items/506', { title: 'Beans' });
    expect(short(item.changes)).toContainEqual(['Menu', null, 'updated']);
    expect(item.tags).toEqual(new Set(['list:menu', 'list:menuitem']));

    expect(await ask('{ generalSettings { description } }')).not.toEqual({ generalSettings: { description: 'Fresh' } });
    const settings = await rest('POST', 'settings', { description: 'Fresh' });
    expect(settings.tags).toEqual(new Set(['route:wp/v2/settings']));
    expect(await ask('{ generalSettings { description } }')).toEqual({ generalSettings: { description: 'Fresh' } });

    const { author, subscriber } = wordpress.credentials;
    const seen = await rest('POST', `users/${author.id}`, { description: 'Writes.' });
    expect(short(seen.changes).map(([type, id]) => [type, id])).toEqual([['User', author.id]]);
    expect((await rest('POST', `users/${subscriber.id}`, { description: 'Reads.' })).changes).toEqual([]);

    const front = await rest('POST', 'settings', { show_on_front: 'posts', page_on_front: 204 });
    expect(front.tags).toEqual(new Set(['everything']));
    expect((await rest('GET', 'posts?per_page=1&context=edit')).changes).toEqual([]);
  });
});

describe('a gateway that is told by others', () => {
  it('forgets what an address shows, and what is there', async () => {
    const { post } = await ask('{ post(id: 102, idType: DATABASE_ID) { title uri } }');
    await ask('{ post(id: 103, idType: DATABASE_ID) { title } }');
    const { tags } = await tellGateway(headgate.url, { uris: [post.uri] });
    expect(tags?.toSorted()).toEqual(['list:post', 'post:102', expect.stringMatching(/^uri:/)]);
  });

  it('shows a follower what anybody may see, whoever he is', async () => {
    const { row } = await rest('POST', 'posts', { title: 'Secret', status: 'private' });
    const { authorization } = wordpress.credentials.admin;
    const query = 'subscription { contentChanged(types: ["Post"]) { databaseId node { ... on Post { title } } } }';
    const client = await followEvents(headgate.url, query, { authorization });
    await tellGateway(headgate.url, { changes: [row.id, 103].map((id) => ({ kind: 'content', type: 'post', id })) });
    await vi.waitFor(() => expect(client.events()).toHaveLength(2), { timeout: 60_000 });
    const [hidden, shown] = client.events().map(({ data }) => data.contentChanged);
    expect(hidden).toEqual({ databaseId: row.id, node: null });
    expect(shown).toEqual({ databaseId: 103, node: { title: expect.any(String) } });
    client.leave();
  });
});

describe('what is written through the gateway', () => {
  it('is told with its address, and a new draft not at all', async () => {
    const { authorization } = wordpress.credentials.admin;
    heard.length = 0;
    const create = 'mutation { createPost(input: { title: "Told", status: DRAFT }) { post { databaseId } } }';
    const { databaseId: id } = (await ask(create, authorization)).createPost.post;
    expect(heard).toEqual([]);
    const publish = `mutation { updatePost(input: { id: "${id}", status: PUBLISH }) { post { uri } } }`;
    const { uri } = (await ask(publish, authorization)).updatePost.post;
    expect(short(heard.filter(({ type }) => type === 'Post'))).toEqual([['Post', id, 'updated', uri]]);
    await plugin.take();
  });
});
