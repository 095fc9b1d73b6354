// Owns the tests of several gateways on one Redis: what one has asked the others know, and none of them fails with it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRedisTier, type SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createTieredStore } from '../../src/cache/tiered-store.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { json } from '../support/hostile-server.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { addressOf } from '../support/tier.ts';
import { listAnswer, type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

vi.setConfig({ testTimeout: 120_000 });

const patient = { timeout: 30_000, interval: 20 };
let redis: TestRedis;
let site: OddSite;
const odd: Record<string, RouteAnswer> = {};
const opened: AsyncDisposable[] = [];

beforeAll(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  site = await openOddSite(odd);
}, 120_000);

beforeEach(() => {
  for (const route of Object.keys(odd)) delete odd[route];
});

afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  if (hasRedis) await redis.send('FLUSHALL');
});

afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
});

interface Opened {
  readonly gateway: TestGateway;
  readonly tier: SharedTier;
}

async function open({ freshSeconds = 600, keepsAnswers = true, authorization = '' } = {}): Promise<Opened> {
  const tier = openRedisTier({
    ...{ address: addressOf(redis.url), site: site.server.url, waitMs: 5000, onState: () => undefined },
    onPurge(tags) {
      gateway.purge(tags);
      if (tags) own.purge(tags);
      else own.clear();
    },
  });
  const times = { freshSeconds, staleSeconds: 600, staleIfErrorSeconds: 3600 };
  const own = createResponseStore({ ...times, maxBytes: 10_000_000 });
  const gateway = await openGateway(`${site.server.url}/wp-json/`, {
    ...{ freshSeconds, cache: times, tier },
    ...(keepsAnswers ? { store: createTieredStore(own, tier, () => 'same') } : {}),
    ...(authorization ? { authorization } : {}),
  });
  opened.push(tier, gateway);
  await vi.waitFor(() => expect(tier.isUsable).toBe(true), patient);
  return { gateway, tier };
}

/** Requests of content that WordPress was asked since the last call. */
function taker() {
  let taken = site.server.requests.length;
  return () => {
    const requests = site.server.requests.slice(taken).map(({ target }) => target);
    taken = site.server.requests.length;
    return requests;
  };
}

async function keysOf(kind: string): Promise<readonly string[]> {
  const keys = await redis.send('KEYS', `*:${kind}:*`);
  return Array.isArray(keys) ? keys.map(String) : [];
}

const keeps = (kind: string, count: number) =>
  vi.waitFor(async () => expect(await keysOf(kind)).toHaveLength(count), patient);

const operations = [
  '{ posts(first: 3) { nodes { databaseId title author { node { name } } } } }',
  '{ categories { nodes { name } } }',
  '{ post(id: 2, idType: DATABASE_ID) { title featuredImage { node { sourceUrl } } } }',
  '{ posts(first: 2) { nodes { slug } } }',
];

describe.skipIf(!hasRedis)('a second gateway', () => {
  it('answers what the first one was asked without a request, and says the same', async () => {
    const [one, other] = [await open(), await open()];
    const first = await Promise.all(operations.map((query) => one.gateway.query(query)));
    await keeps('answer', operations.length);
    const take = taker();
    for (const [index, query] of operations.entries()) {
      const { data, errors, headers } = await other.gateway.query(query);
      expect([data, errors]).toEqual([first[index]?.data, undefined]);
      expect(headers.get('etag')).toBe(first[index]?.headers.get('etag'));
    }
    expect(take()).toEqual([]);
  });

  it('makes other answers of the same parts without a request', async () => {
    const [one, other] = [await open({ keepsAnswers: false }), await open({ keepsAnswers: false })];
    await one.gateway.query(operations[0] ?? '');
    await keeps('entity', 5);
    await keeps('list', 1);
    const take = taker();
    const { data } = await other.gateway.query('{ posts(first: 3) { nodes { author { node { name } } title } } }');
    expect(data.posts.nodes).toHaveLength(3);
    expect(take()).toEqual([]);
  });

  it('forgets what the first one purges', async () => {
    const [one, other] = [await open(), await open()];
    await one.gateway.query(operations[0] ?? '');
    await keeps('answer', 1);
    await other.gateway.query(operations[0] ?? '');
    odd['posts'] = listAnswer([{ ...rows.posts[0], title: { rendered: 'New' } }]);
    one.tier.purge(['list:post', 'post:1', 'post:2', 'post:3']);
    await vi.waitFor(async () => {
      const { data } = await other.gateway.query(operations[0] ?? '');
      expect(data.posts.nodes.map(({ title }: { readonly title: string }) => title)).toEqual(['New']);
    }, patient);
  });
});

describe.skipIf(!hasRedis)('what a purge does not name and makes stale as well', () => {
  interface Change {
    readonly query: string;
    /** What the query is made of, as it is kept. */
    readonly kind: string;
    readonly route: string;
    readonly after: RouteAnswer;
    readonly tag: string;
  }

  /** What a query says before a change, and after its purge. */
  async function sayAround({ query, kind, route, after, tag }: Change): Promise<unknown[]> {
    const { gateway, tier } = await open({ keepsAnswers: false });
    const before = await gateway.query(query);
    await keeps(kind, 1);
    odd[route] = after;
    gateway.purge([tag]);
    tier.purge([tag]);
    return [before.data, (await gateway.query(query)).data];
  }

  it('is a term, where another number of posts has it', async () => {
    const counting = (count: number) => listAnswer([{ ...rows.categories[0], count }]);
    odd['categories'] = counting(10);
    const query = '{ category(id: 20, idType: DATABASE_ID) { name count } }';
    const change = { query, kind: 'entity', route: 'categories', after: counting(11), tag: 'term:20:count' };
    expect(await sayAround(change)).toMatchObject([{ category: { count: 10 } }, { category: { count: 11 } }]);
  });

  it('is an address that showed nothing, where something has appeared', async () => {
    const query = '{ nodeByUri(uri: "/post-9/") { __typename } }';
    const appeared = [{ ...rows.posts[0], id: 9, slug: 'post-9', link: 'http://odd.test/post-9/' }];
    const change = { query, kind: 'address', route: 'posts', after: appeared, tag: 'list:post' };
    expect(await sayAround(change)).toEqual([{ nodeByUri: null }, { nodeByUri: { __typename: 'Post' } }]);
  });
});

describe.skipIf(!hasRedis)('a herd of 32 clients at each of two gateways', () => {
  /** Answers when all have asked. */
  function holdPosts() {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const answer = listAnswer(rows.posts);
    odd['posts'] = (socket, request) => void gate.then(() => answer(socket, request));
    return release;
  }
  const query = '{ posts(first: 3) { nodes { title } } }';

  it('that ask what nobody knows is one request', async () => {
    const gateways = [(await open()).gateway, (await open()).gateway];
    const take = taker();
    const release = holdPosts();
    const asked = gateways.flatMap((gateway) => Array.from({ length: 32 }, () => gateway.query(query)));
    await vi.waitFor(() => expect(site.server.requests.at(-1)?.target).toContain('/posts'), patient);
    release();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ errors, data }) => errors || data.posts.nodes.length !== 3)).toEqual([]);
    expect(take()).toHaveLength(1);
  });

  it('that ask what is stale are answered at once, and it is one request', async () => {
    const gateways = [await open({ freshSeconds: 1 }), await open({ freshSeconds: 1 })];
    for (const { gateway } of gateways) await gateway.query(query);
    // Until it is stale for everybody.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const take = taker();
    const before = site.server.requests.length;
    const release = holdPosts();
    const answers = await Promise.all(
      gateways.flatMap(({ gateway }) => Array.from({ length: 32 }, () => gateway.query(query))),
    );
    expect(answers.filter(({ data }) => data.posts.nodes.length !== 3)).toEqual([]);
    expect(new Set(answers.map(({ headers }) => headers.get('cache-status')?.split('detail=')[1]))).toEqual(
      new Set(['revalidation']),
    );
    await vi.waitFor(() => expect(site.server.requests.length).toBeGreaterThan(before), patient);
    release();
    await vi.waitFor(async () => expect(await redis.send('KEYS', '*:lease:*')).toEqual([]), patient);
    expect(take()).toHaveLength(1);
  });
});

describe.skipIf(!hasRedis)('what is read with credentials', () => {
  it('never comes to Redis', async () => {
    const secret = 'SECRET-marker';
    odd['settings'] = json({ date_format: secret });
    const { gateway } = await open({ authorization: 'Basic b3duOnNlY3JldA==', keepsAnswers: false });
    const { data } = await gateway.query('{ generalSettings { dateFormat } posts { nodes { title } } }');
    expect([data.generalSettings.dateFormat, data.posts.nodes.length]).toEqual([secret, 3]);
    await keeps('entity', 3);
    expect((await keysOf('entity')).filter((key) => key.includes('settings'))).toEqual([]);
    const me = { id: 1, name: secret, capabilities: { read: true } };
    odd['users'] = json(me);
    const viewer = { authorization: 'Basic YW5uOmFubg==' };
    odd['posts'] = listAnswer([{ ...rows.posts[0], title: { rendered: secret } }]);
    expect((await gateway.query('{ posts(first: 7) { nodes { title } } }', {}, viewer)).data.posts.nodes).toEqual([
      { title: secret },
    ]);
    for (const key of await keysOf('*'))
      expect(String(await redis.send('GET', key).catch(() => ''))).not.toContain(secret);
    expect(await keysOf('list')).toHaveLength(1);
  });
});

describe.skipIf(!hasRedis)('a Redis that is killed and comes back under load', () => {
  it('is no failed request, and used again', async () => {
    const gateways = [await open({ freshSeconds: 1 }), await open({ freshSeconds: 1 })];
    let failed = 0;
    let answered = 0;
    let isOver = false;
    const load = gateways.flatMap(({ gateway }) =>
      operations.map(async (query) => {
        while (!isOver) {
          const { errors, data } = await gateway.query(query);
          if (errors || !data) failed += 1;
          answered += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }),
    );
    await vi.waitFor(() => expect(answered).toBeGreaterThan(30), patient);
    await redis.kill();
    const before = answered;
    await vi.waitFor(() => expect(answered).toBeGreaterThan(before + 60), patient);
    await redis.start();
    await vi.waitFor(() => expect(gateways.map(({ tier }) => tier.isUsable)).toEqual([true, true]), patient);
    await vi.waitFor(async () => expect((await keysOf('answer')).length).toBeGreaterThan(0), patient);
    isOver = true;
    await Promise.all(load);
    expect(failed).toBe(0);
  });
});
