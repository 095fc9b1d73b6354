// Owns the tests of the listener: bounds, health, what is not GraphQL, clients that leave.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import type { GatewayRequest } from '../../src/gateway.ts';
import { createListener, type Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { aborted, createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log, { graphiql: true });
let server: Server;

beforeAll(async () => {
  server = await startStandInServer(gateway, log, { maxBodyBytes: 1024 });
});

afterAll(() => server.close());

function post(body: string | ReadableStream, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    ...(typeof body === 'string' ? {} : { duplex: 'half' as const }),
  });
}

/** Sends bytes as they are, and gives what comes back until the server closes or `enough` of it is there. */
function exchange(bytes: string, enough: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (enough.test(text)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

it.each(['text/event-stream', 'multipart/mixed'])(
  'an answer of type %s that is whole is like any other',
  async (accept) => {
    const response = await post('{"query":"{ hello }"}', { accept });
    const names = ['transfer-encoding', 'content-encoding', 'cache-control'];
    expect(names.map((name) => response.headers.get(name))).toEqual([null, null, 'no-store']);
    expect(await response.text()).toContain('{"data":{"hello":"Hello world"}}');
    expect(response.headers.get('content-type')).toContain(accept);
  },
);

it('a failure of the gateway is told to who sent a body, and counted', async () => {
  const codes: string[] = [];
  const metrics = { failed: (code: string) => void codes.push(code), limited: () => {}, untaken: () => {} };
  const failing = { ...gateway, handle: () => Promise.reject(new Error('secret')) };
  await using own = await startStandInServer(failing, log, { metrics });
  const init = { headers: { 'content-type': 'application/json' }, body: '{"query":"{ hello }"}' };
  const response = await fetch(`${own.url}/graphql`, { method: 'POST', ...init });
  expect([response.status, await response.json()]).toMatchObject([
    500,
    { errors: [{ message: 'The gateway failed.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
  ]);
  expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(log.takeErrors()).toHaveLength(1);
});

describe('what is not GraphQL', () => {
  it('is healthy and ready', async () => {
    const health = await fetch(`${server.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${server.url}/ready?x=1`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready' });
  });

  it('sends browsers from / to GraphiQL, and tells others where GraphQL is', async () => {
    const browser = await fetch(server.url, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, './graphql']);
    const curl = await fetch(server.url);
    expect(await curl.text()).toBe('Headgate: GraphQL for WordPress, at /graphql.\n');
  });

  it('answers 404 in JSON, with safe headers and none that tells the software', async () => {
    const response = await fetch(`${server.url}/wp-admin/`);
    expect(response.status).toBe(404);
    expect(await response.json()).toHaveProperty('errors');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-robots-tag')).toBe('noindex');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('server')).toBeNull();
  });

  it.each([
    'GET http://a b/ HTTP/1.1',
    'GET /%zz?%zz HTTP/1.1',
    'GET //graphql HTTP/1.1',
    'GET /?graphql&a=%zz HTTP/1.1',
  ])('survives %s', async (line) => {
    const answer = await exchange(`${line}\r\nHost: a:b:c\r\nConnection: close\r\n\r\n`, /$^/);
    expect(answer).toMatch(/^HTTP\/1.1 (4\d\d|200 OK[\s\S]*"errors")/);
  });
});

describe('bodies', () => {
  it('are answered up to the bound', async () => {
    const body = JSON.stringify({ query: '{ hello }' });
    const response = await post(body + ' '.repeat(1024 - body.length));
    expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
  });

  it('are refused beyond it by their declared length', async () => {
    const response = await post('x'.repeat(1025));
    expect(response.status).toBe(413);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The body of the request is larger than 1024 bytes.',
          extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'bodyBytes', max: 1024 } },
        },
      ],
    });
  });

  it('are refused beyond it while they come in', async () => {
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const head =
      'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    // The last chunk never comes.
    expect(await exchange(head + chunk + chunk, /\}$/)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('do not wait for the rest of what is too large', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n';
    expect(await exchange(head, /\}$/)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('that are compressed, or in another charset, are refused', async () => {
    const body = JSON.stringify({ query: '{ hello }' });
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(body, { 'content-type': 'application/json; charset=utf-16' })).status).toBe(415);
    expect((await post(body, { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(200);
  });

  // From Node.js 24.12 on, such a request comes with a stream that never says so.
  it.each([
    ['JSON', 'application/json', 400],
    ['a form', 'multipart/form-data; boundary=a', 401],
  ])('that are not there at all, where they should be %s, are answered', async (_, type, status) => {
    const head = `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nApollo-Require-Preflight: 1\r\n\r\n`;
    expect(await exchange(head, /\}$/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('keep their characters, whatever chunks they come in', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ query: '{ hello(name: "Zoë 🎈") }' }));
    const stream = new ReadableStream({
      async start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await (await post(stream)).json()).toEqual({ data: { hello: 'Hello Zoë 🎈' } });
  });
});

describe('clients that leave', () => {
  it('end the work for them', async () => {
    const before = aborted.length;
    const controller = new AbortController();
    const leaving = fetch(`${server.url}/graphql?query={slow(ms:10000)}`, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(leaving).rejects.toThrow();
    await vi.waitFor(() => expect(aborted.length).toBe(before + 1));
  });

  it('in the middle of their request leave no trace', async () => {
    await new Promise<void>((resolve) => {
      const leaving = request(`${server.url}/graphql`, { method: 'POST', headers: { 'content-length': '100' } });
      leaving.on('error', () => resolve());
      leaving.write('{"query"');
      setTimeout(() => leaving.destroy(new Error('left')), 50);
    });
    expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok' });
  });
});

describe('bodies that do not end', () => {
  it('take no more than their bound together, and keep out nobody who asks what people ask', async () => {
    const maxBodyBytes = 1024 * 1024;
    const roomy = await startStandInServer(gateway, log, { maxBodyBytes });
    const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${maxBodyBytes}\r\n\r\n`;
    const most = Buffer.alloc(maxBodyBytes - 1, ' ');
    const told: string[] = [];
    const sockets = Array.from({ length: 80 }, () => {
      const socket = connect(roomy.port, '127.0.0.1', () => {
        socket.write(head);
        socket.write(most);
      });
      socket.on('error', () => undefined);
      return socket.once('data', (chunk) => void told.push(String(chunk)));
    });
    try {
      // 64 of them are waited for.
      await vi.waitFor(() => expect(told).toHaveLength(16), { timeout: 60_000, interval: 20 });
      for (const text of told) expect(text).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*"OVERLOADED"/i);
      const headers = { 'content-type': 'application/json' };
      const asked = (body: string) => fetch(`${roomy.url}/graphql`, { method: 'POST', headers, body });
      expect(await (await asked('{"query":"{ hello }"}')).json()).toEqual({ data: { hello: 'Hello world' } });
      const long = JSON.stringify({ query: '{ hello }', variables: { a: 'x'.repeat(500_000) } });
      expect((await asked(long)).status).toBe(503);
      for (const socket of sockets) socket.destroy();
      await vi.waitFor(async () => expect((await asked(long)).status).toBe(200), { timeout: 30_000 });
    } finally {
      for (const socket of sockets) socket.destroy();
      await roomy.close();
    }
  }, 120_000);
});

describe('an address that cannot be had', () => {
  it('is a matter of configuration', async () => {
    const busy = startStandInServer(gateway, log, { port: server.port });
    await expect(busy).rejects.toThrow(ConfigError);
    await expect(busy).rejects.toThrow(
      `Something else listens on 127.0.0.1, port ${server.port} already. Stop it, or set PORT to another port.`,
    );
    await expect(startStandInServer(gateway, log, { host: '192.0.2.1' })).rejects.toThrow(
      'HOST is "192.0.2.1", which is no address of this machine.',
    );
  });
});

it('knows the address of a client that has reset its connection since', async () => {
  const addresses: (string | undefined)[] = [];
  const recording = {
    ...gateway,
    handle: (request: GatewayRequest) => {
      addresses.push(request.address);
      return gateway.handle(request);
    },
  };
  const listener = createListener({ gateway: recording, logger: log.logger, maxBodyBytes: 1024 });
  const own = createServer((asked, response) => {
    listener(asked, response);
    // What node:http knows once a reset has come, before the body is read that came with it.
    Object.defineProperty(asked.socket, 'remoteAddress', { value: undefined });
  });
  await once(own.listen(0, '127.0.0.1'), 'listening');
  const address = own.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const asked = fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  expect((await asked).status).toBe(200);
  own.close();
  own.closeAllConnections();
  expect(addresses).toEqual(['127.0.0.1']);
});
