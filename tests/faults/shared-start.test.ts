// Owns the tests of starts: warm from Redis or from a snapshot, with nothing asked of WordPress that is known.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { findFreePort } from '../support/free-port.ts';
import { readRecording } from '../support/recorded-gateway.ts';
import { type RecordedSite, startRecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const patient = { timeout: 60_000, interval: 50 };
const { logger, lines } = createRecordingLogger();
const folder = mkdtempSync(join(tmpdir(), 'headgate-start-'));
const snapshot = join(folder, 'deep', 'snapshot');
const discovery = join(folder, 'discovery.json');
let recorded: RecordedSite;
let redis: TestRedis | undefined;

beforeAll(async () => {
  recorded = await startRecordedSite(readRecording('a'));
  if (hasRedis) redis = await startRedis();
});

afterAll(async () => {
  await recorded[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>): Promise<Headgate> {
  const fixed = {
    WORDPRESS_URL: `${recorded.origin}/wp-json/`,
    PORT: '0',
    HOST: '127.0.0.1',
    FRESH_SECONDS: '600',
    WATCH_INTERVAL_SECONDS: '0',
  };
  return startHeadgate(loadConfig({ ...fixed, DISCOVERY_FILE: 'off', CONFIG_FILE: '', ...env }), logger);
}

async function ask({ url }: Headgate, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const body: { readonly data: unknown; readonly errors?: unknown } = await response.json();
  return { ...body, headers: response.headers };
}

const operations = [
  '{ posts(first: 5) { nodes { title } } generalSettings { title } }',
  '{ categories { nodes { name count } } menus { nodes { slug } } }',
  '{ pages(first: 3) { nodes { title uri } } }',
];

describe('a snapshot', () => {
  it('brings back what was known, which is read anew when it is asked for, or served while WordPress is down', async () => {
    const env = { SNAPSHOT_FILE: snapshot, DISCOVERY_FILE: discovery };
    const said: unknown[] = [];
    {
      await using first = await start(env);
      for (const query of operations) said.push((await ask(first, query)).data);
    }
    expect(gunzipSync(readFileSync(snapshot)).toString()).toContain('"headgate snapshot"');
    const before = recorded.requests.length;
    {
      await using second = await start(env);
      const { data, headers } = await ask(second, operations[0] ?? '');
      expect(data).toEqual(said[0]);
      expect(headers.get('cache-status')).toContain('detail=revalidation');
      await vi.waitFor(
        () => expect(recorded.requests.slice(before).filter(({ route }) => route === 'wp/v2/posts')).toHaveLength(1),
        patient,
      );
    }
    const { origin, [Symbol.asyncDispose]: stop } = recorded;
    await stop.call(recorded);
    try {
      await using third = await start(env);
      for (const [index, query] of operations.entries()) {
        const { data, errors } = await ask(third, query);
        expect([data, errors]).toEqual([said[index], undefined]);
      }
      // In another form than before, of the same parts.
      expect((await ask(third, '{ pages(first: 3) { nodes { uri } } }')).errors).toBeUndefined();
    } finally {
      recorded = await startRecordedSite({ ...readRecording('a'), port: Number(new URL(origin).port) });
    }
  });

  it('is not waited for where it takes long, and brings back what is still so when it has come', async () => {
    const env = { DISCOVERY_FILE: discovery };
    const [kept, slow] = [join(folder, 'whole'), join(folder, 'slow')];
    const posts = '{ posts(first: 5) { nodes { databaseId title } } }';
    const pages = operations[2] ?? '';
    const known = new Map<string, unknown>();
    {
      await using first = await start({ ...env, SNAPSHOT_FILE: kept });
      for (const query of [posts, pages]) known.set(query, (await ask(first, query)).data);
    }
    execFileSync('mkfifo', [slow]);
    const { origin, [Symbol.asyncDispose]: stop } = recorded;
    await stop.call(recorded);
    try {
      await using second = await start({ ...env, SNAPSHOT_FILE: slow });
      expect((await ask(second, pages)).errors).toBeDefined();
      const [id] = JSON.stringify(known.get(posts)).match(/(?<="databaseId":)\d+/) ?? [];
      second.purge([`post:${id}`]);
      await writeFile(slow, readFileSync(kept));
      await vi.waitFor(async () => expect((await ask(second, pages)).data).toEqual(known.get(pages)), patient);
      expect((await ask(second, posts)).errors).toBeDefined();
    } finally {
      recorded = await startRecordedSite({ ...readRecording('a'), port: Number(new URL(origin).port) });
    }
  });

  it.each([
    ['a post', 'post:'],
    ['everything', null],
  ])('does not bring back %s that is gone since, where the process ended without a word', async (_, tag) => {
    const [kept, left] = [join(folder, `kept-${tag}`), join(folder, `left-${tag}`)];
    const env = { SNAPSHOT_FILE: kept, DISCOVERY_FILE: discovery };
    const posts = '{ posts(first: 5) { nodes { databaseId title } } }';
    const pages = operations[2] ?? '';
    {
      await using first = await start(env);
      for (const query of [posts, pages]) await ask(first, query);
    }
    {
      await using second = await start(env);
      const [id] = JSON.stringify((await ask(second, posts)).data).match(/(?<="databaseId":)\d+/) ?? [];
      second.purge(tag === null ? null : [`${tag}${id}`]);
      await vi.waitFor(() => expect(existsSync(`${kept}.gone`)).toBe(true), patient);
      await vi.waitFor(() => expect(readFileSync(`${kept}.gone`, 'utf8')).toMatch(/\n$/), patient);
      // As a process that is killed leaves them.
      for (const end of ['', '.gone']) cpSync(`${kept}${end}`, `${left}${end}`);
    }
    expect(existsSync(`${kept}.gone`)).toBe(false);
    const { origin, [Symbol.asyncDispose]: stop } = recorded;
    await stop.call(recorded);
    try {
      await using third = await start({ ...env, SNAPSHOT_FILE: left });
      const before = recorded.requests.length;
      expect(await ask(third, posts)).toMatchObject({ data: { posts: null }, errors: [{ path: ['posts'] }] });
      const { data, errors } = await ask(third, pages);
      if (tag === null) expect(errors).toMatchObject([{ path: ['pages'] }]);
      else
        expect([data, errors]).toEqual([{ pages: { nodes: expect.arrayContaining([expect.anything()]) } }, undefined]);
      expect(recorded.requests).toHaveLength(before);
    } finally {
      recorded = await startRecordedSite({ ...readRecording('a'), port: Number(new URL(origin).port) });
    }
  });

  it('that is damaged, or of another site, is as good as none', async () => {
    const whole = readFileSync(snapshot);
    writeFileSync(snapshot, whole.subarray(0, whole.length / 2));
    lines.splice(0);
    await using gateway = await start({ SNAPSHOT_FILE: snapshot });
    expect((await ask(gateway, operations[0] ?? '')).errors).toBeUndefined();
    expect(lines.filter(({ msg }) => msg?.includes('could not be read as a whole'))).toHaveLength(1);
  });
});

describe('a Redis that is not there', () => {
  it.each([
    ['one', (port: number) => `redis://127.0.0.1:${port}`],
    ['a cluster', (port: number) => `redis-cluster://127.0.0.1:${port},127.0.0.1:${port}`],
  ])('is not waited for once %s has refused, and the log says why', async (_, toUrl) => {
    // Replies might take as long; that there will be none is known at once.
    const env = { REDIS_URL: toUrl(await findFreePort()), REDIS_TIMEOUT_MS: '5000' };
    const waited = vi.fn();
    const timer = setTimeout(waited, 5000);
    await using gateway = await start(env);
    expect(waited).not.toHaveBeenCalled();
    clearTimeout(timer);
    expect((await ask(gateway, operations[0] ?? '')).errors).toBeUndefined();
    expect(lines.findLast(({ msg = '' }) => msg.startsWith('Redis could not be used in time'))).toMatchObject({
      err: { message: expect.stringMatching(/ECONNREFUSED|nodes are unavailable/) },
    });
  });

  it.skipIf(!hasRedis)('that does not let the gateway in is told with its own words', async () => {
    await using own = await startRedis();
    await own.send('CONFIG', 'SET', 'requirepass', 'secret');
    await using gateway = await start({ REDIS_URL: own.url.replace('//', '//:wrong@') });
    expect((await ask(gateway, operations[0] ?? '')).errors).toBeUndefined();
    expect(lines.findLast(({ msg = '' }) => msg.startsWith('Redis could not be used in time'))).toMatchObject({
      err: { message: expect.stringContaining('WRONGPASS') },
    });
  });
});

describe.skipIf(!hasRedis)('a second gateway on the same Redis', () => {
  it('starts and answers without a request, and both obey one purge', async () => {
    const env = { REDIS_URL: redis?.url ?? '', REDIS_TIMEOUT_MS: '5000' };
    await using first = await start(env);
    const said: unknown[] = [];
    for (const query of operations) said.push((await ask(first, query)).data);
    const answers = async () => {
      const keys = await redis?.send('KEYS', '*:answer:*');
      return Array.isArray(keys) ? keys.length : 0;
    };
    await vi.waitFor(async () => expect(await answers()).toBe(operations.length), patient);
    const before = recorded.requests.length;
    await using second = await start(env);
    for (const [index, query] of operations.entries()) {
      const { data, errors } = await ask(second, query);
      expect([data, errors]).toEqual([said[index], undefined]);
    }
    expect(recorded.requests.slice(before)).toEqual([]);
    second.purge(['list:page']);
    await vi.waitFor(async () => {
      await ask(first, operations[2] ?? '');
      expect(recorded.requests.slice(before).map(({ route }) => route)).toEqual(['wp/v2/pages']);
    }, patient);
  });
});

describe('what a gateway has told of its schema', () => {
  const query = '{ __schema { queryType { name } } }';
  const closings: readonly Record<string, string>[] = [{ INTROSPECTION: 'off' }, { HARDENED: 'on' }];

  async function expectUntold(env: Record<string, string>): Promise<void> {
    for (const closing of closings) {
      await using gateway = await start({ ...env, ...closing });
      const { data, errors } = await ask(gateway, query);
      expect([data, JSON.stringify(errors)]).toEqual([undefined, expect.stringContaining('introspection has been')]);
    }
  }

  it('does not come back with a snapshot where it is closed since', async () => {
    const env = { SNAPSHOT_FILE: join(folder, 'told'), DISCOVERY_FILE: discovery };
    {
      await using open = await start(env);
      expect((await ask(open, query)).data).toEqual({ __schema: { queryType: { name: 'RootQuery' } } });
    }
    await expectUntold(env);
  });

  it.skipIf(!hasRedis)('is not found in Redis by one that is closed', async () => {
    await redis?.send('FLUSHALL');
    const env = { REDIS_URL: redis?.url ?? '', REDIS_TIMEOUT_MS: '5000' };
    await using open = await start(env);
    await ask(open, query);
    await vi.waitFor(async () => expect(await redis?.send('KEYS', '*:answer:*')).toHaveLength(1), patient);
    await expectUntold(env);
  });
});
