// Owns the tests of a graceful stop: no answer is lost, and no client can hold it up.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect as connectTo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { createSchema, Repeater } from 'graphql-yoga';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { GatewayRequest } from '../../src/gateway.ts';
import { toOwnAnswer } from '../../src/responses/answer.ts';
import { drainMs, lastWordMs } from '../../src/server/drain.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { aborted, createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log);

function ask(url: string, agent: Agent): Promise<{ status: number; connection: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body });
      });
    }).on('error', reject);
  });
}

/** Long enough for what a test sends without a pause on a machine that is busy. */
const lingerMs = 2000;

/** A connection of its own, on which these bytes were sent. */
async function send(port: number, bytes: string) {
  const socket = connectTo(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {}).write(bytes);
  return socket;
}

const postHead = (length: number) =>
  `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

/** More than the system takes before a client reads it. */
const largeBytes = 32 * 1024 * 1024;
const askLarge = 'GET /graphql?query={large} HTTP/1.1\r\nHost: a\r\n\r\n';
const large = {
  ...gateway,
  handle: () => toOwnAnswer(200, [['content-type', 'application/json']], Buffer.alloc(largeBytes, '1')),
};

const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);

describe('a stop', () => {
  it('is over by default before Docker, Compose and Fly kill the process', () => {
    const { server } = loadConfig({ WORDPRESS_URL: 'http://127.0.0.1' });
    expect(server.lingerMs + drainMs).toBeLessThanOrEqual(9500);
  });

  it('is quick where nobody was ever seen, and can be asked for twice', async () => {
    // Longer than the test may take: it ends since there is nobody to wait for.
    const server = await startStandInServer(gateway, log, { lingerMs: 600_000 });
    await Promise.all([server.close(), server.close(), server[Symbol.asyncDispose]()]);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('finishes what is under way, says so at /ready, and closes connections after their answer', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs });
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const slow = ask(`${server.url}/graphql?query={slow(ms:600)}`, agent);
    const idle = await ask(`${server.url}/health`, agent);
    expect(idle.connection).toBe('keep-alive');
    const closing = server.close();
    // A client that comes on an idle connection is answered, and told not to come again.
    const ready = await ask(`${server.url}/ready`, agent);
    expect(ready).toEqual({ status: 503, connection: 'close', body: '{"status":"draining"}' });
    const health = await ask(`${server.url}/health`, agent);
    expect(health).toMatchObject({ status: 200, connection: 'close' });
    expect(await slow).toEqual({ status: 200, connection: 'close', body: '{"data":{"slow":"done"}}' });
    agent.destroy();
    await closing;
  });

  it('loses no answer under load', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs });
    const agent = new Agent({ keepAlive: true });
    const answers: Promise<number>[] = [];
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 1) {
        const field = answers.length % 10 === 0 ? 'slow(ms:300)' : 'hello';
        answers.push(ask(`${server.url}/graphql?query={${field}}`, agent).then(({ status }) => status));
        await delay(2);
      }
    };
    await send(100);
    const closing = server.close();
    // As clients do until their balancer has seen /ready.
    await send(100);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    agent.destroy();
    await closing;
  });

  it('takes new connections for as long as requests come, but not for ever', { timeout: 60_000 }, async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 1000 });
    const agent = new Agent({ keepAlive: false });
    await ask(`${server.url}/graphql?query={hello}`, agent);
    const toldAt = performance.now();
    const closing = server.close();
    const answers: unknown[] = [];
    // Between two of them nobody is connected.
    for (let isOpen = true; isOpen; await delay(50)) {
      const answer = await ask(`${server.url}/graphql?query={hello}`, agent).catch(() => null);
      if (answer === null) isOpen = false;
      else answers.push([answer.status, answer.connection]);
    }
    expect(performance.now() - toldAt).toBeGreaterThan(3000);
    expect(answers).toEqual(answers.map(() => [200, 'close']));
    await closing;
  });

  it('waits for those who sent steadily for longer than for others', { timeout: 60_000 }, async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 1 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let sent = 0; sent < 30; sent += 1) {
      await ask(`${server.url}/graphql?query={hello}`, agent);
      await delay(50);
    }
    const closing = server.close();
    await delay(300);
    const late = await ask(`${server.url}/graphql?query={hello}`, agent);
    expect(late).toMatchObject({ status: 200, connection: 'close' });
    await closing;
  });

  it.each([0, 1])('waits for no stream, nor for a connection that outlives one: %s ms of linger', async (lingerMs) => {
    const schema = createSchema({
      typeDefs: 'type Query { a: Int } type Subscription { never: Int }',
      resolvers: { Subscription: { never: { subscribe: () => new Repeater(() => {}) } } },
    });
    // Longer than the test may take: it ends since nothing is under way.
    const times = { lingerMs, drainMs: 600_000 };
    const server = await startStandInServer(createStandInGateway(log, { schema }), log, times);
    const body = JSON.stringify({ query: 'subscription { never }' });
    const socket = await send(
      server.port,
      postHead(body.length).replace('\r\n\r\n', '\r\nAccept: text/event-stream\r\n\r\n') + body,
    );
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: keep-alive/i);
    await server.close();
  });

  it.each([0, 1, lingerMs])('waits for no connection that was never used: %s ms of linger', async (lingerMs) => {
    const server = await startStandInServer(gateway, log, { lingerMs, drainMs: 600_000 });
    const [unused, later] = [await send(server.port, ''), await send(server.port, '')];
    const agent = new Agent({ keepAlive: true });
    // The connections of before are there once a later one is.
    await ask(`${server.url}/health`, agent);
    const cut = once(unused, 'close');
    const closing = server.close();
    if (lingerMs > 1) {
      const answered = text(later);
      later.write('GET /graphql?query={hello} HTTP/1.1\r\nHost: a\r\n\r\n');
      expect(await answered).toMatch(/^HTTP\/1.1 200 /);
    }
    await Promise.all([closing, cut]);
    agent.destroy();
  });

  it('answers who has just connected, and sends a little later', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 0, drainMs: 600_000 });
    const late = await send(server.port, '');
    const agent = new Agent({ keepAlive: true });
    // The connection of before is there once a later one is.
    await ask(`${server.url}/health`, agent);
    const closing = server.close();
    const answered = text(late);
    // Unused ones are looked for every 50 ms.
    await delay(200);
    late.write('GET /graphql?query={hello} HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await answered).toMatch(/^HTTP\/1.1 200 /);
    await closing;
    agent.destroy();
  });

  it('waits for no request whose head stops halfway', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 0, drainMs: 600_000 });
    const agent = new Agent({ keepAlive: true });
    const half = postHead(100).slice(0, -2);
    const first = await send(server.port, half);
    // Behind an answer, it is no request either.
    const next = await send(server.port, 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(next, 'data');
    next.write(half);
    await ask(`${server.url}/health`, agent);
    const cut = Promise.all([first, next].map((socket) => once(socket, 'close')));
    await server.close();
    await cut;
    agent.destroy();
  });

  it('answers all of what was pipelined, and says with the last answer that the connection ends', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 0, drainMs: 600_000 });
    const agent = new Agent({ keepAlive: true });
    const body = (ms: number) => JSON.stringify({ query: `{ slow(ms: ${ms}) }` });
    // The last one is there first.
    const posts = [600, 400, 300].map((ms) => postHead(body(ms).length) + body(ms));
    const answers = text(await send(server.port, posts.join('')));
    await ask(`${server.url}/health`, agent);
    await server.close();
    expect((await answers).match(/HTTP\/1\.1 .*|^connection: .*|\{"data".*?\}\}/gim)).toEqual([
      ...['HTTP/1.1 200 OK', 'Connection: keep-alive', '{"data":{"slow":"done"}}'],
      ...['HTTP/1.1 200 OK', 'Connection: keep-alive', '{"data":{"slow":"done"}}'],
      ...['HTTP/1.1 200 OK', 'connection: close', '{"data":{"slow":"done"}}'],
    ]);
    agent.destroy();
  });

  it('begins nothing of what is pipelined behind an answer that ends its connection', async () => {
    const asked: string[] = [];
    const handle = (request: GatewayRequest) => {
      asked.push(request.method);
      return gateway.handle(request);
    };
    const server = await startStandInServer({ ...gateway, handle }, log, { lingerMs });
    const agent = new Agent({ keepAlive: true });
    await ask(`${server.url}/health`, agent);
    const closing = server.close();
    const body = JSON.stringify({ query: 'mutation { touch }' });
    const post = postHead(body.length) + body;
    const answers = await text(await send(server.port, `GET /health HTTP/1.1\r\nHost: a\r\n\r\n${post}${post}`));
    expect(answers.match(/HTTP\/1\.1 .*|^connection: .*/gim)).toEqual(['HTTP/1.1 200 OK', 'connection: close']);
    expect(asked).toEqual([]);
    await closing;
    agent.destroy();
  });

  it('tells all of what was pipelined to come again where it cannot wait', { timeout: 60_000 }, async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 0, drainMs: lastWordMs + 200 });
    const agent = new Agent({ keepAlive: true });
    const hanging = 'GET /graphql?query={slow(ms:600000)} HTTP/1.1\r\nHost: a\r\n\r\n';
    const answers = text(await send(server.port, hanging + hanging));
    await ask(`${server.url}/health`, agent);
    await server.close();
    expect((await answers).match(/HTTP\/1\.1 .*|^connection: .*/gim)).toEqual([
      ...['HTTP/1.1 503 Service Unavailable', 'Connection: keep-alive'],
      ...['HTTP/1.1 503 Service Unavailable', 'connection: close'],
    ]);
    agent.destroy();
  });

  it.each([0, 1])('finishes answers that are on their way to who reads slowly: %s ms of linger', async (lingerMs) => {
    const server = await startStandInServer(large, log, { lingerMs, drainMs: 600_000 });
    const socket = await send(server.port, askLarge);
    const [begun] = await once(socket, 'data');
    socket.pause();
    const closing = server.close();
    // Idle connections are looked for every 50 ms.
    await delay(300);
    const rest = await text(socket);
    expect(bodyOf(begun + rest)).toHaveLength(largeBytes);
    await closing;
  });

  it('says how many answers it cut off', async () => {
    const server = await startStandInServer(large, log, { drainMs: 100 });
    log.lines.length = 0;
    const agent = new Agent({ keepAlive: true });
    const sockets = [await send(server.port, askLarge), await send(server.port, askLarge)];
    await Promise.all(sockets.map((socket) => once(socket, 'data').then(() => socket.pause())));
    // What has no answer to come is none of them.
    sockets.push(await send(server.port, postHead(100).slice(0, -2)));
    await ask(`${server.url}/health`, agent);
    await server.close();
    for (const socket of sockets) socket.destroy();
    agent.destroy();
    expect(log.lines.filter(({ msg }) => msg === 'the stop cut off answers that were on their way')).toMatchObject([
      { level: 40, count: 2 },
    ]);
  });

  it('does not wait longer than its deadline', async () => {
    const server = await startStandInServer(gateway, log, { drainMs: 100 });
    // A head whose end never comes: there is nothing to answer.
    const socket = await send(server.port, postHead(100).slice(0, -2));
    const agent = new Agent({ keepAlive: true });
    // The connection of before is there once a later one is.
    await ask(`${server.url}/health`, agent);
    const cut = once(socket, 'close');
    await server.close();
    await cut;
    agent.destroy();
  });

  it('answers all for whose answers it cannot wait, and ends the work for them', { timeout: 60_000 }, async () => {
    const server = await startStandInServer(gateway, log, { drainMs: lastWordMs + 1000 });
    const agent = new Agent({ keepAlive: true });
    const before = aborted.length;
    log.lines.length = 0;
    const hanging = text(await send(server.port, `GET /graphql?query={slow(ms:600000)} HTTP/1.1\r\nHost: a\r\n\r\n`));
    const body = JSON.stringify({ query: '{ slow(ms: 600000) }' });
    const posting = text(await send(server.port, postHead(body.length) + body));
    const arriving = text(await send(server.port, postHead(body.length) + body.slice(0, -1)));
    const late = await send(server.port, `${postHead(body.length).slice(0, -2)}Slow: `);
    const tooLate = text(late);
    // What goes on is waited for.
    const drip = setInterval(() => late.write('1'), 50);
    const quick = ask(`${server.url}/graphql?query={slow(ms:100)}`, agent);
    await ask(`${server.url}/health`, agent);
    const closing = server.close();
    expect((await quick).status).toBe(200);
    const answer = await hanging;
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toMatch(/^retry-after: 5\r$/im);
    expect(answer).toMatch(/^connection: close\r$/im);
    const errors = [{ message: 'The gateway stops before this answer is there.', extensions: { code: 'OVERLOADED' } }];
    expect(JSON.parse(bodyOf(answer))).toEqual({ errors });
    // What comes now is answered as well.
    clearInterval(drip);
    late.write('\r\n\r\n');
    for (const unread of [await arriving, await tooLate]) {
      expect(unread).toMatch(/^HTTP\/1.1 503 /);
      expect(JSON.parse(bodyOf(unread))).toEqual({ errors });
    }
    const posted = await posting;
    expect(posted).toMatch(/^HTTP\/1.1 503 /);
    expect(JSON.parse(bodyOf(posted)).errors[0].message).toBe(
      'The gateway stops before this answer is there. If it was a mutation, it may have been carried out.',
    );
    await closing;
    await vi.waitFor(() => expect(aborted.length).toBe(before + 2), { timeout: 30_000 });
    expect(log.lines.filter(({ msg }) => msg === 'the stop could not wait for all answers')).toMatchObject([
      { count: 3 },
    ]);
    agent.destroy();
  });
});
