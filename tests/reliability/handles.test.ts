// Whatever clients and WordPress do to their connections, the gateway holds as many as before once they are gone.
// `npm run soak` does it with a hundred times as many.

import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import * as hostile from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type Fault, startMarkedServer } from './marked-site.ts';
import { createRandom, pick, repeat, report, scaleOf } from './scale.ts';

const scale = scaleOf('soak', { clients: 300 }, { clients: 30_000 });
const random = createRandom(11);

/** What WordPress does to a third of the requests. */
const faults: readonly hostile.Behaviour[] = [
  hostile.hangUp(),
  hostile.reset(),
  hostile.resetInBody(),
  hostile.truncated('[{"id"'),
  hostile.stall(),
  hostile.dripBody(20),
  hostile.answer('', { status: 503 }),
];

/** How many files and sockets are open: all of the process where the system tells, else those that Node.js knows. */
function countOpen(): number {
  if (process.platform === 'linux') return readdirSync('/proc/self/fd').length;
  return process.getActiveResourcesInfo().filter((name) => /^TCP|^Pipe|^FS/.test(name)).length;
}

/** Ways of a client, from the moment that it is connected to the one that it is gone. */
const clients: readonly ((socket: Socket, request: string) => void)[] = [
  (socket, request) => socket.end(request),
  (socket, request) => socket.write(request, () => setTimeout(() => socket.destroy(), 5)),
  (socket, request) => socket.write(request, () => setTimeout(() => socket.resetAndDestroy(), 5)),
  (socket, request) => socket.write(request.slice(0, 40), () => setTimeout(() => socket.destroy(), 5)),
  (socket, request) => socket.end(request.slice(0, -5)),
  (socket, request) => socket.end(request.repeat(5)),
  (socket) => socket.end('GARBAGE\r\n\r\n'),
  (socket) => socket.destroy(),
];

it('no connection, file or handle stays', { timeout: 1_800_000 }, async () => {
  let isHostile = false;
  const fault: Fault = () => (isHostile && random() < 0.3 ? pick(random, faults) : null);
  const { logger } = createRecordingLogger();
  await using server = await startMarkedServer(fault);
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  const settings = { ...fixed, WORDPRESS_URL: server.url, UPSTREAM_TIMEOUT_SECONDS: '1', FRESH_SECONDS: '0' };
  await using headgate = await startHeadgate(loadConfig(settings), logger);
  const { port } = new URL(headgate.url);
  const ask = () => fetch(`${headgate.url}/graphql?query={posts{nodes{title}}}`, { headers: { connection: 'close' } });
  await (await ask()).text();
  // Connections to WordPress that are kept alive are as many as are wanted at once, and both of their ends are here.
  const count = () => countOpen() - 2 * server.openConnections.length;
  const before = count();
  isHostile = true;
  await repeat(scale.clients, 20, async (index) => {
    const query = `{ posts(first: ${1 + (index % 50)}) { nodes { title author { node { name } } } } }`;
    const body = JSON.stringify({ query });
    const head = `POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const socket = connect(Number(port), '127.0.0.1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.resume();
    socket.once('connect', () => pick(random, clients)(socket, head + body));
    // Some wait for an answer, and some are left hanging by what they sent.
    await Promise.race([gone, sleep(2000)]);
    socket.destroy();
  });
  isHostile = false;
  await vi.waitFor(() => expect(count()).toBeLessThanOrEqual(before), { timeout: 60_000, interval: 100 });
  expect((await ask()).status).toBe(200);
  const figures = { 'files and sockets before': before, 'files and sockets after': count() };
  report('soak', { 'clients that come and go': scale.clients, ...figures });
});
