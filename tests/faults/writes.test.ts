// Owns faults of writes: one that may have arrived is never sent again, and one that cannot have is.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import type { RestRequest } from '../../src/wordpress/rest.ts';
import {
  dripHeaders,
  findClosedOrigin,
  hangUp,
  json,
  raw,
  reset,
  resetInBody,
  type Script,
  stall,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type FaultRow, failureOf, listPosts, rootAt, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();
const body = { type: 'application/json', data: '{"title":"x"}' };
const createPost: RestRequest = { method: 'POST', route: 'wp/v2/posts', body, authorization: 'Basic eDp5' };

const status = (line: string, ...headers: string[]) =>
  raw(`${[`HTTP/1.1 ${line}`, 'content-length: 0', ...headers].join('\r\n')}\r\n\r\n`);

const rows: FaultRow[] = [
  ['connection closed', [hangUp()], 'UPSTREAM_UNAVAILABLE', 1],
  ['connection reset', [reset()], 'UPSTREAM_UNAVAILABLE', 1],
  ['reset in the body', [resetInBody()], 'UPSTREAM_UNAVAILABLE', 1],
  ['no answer', [stall()], 'UPSTREAM_TIMEOUT', 1],
  ['headers that drip', [dripHeaders()], 'UPSTREAM_TIMEOUT', 1],
  ['no HTTP', [raw('garbage\r\n\r\n')], 'UPSTREAM_BAD_RESPONSE', 1],
  ['no JSON', [raw('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{"a')], 'UPSTREAM_BAD_RESPONSE', 1],
  ['500', [status('500 Internal Server Error')], 'UPSTREAM_ERROR', 1],
  ['502', [status('502 Bad Gateway')], 'UPSTREAM_UNAVAILABLE', 1],
  ['503', [status('503 Service Unavailable', 'retry-after: 0')], 'UPSTREAM_UNAVAILABLE', 1],
  ['429', [status('429 Too Many Requests', 'retry-after: 0')], 'UPSTREAM_RATE_LIMITED', 1],
  ['a redirect to a GET', [status('302 Found', 'location: /elsewhere')], 'UPSTREAM_REDIRECT', 1],
  [
    'a redirect that keeps the method',
    [status('307 Temporary Redirect', 'location: /elsewhere')],
    'UPSTREAM_REDIRECT',
    1,
  ],
];

it.each(rows)('%s: a write is sent once', async (_name, script, code, requests) => {
  for (const method of ['POST', 'DELETE'] as const) {
    await withClient(script, { logger, timeoutMs: 400 }, async (client, server) => {
      const request = method === 'POST' ? createPost : { method, route: 'wp/v2/posts/1', authorization: 'Basic eDp5' };
      expect((await failureOf(client.request(request))).code).toBe(code);
      expect(server.requests).toHaveLength(requests);
    });
  }
});

it('a port where nobody listens: a write is tried again, for it cannot have arrived', async () => {
  let attempts = 0;
  const count = () => {
    attempts += 1;
  };
  subscribe('undici:client:connectError', count);
  const client = createClient(rootAt(await findClosedOrigin()), { logger, random: () => 0 });
  try {
    expect((await failureOf(client.request(createPost))).code).toBe('UPSTREAM_UNAVAILABLE');
    expect(attempts).toBe(2);
  } finally {
    unsubscribe('undici:client:connectError', count);
    await client[Symbol.asyncDispose]();
  }
});

it('goes over a connection of its own, which nothing else goes over', async () => {
  const right: Script = ({ method }) => json(method === 'GET' ? [] : { id: 1 });
  await withClient(right, { logger }, async (client, server) => {
    await client.request(listPosts);
    await client.request(createPost);
    await client.request(listPosts);
    await client.request({
      ...createPost,
      body: { type: 'text/plain', data: () => Readable.from(['ab', 'c']), bytes: 3 },
    });
    const [first, second, third, fourth] = server.requests.map(({ connection }) => connection);
    expect([second === first, third === first, fourth === second]).toEqual([false, true, false]);
    expect(server.requests[3]?.headers.get('content-length')).toBe('3');
    expect(server.requests[1]?.headers.get('content-type')).toBe('application/json');
  });
});
