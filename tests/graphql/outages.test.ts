// What fails behind gateways fails for nobody: a Redis that is killed under load, and a WordPress that is stopped.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Change } from '../../src/changes/change-stream.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { freshnessOperations } from '../support/freshness.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

vi.setConfig({ testTimeout: 300_000 });

const patient = { timeout: 120_000, interval: 50 };
const operations = freshnessOperations().filter((_, index) => index % 8 === 0);
const { logger } = createRecordingLogger();
let wordpress: WordPress;
let redis: TestRedis | undefined;
const gateways: Headgate[] = [];

/** A gateway whose watcher asks when it is told to. */
async function start(settings: Readonly<Record<string, string>>): Promise<Headgate> {
  const { username, applicationPassword } = wordpress.credentials.admin;
  const headgate = await startHeadgate(
    loadConfig({
      ...{ WORDPRESS_URL: wordpress.url, PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off' },
      ...{ WORDPRESS_USERNAME: username, WORDPRESS_APPLICATION_PASSWORD: applicationPassword },
      ...{ WATCH_INTERVAL_SECONDS: '3600', UPSTREAM_TIMEOUT_SECONDS: '120' },
      ...settings,
    }),
    logger,
  );
  gateways.push(headgate);
  return headgate;
}

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  if (hasRedis) redis = await startRedis();
}, 240_000);
afterAll(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
}, 60_000);

async function ask({ url }: Headgate, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  return { data, isGood: response.status === 200 && !errors, how: response.headers.get('cache-status') ?? '' };
}

async function write(path: string, fields: object): Promise<void> {
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
    method: 'POST',
    headers: { authorization: wordpress.credentials.admin.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  expect(response.status).toBe(200);
}
const edit = (id: number, fields: object) => write(`posts/${id}`, fields);
const retitle = (id: number, title: string) => edit(id, { title });

const isUsable = async ({ url }: Headgate) =>
  /^headgate_redis_usable 1$/m.test(await (await fetch(`${url}/metrics`)).text());

it.skipIf(!hasRedis)('what happened while no gateway ran is noticed by the next one', async () => {
  const env = { REDIS_URL: redis?.url ?? '', REDIS_TIMEOUT_MS: '5000', FRESH_SECONDS: '86400' };
  const titles =
    '{ one: post(id: 103, idType: DATABASE_ID) { title } other: post(id: 104, idType: DATABASE_ID) { title } }';
  const queries = [
    titles,
    '{ tag(id: "13", idType: DATABASE_ID) { name } }',
    '{ posts(first: 100) { nodes { databaseId } } }',
  ];
  const askAll = (gateway: Headgate) => Promise.all(queries.map(async (query) => (await ask(gateway, query)).data));
  const first = await start(env);
  await first.checkForChanges();
  const [before, tagBefore, listBefore] = await askAll(first);
  await first[Symbol.asyncDispose]();
  const ids = listBefore.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId);
  expect(ids).toContain(104);

  await retitle(103, 'While nobody watched');
  await edit(104, { status: 'draft' });
  await write('tags/13', { name: 'Renamed' });
  // What was modified shortly before a start is found without any memory of what was before.
  await new Promise((resolve) => setTimeout(resolve, 13_000));
  const second = await start(env);
  // It has what the first one kept.
  expect(await askAll(second)).toEqual([before, tagBefore, listBefore]);
  await second.checkForChanges();
  const [after, tag, list] = await askAll(second);
  expect(after).toEqual({ one: { title: 'While nobody watched' }, other: null });
  expect(tag).toEqual({ tag: { name: 'Renamed' } });
  expect(list.posts.nodes).toEqual(
    listBefore.posts.nodes.filter(({ databaseId }: { databaseId: number }) => databaseId !== 104),
  );

  await second[Symbol.asyncDispose]();
  gateways.length = 0;
});

it.skipIf(!hasRedis)(
  'Redis killed under load: no request fails, nothing stale is left, and each change is told once',
  async () => {
    const env = { REDIS_URL: redis?.url ?? '', REDIS_TIMEOUT_MS: '5000', FRESH_SECONDS: '86400' };
    const both = [await start(env), await start(env)];
    const told = both.map((gateway) => {
      const heard: Change[] = [];
      gateway.changes.subscribe(({ changes }) => heard.push(...changes));
      return heard;
    });
    for (const gateway of both) await gateway.checkForChanges();

    let [answered, failed, isOver] = [0, 0, false];
    const load = both.map(async (gateway) => {
      for (let at = 0; !isOver; at += 1) {
        const { isGood } = await ask(gateway, operations[at % operations.length] ?? '');
        answered += 1;
        if (!isGood) failed += 1;
      }
    });
    const more = async (count: number) => {
      const before = answered;
      await vi.waitFor(() => expect(answered).toBeGreaterThan(before + count), patient);
    };
    await more(4 * operations.length);
    await redis?.kill();
    await retitle(101, 'While Redis was away');
    await more(2 * operations.length);
    await redis?.start();
    await vi.waitFor(async () => expect(await Promise.all(both.map(isUsable))).toEqual([true, true]), patient);
    await retitle(125, 'When it was back');
    await more(operations.length);
    // What is noticed in the second in which it was edited is looked at again.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    for (const list of told) list.length = 0;
    const [one, other] = both;
    await one?.checkForChanges();
    const postsOf = (changes: readonly Change[] = []) =>
      changes.flatMap(({ type, id }) => (type === 'Post' ? [id] : [])).sort();
    await vi.waitFor(() => expect(postsOf(told[1])).toEqual([101, 125]), patient);
    await other?.checkForChanges();
    isOver = true;
    await Promise.all(load);

    expect(failed).toBe(0);
    // Menus show titles, and each gateway sees for itself that they are different.
    const posts = told.map((changes) => changes.flatMap(({ type, id }) => (type === 'Post' ? `${type} ${id}` : [])));
    expect(posts.map((changes) => changes.sort())).toEqual([
      ['Post 101', 'Post 125'],
      ['Post 101', 'Post 125'],
    ]);
    for (const gateway of both) {
      const titleOf = async (id: number) =>
        (await ask(gateway, `{ post(id: ${id}, idType: DATABASE_ID) { title } }`)).data.post.title;
      expect([await titleOf(101), await titleOf(125)]).toEqual(['While Redis was away', 'When it was back']);
      const [query = ''] = operations;
      expect((await ask(gateway, query)).data.post.title).toBe('While Redis was away');
    }
  },
);

it('WordPress stopped, after edits and a restart of Redis: all that was asked before is answered, and nothing that is gone', async () => {
  const sharing = gateways.slice();
  const gateway = await start({ FRESH_SECONDS: '1', STALE_SECONDS: '1', WATCH_INTERVAL_SECONDS: '0' });
  const watching = [...sharing, await start({ FRESH_SECONDS: '86400' })];
  for (const one of watching) await one.checkForChanges();
  const shown = new Map<string, unknown>();
  for (const one of watching) for (const query of operations) shown.set(query, (await ask(one, query)).data);
  const latest = '{ posts(first: 3) { nodes { databaseId } } }';
  const idsOf = ({ posts }: { posts: { nodes: { databaseId: number }[] } }) =>
    posts.nodes.map((node) => node.databaseId);
  const latestIds = new Map<Headgate, number[]>();
  for (const one of watching) latestIds.set(one, idsOf((await ask(one, latest)).data));
  const [trashed = 0] = [...latestIds.values()][0] ?? [];
  await edit(trashed, { status: 'draft' });
  await retitle(101, 'The last title');
  await edit(125, { status: 'draft' });
  await edit(133, { password: 'secret' });
  for (const one of watching) await one.checkForChanges();
  const before = new Map<string, unknown>();
  for (const query of operations) before.set(query, (await ask(gateway, query)).data);
  if (sharing.length > 0) {
    await redis?.kill();
    await vi.waitFor(async () => expect(await Promise.all(sharing.map(isUsable))).toEqual([false, false]), patient);
    await redis?.start();
    await vi.waitFor(async () => expect(await Promise.all(sharing.map(isUsable))).toEqual([true, true]), patient);
  }
  await wordpress[Symbol.asyncDispose]();
  for (const one of watching) {
    for (const query of operations) {
      const { data, isGood } = await ask(one, query);
      const gone = new RegExp(`"databaseId":(?:125|133|${trashed})\\b`);
      const wasGone = gone.test(JSON.stringify(shown.get(query)));
      expect(JSON.stringify(data)).not.toMatch(gone);
      if (!wasGone) expect({ query, isGood, data }).toEqual({ query, isGood: true, data: shown.get(query) });
    }
  }
  // A page of which something is gone is shorter.
  for (const [one, ids] of latestIds) {
    const { data, isGood } = await ask(one, latest);
    expect(isGood).toBe(true);
    expect(idsOf(data).slice(0, 2)).toEqual(ids.slice(1));
  }
  // Until all of it is old.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const ways = new Set<string | undefined>();
  for (let round = 0; round < 4; round += 1) {
    for (const query of operations) {
      const { data, isGood, how } = await ask(gateway, query);
      expect({ query, isGood, data }).toEqual({ query, isGood: true, data: before.get(query) });
      ways.add(/detail=(\w+)/.exec(how)?.[1]);
    }
  }
  expect(ways).toContain('outage');
});
