// Owns how a WordPress that is down or overrun is treated: it gets fewer requests at once, and is left alone for a while.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamError } from '../../src/errors.ts';
import type { UpstreamMetrics } from '../../src/metrics.ts';
import { createClient } from '../../src/wordpress/client.ts';
import type { QueryValue, RestRequest, WordPressClient } from '../../src/wordpress/rest.ts';
import {
  answer,
  type Behaviour,
  type HostileRequest,
  hangUp,
  html,
  json,
  type Script,
  startHostileServer,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { failureOf, listPosts, rootAt, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();
const good = json([{ id: 1, slug: 'a' }]);
const busy = answer('', { status: 503 });
const listUsers = { ...listPosts, route: 'wp/v2/users' };

const now = performance.now.bind(performance);
let passedMs = 0;

afterEach(() => {
  passedMs = 0;
  vi.restoreAllMocks();
});

/** Moves the clock that waits are measured by. */
function passSeconds(seconds: number): void {
  passedMs += 1000 * seconds;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
}

type Ask = (client: WordPressClient, id: number) => Promise<unknown>;
const askPage: Ask = (client, id) => client.readPage({ method: 'HEAD', target: `/${id}/` });

it.each<[string, Ask]>([
  ['of questions that are known', (client) => client.request(listPosts)],
  [
    'of questions that are new',
    (client, id) => client.request({ ...listPosts, query: { ...listPosts.query, exclude: [1000 + id] } }),
  ],
  ['for pages that are known', (client) => askPage(client, 0)],
  ['for pages that are new', askPage],
])('a WordPress that can take two requests at once, %s, soon gets no more, and more when it can', async (_, askOne) => {
  let asked = 0;
  let bound = 2;
  let active = 0;
  let most = 0;
  const overrun: Behaviour = (socket, request) => {
    most = Math.max(most, active + 1);
    if (active >= bound) return busy(socket, request);
    active++;
    void sleep(25).then(() => {
      active--;
      good(socket, request);
    });
  };
  await withClient([overrun], { logger, maxConcurrent: 16 }, async (client) => {
    const ask = async (times: number) => {
      // WordPress may have been left alone meanwhile: one call finds out that it is there.
      await Promise.allSettled([askOne(client, asked++)]);
      const outcomes = await Promise.allSettled(Array.from({ length: times }, () => askOne(client, asked++)));
      return outcomes.filter(({ status }) => status === 'fulfilled').length;
    };
    await ask(60);
    most = 0;
    passSeconds(300);
    expect(await ask(60)).toBeGreaterThan(30);
    expect(most).toBeLessThanOrEqual(4);
    bound = 16;
    passSeconds(600);
    await ask(190);
    expect(most).toBeGreaterThan(8);
  });
});

it('a WordPress that fails at what it answered before gets fewer requests at once, however few failed', async () => {
  let isBusy = false;
  const held: (() => void)[] = [];
  const script: Script =
    ({ target }) =>
    (socket, request) => {
      if (isBusy) busy(socket, request);
      else if (target.includes('&page=')) held.push(() => good(socket, request));
      else good(socket, request);
    };
  await withClient(script, { logger }, async (client, server) => {
    await client.request(listPosts);
    isBusy = true;
    await failureOf(client.request(listPosts));
    isBusy = false;
    const sent = server.requests.length;
    const pending = [1, 2].map((page) => client.request({ ...listPosts, query: { ...listPosts.query, page } }));
    for (const number of [1, 2]) {
      await vi.waitFor(() => expect(held).toHaveLength(1));
      expect(server.requests).toHaveLength(sent + number);
      held.pop()?.();
    }
    await Promise.all(pending);
  });
});

it.each<[string, (call: number) => string, Behaviour, number]>([
  ['is busy at a page that it showed before', () => '/known/', busy, 2],
  ['is busy at pages that it never showed', (call) => `/new-${call}/`, busy, 4],
  ['says at pages that they are too many', (call) => `/new-${call}/`, answer('', { status: 429 }), 1],
])('a WordPress that %s, one after the other, gets so many requests at once', async (_, targetOf, failing, atOnce) => {
  let isUp = true;
  let slots: () => number = () => 0;
  const metrics: UpstreamMetrics = { asked: () => undefined, watchQueue: (look) => (slots = () => look().slots) };
  const script: Script = () => (isUp ? good : failing);
  await withClient(script, { logger, metrics }, async (client) => {
    const page = (target: string) => client.readPage({ method: 'HEAD', target });
    await page('/known/');
    expect(slots()).toBe(4);
    isUp = false;
    for (let call = 0; call < 4; call++) await failureOf(page(targetOf(call)));
    expect(slots()).toBe(atOnce);
  });
});

it.each<[string, (id: number) => Partial<RestRequest>, (request: HostileRequest) => boolean, number]>([
  [
    'breaks at one entry',
    (id) => ({ query: { ...listPosts.query, include: [7], exclude: [id] } }),
    ({ target }) => target.includes('include=7'),
    502,
  ],
  [
    'answers 503 to credentials that somebody makes up',
    (id) => ({ authorization: `Basic ${id}` }),
    ({ headers }) => headers.has('authorization'),
    503,
  ],
])('a WordPress that %s gets as many requests of all others', async (_, brokenOf, isBroken, status) => {
  let active = 0;
  let most = 0;
  const slow: Behaviour = (socket, request) => {
    active++;
    most = Math.max(most, active);
    void sleep(20).then(() => {
      active--;
      good(socket, request);
    });
  };
  const script: Script = (request) => (isBroken(request) ? answer('', { status }) : slow);
  await withClient(script, { logger }, async (client) => {
    let asked = 0;
    for (let round = 0; round < 20; round++) {
      most = 0;
      const others = Array.from({ length: 6 }, () =>
        client.request({ ...listPosts, query: { ...listPosts.query, include: [1], exclude: [asked++] } }),
      );
      const [failure] = await Promise.all([
        failureOf(client.request({ ...listPosts, ...brokenOf(asked++) })),
        ...others,
      ]);
      expect([failure.code, failure.details.isNotAsked]).toEqual(['UPSTREAM_UNAVAILABLE', undefined]);
    }
    expect(most).toBeGreaterThanOrEqual(4);
  });
});

it('a WordPress that takes no more logins of some, or no OPTIONS, gets as many requests of all others', async () => {
  let active = 0;
  let most = 0;
  const slow: Behaviour = (socket, request) => {
    active++;
    most = Math.max(most, active);
    void sleep(50).then(() => {
      active--;
      good(socket, request);
    });
  };
  const tooMany = answer('', { status: 429, headers: { 'retry-after': '60' } });
  const script: Script = ({ headers, method }) =>
    method === 'OPTIONS' ? busy : headers.has('authorization') ? tooMany : slow;
  await withClient(script, { logger }, async (client) => {
    for (let call = 0; call < 20; call++) {
      const authorization = `Bearer ${call}`;
      const failure = await failureOf(client.request({ ...listUsers, authorization }));
      expect([failure.code, failure.details.isNotAsked]).toEqual(['UPSTREAM_RATE_LIMITED', undefined]);
    }
    for (let call = 0; call < 4; call++) await failureOf(client.request({ ...listPosts, method: 'OPTIONS' }));
    await Promise.all(Array.from({ length: 8 }, (_, page) => client.request({ ...listPosts, query: { page } })));
    expect(most).toBeGreaterThanOrEqual(4);
  });
});

describe('a WordPress that is down', () => {
  it('is asked no more after five calls', async () => {
    await withClient([busy], { logger }, async (client, server) => {
      for (let call = 0; call < 5; call++) await failureOf(client.request(listPosts));
      const sent = server.requests.length;
      const failure = await failureOf(client.request(listPosts));
      expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
      expect(failure.message).toBe('GET /wp/v2/posts: not asked, after GET /wp/v2/posts: 503');
      expect(failure.details.retryAfterSeconds).toBeGreaterThan(0);
      expect(server.requests).toHaveLength(sent);
    });
  });

  it('is asked by one call after a while, and by all once it answers', async () => {
    let isUp = false;
    const script: Script = () => (isUp ? good : busy);
    await withClient(script, { logger }, async (client, server) => {
      for (let call = 0; call < 5; call++) await failureOf(client.request(listPosts));
      passSeconds(10);
      isUp = true;
      const sent = server.requests.length;
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => client.request(listPosts)));
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
      expect(server.requests).toHaveLength(sent + 1);
      await Promise.all([1, 2, 3].map(() => client.request(listPosts)));
      expect(server.requests).toHaveLength(sent + 4);
    });
  });

  it('and answers nothing at all has two thirds of the time for the call that finds out', async () => {
    const silent: Behaviour = () => undefined;
    await withClient([silent], { logger, timeoutMs: 100 }, async (client) => {
      const ask = async () => (await failureOf(client.request(listPosts))).message;
      for (let call = 0; call < 5; call++) expect(await ask()).toBe('GET /wp/v2/posts: no answer within 100 ms');
      passSeconds(10);
      expect(await ask()).toBe('GET /wp/v2/posts: no answer within 67 ms');
      expect(await ask()).toMatch('not asked, after GET /wp/v2/posts: no answer within 67 ms');
    });
  });

  it('in one part is asked for the others', async () => {
    const script: Script = ({ target }) => (target.includes('/users') ? busy : good);
    await withClient(script, { logger }, async (client) => {
      for (let call = 0; call < 5; call++) await failureOf(client.request(listUsers));
      expect((await failureOf(client.request(listUsers))).message).toContain('not asked');
      expect((await client.request(listPosts)).body).toEqual([{ id: 1, slug: 'a' }]);
    });
  });

  it('is not asked for its pages either, and what pages say of themselves is no failure', async () => {
    const script: Script = ({ target }) => (target === '/gone/' ? answer('', { status: 404 }) : busy);
    await withClient(script, { logger }, async (client, server) => {
      const page = (target: string) => client.readPage({ method: 'HEAD', target });
      for (let call = 0; call < 6; call++) expect((await page('/gone/')).status).toBe(404);
      passSeconds(10);
      for (let call = 0; call < 5; call++) {
        const failure = await failureOf(page(`/a${call}/?preview=true`));
        expect([failure.code, failure.message]).toEqual(['UPSTREAM_UNAVAILABLE', `HEAD /a${call}/: 503`]);
      }
      const sent = server.requests.length;
      expect((await failureOf(page('/gone/'))).message).toBe('HEAD /gone/: not asked, after HEAD /a4/: 503');
      expect(server.requests).toHaveLength(sent);
      passSeconds(10);
      expect((await page('/gone/')).status).toBe(404);
    });
  });

  it('with one question only, is asked for all else', async () => {
    const script: Script = ({ target }) => (target.includes('include=7') ? hangUp() : good);
    await withClient(script, { logger }, async (client, server) => {
      const broken = { ...listPosts, query: { ...listPosts.query, include: [7] } };
      for (let call = 0; call < 20; call++)
        expect((await failureOf(client.request(broken))).code).toBe('UPSTREAM_UNAVAILABLE');
      expect(server.requests.length).toBeLessThanOrEqual(2 * 5);
      expect((await client.request(listPosts)).body).toEqual([{ id: 1, slug: 'a' }]);
    });
  });

  it('with one kind of them, is asked for others', async () => {
    const script: Script = ({ target }) => (target.includes('/pages') ? hangUp() : good);
    await withClient(script, { logger }, async (client, server) => {
      for (let id = 1; id <= 30; id++)
        await failureOf(client.request({ route: 'wp/v2/pages', query: { ...listPosts.query, include: [id] } }));
      expect(server.requests.length).toBeLessThanOrEqual(2 * 5);
      expect((await client.request(listPosts)).body).toEqual([{ id: 1, slug: 'a' }]);
    });
  });

  it.each<[string, Behaviour]>([
    ['comes to an error', answer('', { status: 500 })],
    ['hangs up', hangUp()],
    ['is challenged', html('<!DOCTYPE html><title>Just a moment...</title>', { status: 403 })],
  ])('with a search that %s, of whatever list, is asked for all else', async (_, failure) => {
    const isSearch = ({ target }: { readonly target: string }) => /[?&]search=/.test(target);
    const script: Script = (request) => (isSearch(request) ? failure : good);
    await withClient(script, { logger }, async (client, server) => {
      const ask = (route: string, query: Readonly<Record<string, QueryValue>>) =>
        client.request({ route: `wp/v2/${route}`, query: { ...listPosts.query, ...query } });
      let searches = 0;
      for (let second = 0; second < 30; second++) {
        for (const route of ['posts', 'pages'])
          expect((await ask(route, { exclude: [1000 + second] })).body).toEqual([{ id: 1, slug: 'a' }]);
        for (const route of ['posts', 'pages', 'tags', 'posts', 'categories'])
          await failureOf(ask(route, { search: `${second} ${searches++}` }));
        passSeconds(1);
      }
      // What fails is left alone all the same.
      expect(server.requests.filter(isSearch).length).toBeLessThanOrEqual(2 * (4 * 5 + 30));
    });
  });

  it('with many questions of one shape, is asked for the others of it', async () => {
    const script: Script = ({ target }) => (target.includes('broken') ? answer('', { status: 500 }) : good);
    await withClient(script, { logger }, async (client) => {
      const bySlug = (slug: string) => client.request({ ...listPosts, query: { ...listPosts.query, slug: [slug] } });
      for (let second = 0; second < 30; second++) {
        expect((await bySlug(`new-${second}`)).body).toEqual([{ id: 1, slug: 'a' }]);
        for (let call = 0; call < 10; call++) await failureOf(bySlug(`broken-${second}-${call}`));
        passSeconds(1);
      }
    });
  });

  it('by questions that were never answered, is asked for what it answered before', async () => {
    const isBroken = ({ target }: { readonly target: string }) => target.includes('broken');
    const script: Script = (request) => (isBroken(request) ? answer('', { status: 500 }) : good);
    await withClient(script, { logger }, async (client, server) => {
      const ask = (route: string, slug: string) =>
        client.request({ route: `wp/v2/${route}`, query: { ...listPosts.query, slug: [slug] } });
      await ask('posts', 'a');
      passSeconds(20);
      for (let call = 0; call < 5; call++) await failureOf(ask(call % 2 ? 'posts' : 'pages', `broken-${call}`));
      const sent = server.requests.length;
      expect((await ask('tags', 'a')).body).toEqual([{ id: 1, slug: 'a' }]);
      const targets = server.requests.map(({ target }) => target);
      expect(targets.slice(sent)).toEqual([targets[0], targets[0]?.replace('/posts', '/tags')]);
    });
  });

  it('is asked by one of all parts and shapes at a time, and no more than once a second', async () => {
    let isDown = false;
    await withClient(
      () => (isDown ? busy : good),
      { logger },
      async (client, server) => {
        const routes = ['posts', 'pages', 'media', 'users', 'tags', 'comments'];
        const askAll = (id: number) =>
          Promise.allSettled([
            ...routes.map((route) =>
              client.request({ route: `wp/v2/${route}`, query: { ...listPosts.query, include: [id] } }),
            ),
            ...['x/v1/a', 'y/v1/b'].map((route) => client.request({ route, query: { ...listPosts.query, id } })),
            client.readPage({ method: 'HEAD', target: `/${id}/` }),
          ]);
        isDown = true;
        for (let id = 1; id <= 30; id++) await askAll(id);
        for (let second = 0; second < 60; second++) {
          const before = server.requests.length;
          await askAll(100 + second);
          expect(server.requests.length - before).toBeLessThanOrEqual(1);
          passSeconds(1);
        }
      },
    );
  });

  it.each([
    ['for some user', { authorization: 'Basic YTpi' }],
    ['for who writes', { method: 'POST', body: { type: 'application/json', data: '{}' } }],
  ] as const)('and says %s for how long, is asked by all others', async (_who, theirs) => {
    const busyForHour = answer('', { status: 429, headers: { 'retry-after': '3600' } });
    const script: Script = ({ method, headers }) =>
      method === 'POST' || headers.get('authorization') === 'Basic YTpi' ? busyForHour : good;
    await withClient(script, { logger }, async (client, server) => {
      for (let call = 0; call < 3; call++)
        expect((await failureOf(client.request({ ...listPosts, ...theirs }))).code).toBe('UPSTREAM_RATE_LIMITED');
      expect(server.requests).toHaveLength(1);
      for (const authorization of [undefined, 'Basic Yzpk']) {
        const { body } = await client.request({ ...listPosts, ...(authorization ? { authorization } : {}) });
        expect(body).toEqual([{ id: 1, slug: 'a' }]);
      }
    });
  });

  it('with one question that is asked, is asked for that once in a while', async () => {
    await withClient([answer('', { status: 500 })], { logger }, async (client, server) => {
      for (let call = 0; call < 5; call++) await failureOf(client.request(listPosts));
      for (let probe = 0; probe < 3; probe++) {
        const before = server.requests.length;
        passSeconds(10);
        for (let call = 0; call < 20; call++) await failureOf(client.request(listPosts));
        expect(server.requests).toHaveLength(before + 1);
      }
    });
  });

  it('as nothing listens there, is asked by no caller with credentials after five of them', async () => {
    await using server = await startHostileServer([good]);
    const root = rootAt(server.url);
    await server[Symbol.asyncDispose]();
    await using client = createClient(root, { logger, random: () => 0 });
    const notAsked: boolean[] = [];
    for (let caller = 0; caller < 50; caller++) {
      const { details } = await failureOf(client.request({ ...listPosts, authorization: `Basic ${caller}` }));
      notAsked.push(details.isNotAsked === true);
    }
    expect(notAsked.indexOf(true)).toBe(5);
    expect(notAsked.slice(5).every(Boolean)).toBe(true);
  });

  it('for it is updated, which takes seconds, is asked again within ten, whatever it says', async () => {
    const wpDie = { code: 'wp_die', message: 'Briefly unavailable for scheduled maintenance.', data: { status: 503 } };
    const updating = json(wpDie, { status: 503, headers: { 'retry-after': '600' } });
    let isUpdating = true;
    const script: Script = () => (isUpdating ? updating : good);
    await withClient(script, { logger }, async (client) => {
      const failures: UpstreamError[] = [];
      for (let call = 0; call < 6; call++) failures.push(await failureOf(client.request(listPosts)));
      expect(failures.map(({ details }) => details.isNotAsked === true)).toEqual([...Array(5).fill(false), true]);
      expect(failures[0]?.waitSeconds).toBeUndefined();
      expect(failures[5]?.waitSeconds).toBeLessThanOrEqual(10);
      isUpdating = false;
      passSeconds(10);
      expect((await client.request(listPosts)).body).toEqual([{ id: 1, slug: 'a' }]);
    });
  });

  it('and says for how long, is asked after that', async () => {
    const script = [answer('', { status: 429, headers: { 'retry-after': '60' } }), good];
    await withClient(script, { logger }, async (client, server) => {
      for (let call = 0; call < 3; call++) {
        const failure = await failureOf(client.request(listPosts));
        expect(failure.code).toBe('UPSTREAM_RATE_LIMITED');
      }
      expect(server.requests).toHaveLength(1);
      passSeconds(60);
      expect((await client.request(listPosts)).body).toEqual([{ id: 1, slug: 'a' }]);
    });
  });
});
