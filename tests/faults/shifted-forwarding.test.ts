// An answer too many on a connection over which requests are forwarded: nobody gets what is somebody else's.

import { request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { startMarkedServer } from '../reliability/marked-site.ts';
import { type Behaviour, html, withExtra } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

vi.setConfig({ testTimeout: 120_000 });

afterEach(() => void vi.restoreAllMocks());

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
async function openForwarding(
  send: (right: Behaviour, target: string) => Behaviour,
  { connections = 6, cookie }: { readonly connections?: number; readonly cookie?: string } = {},
) {
  const server = await startMarkedServer(({ method, target, headers }) => {
    if (!target.startsWith('/x/')) return null;
    const owner = headers.get('cookie') ?? headers.get('authorization') ?? headers.get('x-my-token') ?? 'anybody';
    const head = cookie ? { headers: { 'set-cookie': cookie } } : {};
    return send(html(`${method} ${target} of ${owner}`, head), target);
  });
  const { logger, lines } = createRecordingLogger();
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  const settings = {
    ...fixed,
    WORDPRESS_URL: server.url,
    FORWARD_TO_WORDPRESS: 'on',
    UPSTREAM_CONCURRENCY: String(connections),
  };
  const headgate = await startHeadgate(loadConfig(settings), logger);
  return {
    server,
    lines,
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

it.each([4, 6, 15].flatMap((afterMs) => [1, 6].map((connections) => [afterMs, connections] as const)))(
  '300 requests of seven get their own answers, with another one %i ms after each, over at most %i connections',
  async (afterMs, connections) => {
    await using site = await openForwarding((right) => withExtra(right, right, afterMs), { connections });
    const wrong: string[] = [];
    let at = 0;
    const askSome = async () => {
      while (at < 300) {
        const index = at++;
        const [who, how] = askers[(index * 5) % askers.length] ?? ['', {}];
        const { given, right } = await site.ask({ ...how, path: `/x/${index}${index % 3 === 0 ? '.css' : '/'}` });
        if (given !== right) wrong.push(`${who}: ${given}, not ${right}`);
        await sleep((index % 3) * 5);
      }
    };
    await Promise.all([askSome(), askSome()]);
    expect(wrong).toEqual([]);
  },
);

it('only files that are everybody’s come over connections that are used again', async () => {
  await using site = await openForwarding((right) => right, { connections: 1 });
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
  // What has a connection of its own needs the room of the one that is used again.
  expect(new Set(site.usesOf(/style|photo/))).toEqual(new Set([3]));
});

it('a file that sets a cookie is the last one on its connection', async () => {
  await using site = await openForwarding((right) => right, { cookie: 'a=b' });
  for (let round = 0; round < 3; round++) await site.ask({ path: '/x/cookie.css' });
  expect(site.usesOf(/cookie/)).toEqual([1, 1, 1]);
});

it('a file comes over a new connection where the one that is used again is closed', async () => {
  const used = new WeakSet();
  const closing = (right: Behaviour): Behaviour => {
    return (socket, asked) => {
      if (used.has(socket)) socket.destroy();
      else right(socket, asked);
      used.add(socket);
    };
  };
  await using site = await openForwarding(closing, { connections: 1 });
  for (const path of ['/x/a.css', '/x/b.css', '/x/c.css']) {
    const { given, right } = await site.ask({ path });
    expect(given).toBe(right);
  }
  expect(site.usesOf(/css/)).toEqual([2, 2, 2, 2, 1]);
});

it('a file comes over a new connection after thirty seconds: the site may have moved to another host', async () => {
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
  await using site = await openForwarding((right) => right, { connections: 1 });
  for (const path of ['/x/a.css', '/x/b.css']) await site.ask({ path });
  aheadMs = 30_000;
  await site.ask({ path: '/x/c.css' });
  expect(site.usesOf(/css/)).toEqual([2, 2, 1]);
});

/** Two files, one after which something happens to the connection, and two once that one is closed. */
async function askAround(after: Behaviour) {
  await using site = await openForwarding(
    (right, target) => (target.includes('last') ? withExtra(right, after, 10) : right),
    { connections: 1 },
  );
  const askFor = async (path: string) => {
    const { given, right } = await site.ask({ path });
    expect(given).toBe(right);
  };
  for (const path of ['/x/a.css', '/x/b.css', '/x/last.css']) await askFor(path);
  const used = site.server.requests.find(({ target }) => target.includes('last'))?.connection;
  await vi.waitFor(() => expect(site.server.openConnections).not.toContain(used));
  for (const path of ['/x/c.css', '/x/d.css']) await askFor(path);
  const warnings = site.lines.filter(({ msg }) => msg?.includes('more than answers')).length;
  return { before: site.usesOf(/[ab]\.css/), later: site.usesOf(/[cd]\.css/), warnings };
}

it.each([
  ['an answer', html('of somebody else')],
  ['what is none', (socket: Socket) => void socket.write('<p>')],
])('files have connections of their own once %s too much came over one', async (_what, extra) => {
  expect(await askAround(extra)).toEqual({ before: [3, 3], later: [1, 1], warnings: 1 });
});

it('a connection that the server closes while it rests is no reason for that', async () => {
  expect(await askAround((socket) => void socket.end())).toEqual({ before: [3, 3], later: [2, 2], warnings: 0 });
});

it('files come over connections that have rested', async () => {
  await using site = await openForwarding((right) => right);
  for (const round of [1, 2]) {
    await Promise.all(['a', 'b', 'c'].map((name) => site.ask({ path: `/x/${name}.css?v=${round}` })));
    await sleep(250);
  }
  expect(site.usesOf(/css/)).toEqual([2, 2, 2, 2, 2, 2]);
});

/** An answer too many comes after one file, and while the next one is awaited. */
async function openLate(connections: number) {
  return openForwarding(
    (right, target) => {
      if (target.includes('late')) return (socket, asked) => void setTimeout(() => right(socket, asked), 40);
      return target.includes('last') ? withExtra(right, html('of somebody else'), 10) : right;
    },
    { connections },
  );
}

it('a file does not come over a connection that has not rested, as long as there is room for another one', async () => {
  await using site = await openLate(6);
  await site.ask({ path: '/x/a.css' });
  await sleep(250);
  await site.ask({ path: '/x/last.css' });
  const { given, right } = await site.ask({ path: '/x/late.css' });
  expect(given).toBe(right);
  expect(site.usesOf(/last/)).toEqual([2]);
});

it('a file waits where there is no room, until one connection has rested', async () => {
  await using site = await openLate(1);
  await site.ask({ path: '/x/last.css' });
  const { given, right } = await site.ask({ path: '/x/late.css' });
  expect(given).toBe(right);
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
