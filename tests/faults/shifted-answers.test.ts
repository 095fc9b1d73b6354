// An answer too many on a connection that is kept alive: what was kept shortly before it was noticed is asked for again.

import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { type Fault, startMarkedServer } from '../reliability/marked-site.ts';
import { type Behaviour, html, json, redirect, withExtra } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { tellKinds } from '../support/told-kinds.ts';

vi.setConfig({ testTimeout: 60_000 });

it('a gateway forgets what it kept of the last minute, answers and parts of them', async () => {
  let isShifted = false;
  const asked: string[] = [];
  const fault: Fault = (request, right) => {
    const [route = ''] = /(posts|users|categories)\b[^?]*/.exec(request.target) ?? [];
    if (route !== '') asked.push(route);
    if (!isShifted || !route.startsWith('posts')) return null;
    isShifted = false;
    return (socket) => {
      json({ id: 666, title: { rendered: 'of another one' } })(socket, request);
      right(socket, request);
    };
  };
  await using server = await startMarkedServer(fault);
  const { logger } = createRecordingLogger();
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  await using headgate = await startHeadgate(loadConfig({ ...fixed, WORDPRESS_URL: server.url }), logger);
  const ask = async (query: string): Promise<string> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    return (await fetch(`${headgate.url}/graphql`, init)).text();
  };
  const post = (id: number) => `{ post(id: "${id}", idType: DATABASE_ID) { title } }`;
  const right = await ask(post(1));
  expect(right).toContain('@owner-0@');
  asked.length = 0;
  expect(await ask(post(1))).toBe(right);
  expect(asked).toEqual([]);

  isShifted = true;
  const second = await ask(post(2));
  expect(second).toContain('@owner-0@');
  expect(second).not.toContain('of another one');
  // What this very answer brought came on a new connection, and is kept.
  asked.length = 0;
  expect(await ask(post(1))).toBe(right);
  expect(asked).toHaveLength(1);
  expect(await ask(post(1))).toBe(right);
  expect(asked).toHaveLength(1);
  const metrics = await (await fetch(`${headgate.url}/metrics`)).text();
  expect(metrics).toMatch(/^headgate_purged_answers_total [1-9]/m);
});

describe('what an address leads to', () => {
  const leadTo = (id: number) =>
    html('', {
      headers: { link: `<http://marked.test/wp-json/wp/v2/posts/${id}>; rel="alternate"; type="application/json"` },
    });

  /** What a site makes of a right answer. */
  type Spoil = (right: Behaviour) => Behaviour;

  const asIs: Spoil = (right) => right;

  /**
   * Starts a gateway in front of a site that spoils pages which are not the first on their connection, and maybe the first
   * as well. `ask` gives the node at an address, and what WordPress was asked for it.
   */
  async function openPages(spoil: Spoil, spoilFirst = asIs) {
    const asked: string[] = [];
    const used = new Set<number>();
    const server = await startMarkedServer((request, right) => {
      const { pathname, searchParams } = new URL(request.target, 'http://marked.test');
      const isUsed = used.has(request.connection);
      used.add(request.connection);
      if (pathname.endsWith('/posts')) asked.push(`GET ${searchParams.get('include')}`);
      const kinds = tellKinds(request.method, pathname);
      if (kinds) return json(kinds);
      if (pathname.startsWith('/wp-json')) return null;
      if (request.method === 'HEAD') asked.push(`HEAD ${pathname}`);
      const page = /\d/.test(request.target) ? leadTo(Number(/\d+/.exec(request.target)?.[0])) : right;
      return (isUsed ? spoil : spoilFirst)(page);
    });
    const { logger, lines } = createRecordingLogger();
    const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
    const headgate = await startHeadgate(loadConfig({ ...fixed, WORDPRESS_URL: server.url }), logger);
    return {
      lines,
      server,
      async ask(uri: string) {
        asked.length = 0;
        const query = `{ nodeByUri(uri: ${JSON.stringify(uri)}) { ... on Post { databaseId title } } }`;
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        };
        const { data, errors } = await (await fetch(`${headgate.url}/graphql`, init)).json();
        expect(errors).toBeUndefined();
        return { id: data.nodeByUri?.databaseId ?? null, asked: [...asked] };
      },
      async [Symbol.asyncDispose]() {
        await headgate[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  const others: readonly (readonly [string, Behaviour])[] = [
    ['that nothing is there', html('', { status: 404 })],
    ['a redirect', redirect('/elsewhere/', 301)],
    ['another page', leadTo(7)],
  ];
  const answers = others.flatMap(([name, other]) => [
    [name, 'late', (right: Behaviour) => withExtra(other, right, 15)] as const,
    [name, 'at once', (right: Behaviour) => twice(other, right)] as const,
  ]);

  it.each(answers)('is not what answered another request: %s, its own behind it %s', async (_name, _when, spoil) => {
    await using site = await openPages(spoil);
    for (const id of [5, 6, 8]) {
      expect(await site.ask(`/post-${id}/`)).toEqual({ id, asked: [`HEAD /post-${id}/`, `GET ${id}`] });
      // What is at hand is asked for no more, and so compared with nothing.
      expect(await site.ask(`/another-${id}/`)).toEqual({ id, asked: [`HEAD /another-${id}/`] });
    }
    const { requests } = site.server;
    const pages = requests.filter(({ method }) => method === 'HEAD').map(({ connection }) => connection);
    expect(pages.map((page) => requests.filter(({ connection }) => connection === page).length)).toEqual(
      pages.map(() => 1),
    );
  });

  it.each([
    ['late', (right: Behaviour, other: Behaviour) => withExtra(right, other, 2)],
    ['at once', twice],
  ])('is right where an answer too many comes behind every page, %s', async (_when, send) => {
    for (const [name, other] of others) {
      await using site = await openPages(
        (right) => twice(other, right),
        (right) => send(right, other),
      );
      for (const id of [5, 6, 8, 9]) expect((await site.ask(`/post-${id}/`)).id, name).toBe(id);
      expect((await site.ask('/no-number/')).id, name).toBeNull();
      // Nothing is doubted, as nothing was shifted.
      expect(site.lines.filter(({ level }) => level >= 40)).toEqual([]);
    }
  });

  it('costs one request of a page, whatever way the site has with its addresses', async () => {
    await using site = await openPages(asIs);
    for (const uri of ['/post-3/', '/fr/post-4/', '/post-5/amp/', '/alias-6/', '/post-7/2/', '/?p=9']) {
      const { id, asked } = await site.ask(uri);
      expect(asked, uri).toEqual([expect.stringMatching(/^HEAD /), `GET ${id}`]);
    }
  });
});

/** Answers twice in one go. */
function twice(first: Behaviour, second: Behaviour): Behaviour {
  return (socket, request) => {
    first(socket, request);
    second(socket, request);
  };
}
