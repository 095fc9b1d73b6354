// One part of a page is broken for a while, and WordPress answers the rest: that follows what is edited, the broken part is
// what was known of it, else null, and what is told of the age is true of the oldest part.

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import { type Gone, noneGone } from '../../src/cache/old.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import type { TestGatewayOptions } from '../support/gateway.ts';
import { html, json, restError, stall } from '../support/hostile-server.ts';
import { listed, type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

const times = { freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 86_400 };
const second = 1000;
/** WordPress or a proxy shows this in the place of an answer. */
const broken = html('<!DOCTYPE html><title>Fatal error</title>');

let clock = 0;
let odd: Record<string, RouteAnswer> = {};
let site: OddSite;
let store: ReturnType<typeof createResponseStore>;

async function open(options: TestGatewayOptions = {}): Promise<void> {
  clock = 1_000_000;
  odd = {};
  // As any clock it goes on, also between what is read and what is made of it.
  const now = () => (clock += 0.01);
  store = createResponseStore({ maxBytes: 1e6, ...times, now });
  site = await openOddSite(odd, { store, cache: { ...times, now }, ...options });
}

beforeEach(() => open());
afterEach(async () => {
  await delay(20);
  await site[Symbol.asyncDispose]();
});

const page = '{ posts(first: 2) { nodes { title author { node { name } } } } }';

function edit(route: 'posts' | 'categories', version: string): void {
  const edited = (row: RestObject) =>
    route === 'posts' ? { title: { rendered: `${row['slug']} ${version}` } } : { name: `${row['slug']} ${version}` };
  odd[route] = rows[route].map((row) => ({ ...row, ...edited(row) }));
}

/** As a webhook or the watcher does. */
function purge(tags: readonly string[], gone: Gone = noneGone): void {
  site.gateway.purge(tags, gone);
  store.purge(tags, { gone });
}

const postsChanged = ['list:post', 'post:1', 'post:2', 'post:3'];

/** Forgets an entity, and no answer with it: there was no room for it. */
const forget = (tag: string) => site.gateway.purge([tag]);

async function ask(query = page) {
  const before = site.server.requests.length;
  const { data, errors, headers } = await site.gateway.query(query);
  await delay(20);
  return {
    data,
    shown: data?.posts?.nodes.map((node: { title: string; author?: { node: { name: string } } | null }) =>
      [node.title, node.author?.node.name].join(' by '),
    ),
    told: errors?.map(({ extensions }) => extensions.code),
    age: headers.get('age'),
    detail: /detail=(\w+)/.exec(headers.get('cache-status') ?? '')?.[1],
    asked: site.server.requests
      .slice(before)
      .map(({ target }) => decodeURIComponent(target).replace(/^\/wp-json|[?&](?!include).*?(?=&|$)/g, ''))
      // By this it finds out whether a page is all that is left of the site.
      .filter((target) => target !== '/'),
  };
}

/** What is made anew behind an answer is seen by those who come later. */
const becomes = (expected: object) =>
  vi.waitFor(async () => expect(await ask()).toMatchObject(expected), { timeout: 10_000 });

const versionOf = (version: string, names = ['User 2', 'User 1']) =>
  names.map((name, at) => [`post-${3 - at} ${version}`, name].join(' by '));

it('the rest of a page is what was edited, at each purge, with what is known of the broken part', async () => {
  expect((await ask()).shown).toEqual(['Post 3 by User 2', 'Post 2 by User 1']);
  clock += 400 * second;
  odd['users'] = broken;
  for (const [round, version] of ['v2', 'v3', 'v4'].entries()) {
    edit('posts', version);
    purge(postsChanged);
    // Once it is found out that it is not about one of the users.
    const halves = round === 0 ? ['/wp/v2/users?include=2', '/wp/v2/users?include=1'] : [];
    expect(await ask()).toMatchObject({
      ...{ shown: versionOf(version), told: undefined, detail: 'outage', age: String(400 + 10 * round) },
      asked: ['/wp/v2/posts', '/wp/v2/users?include=2,1', ...halves],
    });
    // It is kept as what it is: nobody waits for the broken part again at once.
    expect(await ask()).toMatchObject({ shown: versionOf(version), detail: 'outage', asked: [] });
    clock += 10 * second;
  }
  delete odd['users'];
  clock += 10 * second;
  await becomes({ shown: versionOf('v4'), detail: undefined, told: undefined });
});

it('the rest of a page is made anew as ever where nobody tells of edits', async () => {
  await ask();
  odd['users'] = broken;
  edit('posts', 'v2');
  clock += 400 * second;
  expect(await ask()).toMatchObject({ shown: versionOf('v2'), told: undefined, detail: 'outage', age: '400' });
  edit('posts', 'v3');
  clock += 400 * second;
  expect(await ask()).toMatchObject({ shown: versionOf('v3'), told: undefined, detail: 'outage', age: '800' });
});

it('what is beneath is asked for as well, though a part has failed before it', async () => {
  const nested =
    '{ user(id: 1, idType: DATABASE_ID) { name } posts(first: 1) { nodes { title categories { nodes { name } } } } }';
  await ask(nested);
  odd['users'] = broken;
  edit('categories', 'v2');
  clock += 400 * second;
  const { data, detail } = await ask(nested);
  expect(data.user).toEqual({ name: 'User 1' });
  expect(data.posts.nodes[0].categories.nodes).toEqual([{ name: 'c-20 v2' }, { name: 'c-23 v2' }]);
  expect(detail).toBe('outage');
});

it('what was purged is asked for though nothing else has come, and what was not is not', async () => {
  await ask();
  odd['posts'] = broken;
  odd['users'] = rows.users.map((row) => ({ ...row, name: `${row.name} v2` }));
  clock += 400 * second;
  // It would fail as well, as far as is known.
  expect(await ask()).toMatchObject({ shown: ['Post 3 by User 2', 'Post 2 by User 1'], asked: ['/wp/v2/posts'] });
  purge(['user:1', 'user:2']);
  expect(await ask()).toMatchObject({
    ...{ shown: ['Post 3 by User 2 v2', 'Post 2 by User 1 v2'], told: undefined, detail: 'outage' },
    asked: ['/wp/v2/posts', '/wp/v2/users?include=2,1'],
  });
});

it('a part that is not known is null where the page was purged, or is too old to be given without need', async () => {
  await ask();
  forget('user:1');
  odd['users'] = broken;
  edit('posts', 'v2');
  // Until then nothing is known to have changed: the page of before has all of it.
  clock += 100 * second;
  expect(await ask()).toMatchObject({ shown: ['Post 3 by User 2', 'Post 2 by User 1'], told: undefined });
  await becomes({ shown: ['Post 3 by User 2', 'Post 2 by User 1'], detail: 'outage' });
  purge(postsChanged);
  const partial = { shown: versionOf('v2', ['User 2', '']), told: ['UPSTREAM_NOT_JSON'], age: null, detail: undefined };
  expect(await ask()).toMatchObject(partial);
  // It is no answer to keep.
  delete odd['users'];
  await becomes({ shown: versionOf('v2'), told: undefined, detail: undefined });

  forget('user:1');
  odd['users'] = broken;
  edit('posts', 'v3');
  clock += 400 * second;
  expect(await ask()).toMatchObject({ shown: versionOf('v3', ['User 2', '']), told: ['UPSTREAM_NOT_JSON'] });
});

it('the whole page of before stands while nothing of it is answered, though a part of it is known no more', async () => {
  const { data } = await ask();
  forget('user:1');
  for (const route of Object.keys(rows)) odd[route] = restError(500, 'internal_server_error');
  clock += 400 * second;
  expect(await ask()).toMatchObject({ data, told: undefined, detail: 'outage', age: '400' });
  purge(postsChanged);
  expect(await ask()).toMatchObject({ data, told: undefined, detail: 'outage', age: '400' });
});

it('the whole page of before stands where there is no time for the rest, unless it was purged', async () => {
  await site[Symbol.asyncDispose]();
  await open({ limits: { seconds: 2 }, timeoutMs: 60_000 });
  const { data } = await ask();
  forget('user:1');
  odd['users'] = stall();
  edit('posts', 'v2');
  clock += 400 * second;
  expect(await ask()).toMatchObject({ data, told: undefined, detail: 'outage' });
  purge(postsChanged);
  expect(await ask()).toMatchObject({
    shown: [versionOf('v2')[0]?.replace('User 2', ''), versionOf('v2', ['', ''])[1]],
  });
});

it('a page of which a part was purged counts as purged itself', async () => {
  await ask();
  odd['users'] = broken;
  edit('posts', 'v2');
  purge([...postsChanged, 'user:2']);
  expect(await ask()).toMatchObject({ shown: versionOf('v2'), detail: 'outage' });
  expect([...store.content()].map(([, kept]) => kept.times.isPurged)).toEqual([true]);
});

it.each([
  ['anybody', undefined],
  ['a user', { authorization: 'Basic YTpi' }],
])('what is read in another way is new, to %s', async (_, viewer) => {
  const query = '{ users(first: 2) { nodes { name posts(first: 2) { nodes { title } } } } }';
  odd['posts'] = (socket, request) => {
    const isJoined = /author=\d+,/.test(decodeURIComponent(request.target));
    (isJoined ? broken : listed(rows.posts))(socket, request);
  };
  odd['users'] = (socket, request) =>
    (request.target.includes('/users/me') ? json(rows.users[0]) : listed(rows.users))(socket, request);
  const { status, data, errors, extensions } = await site.gateway.query(query, {}, viewer);
  const nodes = [
    { name: 'User 1', posts: { nodes: [{ title: 'Post 2' }] } },
    { name: 'User 2', posts: { nodes: [{ title: 'Post 3' }, { title: 'Post 1' }] } },
  ];
  expect({ status, data, errors, extensions }).toEqual({ status: 200, data: { users: { nodes } } });
});

it('a page that makes do with what is left of a list is one of before', async () => {
  const six = Array.from({ length: 6 }, (_, at) => ({
    ...rows.posts[0],
    id: at + 1,
    date: `2024-01-0${at + 1}T10:00:00`,
  }));
  odd['posts'] = listed(six);
  await ask('{ posts(first: 2) { nodes { databaseId } } }');
  odd['posts'] = listed(six.filter(({ id }) => id !== 4 && id !== 5));
  await ask('{ a: post(id: 5, idType: DATABASE_ID) { slug } b: post(id: 4, idType: DATABASE_ID) { slug } }');
  odd['posts'] = broken;
  const again = 'query Again { posts(first: 2) { nodes { databaseId } } }';
  const shorter = { data: { posts: { nodes: [{ databaseId: 6 }] } }, told: undefined, detail: 'outage' };
  expect(await ask(again)).toMatchObject(shorter);
  expect(await ask(again)).toMatchObject(shorter);
  odd['posts'] = listed(six.filter(({ id }) => id !== 4 && id !== 5));
  clock += 10 * second;
  const whole = { posts: { nodes: [{ databaseId: 6 }, { databaseId: 3 }] } };
  await vi.waitFor(async () => expect((await ask(again)).data).toEqual(whole), { timeout: 10_000 });
});
