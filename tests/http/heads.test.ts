// Owns the tests of heads that are made of ready text: byte for byte those that node:http writes, on every kind of answer.

import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { connect, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { writeAnswer } from '../../src/server/write-answer.ts';
import { createListener, type Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const maxBodyBytes = 64 * 1024;
const gateway = createStandInGateway(log, {
  store: createResponseStore({ maxBytes: 1e7, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 }),
  createContext: (request: Request) => ({
    signal: request.signal,
    trace: { ...createTrace(), tags: new Set(['post:1', 'list:post']) },
  }),
});
/** The listener in a server that is not ours: node:http makes each head. */
const plain = createServer({ keepAliveTimeout: 65_000 }, createListener({ gateway, logger: log.logger, maxBodyBytes }));
const writeHead = vi.spyOn(ServerResponse.prototype, 'writeHead');
let ours: Server;

beforeAll(async () => {
  ours = await startStandInServer(gateway, log);
  await once(plain.listen(0, '127.0.0.1'), 'listening');
});

beforeEach(() => void writeHead.mockClear());

afterAll(async () => {
  writeHead.mockRestore();
  plain.close();
  await ours.close();
});

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('it does not listen');
  return Number(address.port);
}

/** What comes back for the same bytes, several times on one connection: what is told of the last one. */
async function ask(port: number, bytes: string, times = 4): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let last = '';
  for (let count = 0; count < times; count += 1) {
    last = '';
    socket.write(bytes);
    while (!isWhole(last, bytes.startsWith('HEAD')))
      last += String(await once(socket, 'data').then(([chunk]) => chunk));
  }
  socket.destroy();
  return last.replace(/^Date: .*$/m, 'Date: …').replace(/^x-request-id: .*$/m, 'x-request-id: …');
}

function isWhole(text: string, isHead: boolean): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = isHead ? 0 : Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
  return end > 0 && text.length >= end + 4 + length;
}

const query = encodeURIComponent('{ posts { nodes { title } } }');
const get = (headers = '') => `GET /graphql?query=${query} HTTP/1.1\r\nhost: gateway\r\n${headers}\r\n`;
const body = JSON.stringify({ query: '{ posts { nodes { title uri } } }' });
const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;

describe('a head of ready text', () => {
  it.each([
    ['a GET', get()],
    ['a GET that names itself', get('x-request-id: mine-7\r\n')],
    ['a compressed answer', get('accept-encoding: br\r\n')],
    ['a POST', `POST /graphql HTTP/1.1\r\nhost: gateway\r\n${type}\r\n${body}`],
    ['what the client has', get('if-none-match: *\r\n')],
  ])('is what node:http writes for %s', async (_what, bytes) => {
    const asked = await ask(ours.port, bytes);
    const made = writeHead.mock.calls.length;
    expect(asked).toContain('Keep-Alive: timeout=65\r\n\r\n');
    expect(asked).toBe(await ask(portOf(plain), bytes));
    // Of four answers the last ones need no head to be made, and all of the others do.
    expect(made).toBeLessThanOrEqual(3);
    expect(writeHead.mock.calls.length - made).toBe(4);
  });

  it.each(['', 'if-none-match: *\r\n'])('is not for clients of HTTP/1.0: %j', async (header) => {
    const old = get(`connection: keep-alive\r\n${header}`).replace('HTTP/1.1', 'HTTP/1.0');
    await ask(ours.port, get(header));
    expect(await ask(ours.port, old, 1)).toBe(await ask(portOf(plain), old, 1));
  });

  it('leaves headers alone that whoever watches the server has set', async () => {
    const server = createServer((request, response) => {
      response.setHeader('server-timing', 'proxy;dur=1');
      createListener({ gateway, logger: log.logger, maxBodyBytes }, 65)(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const last = await ask(portOf(server), get());
    server.close();
    expect(last).toContain('server-timing: proxy;dur=1\r\n');
  });

  it('is no head of a connection that ends', async () => {
    await ask(ours.port, get());
    const last = await ask(ours.port, get('connection: close\r\n'), 1);
    expect(last).toContain('Connection: close\r\n');
    expect(last).not.toContain('eep-alive');
    expect(last).toBe(await ask(portOf(plain), get('connection: close\r\n'), 1));
  });

  it('has the status that those learn who watch the server', async () => {
    const statuses: [number, string][] = [];
    const server = createServer((request, response) => {
      response.on('finish', () => statuses.push([response.statusCode, response.statusMessage]));
      createListener({ gateway, logger: log.logger, maxBodyBytes }, 65)(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await ask(portOf(server), get('if-none-match: *\r\n'), 3);
    server.close();
    expect(statuses).toEqual(Array.from({ length: 3 }, () => [304, 'Not Modified']));
  });

  it('is not for a server that makes no heads of text', async () => {
    const server = createHttp2Server();
    const listener = createListener({ gateway, logger: log.logger, maxBodyBytes }, 65);
    server.on('request', (request, response) => Reflect.apply(listener, undefined, [request, response]));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = connectHttp2(`http://127.0.0.1:${portOf(server)}`);
    for (let count = 0; count < 4; count += 1) {
      const stream = client.request({ ':path': `/graphql?query=${query}` });
      const [headers] = await once(stream, 'response');
      stream.resume();
      expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/json; charset=utf-8', vary: /./ });
    }
    client.close();
    server.close();
  });

  it.each([
    ['its own', { headers: ['x-one', 'a\r\nx-two: b'], shared: ['x-three', 'c'] }],
    ['one that is shared', { headers: [], shared: ['x-one', 'a\r\nx-two: b'] }],
    ['the name of one', { headers: [], shared: ['x-one: a\r\nx-two', 'b'] }],
  ])('cannot be taken apart by %s', (_what, headers) => {
    const request = new IncomingMessage(new Socket());
    const answer = { status: 200, body: Buffer.alloc(0), ...headers };
    const write = () => {
      writeAnswer(request, new ServerResponse(request), answer, { isLast: false, keepAliveSeconds: 65 });
    };
    expect(write).toThrow(/Invalid character in header content|must be a valid HTTP token/);
  });
});
