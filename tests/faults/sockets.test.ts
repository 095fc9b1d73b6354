// Owns faults of connections: refused, reset, slow, endless, and what becomes of sockets and callers.

import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import {
  answer,
  type Behaviour,
  dripBody,
  dripHeaders,
  endInBody,
  endlessBody,
  findClosedOrigin,
  gzipBomb,
  hangUp,
  html,
  hugeHeaders,
  json,
  raw,
  reset,
  resetInBody,
  type Script,
  stall,
  startHostileServer,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type FaultRow, failureOf, listPosts, rootAt, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();
const good = json([{ id: 1 }]);

describe('a fault of every attempt', () => {
  const rows: FaultRow[] = [
    ['connection closed', [hangUp()], 'UPSTREAM_UNAVAILABLE', 2],
    ['connection reset', [reset()], 'UPSTREAM_UNAVAILABLE', 2],
    ['reset in the body', [resetInBody()], 'UPSTREAM_UNAVAILABLE', 2],
    ['an end in the body', [endInBody()], 'UPSTREAM_UNAVAILABLE', 2],
    ['an end behind what is JSON', [endInBody('[]')], 'UPSTREAM_UNAVAILABLE', 2],
    ['no answer', [stall()], 'UPSTREAM_TIMEOUT', 1],
    ['headers that drip', [dripHeaders()], 'UPSTREAM_TIMEOUT', 1],
    ['a body that drips', [dripBody()], 'UPSTREAM_TIMEOUT', 1],
    ['a body without end', [endlessBody()], 'UPSTREAM_TOO_LARGE', 1],
    ['headers of 80 KB', [hugeHeaders(80)], 'UPSTREAM_BAD_RESPONSE', 1],
    ['no HTTP', [raw('garbage\r\n\r\n')], 'UPSTREAM_BAD_RESPONSE', 2],
    [
      'two lengths',
      [raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[]')],
      'UPSTREAM_BAD_RESPONSE',
      2,
    ],
  ];

  it.each(rows)('%s', async (_name, script, code, requests) => {
    const timeoutMs = code === 'UPSTREAM_TIMEOUT' ? 400 : 10_000;
    await withClient(script, { logger, timeoutMs, maxBytes: 1024 * 1024 }, async (client, server) => {
      expect((await failureOf(client.request(listPosts))).code).toBe(code);
      expect(server.requests).toHaveLength(requests);
      const used = server.requests.map((request) => request.connection);
      await vi.waitFor(() => expect(server.openConnections.filter((open) => used.includes(open))).toEqual([]));
    });
  });
});

it('a compressed body that unpacks to 8 MB', async () => {
  await withClient([gzipBomb(8)], { logger, maxBytes: 1024 * 1024 }, async (client, server) => {
    expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_TOO_LARGE');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a fault that passes', () => {
  it.each([
    ['connection closed', hangUp()],
    ['connection reset', reset()],
    ['reset in the body', resetInBody()],
    ['an end in the body', endInBody()],
  ])('%s', async (_name, fault) => {
    await withClient([fault, good], { logger }, async (client, server) => {
      expect((await client.request(listPosts)).body).toEqual([{ id: 1 }]);
      expect(server.requests).toHaveLength(2);
    });
  });

  it('an end in a page, of which a part would be taken for all', async () => {
    await withClient([endInBody('<ul>'), html('<ul></ul>')], { logger }, async (client, server) => {
      expect((await client.readPage({ method: 'GET', target: '/' })).body).toBe('<ul></ul>');
      expect(server.requests).toHaveLength(2);
    });
    await withClient([endInBody('<ul>')], { logger }, async (client, server) => {
      const failure = await failureOf(client.readPage({ method: 'GET', target: '/' }));
      expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
      expect(server.requests).toHaveLength(2);
    });
  });

  it('an end in the answer to a form, which is sent once', async () => {
    await withClient([endInBody('<ul>')], { logger }, async (client, server) => {
      expect((await client.sendForm({ target: '/', fields: {} })).status).toBe(200);
      expect(server.requests).toHaveLength(1);
    });
  });

  it('a server that closes a connection the client wants to use again', async () => {
    await withClient([good, hangUp(), good], { logger, maxConcurrent: 1 }, async (client, server) => {
      await client.request(listPosts);
      expect((await client.request(listPosts)).body).toEqual([{ id: 1 }]);
      expect(server.requests.map((request) => request.connection)).toEqual([0, 0, 1]);
    });
  });

  it.each([
    ['comes to an error', answer('', { status: 500 })],
    ['hangs up', hangUp()],
  ])('the same, as often as it likes, while somebody asks for what %s', async (_, failure) => {
    let asked = 0;
    const script: Script = ({ target }) => {
      if (target.includes('include=7')) return failure;
      return ++asked % 5 === 0 ? hangUp() : good;
    };
    await withClient(script, { logger }, async (client) => {
      for (let page = 0; page < 60; page++) {
        expect((await client.request({ ...listPosts, query: { ...listPosts.query, page } })).body).toEqual([{ id: 1 }]);
        const broken = { ...listPosts.query, include: [7], page };
        if (page % 2) await failureOf(client.request({ ...listPosts, query: broken }));
      }
    });
  });

  it('headers of 48 KB are no fault', async () => {
    await withClient([hugeHeaders(48)], { logger }, async (client) => {
      expect((await client.request(listPosts)).body).toEqual([]);
    });
  });
});

describe('no connection', () => {
  it('refused', async () => {
    const client = createClient(rootAt(await findClosedOrigin()), { logger, random: () => 0 });
    const failure = await failureOf(client.request(listPosts));
    expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(failure.cause).toMatchObject({ code: 'ECONNREFUSED' });
    await client[Symbol.asyncDispose]();
  });

  it('a name that does not exist', async () => {
    const client = createClient(rootAt('http://nowhere.invalid'), { logger, random: () => 0 });
    expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_UNAVAILABLE');
    await client[Symbol.asyncDispose]();
  });

  it.each([
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
  ])('a certificate that is %s', async (name, reason) => {
    const read = (file: string) => readFileSync(new URL(`../data/tls/${file}.pem`, import.meta.url), 'utf8');
    const server = await startHostileServer([good], { key: read('key'), cert: read(name) });
    const client = createClient(rootAt(server.url), { logger });
    const failure = await failureOf(client.request(listPosts));
    expect(failure.code).toBe('UPSTREAM_TLS');
    expect(failure.cause).toMatchObject({ code: reason });
    expect(server.requests).toHaveLength(0);
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('no TLS behind https', async () => {
    const server = await startHostileServer([good]);
    const client = createClient(rootAt(server.url.replace('http:', 'https:')), { logger });
    expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_TLS');
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
});

describe('callers and slots', () => {
  it.each([
    ['its deadline', 300],
    ['the end of the client', 600_000],
  ])('a caller who leaves does not wait, and the request in flight ends with %s', async (_, timeoutMs) => {
    await withClient([stall()], { logger, timeoutMs }, async (client, server) => {
      const controller = new AbortController();
      const pending = client.request({ ...listPosts, signal: controller.signal });
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      controller.abort(new Error('gone'));
      await expect(pending).rejects.toThrow('gone');
      if (timeoutMs > 300) {
        expect(server.openConnections).toEqual([0]);
        await client[Symbol.asyncDispose]();
      }
      await vi.waitFor(() => expect(server.openConnections).not.toContain(0));
    });
  });

  it('a caller who stays is not kept in memory', async () => {
    await withClient([good], { logger }, async (client) => {
      const { signal } = new AbortController();
      await client.request({ ...listPosts, signal });
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
  });

  it('a caller who has left costs no request', async () => {
    await withClient([good], { logger }, async (client, server) => {
      const signal = AbortSignal.abort(new Error('gone'));
      await expect(client.request({ ...listPosts, signal })).rejects.toThrow('gone');
      expect(server.requests).toHaveLength(0);
    });
  });

  it('a caller who leaves the queue costs no request and gives up the place', async () => {
    const options = { logger, maxConcurrent: 1, maxQueued: 1, timeoutMs: 600_000, queueTimeoutMs: 600_000 };
    let goOn = () => {};
    const held: Behaviour = (socket, request) => {
      goOn = () => good(socket, request);
    };
    await withClient([held, good], options, async (client, server) => {
      const second = new AbortController();
      const first = client.request(listPosts);
      const queued = client.request({ ...listPosts, signal: second.signal });
      expect((await failureOf(client.request(listPosts))).code).toBe('OVERLOADED');
      second.abort(new Error('gone'));
      await expect(queued).rejects.toThrow('gone');
      const third = client.request(listPosts);
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      goOn();
      await first;
      expect((await third).body).toEqual([{ id: 1 }]);
      expect(server.requests).toHaveLength(2);
    });
  });

  it('never more requests at once than there are slots', async () => {
    let active = 0;
    let most = 0;
    const slow = json([]);
    const script = () => (socket: Parameters<typeof slow>[0], request: Parameters<typeof slow>[1]) => {
      most = Math.max(most, ++active);
      void sleep(5).then(() => {
        active--;
        slow(socket, request);
      });
    };
    await withClient(script, { logger, maxConcurrent: 3 }, async (client, server) => {
      await Promise.all(Array.from({ length: 20 }, () => client.request(listPosts)));
      expect(server.requests).toHaveLength(20);
      expect(most).toBe(3);
    });
  });

  it('waiting too long in the queue', async () => {
    const options = { logger, maxConcurrent: 1, queueTimeoutMs: 20, timeoutMs: 400 };
    await withClient([stall()], options, async (client, server) => {
      const stalled = failureOf(client.request(listPosts));
      expect((await failureOf(client.request(listPosts))).code).toBe('OVERLOADED');
      expect((await stalled).code).toBe('UPSTREAM_TIMEOUT');
      expect(server.requests).toHaveLength(1);
    });
  });

  it('a connection that carried credentials carries nothing after', async () => {
    await withClient([good], { logger, maxConcurrent: 1 }, async (client, server) => {
      await client.request(listPosts);
      await client.request({ ...listPosts, authorization: 'Basic YTpi' });
      await client.request(listPosts);
      const sent = server.requests.map(({ connection, headers }) => [connection, headers.get('authorization')]);
      expect(sent).toEqual([
        [0, undefined],
        [1, 'Basic YTpi'],
        [0, undefined],
      ]);
    });
  });

  it('a disposed client has no connection and makes none', async () => {
    await withClient([good], { logger }, async (client, server) => {
      await client.request(listPosts);
      await client[Symbol.asyncDispose]();
      await vi.waitFor(() => expect(server.openConnections).toEqual([]));
      expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_UNAVAILABLE');
      expect(server.requests).toHaveLength(1);
    });
  });
});
