// Clients that ask too often are told so with 429: at each door, for kept answers as well, each for itself.

import { createSchema } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRateStore, type RateOptions, type RateStore } from '../../src/cache/rate-store.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createLoadGauge, type Work } from '../../src/clients/load-gauge.ts';
import { openRateLimit } from '../../src/clients/open-rate-limit.ts';
import { createRateLimit } from '../../src/clients/rate-limit.ts';
import { loadApiKeys } from '../../src/config/api-keys.ts';
import { UserError } from '../../src/errors.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createMetrics, printMetrics } from '../../src/metrics.ts';
import { createCallers } from '../../src/operations/callers.ts';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query { cheap: String, dear: String }
    type Mutation { touch: String }
  `,
  resolvers: {
    Query: {
      dear: (_source, _args, { trace }: { readonly trace: { readonly reads: object[] } }) => {
        trace.reads.push({ shared: false }, { shared: false }, { shared: true });
        return 'dear';
      },
    },
    Mutation: { touch: () => 'touched' },
  },
});
const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 };

let clock = 0;
let metrics: ReturnType<typeof createMetrics>;
let server: Server;

function openGateway(store: RateStore, options: Partial<GatewayOptions> = {}): Gateway {
  metrics = createMetrics();
  return createGateway({
    schema,
    metrics,
    logger: log.logger,
    store: createResponseStore({ maxBytes: 1_000_000, ...times, now: () => clock }),
    rateLimit: createRateLimit({ store, proxies: 1 }),
    createContext: (request) => {
      if (request.headers.get('authorization')?.includes('wrong')) throw new UserError('No.', 'UNAUTHENTICATED');
      return { trace: createTrace() };
    },
    ...options,
  });
}

const createStore = () => createRateStore({ points: 5, seconds: 60, now: () => clock });

beforeEach(async () => {
  clock = 0;
  server = await startStandInServer(openGateway(createStore()), log);
});

afterEach(() => server.close());

interface Asked {
  readonly query?: string;
  readonly from?: string;
  readonly headers?: Record<string, string>;
}

async function ask({ query = '{ cheap }', from = '192.0.2.1', headers = {} }: Asked = {}) {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
    body: JSON.stringify({ query }),
  });
}

async function statuses(count: number, asked: Asked = {}): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await ask(asked)).status);
  return seen;
}

describe('a client', () => {
  it('is told for how long to wait, and counted', async () => {
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('12');
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toEqual({
      errors: [{ message: 'The client asks more often than it may.', extensions: { code: 'RATE_LIMITED' } }],
    });
    expect(await printMetrics([await metrics.snapshot()])).toContain('headgate_limits_exceeded_total{limit="rate"} 1');
    clock += 12_000;
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('is one, whether its answers are kept or not, and by GET as by POST', async () => {
    expect(await statuses(2)).toEqual([200, 200]);
    expect(await statuses(2, { query: 'mutation { touch }' })).toEqual([200, 200]);
    const get = () =>
      fetch(`${server.url}/graphql?query={cheap}`, { headers: { 'x-forwarded-for': '192.0.2.1' } }).then(
        ({ status }) => status,
      );
    expect([await get(), await get()]).toEqual([200, 429]);
    expect(await statuses(1, { query: '{ not graphql' })).toEqual([429]);
  });

  it('is not another one for what it says of itself', async () => {
    await statuses(5);
    expect(await statuses(1, { from: '198.51.100.9, 192.0.2.1' })).toEqual([429]);
    expect(await statuses(1, { headers: { forwarded: 'for=198.51.100.9', 'x-real-ip': '198.51.100.9' } })).toEqual([
      429,
    ]);
  });

  it('does not take from others', async () => {
    await statuses(6);
    expect(await statuses(1, { from: '192.0.2.2' })).toEqual([200]);
  });

  it('pays for what it makes the gateway ask, and not for what is kept', async () => {
    expect(await statuses(4, { query: '{ dear }' })).toEqual([200, 200, 200, 429]);
  });

  it('pays for what it asks below GraphiQL, where there is nothing but files', async () => {
    const post = async (path: string) => {
      const response = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1' },
        body: JSON.stringify({ query: '{ cheap }' }),
      });
      return [response.status, (await response.text()).includes('"data"')];
    };
    expect(await post('/graphiql/x')).toEqual([404, false]);
    expect(await post('/graphiql/tabs.json?query={cheap}')).toEqual([404, false]);
    for (const path of ['/graphiql/', '/graphiql/x', '/graphiql/tabs.json']) {
      const response = await fetch(`${server.url}${path}?query={cheap}`);
      expect(await response.text(), path).not.toContain('"data"');
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  it('may ask for leave and for health as often as it likes', async () => {
    await statuses(6);
    const options = { method: 'OPTIONS', headers: { 'x-forwarded-for': '192.0.2.1' } };
    expect((await fetch(`${server.url}/graphql`, options)).status).toBeLessThan(300);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

describe('credentials', () => {
  const good = { authorization: 'Basic YTpi' };

  it('are a client of their own, wherever they come from', async () => {
    await statuses(4);
    expect(await statuses(3, { headers: good })).toEqual([200, 200, 200]);
    expect(await statuses(3, { headers: good, from: '192.0.2.7' })).toEqual([200, 200, 429]);
    expect(await statuses(1, { headers: { authorization: 'BASIC   YTpi' } })).toEqual([429]);
  });

  it('that nobody looks at are no client: what is refused before pays with the address, and so do keys where there are none', async () => {
    const madeUp = (index: number) => ({ authorization: `Bearer ${index}`, 'x-api-key': `key-${index}` });
    const seen = async (query: string, from: string) => {
      const found: number[] = [];
      for (let index = 0; index < 8; index += 1) {
        found.push((await ask({ query, from, headers: madeUp(index) })).status);
      }
      return found;
    };
    // What is charged behind it is noticed by the one after that.
    expect(await seen('{ cheap', '192.0.2.11')).toEqual([...Array(6).fill(200), 429, 429]);
    expect(await seen('{ unknown }', '192.0.2.12')).toEqual([...Array(6).fill(200), 429, 429]);
    const keyed = (index: number) => ask({ from: '192.0.2.13', headers: { 'x-api-key': `key-${index}` } });
    const found: number[] = [];
    for (let index = 0; index < 7; index += 1) found.push((await keyed(index)).status);
    expect(found).toEqual([...Array(5).fill(200), 429, 429]);
    // Somebody with an account of WordPress is counted by that.
    const user = { ...good, from: '192.0.2.14' };
    const users: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      users.push((await ask({ from: user.from, headers: { ...good, 'x-api-key': `key-${index}` } })).status);
    }
    expect(users).toEqual([...Array(5).fill(200), 429, 429]);
  });

  it('that are made up use up the address', async () => {
    const guess = (index: number) => ({ headers: { authorization: `Basic wrong${index}` } });
    expect((await ask(guess(1))).status).toBe(401);
    expect((await ask(guess(2))).status).toBe(429);
    expect((await ask({ headers: good })).status).toBe(429);
    expect((await ask({ headers: good, from: '192.0.2.7' })).status).toBe(200);
  });
});

describe('limits of their own', () => {
  const [web, ci] = ['web-0123456789abcdefghij', 'ci-0123456789abcdefghijk'];
  const callers = createCallers({
    keys: loadApiKeys(`web:2=${web},ci:0=${ci},other=${web}${ci}`, undefined),
    required: false,
  });
  const open = (perMinute: number, viewersPerMinute: number) => {
    const count = (options: RateOptions) => createRateStore({ ...options, now: () => clock });
    const limits = { perMinute, viewersPerMinute, proxies: 1, count, callers };
    return openGateway(createStore(), { callers, rateLimit: openRateLimit(limits) });
  };
  const ask = async (gateway: Gateway, times: number, headers: Record<string, string>) => {
    const seen: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const request = new Request('http://gateway/graphql?query={dear}', {
        headers: { 'x-forwarded-for': '192.0.2.1', 'apollo-require-preflight': 'yes', ...headers },
      });
      seen.push((await gateway.fetch(request)).status);
    }
    return seen;
  };

  it('have holders of keys: less than others, or none', async () => {
    await using gateway = open(4, 4);
    // The first costs one more for each of its two requests to WordPress; then it is kept.
    expect(await ask(gateway, 3, {})).toEqual([200, 200, 429]);
    expect(await ask(gateway, 3, { 'x-api-key': web })).toEqual([200, 200, 429]);
    expect(await ask(gateway, 20, { 'x-api-key': ci })).not.toContain(429);
    // A key without one is counted as all others are, and one that is none has no limit of anybody's.
    expect(await ask(gateway, 5, { 'x-api-key': web + ci })).toEqual([200, 200, 200, 200, 429]);
    expect(await ask(gateway, 1, { 'x-api-key': `${web}x`, 'x-forwarded-for': '192.0.2.2' })).toEqual([401]);
    clock += 30_000;
    expect(await ask(gateway, 2, { 'x-api-key': web })).toEqual([200, 429]);
  });

  it('have users of WordPress, each by himself', async () => {
    await using gateway = open(0, 5);
    expect(await ask(gateway, 20, {})).not.toContain(429);
    // Nothing is kept for them: each pays for what is read.
    const [ann, bob] = [{ authorization: 'Basic YW5uOng=' }, { authorization: 'Basic Ym9iOng=' }];
    expect(await ask(gateway, 3, ann)).toEqual([200, 200, 429]);
    expect(await ask(gateway, 1, bob)).toEqual([200]);
    expect(await ask(gateway, 1, { ...bob, 'x-api-key': ci })).toEqual([200]);
  });

  it('have nobody where nothing says so', () => {
    const nobody = createCallers({ keys: [], required: false });
    const limits = { perMinute: 0, viewersPerMinute: 0, proxies: 1, count: createRateStore, callers: nobody };
    expect(openRateLimit(limits)).toBeUndefined();
  });
});

it('a store that processes share is waited for', async () => {
  const own = createStore();
  const shared: RateStore = { ...own, take: async (key, cost) => own.take(key, cost) };
  await using gateway = openGateway(shared);
  const asked = () =>
    gateway.fetch(new Request('http://gateway/graphql?query={cheap}', { headers: { 'x-forwarded-for': '192.0.2.1' } }));
  const seen: number[] = [];
  for (let index = 0; index < 6; index += 1) seen.push((await asked()).status);
  expect(seen).toEqual([200, 200, 200, 200, 200, 429]);
  const withKey = await gateway.fetch(
    new Request('http://gateway/graphql?query={cheap}', {
      headers: { 'x-api-key': 'a', 'x-forwarded-for': '192.0.2.2' },
    }),
  );
  expect(withKey.status).toBe(200);
});

describe('a process that is late', () => {
  it('serves what it has, and turns away what it would have to run', async () => {
    let now = 0;
    const turns: (() => void)[] = [];
    const load = createLoadGauge({ maxDelayMs: 100, now: () => now, afterTurn: (callback) => turns.push(callback) });
    const endTurn = (ms: number) => {
      now += ms;
      for (const end of turns.splice(0)) end();
    };
    await using gateway = openGateway(createRateStore({ points: 1e6, seconds: 60 }), { load });
    const asked = (query: string) =>
      gateway.fetch(
        new Request('http://gateway/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        }),
      );
    await asked('{ cheap }');
    const works: Work[] = [];
    const takeAll = () => {
      for (let work = load.begin(); work; work = load.begin()) works.push(work);
    };
    for (let index = 0; index < 16; index += 1) works.push(...[load.begin()].filter((work) => work !== null));
    endTurn(1000);
    takeAll();
    expect((await asked('{ cheap }')).status).toBe(200);
    const refused = await asked('{ a: cheap }');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
    expect((await asked('mutation { touch }')).status).toBe(503);
    // What is old is better than nothing.
    clock += 130_000;
    const old = await Promise.all([1, 2].map(() => asked('{ cheap }')));
    expect(old.map(({ status }) => status)).toEqual([200, 200]);
    for (const work of works) work.end();
    while (turns.length > 0) endTurn(0);
    expect((await asked('{ a: cheap }')).status).toBe(200);
    expect(await printMetrics([await metrics.snapshot()])).toMatch(/headgate_turned_away_total [1-9]/);
  });
});
