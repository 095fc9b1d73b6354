// A flood of things that are different each time costs time, and no memory that stays. `npm run soak` sends 50,000, and `npm run flood` a million to a process of its own.

import { createHash } from 'node:crypto';
import { createSchema } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { createRateStore } from '../../src/cache/rate-store.ts';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createRateLimit } from '../../src/clients/rate-limit.ts';
import { createGateway } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createLogger } from '../../src/log.ts';
import { createMetrics, printMetrics } from '../../src/metrics.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { repeat, report, scaleOf } from './scale.ts';

const scale = scaleOf('soak', { warmUp: 2000, requests: 3000 }, { warmUp: 5000, requests: 45_000 });

/** What caches may hold here: answers, documents, requests as they came, registered documents, clients. */
const boundedBytes = (8 + 8 + 4 + 8 + 8) * 1024 * 1024;

/** What a request may leave behind once caches hold most of what they may: a quarter of it is what they still gain. */
const bytesEach = 1200;

/** Bytes in use once what is not needed is gone. */
function heapUsed(): number {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  const { heapUsed: heap, external } = process.memoryUsage();
  return heap + external;
}

const schema = createSchema({
  typeDefs: 'type Query { echo(text: String): String, self: Query }',
  resolvers: { Query: { echo: (_source, { text }: { readonly text?: string }) => text, self: () => ({}) } },
});

/** Kilobytes that are another document for each number. */
const padding = 'x'.repeat(32_000);
const document = (index: number) => `query Q${index} { a: echo(text: "${index} ${padding}") b: echo c: echo }`;

/** One request of each kind that somebody could send without end. */
const kinds: readonly ((index: number) => { readonly body: object; readonly headers?: Record<string, string> })[] = [
  (index) => ({ body: { query: document(index) } }),
  (index) => ({ body: { query: 'query ($t: String) { echo(text: $t) }', variables: { t: `${index} ${padding}` } } }),
  (index) => {
    const query = document(index);
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    return { body: { query, extensions: { persistedQuery: { version: 1, sha256Hash } } } };
  },
  (index) => ({ body: { query: `{ nothing${index} ${padding}` } }),
  (index) => ({ body: { query: `{ nothing${index} }`, operationName: `${index} ${padding}` } }),
  (index) => ({
    body: { query: '{ self { echo } }' },
    headers: {
      accept: `application/json;v=${index}, ${padding.slice(0, 200)}/x`,
      'accept-encoding': `x${index}`,
      'if-none-match': `"${index}"`,
    },
  }),
  (index) => ({ body: { query: '{ echo }' }, headers: { authorization: `Bearer ${index}${padding}` } }),
  (index) => ({
    body: { query: '{ echo }' },
    headers: { 'x-forwarded-for': `2001:db8:${(index >> 16).toString(16)}:${(index & 65_535).toString(16)}::1` },
  }),
];

it('keeps within its bounds what is different each time', { timeout: 7_200_000 }, async () => {
  const metrics = createMetrics();
  const times = { freshSeconds: 3600, staleSeconds: 60, staleIfErrorSeconds: 60 };
  await using gateway = createGateway({
    schema,
    metrics,
    logger: createLogger('silent'),
    store: createResponseStore({ maxBytes: 8 * 1024 * 1024, ...times }),
    rateLimit: createRateLimit({ store: createRateStore({ points: 1e9, seconds: 60 }), proxies: 1 }),
    createContext: () => ({ trace: { ...createTrace(), tags: new Set(['list:post']) } }),
  });
  const statuses = new Map<number, number>();
  const send = async (index: number) => {
    const kind = kinds[index % kinds.length];
    const { body, headers = {} } = kind?.(index) ?? { body: {} };
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    const { status } = await gateway.fetch(new Request('http://gateway/graphql', init));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  // What is loaded once, and code that is made of what runs often.
  await repeat(400, 4, send);
  const before = heapUsed();
  const startedAt = performance.now();
  await repeat(scale.warmUp, 8, (index) => send(1000 + index));
  const warm = heapUsed();
  await repeat(scale.requests, 8, (index) => send(1000 + scale.warmUp + index));
  const after = heapUsed();
  const [grown, grownEach] = [after - before, (after - warm) / scale.requests];
  expect(grown).toBeLessThan(boundedBytes);
  expect(grownEach).toBeLessThan(bytesEach);
  expect([...statuses.keys()].sort()).toEqual([200, 400]);
  const printed = await printMetrics([await metrics.snapshot()]);
  expect(printed.length).toBeLessThan(50_000);
  report('soak', {
    requests: scale.warmUp + scale.requests,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    'grown by, MB': (grown / 1e6).toFixed(1),
    'bound, MB': (boundedBytes / 1e6).toFixed(1),
    'grown by with each request once warm, bytes': grownEach.toFixed(0),
  });
});
