// What is no Redis in its place: a connection on which nothing comes, or something without end, is given up.

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openRedisLink } from '../../src/cache/redis/redis-link.ts';
import { addressOf } from '../support/tier.ts';

vi.setConfig({ testTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
const megabyte = Buffer.alloc(1024 * 1024, 'x');
const ok = '+OK\r\n';

/** Opens a connection to a server that does something with each one; gives all that were made. */
async function openLinkTo(serve: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const link = openRedisLink(addressOf(`redis://127.0.0.1:${port}`), () => undefined);
  onTestFinished(() => {
    link.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { link, sockets };
}

/** Sends a text of so many megabytes, without its last one. */
function sendText(socket: Socket, megabytes: number): void {
  socket.write(`$${megabytes * megabyte.length}\r\n`);
  let sent = 1;
  const more = () => {
    for (; sent < megabytes && !socket.destroyed; sent += 1) {
      if (socket.write(megabyte)) continue;
      sent += 1;
      socket.once('drain', more);
      return;
    }
  };
  more();
}

it('gives up a connection whose first replies do not come', async () => {
  const { sockets } = await openLinkTo((socket) => socket.resume());
  await vi.waitFor(() => expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, false]), patient);
});

it.each([
  ['first', () => false],
  ['later', (sent: string) => !sent.includes('PING')],
])('gives up a connection whose %s reply has no end, before it is in memory', async (_, isInOrder) => {
  const { link, sockets } = await openLinkTo((socket) => {
    socket.on('data', (sent) => {
      const commands = String(sent).match(/\*\d+\r\n/g) ?? [];
      if (isInOrder(String(sent))) socket.write(ok.repeat(commands.length));
      else if (socket.listenerCount('drain') === 0) sendText(socket, 400);
    });
  });
  const asking = setInterval(() => void link.send('key', ['PING']).catch(() => undefined), 20);
  onTestFinished(() => clearInterval(asking));
  await vi.waitFor(() => expect(sockets.some(({ destroyed }) => destroyed)).toBe(true), patient);
  const ended = sockets.find(({ destroyed }) => destroyed);
  expect(ended?.bytesWritten).toBeLessThan(200 * megabyte.length);
});

it.each([
  ['an array', '*1000000000\r\n', ':1\r\n'],
  ['arrays in each other', '', '*1\r\n'],
  ['texts', '*1000000000\r\n', '$24\r\nabcdefghijklmnopqrstuvwx\r\n'],
  ['replies that nobody asked for', '', '+OK\r\n'],
])('gives up a connection with %s without end, before much of it came', async (_, first, next) => {
  const much = Buffer.from(next.repeat(10_000));
  const { sockets } = await openLinkTo((socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(much)) {}
    };
    socket.once('data', () => {
      socket.write(first);
      socket.on('drain', more);
      more();
    });
  });
  await vi.waitFor(() => expect(sockets.some(({ destroyed }) => destroyed)).toBe(true), patient);
  expect(sockets[0]?.bytesWritten).toBeLessThan(16 * megabyte.length);
});

it('takes a reply of thirty thousand values', async () => {
  const values = Array.from({ length: 30_000 }, (_, index) => `$24\r\n${String(index).padStart(24, 'v')}\r\n`);
  const { link, sockets } = await openLinkTo((socket) => {
    socket.on('data', (sent) => {
      const commands = String(sent).match(/\*\d+\r\n/g) ?? [];
      socket.write(
        String(sent).includes('MGET') ? `*${values.length}\r\n${values.join('')}` : ok.repeat(commands.length),
      );
    });
  });
  await link.tried;
  expect(await link.send('key', ['MGET', 'key'])).toHaveLength(30_000);
  expect(sockets).toHaveLength(1);
});

it('takes many replies that are long together', async () => {
  let asked = 0;
  const { link, sockets } = await openLinkTo((socket) => {
    socket.on('data', (sent) => {
      const commands = String(sent).match(/\*\d+\r\n/g) ?? [];
      if (!String(sent).includes('GET')) socket.write(ok.repeat(commands.length));
      else {
        asked += 1;
        socket.write(`$${30 * megabyte.length}\r\n`);
        for (let count = 0; count < 30; count += 1) socket.write(megabyte);
        socket.write('\r\n');
      }
    });
  });
  await link.tried;
  for (let count = 0; count < 6; count += 1) {
    const reply = await link.send('key', ['GET', 'key']);
    expect(Buffer.isBuffer(reply) && reply.length).toBe(30 * megabyte.length);
  }
  expect([asked, sockets.length]).toEqual([6, 1]);
});
