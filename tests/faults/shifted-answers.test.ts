// An answer too many on a connection that is kept alive: what was kept shortly before it was noticed is asked for again.

import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { type Fault, startMarkedServer } from '../reliability/marked-site.ts';
import { type Behaviour, type HostileRequest, html, json, withExtra } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

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
  /** Answers to pages, by path. */
  type Pages = (path: string, request: HostileRequest) => Behaviour;

  const leadTo = (id: number) =>
    html('', {
      headers: { link: `<http://marked.test/wp-json/wp/v2/posts/${id}>; rel="alternate"; type="application/json"` },
    });

  /** Starts a gateway in front of such pages; `ask` gives the node at an address, and what WordPress was asked for it. */
  async function openPages(pages: Pages) {
    const asked: { readonly what: string; readonly connection: number }[] = [];
    const server = await startMarkedServer((request) => {
      const { pathname, searchParams } = new URL(request.target, 'http://marked.test');
      if (request.method !== 'HEAD') {
        const { connection } = request;
        if (pathname.endsWith('/posts')) asked.push({ what: `GET ${searchParams.get('include')}`, connection });
        return null;
      }
      asked.push({ what: `HEAD ${pathname}`, connection: request.connection });
      return pages(pathname, request);
    });
    const { logger, lines } = createRecordingLogger();
    const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
    const headgate = await startHeadgate(loadConfig({ ...fixed, WORDPRESS_URL: server.url }), logger);
    return {
      lines,
      async ask(uri: string, fields = 'databaseId title') {
        asked.length = 0;
        const query = `{ nodeByUri(uri: ${JSON.stringify(uri)}) { ... on Post { ${fields} } } }`;
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        };
        const { data, errors } = await (await fetch(`${headgate.url}/graphql`, init)).json();
        expect(errors).toBeUndefined();
        return { id: data.nodeByUri?.databaseId ?? null, asked: asked.map(({ what }) => what) };
      },
      asked,
      async [Symbol.asyncDispose]() {
        await headgate[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  const rightly: Pages = (_, { target }) => leadTo(Number(/\d+/.exec(target.replace('%70', 'p'))?.[0]));

  it.each([
    ['late', 15],
    ['at once', 0],
  ])('is asked for again where it was an answer to another request, and its own came %s', async (_, afterMs) => {
    const seen = new Set<number>();
    await using site = await openPages((path, request) => {
      const isShifted = path === '/post-5/' && seen.has(request.connection);
      seen.add(request.connection);
      if (!isShifted) return rightly(path, request);
      return afterMs > 0 ? withExtra(leadTo(7), leadTo(5), afterMs) : twice(leadTo(7), leadTo(5));
    });
    const kept = { id: 6, asked: ['HEAD /post-6/', 'GET 6'] };
    expect(await site.ask('/post-6/')).toEqual(kept);
    expect(await site.ask('/post-6/')).toEqual({ id: 6, asked: [] });
    expect(await site.ask('/post-5/')).toEqual({ id: 5, asked: ['HEAD /post-5/', 'GET 7', 'HEAD /post-5/', 'GET 5'] });
    const heads = site.asked.filter(({ what }) => what.startsWith('HEAD'));
    expect(heads[0]?.connection).not.toBe(heads[1]?.connection);
    // What was kept of the last minute is dropped, that of other addresses too; from then on nothing shares a connection.
    expect(await site.ask('/post-6/')).toEqual(kept);
    expect((await site.ask('/post-5/')).id).toBe(5);
    expect(await site.ask('/post-9/')).toEqual({ id: 9, asked: ['HEAD /post-9/', 'GET 9'] });
    expect(new Set(site.asked.map(({ connection }) => connection)).size).toBe(2);
    expect(site.lines.map(({ msg }) => msg)).toContain(
      'HEAD /post-5/: the answer before was to another request, as a new connection shows',
    );
  });

  it('is asked for once more where a site has its own way, and for the like of it no more', async () => {
    await using site = await openPages(rightly);
    expect(await site.ask('/fr/post-5/')).toEqual({ id: 5, asked: ['HEAD /fr/post-5/', 'GET 5', 'HEAD /fr/post-5/'] });
    expect(await site.ask('/fr/post-6/')).toEqual({ id: 6, asked: ['HEAD /fr/post-6/', 'GET 6'] });
    expect(await site.ask('/post-7/amp/')).toEqual({
      id: 7,
      asked: ['HEAD /post-7/amp/', 'GET 7', 'HEAD /post-7/amp/'],
    });
    expect(await site.ask('/post-8/amp/')).toEqual({ id: 8, asked: ['HEAD /post-8/amp/', 'GET 8'] });
    expect(await site.ask('/alias-9/')).toEqual({ id: 9, asked: ['HEAD /alias-9/', 'GET 9', 'HEAD /alias-9/'] });
    expect(await site.ask('/alias-9/')).toEqual({ id: 9, asked: [] });
    // No connection was taken for shifted.
    expect(site.lines.filter(({ msg }) => /another request/.test(String(msg)))).toEqual([]);
  });

  it('costs nothing more where it has the address, or a page of it', async () => {
    await using site = await openPages(rightly);
    for (const uri of ['/post-3/', '/POST-4', '/%70ost-5/', '/post-6/2/', '/post-8/comment-page-2/', '/?p=9']) {
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
