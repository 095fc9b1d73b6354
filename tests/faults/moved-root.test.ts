// Owns sites whose REST API is no more at /wp-json/: what is asked for is asked for by a query from then on.

import { expect, it, vi } from 'vitest';
import { answer, html, json, restError, type Script, stall } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { failureOf, listPosts, listPostsTarget, withClient } from './with-client.ts';

const index = { name: 'Site', namespaces: ['oembed/1.0', 'wp/v2'] };
const posts = [{ id: 1, slug: 'a' }];
const indexTarget = '/wp-json/?_fields=namespaces';
const movedIndexTarget = '/?rest_route=/&_fields=namespaces';
const movedPostsTarget = '/?rest_route=/wp/v2/posts&per_page=2&_fields=id,slug';

const apache404 = html('<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><title>404 Not Found</title>', {
  status: 404,
});
const home = html('<!DOCTYPE html><title>Home</title>');

/** A site without permalinks: WordPress hears of its REST API by a query only. */
function plain(elsewhere: ReturnType<typeof html>): Script {
  return ({ target }) => {
    const route = new URL(target, 'http://site.test').searchParams.get('rest_route');
    if (route === '/wp/v2/posts') return json(posts);
    return route === '/' ? json(index) : elsewhere;
  };
}

it.each([
  ['a page that it is not there', apache404],
  ['an empty answer that it is not there', answer('', { status: 404 })],
  ['the front page', home],
])('follows it where %s comes instead', async (_, elsewhere) => {
  const { logger, lines } = createRecordingLogger();
  await withClient(plain(elsewhere), { logger }, async (client, server) => {
    expect((await client.request(listPosts)).body).toEqual(posts);
    expect((await client.request(listPosts)).body).toEqual(posts);
    const targets = server.requests.map(({ target }) => target);
    const found = [listPostsTarget, indexTarget, movedIndexTarget, movedPostsTarget];
    expect(targets).toEqual([...found, movedPostsTarget]);
    expect(JSON.stringify(lines)).toContain('read by ?rest_route= from now on');
  });
});

it('looks for it once, whoever asks at the same time', async () => {
  const { logger } = createRecordingLogger();
  await withClient(plain(apache404), { logger }, async (client, server) => {
    const answers = await Promise.all([1, 2, 3].map(() => client.request(listPosts)));
    expect(answers.map(({ body }) => body)).toEqual([posts, posts, posts]);
    expect(server.requests.filter(({ target }) => target === indexTarget)).toHaveLength(1);
  });
});

it('leaves a write alone, and sends the next one there', async () => {
  const { logger } = createRecordingLogger();
  const write = { method: 'POST', route: 'wp/v2/posts', body: { type: 'application/json', data: '{}' } } as const;
  await withClient(plain(apache404), { logger }, async (client, server) => {
    expect((await failureOf(client.request(write))).code).toBe('UPSTREAM_NOT_FOUND');
    await client.request(write).catch(() => null);
    const sent = server.requests.filter(({ method }) => method === 'POST').map(({ target }) => target);
    expect(sent).toEqual(['/wp-json/wp/v2/posts', '/?rest_route=/wp/v2/posts']);
  });
});

it.each([
  ['a route is closed by a page', apache404, json(index), 'UPSTREAM_NOT_FOUND', [listPostsTarget, indexTarget]],
  ['it is nowhere', apache404, apache404, 'UPSTREAM_NOT_FOUND', [listPostsTarget, indexTarget, movedIndexTarget]],
  [
    'the site is down',
    apache404,
    answer('', { status: 500 }),
    'UPSTREAM_NOT_FOUND',
    [listPostsTarget, indexTarget, indexTarget],
  ],
  [
    'WordPress has no such route',
    restError(404, 'rest_no_route'),
    json(index),
    'UPSTREAM_NOT_FOUND',
    [listPostsTarget],
  ],
] as const)('stays where it was where %s, and does not ask each time', async (_, list, atRoot, code, asked) => {
  const { logger } = createRecordingLogger();
  const script: Script = ({ target }) => (target === listPostsTarget ? list : atRoot);
  await withClient(script, { logger }, async (client, server) => {
    expect((await failureOf(client.request(listPosts))).code).toBe(code);
    expect(server.requests.map(({ target }) => target)).toEqual(asked);
    expect((await failureOf(client.request(listPosts))).code).toBe(code);
    expect(server.requests.map(({ target }) => target)).toEqual([...asked, listPostsTarget]);
  });
});

it('looks again after a minute', async () => {
  const { logger } = createRecordingLogger();
  let isPlain = false;
  const found = plain(apache404);
  const script: Script = (request, number) =>
    typeof found === 'function' && isPlain ? found(request, number) : apache404;
  await withClient(script, { logger }, async (client) => {
    await failureOf(client.request(listPosts));
    isPlain = true;
    await failureOf(client.request(listPosts));
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    expect((await client.request(listPosts)).body).toEqual(posts);
    clock.mockRestore();
  });
});

it('takes no longer than a request may', async () => {
  const { logger } = createRecordingLogger();
  const script: Script = ({ target }) => (target === indexTarget ? stall() : apache404);
  await withClient(script, { logger, timeoutMs: 400 }, async (client, server) => {
    const [first, second] = await Promise.all([1, 2].map(() => failureOf(client.request(listPosts))));
    expect([first?.code, second?.code]).toEqual(['UPSTREAM_NOT_FOUND', 'UPSTREAM_NOT_FOUND']);
    expect(server.requests.filter(({ target }) => target === indexTarget)).toHaveLength(1);
  });
});

it('leaves nobody waiting for longer than for an answer', async () => {
  const { logger } = createRecordingLogger();
  const slow: Script = () => (socket, request) => void setTimeout(() => apache404(socket, request), 300);
  await withClient(slow, { logger, timeoutMs: 500 }, async (client, server) => {
    expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_NOT_FOUND');
    // The index has not been answered by then, nor is it asked for elsewhere.
    expect(server.requests.map(({ target }) => target)).toEqual([listPostsTarget, indexTarget]);
  });
});

it('goes back where it was once that is the place again', async () => {
  const { logger, lines } = createRecordingLogger();
  let isPlain = true;
  const pretty: Script = ({ target }) => {
    if (target.startsWith('/?rest_route=')) return apache404;
    return json(target === indexTarget ? index : posts);
  };
  const script: Script = (request, number) => {
    const at = isPlain ? plain(apache404) : pretty;
    return typeof at === 'function' ? at(request, number) : apache404;
  };
  const now = performance.now.bind(performance);
  await withClient(script, { logger }, async (client, server) => {
    expect((await client.request(listPosts)).body).toEqual(posts);
    isPlain = false;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    const before = server.requests.length;
    for (const _ of [1, 2]) expect((await client.request(listPosts)).body).toEqual(posts);
    clock.mockRestore();
    const targets = server.requests.slice(before).map(({ target }) => target);
    expect(targets).toEqual([movedPostsTarget, movedIndexTarget, indexTarget, listPostsTarget, listPostsTarget]);
    expect(JSON.stringify(lines)).toContain('read at /wp-json/ from now on');
  });
});
