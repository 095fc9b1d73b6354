// Owns that a connection to WordPress which ends before its answer is taken ends nothing else.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { createConnector } from '../../../src/wordpress/connector.ts';

const kilobyte = 1024;
/** What undici reads of a body before it pauses. */
const first = 64 * kilobyte;
const last = 40 * kilobyte;

let server: Server;
let pool: Pool;

afterEach(async () => {
  await pool.destroy();
  server.close();
});

async function openPool(answer: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => socket.once('data', () => answer(socket)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1, connect: createConnector({ timeout: 5000 }) });
}

/** Sends the head of an answer with which its connection ends, and so many bytes of its body. */
function begin(socket: Socket, length: string, bytes: number): void {
  socket.write(`HTTP/1.1 200 OK\r\n${length}connection: close\r\n\r\n`);
  socket.write(Buffer.alloc(bytes));
}

const lengths = [
  ['a length', `content-length: ${first + last}\r\n`],
  ['no length', ''],
] as const;

it.each(lengths)('gives an answer with %s whole to who takes it slowly', async (_, length) => {
  await openPool((socket) => {
    begin(socket, length, first);
    setTimeout(() => socket.end(Buffer.alloc(last)), 30);
  });
  const { body } = await pool.request({ path: '/', method: 'GET', reset: true });
  await sleep(100);
  let taken = 0;
  for (const size of [30 * kilobyte, 20 * kilobyte, kilobyte]) {
    taken += body.read(size)?.length ?? 0;
    await sleep(50);
  }
  for await (const chunk of body) taken += chunk.length;
  expect(taken).toBe(first + last);
});

it.each(lengths)('fails an answer with %s that is reset before it is taken', async (_, length) => {
  await openPool((socket) => {
    begin(socket, length, first + 6 * kilobyte);
    setTimeout(() => socket.resetAndDestroy(), 100);
  });
  const { body } = await pool.request({ path: '/', method: 'GET', reset: true });
  await sleep(300);
  await expect(body.arrayBuffer()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});

it('tells at once of a connection that ends without an answer', async () => {
  await openPool((socket) => socket.end());
  await expect(pool.request({ path: '/', method: 'GET' })).rejects.toThrow('other side closed');
});
