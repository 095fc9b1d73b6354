// What was purged while a gateway did not reach Redis, or was not there, reaches what it knows from then: from its own
// reading, or from its snapshot.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Headgate } from '../../src/index.ts';
import { openWay } from '../support/cut-way.ts';
import { startGatewayFor, startTwoPosts } from '../support/recorded-headgate.ts';
import type { RecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

vi.setConfig({ testTimeout: 60_000 });

const patient = { timeout: 30_000, interval: 20 };
let redis: TestRedis;
let site: RecordedSite;

beforeAll(async () => {
  if (!hasRedis) return;
  [redis, site] = await Promise.all([startRedis(), startTwoPosts()]);
}, 60_000);

afterEach(async () => {
  if (hasRedis) await redis.send('FLUSHALL');
});

afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
});

async function open(settings: Readonly<Record<string, string>>) {
  const { logger, lines } = createRecordingLogger();
  const headgate = await startGatewayFor(site, logger, { FRESH_SECONDS: '600', ...settings });
  const hasSaid = (text: string) => lines.some(({ msg }) => msg === text);
  const inUse = () => hasSaid('Redis is in use');
  return {
    headgate,
    inUse,
    untilInUse: () => vi.waitFor(() => expect(inUse()).toBe(true), patient),
    untilRestored: () => vi.waitFor(() => expect(hasSaid('started with what was known before')).toBe(true), patient),
    [Symbol.asyncDispose]: () => headgate[Symbol.asyncDispose](),
  };
}

function snapshotFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-late-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'snapshot');
}

/** Asks for a post, and gives its title with what WordPress was asked for before the answer. */
async function ask({ url }: Headgate, id: number): Promise<unknown[]> {
  const before = site.requests.length;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ post(id: ${id}, idType: DATABASE_ID) { title } }` }),
  });
  const { data }: { readonly data: { readonly post: { readonly title: string } | null } } = await response.json();
  const isStale = response.headers.get('cache-status')?.includes('detail=revalidation') === true;
  return [data.post?.title, isStale ? 'stale' : site.requests.slice(before).map(({ route }) => route)];
}

const known = (title: string) => [title, []];
const asked = (title: string) => [title, ['wp/v2/posts']];
const stale = (title: string) => [title, 'stale'];

describe.skipIf(!hasRedis)('a gateway that reaches Redis after its start', () => {
  it('applies what others have purged since then, and nothing else', async () => {
    // A log that is older than the gateway.
    await redis.send('XADD', `headgate:3:${site.origin}:purges`, '1000-0', 'begin', 'x');
    await using other = await open({ REDIS_URL: redis.url });
    await other.untilInUse();
    await using way = await openWay(redis.port);
    way.cut();
    await using late = await open({ REDIS_URL: `redis://127.0.0.1:${way.port}` });
    for (const [id, title] of [
      [1, 'One'],
      [2, 'Two'],
    ] as const)
      expect(await ask(late.headgate, id)).toEqual(asked(title));
    other.headgate.purge(['post:1']);
    expect([await ask(late.headgate, 1), late.inUse()]).toEqual([known('One'), false]);
    way.heal();
    await late.untilInUse();
    expect(await ask(late.headgate, 1)).toEqual(asked('One'));
    expect(await ask(late.headgate, 2)).toEqual(known('Two'));
  });

  it('applies what another one that was as late has told since then', async () => {
    await redis.kill();
    const settings = { REDIS_URL: redis.url };
    await using one = await open(settings);
    await using other = await open(settings);
    for (const { headgate } of [one, other]) expect(await ask(headgate, 1)).toEqual(asked('One'));
    one.headgate.purge(['post:1']);
    await redis.start();
    await Promise.all([one.untilInUse(), other.untilInUse()]);
    await vi.waitFor(async () => expect(await ask(other.headgate, 1)).not.toEqual(known('One')), patient);
  });
});

describe.skipIf(!hasRedis)('a gateway that starts from a snapshot', () => {
  /** Stops a gateway that knows both posts. */
  async function leave(settings: Readonly<Record<string, string>>): Promise<void> {
    await using first = await open(settings);
    if (settings['REDIS_URL']) await first.untilInUse();
    for (const id of [1, 2]) await ask(first.headgate, id);
  }

  it('applies what others have purged since it was written, before its first answer', async () => {
    const settings = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '5000', SNAPSHOT_FILE: snapshotFile() };
    await using other = await open({ REDIS_URL: redis.url });
    await other.untilInUse();
    await leave(settings);
    other.headgate.purge(['post:1']);
    await using again = await open(settings);
    await again.untilRestored();
    expect(await ask(again.headgate, 1)).toEqual(asked('One'));
    expect(await ask(again.headgate, 2)).toEqual(stale('Two'));
  });

  it.each<[string, Readonly<Record<string, string>>, () => Promise<unknown>]>([
    ['was written without Redis', {}, async () => undefined],
    ['was written while Redis had another log', { REDIS_URL: '' }, () => redis.send('FLUSHALL')],
  ])('asks WordPress first where that %s', async (_, shared, forget) => {
    const file = { SNAPSHOT_FILE: snapshotFile(), REDIS_TIMEOUT_MS: '5000' };
    await leave({ ...file, ...('REDIS_URL' in shared ? { REDIS_URL: redis.url } : {}) });
    await forget();
    await using again = await open({ ...file, REDIS_URL: redis.url });
    expect(await ask(again.headgate, 1)).toEqual(asked('One'));
  });

  it('has all of it as stale where nothing was purged since', async () => {
    const settings = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '5000', SNAPSHOT_FILE: snapshotFile() };
    await leave(settings);
    await using again = await open(settings);
    await again.untilRestored();
    for (const [id, title] of [
      [1, 'One'],
      [2, 'Two'],
    ] as const)
      expect(await ask(again.headgate, id)).toEqual(stale(title));
  });
});
