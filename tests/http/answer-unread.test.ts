// What node:http would answer by itself says why, as all answers do; and who asks before it sends a body hears at once.

import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
let server: Server;

beforeAll(async () => {
  server = await startStandInServer(createStandInGateway(log), log, { maxBodyBytes: 1024 });
});

afterAll(() => server.close());

function send(...lines: string[]) {
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

const health = ['GET /health HTTP/1.1', 'Host: a'];

describe('a request that cannot be read', () => {
  it.each([
    ['no HTTP', 400, 'not well-formed', ['GARBAGE']],
    ['two lengths', 400, 'not well-formed', [...health, 'Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['a long address', 431, '16384 bytes', [`GET /graphql?query=${'x'.repeat(20_000)} HTTP/1.1`, 'Host: a']],
    ['an odd expectation', 417, '100-continue', [...health, 'Expect: tea']],
  ])('is answered in JSON, and its connection ends: %s', async (_, status, message, lines) => {
    const [head = '', body = ''] = (await text(send(...lines))).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*content-type: application/json`));
    const extensions = { code: 'BAD_USER_INPUT' };
    expect(JSON.parse(body)).toEqual({ errors: [{ message: expect.stringContaining(message), extensions }] });
  });
});

describe('on a connection that was used before', () => {
  const post = ['POST /health HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked'];

  it.each([
    ['what is no HTTP is answered', health, 'GARBAGE\r\n\r\n', [200, 400]],
    ['a long address is answered', health, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, [200, 431]],
    ['the rest of a request that was answered before it had come is not', post, 'xyz\r\n', [200]],
  ])('%s', async (_, used, next, statuses) => {
    const socket = send(...used);
    const first = String(await once(socket, 'data'));
    socket.write(next);
    const answers = (first + (await text(socket))).match(/(?<=HTTP\/1.1 )\d+/g);
    expect(answers?.map(Number)).toEqual(statuses);
  });
});

describe('a client that waits before it sends a body', () => {
  const head = ['POST /graphql HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Expect: 100-continue'];

  it.each([
    [1024, /^HTTP\/1.1 100 Continue\r\n\r\n$/],
    [1025, /^HTTP\/1.1 413 /],
  ])('is told to go on, or that it would be too much: %s bytes', async (length, answer) => {
    const socket = send(...head, `Content-Length: ${length}`);
    expect(String(await once(socket, 'data'))).toMatch(answer);
    socket.destroy();
  });
});
