// Owns that a connection to WordPress does not hold up all else: what floods it is read over many turns of the event loop.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createConnector } from '../../../src/wordpress/connector.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

const sent = Buffer.alloc(4 * 1024 * 1024, '1\r\n \r\n');

function connectTo(port: number): Promise<Socket> {
  const origin = { hostname: '127.0.0.1', host: '127.0.0.1', protocol: 'http:', port: String(port) };
  return new Promise((resolve, reject) => {
    createConnector({ timeout: 5000 })(origin, (error, socket) => (socket ? resolve(socket) : reject(error)));
  });
}

/** Reads as undici does; returns how many bytes each turn brought. */
async function readByTurns(socket: Socket): Promise<number[]> {
  const byTurn = new Map<number, number>();
  using loop = countLoopTurns();
  socket.on('readable', () => {
    for (let piece = socket.read(); piece !== null; piece = socket.read()) {
      byTurn.set(loop.turns, (byTurn.get(loop.turns) ?? 0) + piece.length);
    }
  });
  await once(socket, 'end');
  return [...byTurn.values()];
}

it('reads no more of a connection in a turn than others can wait for', async () => {
  const server = createServer((socket) => socket.end(sent));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = await connectTo((server.address() as AddressInfo).port);
  // Meanwhile the system takes what it can hold for the connection.
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  const read = await readByTurns(socket);
  server.close();
  expect(read.reduce((sum, bytes) => sum + bytes)).toBe(sent.length);
  // And what Node.js reads at once beyond that.
  expect(Math.max(...read)).toBeLessThanOrEqual((128 + 64) * 1024);
});
