// An answer too many on a connection over which requests are forwarded: nobody gets what is somebody else's.

import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { startMarkedServer } from '../reliability/marked-site.ts';
import { type Behaviour, html, withExtra } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * A site whose pages say what was asked for and by whom, which `send` sends, and a gateway that forwards to it. `ask` gives
 * what came and what should have.
 */
async function openForwarding(send: (right: Behaviour) => Behaviour, more: Record<string, string> = {}) {
  const server = await startMarkedServer(({ method, target, headers }) => {
    if (!target.startsWith('/x/')) return null;
    const owner = headers.get('cookie') ?? headers.get('authorization') ?? headers.get('x-my-token') ?? 'anybody';
    const head = more['set-cookie'] && target.includes('cookie') ? { headers: { 'set-cookie': 'a=b' } } : {};
    return send(html(`${method} ${target} of ${owner}`, head));
  });
  const { logger } = createRecordingLogger();
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  const settings = { ...fixed, WORDPRESS_URL: server.url, FORWARD_TO_WORDPRESS: 'on', UPSTREAM_CONCURRENCY: '6' };
  const headgate = await startHeadgate(loadConfig(settings), logger);
  return {
    server,
    async ask({ method = 'GET', path, headers = {}, ...leaving }: Asked) {
      const owner = Object.values(headers)[0] ?? 'anybody';
      const given = await new Promise<string>((resolve, reject) => {
        const sent = request(`${headgate.url}${path}`, { method, headers, ...leaving }, (answer) => {
          text(answer).then(resolve, reject);
        });
        sent.on('error', reject).end();
      });
      return { given, right: `${method} ${path} of ${owner}` };
    },
    /** Connections over which `path` went, with all that went over them. */
    usesOf(path: RegExp): number[] {
      const { requests } = server;
      const own = requests.filter(({ target }) => path.test(target)).map(({ connection }) => connection);
      return own.map((one) => requests.filter(({ connection }) => connection === one).length);
    },
    async [Symbol.asyncDispose]() {
      await headgate[Symbol.asyncDispose]();
      await vi.waitFor(() => expect(server.openConnections).toEqual([]));
      await server[Symbol.asyncDispose]();
    },
  };
}

const askers: readonly (readonly [string, Omit<Asked, 'path'>])[] = [
  ...['alice', 'bob', 'carol'].map((who) => [`${who} by cookie`, { headers: { cookie: who } }] as const),
  ...[['a user by password', { headers: { authorization: 'Basic eDp5' } }] as const],
  ...[['a user by the header of a plugin', { headers: { 'x-my-token': 'dave' } }] as const],
  ...[['anybody', {}] as const, ['anybody who writes', { method: 'POST' }] as const],
];

it.each([4, 6, 15])(
  '300 requests of seven get their own answers, with another one %i ms after each',
  async (afterMs) => {
    await using site = await openForwarding((right) => withExtra(right, right, afterMs));
    const wrong: string[] = [];
    let at = 0;
    const askSome = async () => {
      while (at < 300) {
        const index = at++;
        const [who, how] = askers[(index * 5) % askers.length] ?? ['', {}];
        const { given, right } = await site.ask({ ...how, path: `/x/${index}${index % 3 === 0 ? '.css' : '/'}` });
        // A file of everybody may come in place of another such file.
        if (given !== right && !/^GET \S+\.css of anybody$/.test(given)) wrong.push(`${who}: ${given}, not ${right}`);
        await sleep((index % 3) * 5);
      }
    };
    await Promise.all([askSome(), askSome()]);
    expect(wrong).toEqual([]);
  },
);

it('only files that are everybody’s come over connections that are used again', async () => {
  await using site = await openForwarding((right) => right);
  for (let round = 0; round < 3; round++) {
    for (const [, how] of askers) {
      const { given, right } = await site.ask({ ...how, path: '/x/page/' });
      expect(given).toBe(right);
    }
    for (const path of ['/x/a.php/b.css', '/x/b.css?user=1', '/x/c.pdf', '/x/feed.xml']) await site.ask({ path });
    await site.ask({ path: '/x/mine.css', headers: { cookie: 'alice' } });
    for (const path of ['/x/style.css', '/x/style.css?ver=6.9.1', '/x/photo.JPG']) await site.ask({ path });
  }
  const alone = site.usesOf(/^\/x\/(?:page|mine|a\.php|b\.css|c\.pdf|feed)/);
  expect(alone).toEqual(alone.map(() => 1));
  expect(new Set(site.usesOf(/style|photo/))).toEqual(new Set([9]));
});

it('a file that sets a cookie is the last one on its connection', async () => {
  await using site = await openForwarding((right) => right, { 'set-cookie': 'on' });
  for (let round = 0; round < 3; round++) await site.ask({ path: '/x/cookie.css' });
  expect(site.usesOf(/cookie/)).toEqual([1, 1, 1]);
});

it('a file comes over a new connection where the one that is used again is closed', async () => {
  const used = new WeakSet();
  await using site = await openForwarding((right) => (socket, asked) => {
    if (used.has(socket)) socket.destroy();
    else right(socket, asked);
    used.add(socket);
  });
  for (const path of ['/x/a.css', '/x/b.css', '/x/c.css']) {
    const { given, right } = await site.ask({ path });
    expect(given).toBe(right);
  }
  expect(site.usesOf(/css/)).toEqual([2, 2, 2, 2, 1]);
});

it('there are never more connections than requests may be sent at a time, and none is left open', async () => {
  let most = 0;
  await using site = await openForwarding((right) => (socket, asked) => {
    most = Math.max(most, site.server.openConnections.length);
    setTimeout(() => right(socket, asked), 10);
  });
  const paths = Array.from({ length: 40 }, (_, index) => `/x/${index}${index % 2 === 0 ? '.css' : '/'}`);
  for (const { given, right } of await Promise.all(paths.map((path) => site.ask({ path })))) expect(given).toBe(right);
  // One that ends is still there for a moment when the next one comes.
  expect(most).toBeLessThanOrEqual(6 + 6);
  await vi.waitFor(() => expect(site.server.openConnections.length).toBeLessThanOrEqual(6));
});

it('clients that leave, one after the other, bring no more requests at once than those who stay', async () => {
  const held: (() => void)[] = [];
  let isSlow = true;
  await using site = await openForwarding((right) => (socket, asked) => {
    if (isSlow) held.push(() => right(socket, asked));
    else right(socket, asked);
  });
  for (let client = 0; client < 10; client++) {
    const leaving = new AbortController();
    const left = expect(site.ask({ path: `/x/${client}/`, signal: leaving.signal })).rejects.toThrow();
    if (client < 6) await vi.waitFor(() => expect(held).toHaveLength(client + 1));
    // Long enough to arrive, if it were sent.
    else await sleep(50);
    leaving.abort();
    await left;
  }
  await sleep(50);
  expect(held).toHaveLength(6);
  isSlow = false;
  for (const goOn of held) goOn();
  const { given, right } = await site.ask({ path: '/x/page/' });
  expect(given).toBe(right);
});
