// A user of WordPress has one limit, in however many ways his credentials can be written.

import { createSchema } from 'graphql-yoga';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRateStore, type RateOptions } from '../../src/cache/rate-store.ts';
import { openRateLimit } from '../../src/clients/open-rate-limit.ts';
import { loadApiKeys } from '../../src/config/api-keys.ts';
import { createContextFactory } from '../../src/context.ts';
import { UpstreamError } from '../../src/errors.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createMetrics, printMetrics } from '../../src/metrics.ts';
import { createCallers } from '../../src/operations/callers.ts';
import type { WordPressClient } from '../../src/wordpress/rest.ts';
import { bookSite } from '../support/book-resources.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { logger } = createRecordingLogger();
const never = () => Promise.reject(new Error('not asked in these tests'));
const schema = createSchema({
  typeDefs: 'type Query { cheap: String }',
  resolvers: { Query: { cheap: () => 'cheap' } },
});
const key = 'web-0123456789abcdefghij';
const callers = createCallers({ keys: loadApiKeys(`web:2=${key}`, undefined), required: false });

let checks = 0;
let gateway: Gateway;
let metrics: ReturnType<typeof createMetrics>;

/** A site whose users are called by their ids; it heeds no blanks of a password, as WordPress. */
const client: WordPressClient = {
  async request({ authorization = '' }) {
    checks += 1;
    const [scheme = '', given = ''] = authorization.split(/ +/);
    const text = /basic/i.test(scheme) ? Buffer.from(given, 'base64').toString() : given;
    if (/^hung:/.test(text)) throw new UpstreamError('UPSTREAM_TIMEOUT', 'GET /wp/v2/users/me');
    const id = Number(/^user(\d+)[:.]/.exec(text)?.[1]);
    if (!(id > 0)) throw new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/users/me: 401');
    return { status: 200, body: { id, capabilities: {} }, total: null, bytes: 2, cacheable: false };
  },
  readPage: never,
  sendForm: never,
  [Symbol.asyncDispose]: async () => undefined,
};

function open(perMinute: number, viewersPerMinute: number): Gateway {
  metrics = createMetrics();
  const cache = { maxBytes: 1000, freshSeconds: 60, negativeSeconds: 10 };
  const createContext = createContextFactory({ client, site: bookSite, logger, scanLimit: 100, cache });
  const count = (options: RateOptions) => createRateStore({ ...options, now: () => 0 });
  const rateLimit = openRateLimit({ perMinute, viewersPerMinute, callers, count, proxies: 1 });
  return createGateway({ schema, createContext, logger, callers, metrics, rateLimit });
}

beforeEach(() => {
  checks = 0;
  gateway = open(0, 5);
});

function ask(authorization: string, headers: Record<string, string> = {}): Promise<Response> {
  const sent = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1', authorization, ...headers };
  const body = JSON.stringify({ query: '{ cheap }' });
  return gateway.fetch(new Request('http://gateway/graphql', { method: 'POST', headers: sent, body }));
}

async function statuses(times: number, authorization: (index: number) => string, headers = {}): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < times; index += 1) seen.push((await ask(authorization(index), headers)).status);
  return seen;
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const spaced = (user: number) => (index: number) => basic(`user${user}:abcd${' '.repeat(index)}efgh`);
const fiveOf = (times: number) => [...Array(5).fill(200), ...Array(times - 5).fill(429)];

describe('a user of WordPress', () => {
  it.each([
    ['with other blanks in his password', spaced(2)],
    ['with other tokens', (index: number) => `Bearer user2.${index}`],
    ['with the same credentials', () => basic('user2:abcd efgh')],
  ])('is one client %s, and takes nothing from others', async (_kind, authorization) => {
    expect(await statuses(8, authorization)).toEqual(fiveOf(8));
    expect(await statuses(1, spaced(3))).toEqual([200]);
  });

  it('is one client with several credentials at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(spaced(2)(index % 10))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('is told for how long to wait, whatever he accepts', async () => {
    await statuses(5, spaced(2));
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const refused = await ask(spaced(2)(accept.length), { accept });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '12']);
      const message = 'The client asks more often than it may.';
      expect(await refused.json()).toEqual({
        errors: [{ message, extensions: { code: 'RATE_LIMITED', retryAfter: 12 } }],
      });
    }
    expect(await printMetrics([await metrics.snapshot()])).toContain('headgate_limits_exceeded_total{limit="rate"} 2');
  });

  it('is asked for once, and not at all where it is known that he asks too often', async () => {
    await statuses(8, () => basic('user2:abcd efgh'));
    expect(checks).toBe(1);
  });

  it('pays with his address for what is refused to him once WordPress was asked', async () => {
    gateway = open(3, 5);
    await statuses(20, spaced(2));
    expect(checks).toBe(9);
    expect(await statuses(1, spaced(3))).toEqual([429]);
    expect(await statuses(1, spaced(3), { 'x-forwarded-for': '192.0.2.2' })).toEqual([200]);
  });

  it('pays a point with his address where WordPress does not say whose credentials they are: anybody can make some up', async () => {
    gateway = open(3, 5);
    expect(await statuses(8, (index) => basic(`hung:${index}`))).toEqual([
      ...Array(4).fill(503),
      ...Array(4).fill(429),
    ]);
    expect(checks).toBe(4);
    expect(await statuses(1, spaced(3))).toEqual([429]);
  });

  it('pays ten points with his address for a guess', async () => {
    gateway = open(12, 5);
    await statuses(8, (index) => basic(`wrong:${index}`));
    expect(checks).toBe(2);
    expect(await statuses(1, spaced(4))).toEqual([429]);
  });

  it('is counted by the key that he calls with', async () => {
    expect(await statuses(3, spaced(2), { 'x-api-key': key })).toEqual([200, 200, 429]);
    expect(await statuses(6, spaced(2))).toEqual(fiveOf(6));
  });

  it('pays once for a form with files', async () => {
    const send = async (index: number) => {
      const body = new FormData();
      body.set('operations', JSON.stringify({ query: '{ cheap }' }));
      body.set('map', '{}');
      const headers = { authorization: spaced(2)(index), 'apollo-require-preflight': 'yes' };
      return (await gateway.fetch(new Request('http://gateway/graphql', { method: 'POST', headers, body }))).status;
    };
    const seen: number[] = [];
    for (let index = 0; index < 7; index += 1) seen.push(await send(index));
    expect(seen).toEqual(fiveOf(7));
  });
});
