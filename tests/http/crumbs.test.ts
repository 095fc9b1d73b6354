// Bodies that come in crumbs: a chunk, and so an event of node:http, for each byte.

import { connect } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Server } from '../../src/server.ts';
import { countLoopTurns } from '../support/loop-turns.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

interface Taken {
  text: string;
  pieces: number;
  turns: number;
}

const log = createRecordingLogger();
let server: Server;
/** What came of the last bodies that were forwarded. */
let taken: Taken[] = [];
/** How long whoever takes a body rests before it begins, and after each piece. */
let restMs = 0;

beforeAll(async () => {
  server = await startStandInServer(createStandInGateway(log), log, {
    maxBodyBytes: 400_000,
    async forward({ body }) {
      const came = { text: '', pieces: 0, turns: 0 };
      taken.push(came);
      if (body instanceof Readable) await take(body, came);
      return { status: 200, headers: [], body: Buffer.from('taken') };
    },
  });
});

afterAll(() => server.close());

/** As undici does, which looks whether a body is empty, and then lets it flow. */
async function take(body: Readable, came: Taken): Promise<void> {
  using loop = countLoopTurns();
  await (restMs > 0 ? delay(restMs) : Promise.resolve());
  body.read(0);
  const add = (piece: Buffer, _encoding: string, done: () => void) => {
    came.text += piece;
    came.pieces += 1;
    came.turns = loop.turns;
    if (restMs > 0) setTimeout(done, restMs);
    else done();
  };
  await pipeline(body, new Writable({ write: add }));
}

beforeEach(() => {
  taken = [];
  restMs = 0;
});

const letters = Array.from({ length: 200_000 }, (_, at) => String.fromCharCode(97 + ((at * 7919) % 26))).join('');

function toChunks(parts: Iterable<string>): string {
  return Array.from(parts, (part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
}

function toRequest(path: string, parts: Iterable<string>, headers: readonly string[] = []): string {
  const lines = ['Host: a', 'Content-Type: application/json', 'Transfer-Encoding: chunked', ...headers];
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${toChunks(parts)}0\r\n\r\n`;
}

function send(...requests: readonly string[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(requests.join(''));
  return text(socket);
}

const last = ['Connection: close'];

describe('a body in crumbs', () => {
  it('is gathered, and read over many turns', async () => {
    const wire = toRequest('/wp-json', letters, last);
    expect(await send(wire)).toContain('taken');
    expect(taken.map((came) => came.text === letters)).toEqual([true]);
    expect(taken[0]?.pieces).toBeLessThan(1000);
    // Node.js reads 64 KiB of a connection at once.
    expect(taken[0]?.turns).toBeGreaterThanOrEqual(wire.length / 65_536 - 1);
  });

  it('comes whole to who begins late and rests often, however many come at once', async () => {
    restMs = 2;
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(toRequest('/wp-json', letters, last))));
    for (const answer of answers) expect(answer).toContain('taken');
    expect(taken.map((came) => came.text === letters)).toEqual(Array(5).fill(true));
  });

  it('comes in its order where larger pieces are between', async () => {
    const parts = Array.from({ length: 300 }, (_, at) => letters.slice(at, at + (at % 50 === 49 ? 3000 : 1)));
    expect(await send(toRequest('/wp-json', parts, last))).toContain('taken');
    expect(taken[0]?.text).toBe(parts.join(''));
  });

  it('is passed on before its end', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const [begun = ''] = toRequest('/wp-json', letters.slice(0, 100)).split('0\r\n\r\n');
    socket.write(begun);
    await vi.waitFor(() => expect(taken[0]?.text).toBe(letters.slice(0, 100)));
    socket.destroy();
  });

  it('is an operation like any other, and its connection takes the next', async () => {
    const body = `${' '.repeat(50_000)}{"query":"{ hello }"}`;
    const answers = await send(toRequest('/graphql', body), toRequest('/graphql', body, last));
    expect(answers.match(/"hello":"Hello world"/g)).toHaveLength(2);
  });
});
