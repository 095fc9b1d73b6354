// Pages of the site come on connections that nothing else has used or will: many of them leave none open, and none costs a
// whole TLS handshake.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { html, json } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { listPosts, rootAt, withClient } from './with-client.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('two hundred pages leave no connection open, and there are never more than requests at once', async () => {
  const { logger } = createRecordingLogger();
  const { connect } = Socket.prototype;
  let open = 0;
  let most = 0;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    open += 1;
    most = Math.max(most, open);
    this.once('close', () => {
      open -= 1;
    });
    return Reflect.apply(connect, this, args);
  });
  await withClient([html('')], { logger, maxConcurrent: 6 }, async (client, server) => {
    const targets = Array.from({ length: 200 }, (_, index) => `/post-${index}/`);
    await Promise.all(targets.map((target) => client.readPage({ method: 'HEAD', target })));
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(200);
    await vi.waitFor(() => expect([open, server.openConnections.length]).toEqual([0, 0]));
    expect(most).toBeLessThanOrEqual(6);
  });
});

it('the site knows the TLS session again, also when nothing was asked for long', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const read = (name: string) => readFileSync(new URL(`../data/tls/${name}.pem`, import.meta.url));
  const resumed: boolean[] = [];
  const server = createServer({ key: read('key'), cert: read('self-signed') }, (socket: TLSSocket) => {
    resumed.push(socket.isSessionReused());
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const [method = '', target = ''] = chunk.toString().split(' ');
      const behaviour = target.startsWith('/wp-json') ? json([]) : html('');
      behaviour(socket, { method, target, headers: new Map(), connection: 0 });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { logger } = createRecordingLogger();
  const client = createClient(rootAt(`https://127.0.0.1:${port}`), { logger });
  await client.request(listPosts);
  for (let page = 0; page < 3; page++) {
    // What is held weakly is gone once its socket is, and is collected.
    for (let round = 0; round < 3; round++) {
      await sleep(20);
      collectGarbage();
    }
    await client.readPage({ method: 'HEAD', target: `/post-${page}/` });
  }
  await client[Symbol.asyncDispose]();
  server.close();
  expect(resumed).toEqual([false, true, true, true]);
});
