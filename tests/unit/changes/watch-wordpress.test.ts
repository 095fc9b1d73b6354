// Every kind has its turn in time: while another one is edited without end, and while each request takes its time. The
// clock is that of the test.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Change } from '../../../src/changes/change-stream.ts';
import { watchWordPress } from '../../../src/changes/watch-wordpress.ts';
import { UpstreamError } from '../../../src/errors.ts';
import type { RestRequest, RestResponse } from '../../../src/wordpress/rest.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const intervalSeconds = 0.75;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Beside them are the navigation blocks of block themes. */
const routes = ['categories', 'tags', 'genre', 'posts', 'pages', 'media', 'books', 'comments', 'users'];

/** A site with one of each kind, and its watcher; an edit is a later modification, and another name. */
function open({ tookMs = 0, kept = '', keptEmpty = '', interval = intervalSeconds } = {}) {
  const versions = new Map<string, number>();
  const asked: { readonly route: string; readonly at: number }[] = [];
  const changes: Change[] = [];
  const bornAt = performance.now();
  const nowOf = new Map<string, number>();
  const site: { onAsked: (route: string) => void | Promise<void> } = { onAsked: () => undefined };
  const timeOf = (ms: number) => new Date(ms).toISOString().slice(0, 19);

  function rowOf(route: string): object {
    const version = versions.get(route) ?? 0;
    const nowMs = nowOf.get(route);
    const modified = timeOf(nowMs === undefined ? startMs - 3_600_000 + 1000 * version : startMs + nowMs);
    const dates = { date: timeOf(startMs - 7_200_000), date_gmt: modified, modified, modified_gmt: modified };
    return { id: 1, link: `${bookSite.home}/${route}/`, name: `Version ${version}`, ...dates };
  }

  const nothing = () => Promise.reject(new Error('nobody asked for that'));
  const watch = watchWordPress({
    ...{ site: bookSite, resources: bookResources, logger: createRecordingLogger().logger },
    ...{ intervalSeconds: interval, share: 0.1, slots: 6, maxBytes: 1_000_000 },
    client: {
      async request({ route, onSent }: RestRequest): Promise<RestResponse> {
        onSent?.();
        asked.push({ route: route.replace('wp/v2/', ''), at: performance.now() });
        await site.onAsked(route);
        const body = [rowOf(route)];
        if (tookMs > 0) await new Promise((resolve) => setTimeout(resolve, tookMs));
        return { status: 200, body, bytes: 2, total: 1, dateMs: startMs + performance.now() - bornAt, cacheable: true };
      },
      ...{ readPage: nothing, sendForm: nothing, [Symbol.asyncDispose]: async () => undefined },
    },
    keptOf: ({ route }) => (route === `wp/v2/${kept}` ? [1, 2] : []),
    isKeptEmpty: ({ route }) => route === `wp/v2/${keptEmpty}`,
    onPurge: (purge) => void changes.push(...purge.changes),
  });
  return {
    ...{ site, asked, changes },
    async [Symbol.asyncDispose]() {
      const over = watch[Symbol.asyncDispose]();
      await vi.advanceTimersByTimeAsync(1000);
      await over;
    },
    edit: (route: string) => void versions.set(`wp/v2/${route}`, (versions.get(`wp/v2/${route}`) ?? 0) + 1),
    /** Edits it with the next second of WordPress's clock. */
    editNow: (route: string) => void nowOf.set(`wp/v2/${route}`, performance.now() - bornAt),
    /** Time passes while somebody asks the gateway. */
    async pass(seconds: number): Promise<void> {
      for (let passed = 0; passed < seconds; passed += 5) {
        watch.asked();
        await vi.advanceTimersByTimeAsync(5000);
      }
    },
  };
}

it('a kind that is edited without end takes the turn of no other', async () => {
  await using watched = open();
  const { changes, site, edit, pass } = watched;
  await pass(30);
  site.onAsked = (route) => {
    if (route === 'wp/v2/posts') edit('posts');
  };
  await pass(30);
  expect(changes.filter(({ type }) => type === 'Post').length).toBeGreaterThan(5);
  for (const [route, type] of [
    ['pages', 'Page'],
    ['tags', 'Tag'],
    ['users', 'User'],
  ] as const) {
    changes.length = 0;
    edit(route);
    await pass(10);
    expect(changes.map((change) => change.type)).toContain(type);
  }
});

it.each([0, 450])('each kind has its turn within ten seconds where each request takes %i ms', async (tookMs) => {
  await using watched = open({ tookMs });
  const { asked, changes, edit, pass } = watched;
  await pass(30);
  asked.length = 0;
  await pass(60);
  const times = asked.map(({ at }) => at);
  // No more than one request an interval, and none that was saved up.
  expect(asked.length).toBeLessThanOrEqual(60 / intervalSeconds);
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(500);
  for (const route of routes) {
    const own = asked.filter((one) => one.route === route).map(({ at }) => at);
    const gaps = own.slice(1).map((at, index) => at - (own[index] ?? 0));
    expect(Math.max(...gaps), route).toBeLessThanOrEqual(8500);
  }
  expect(changes).toEqual([]);
  edit('categories');
  await pass(10);
  expect(changes.map(({ type, id }) => [type, id])).toEqual([['Category', 1]]);
});

/** Until its deadline. */
function hang(): Promise<void> {
  const failure = new UpstreamError('UPSTREAM_TIMEOUT', 'GET: no answer within 10000 ms');
  return new Promise((_, reject) => setTimeout(() => reject(failure), 10_000));
}

it.each([
  ['fails', () => Promise.reject(new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET: 503', { status: 503 }))],
  ['hangs', hang],
])('what was edited while WordPress %s shows ten seconds after it is back', async (_, onAsked) => {
  await using watched = open();
  const { asked, changes, site, edit, pass } = watched;
  await pass(30);
  for (const seconds of [5, 20, 40, 300]) {
    asked.length = changes.length = 0;
    site.onAsked = onAsked;
    for (const route of routes) edit(route);
    await pass(seconds);
    expect(asked.length).toBeLessThanOrEqual(seconds);
    site.onAsked = () => undefined;
    await pass(10);
    expect(changes.length, `after ${seconds} s`).toBe(routes.length);
  }
});

it('a kind that hangs is asked for less, and holds up no other', async () => {
  await using watched = open();
  const { asked, changes, site, edit, pass } = watched;
  await pass(30);
  site.onAsked = (route) => (/users|comments/.test(route) ? hang() : undefined);
  for (let round = 0; round < 6; round += 1) {
    asked.length = changes.length = 0;
    for (const route of ['categories', 'posts', 'pages', 'books']) edit(route);
    await pass(15);
    expect(changes.map(({ type }) => type).sort()).toEqual(['Book', 'Category', 'Page', 'Post']);
    const hung = asked.filter(({ route }) => route === 'users' || route === 'comments');
    // Twice each at first, then within thirty seconds.
    expect(hung.length).toBeLessThanOrEqual(4);
  }
  site.onAsked = () => undefined;
  changes.length = 0;
  edit('users');
  await pass(30);
  expect(changes.map(({ type }) => type)).toEqual(['User']);
});

it('a kind that waited in line in vain is asked at its next turn', async () => {
  await using watched = open();
  const { asked, site, pass } = watched;
  await pass(30);
  const overloaded = new UpstreamError('OVERLOADED', 'GET: waited 5000 ms for a slot');
  site.onAsked = (route) =>
    route.endsWith('users') ? new Promise((_, reject) => setTimeout(() => reject(overloaded), 1500)) : undefined;
  asked.length = 0;
  await pass(60);
  expect(asked.filter(({ route }) => route === 'users').length).toBeGreaterThanOrEqual(5);
});

it('a kind that has become slow is waited for as long as it takes', async () => {
  await using watched = open();
  const { changes, site, edit, pass } = watched;
  await pass(30);
  site.onAsked = () => new Promise((resolve) => setTimeout(resolve, 6000));
  await pass(60);
  for (const route of routes) edit(route);
  await pass(180);
  expect(changes).toHaveLength(routes.length);
  site.onAsked = () => undefined;
  await pass(10);
});

it('asks for all kinds in little time once WordPress is back', async () => {
  await using opened = open({ interval: 0.1 });
  const { site, asked, pass } = opened;
  await pass(20);
  site.onAsked = () => Promise.reject(new UpstreamError('UPSTREAM_UNAVAILABLE', 'down'));
  await pass(60);
  site.onAsked = () => undefined;
  const before = asked.length;
  await pass(5);
  const after = asked.slice(before).filter(({ at }) => at - (asked[before]?.at ?? 0) <= 2500);
  expect(new Set(after.map(({ route }) => route)).size).toBe(routes.length + 1);
});

it('what was not asked while nobody was there is not made up for', async () => {
  await using watched = open();
  const { asked, pass } = watched;
  await pass(30);
  asked.length = 0;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked.length).toBeLessThan(200);
  asked.length = 0;
  await pass(10);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThanOrEqual(10 / intervalSeconds);
});

it('what happened before a kind was read for the first time is noticed by then', async () => {
  await using watched = open({ kept: 'posts' });
  const { asked, changes, editNow, pass } = watched;
  editNow('books');
  editNow('comments');
  await pass(30);
  expect(asked.length).toBeGreaterThan(10);
  expect(changes.map(({ type, id, action }) => `${type} ${id} ${action}`)).toEqual([
    // It was kept, and is not shown any more.
    'Post 2 deleted',
    'Book 1 updated',
    'Comment 1 updated',
  ]);
});

it('where it is kept that there are none of a kind that WordPress shows, everything is dropped', async () => {
  await using watched = open({ keptEmpty: 'posts' });
  const { changes, pass } = watched;
  await pass(30);
  expect(changes).toEqual([{ type: 'Post', id: null, action: 'updated', tags: null, source: 'watcher' }]);
});

it.each([
  ['by a page', { status: 404, kind: 'html' as const }],
  ['by WordPress, as a plugin is updated', { status: 404, restCode: 'rest_no_route' }],
])('a kind that is refused once %s, and was not before, is asked at its next turn', async (_, details) => {
  await using watched = open();
  const { asked, changes, site, edit, pass } = watched;
  await pass(30);
  site.onAsked = (route) => {
    if (route === 'wp/v2/posts') throw new UpstreamError('UPSTREAM_NOT_FOUND', 'GET /wp/v2/posts: 404', details);
  };
  asked.length = 0;
  await pass(10);
  site.onAsked = () => undefined;
  const refused = asked.filter(({ route }) => route === 'posts').length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(3);
  edit('posts');
  await pass(10);
  expect(changes.map(({ type, id }) => [type, id])).toEqual([['Post', 1]]);
});

it('a kind that wants a log-in is asked for seldom, though it answered before', async () => {
  await using watched = open();
  const { asked, changes, site, edit, pass } = watched;
  await pass(30);
  const error = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 401', { status: 401, restCode: 'incorrect_password' });
  site.onAsked = (route) => {
    if (route === 'wp/v2/users') throw error;
  };
  asked.length = 0;
  await pass(1800);
  expect(asked.filter(({ route }) => route === 'users').length).toBeLessThanOrEqual(9);
  site.onAsked = () => undefined;
  edit('users');
  await pass(620);
  expect(changes.map(({ type }) => type)).toEqual(['User']);
});

it.each([
  ['WordPress', { status: 401, restCode: 'rest_forbidden' }, 1],
  ['a page', { status: 403, kind: 'html' as const }, 7],
])('a kind that %s has always refused is soon asked for seldom', async (_, details, most) => {
  await using watched = open();
  const { asked, site, pass } = watched;
  site.onAsked = (route) => {
    if (route === 'wp/v2/users') throw new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/users: 403', details);
  };
  await pass(540);
  expect(asked.filter(({ route }) => route === 'users').length).toBeLessThanOrEqual(most);
  asked.length = 0;
  await pass(1200);
  expect(asked.filter(({ route }) => route === 'users').length).toBeLessThanOrEqual(3);
  expect(asked.filter(({ route }) => route === 'posts').length).toBeGreaterThan(100);
});
