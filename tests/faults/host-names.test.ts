// Names of hosts that lead nowhere, to nothing that answers in time, or to several addresses of which some are dead.

import dns from 'node:dns';
import { isIP } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import { createFetchFile } from '../../src/wordpress/fetch-file.ts';
import { serveFiles } from '../support/file-server.ts';
import { json, startHostileServer } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { failureOf, listPosts, rootAt } from './with-client.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What a name leads to; null for a resolver that never answers. */
type Found = readonly string[] | Error | null;

function resolveTo(find: () => Found) {
  return vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
    const done = args.at(-1);
    const found = find();
    if (found === null || typeof done !== 'function') return;
    if (found instanceof Error) process.nextTick(done, found);
    else
      process.nextTick(
        done,
        null,
        found.map((address) => ({ address, family: isIP(address) })),
      );
  });
}

async function askPosts(find: () => Found, options: { readonly timeoutMs?: number } = {}) {
  await using server = await startHostileServer([json([{ id: 1, slug: 'a' }])]);
  const { logger } = createRecordingLogger();
  const root = rootAt(`http://wordpress.test:${new URL(server.url).port}`);
  await using client = createClient(root, { logger, random: () => 0, connectTimeoutMs: 60_000, ...options });
  resolveTo(find);
  return await client.request(listPosts);
}

const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND wordpress.test'), { code: 'ENOTFOUND' });

describe('the site', () => {
  it.each([[['127.0.0.9', '127.0.0.1']], [['::1', '127.0.0.1']], [['127.0.0.1', '127.0.0.9']]])(
    'is found where one of its addresses is dead: %j',
    async (addresses) => {
      expect((await askPosts(() => addresses)).body).toEqual([{ id: 1, slug: 'a' }]);
    },
  );

  it('is found as soon as its name is there again', async () => {
    const answers: Found[] = [Object.assign(new Error('again'), { code: 'EAI_AGAIN' })];
    expect((await askPosts(() => answers.shift() ?? ['127.0.0.1'])).body).toHaveLength(1);
  });

  it('is asked where its name leads, thirty seconds after that has changed', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await using server = await startHostileServer([json([{ id: 1 }])]);
    const root = rootAt(`http://wordpress.test:${new URL(server.url).port}`);
    await using client = createClient(root, { logger: createRecordingLogger().logger, random: () => 0 });
    let addresses = ['127.0.0.1'];
    resolveTo(() => addresses);
    await client.request(listPosts);
    addresses = ['127.0.0.9'];
    vi.advanceTimersByTime(29_000);
    expect((await client.request(listPosts)).body).toEqual([{ id: 1 }]);
    vi.advanceTimersByTime(1000);
    expect((await failureOf(client.request(listPosts))).message).toContain('ECONNREFUSED 127.0.0.9');
  });

  it('has no such name', async () => {
    const failure = await failureOf(askPosts(() => unknown));
    expect([failure.code, failure.message]).toEqual([
      'UPSTREAM_UNAVAILABLE',
      'GET /wp/v2/posts: getaddrinfo ENOTFOUND wordpress.test',
    ]);
  });

  it('says of each address what is wrong with it', async () => {
    const failure = await failureOf(askPosts(() => ['127.0.0.8', '127.0.0.9']));
    expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(failure.message).toMatch(
      /^GET \/wp\/v2\/posts: connect ECONNREFUSED 127\.0\.0\.8:\d+; connect ECONNREFUSED 127\.0\.0\.9:\d+$/,
    );
  });

  it('is waited for no longer than for an answer where DNS is silent', async () => {
    expect((await failureOf(askPosts(() => null, { timeoutMs: 50 }))).code).toBe('UPSTREAM_TIMEOUT');
  });
});

describe('a file', () => {
  it('is fetched where one of the addresses of its host is dead', async () => {
    await using files = await serveFiles({ '/a.png': { type: 'image/png', body: 'a' } });
    const host = `files.test:${files.port}`;
    const fetchFile = createFetchFile({ allowedHosts: [host], resolve: async () => ['127.0.0.9', '127.0.0.1'] });
    await using file = await fetchFile(`http://${host}/a.png`);
    expect(file.bytes).toBe(1);
  });

  it('is not waited for where DNS is silent', async () => {
    const fetchFile = createFetchFile({ timeoutMs: 50, resolve: () => new Promise(() => undefined) });
    await expect(fetchFile('http://files.test/a.png')).rejects.toThrow('the server took too long');
  });
});
