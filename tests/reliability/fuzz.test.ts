// Whatever clients send and WordPress answers, the gateway answers in GraphQL's terms, and tells nobody what is its own.
// `npm run fuzz` takes a hundred times as many, or what it can in five minutes, and twenty with WordPress. A failure prints its seed.

import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { type Server, startServer } from '../../src/server.ts';
import * as hostile from '../support/hostile-server.ts';
import { confession, findInner } from '../support/inner.ts';
import { type Fault, type MarkedSite, openMarkedSite } from './marked-site.ts';
import { randomQuery } from './random-query.ts';
import { createPace, createRandom, pick, repeat, report, scaleOf } from './scale.ts';

const scale = scaleOf(
  'fuzz',
  { documents: 150, upstream: 400, bodies: 1500, seed: 1, atOnce: 1 },
  { documents: 100_000, upstream: 100_000, bodies: 100_000, seed: Date.now() % 1_000_000, atOnce: 4 },
);
/** So long each part may take, and that in which WordPress is asked for each answer. */
const minutes = 5;
const upstreamMinutes = 20;
const codes = new Set<string>(Object.keys(errorCodes).filter((code) => code !== 'INTERNAL_SERVER_ERROR'));

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Why an answer is not one that a client may get; null where it is. */
function whyBad({ status, text }: Answered): string | null {
  if (status >= 500 && status !== 503) return `status ${status}`;
  const told = text.replaceAll(/"(?:link|url|uri|guid|sourceUrl|mediaItemUrl|generalSettingsUrl)":"[^"]*"/g, '');
  const leak = findInner(told);
  if (leak !== undefined) return `tells ${leak}`;
  const { data, errors } = JSON.parse(text);
  if (data === undefined && !Array.isArray(errors)) return 'neither data nor errors';
  const unknown = (errors ?? []).map((error: { extensions?: { code?: string } }) => error.extensions?.code ?? 'none');
  const odd = unknown.find((code: string) => !codes.has(code));
  return odd === undefined ? null : `code ${odd}`;
}

it('what is not for clients would be noticed', () => {
  const words = confession.split(' ').filter((word) => findInner(word) !== undefined);
  expect(words.length).toBeGreaterThan(5);
});

describe('documents', () => {
  it('that are valid are answered, whatever they ask for', { timeout: 7_200_000 }, async () => {
    await using site = await openMarkedSite(() => null, { freshSeconds: 60 });
    const bad: string[] = [];
    let withData = 0;
    const goesOn = createPace('fuzz', 'documents', scale.documents, minutes);
    const ask = async (index: number) => {
      site.forget();
      const query = randomQuery(site.gateway.schema, createRandom(scale.seed * 1_000_000 + index));
      const response = await site.gateway.fetch(query);
      const answered = { status: response.status, text: await response.text() };
      const why = whyBad(answered);
      if (why !== null) bad.push(`${why}: ${query}: ${answered.text.slice(0, 500)}`);
      if (answered.text.startsWith('{"data":{')) withData += 1;
    };
    const documents = await repeat(scale.documents, 8, ask, goesOn);
    site.gateway.takeErrors();
    expect(bad).toEqual([]);
    expect(withData).toBeGreaterThan(documents / 2);
    report('fuzz', { seed: scale.seed, documents, 'of them with data': withData });
  });
});

/** Values in the place of others. */
const oddities: readonly unknown[] = [
  ...[null, '', '0', 'x', 0, -1, 1.5, 1e308, true, [], {}, [null], { rendered: null }, [[]], '2024-13-45T99:00:00'],
  ...['<b>&#x0;&amp;', '\ud800', { rendered: {} }, ['a', 1], { 0: 'a' }, 2 ** 60],
];

/** The same JSON with some of its values gone, doubled or something else. */
function mutate(value: unknown, random: () => number, chance: number): unknown {
  if (random() < chance) return pick(random, oddities);
  if (Array.isArray(value)) {
    const items = value.filter(() => random() >= chance).map((item) => mutate(item, random, chance));
    return random() < chance ? [...items, ...items] : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random() >= chance);
  return Object.fromEntries(kept.map(([name, item]) => [name, mutate(item, random, chance)]));
}

const broad = [
  `{ posts(first: 5) { pageInfo { hasNextPage endCursor } nodes { id databaseId title content excerpt date modified slug uri
    link status isSticky author { node { name slug avatar { url } } } categories { nodes { name count } } tags { nodes { name } }
    featuredImage { node { sourceUrl altText } } seo { title metaDesc } } } }`,
  '{ post(id: "3", idType: DATABASE_ID) { title(format: RAW) date commentCount comments { nodes { content } } } }',
  '{ users(first: 5) { nodes { id name uri posts(first: 2) { nodes { title } } } } categories { nodes { name slug parentId } } }',
  '{ contentNodes(first: 4) { nodes { __typename id uri } } nodeByUri(uri: "/post-3/") { __typename id } }',
  '{ mediaItems(first: 2) { nodes { sourceUrl mediaDetails { width sizes { name sourceUrl } } srcSet } } generalSettings { title url } }',
  '{ menus { nodes { name menuItems { nodes { label url } } } } comments { nodes { content author { node { name } } } } }',
];

describe('answers of WordPress', () => {
  it('that are not as they should be are errors at their place, and no more', { timeout: 7_200_000 }, async () => {
    let random = createRandom(scale.seed);
    let mutated = 0;
    // WordPress would be left alone for most of the time.
    let passedMs = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
    onTestFinished(() => void vi.restoreAllMocks());
    const fault: Fault = (asked, right) => {
      if (random() < 0.06) {
        const status = pick(random, [400, 403, 404, 409, 500]);
        return hostile.json({ code: 'internal', message: confession, data: { status } }, { status });
      }
      const chunks: Buffer[] = [];
      // What would be right, read off a socket that there is not.
      const paper = { write: (chunk: string | Buffer) => void chunks.push(Buffer.from(chunk)) };
      Reflect.apply(right, undefined, [paper, asked]);
      const answer = Buffer.concat(chunks).toString();
      const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
      if (!body.startsWith('{') && !body.startsWith('[')) return null;
      const total: Record<string, string> =
        random() < 0.5 ? {} : { 'x-wp-total': String(pick(random, ['', '-1', 'x', '1e9', '40'])) };
      mutated += 1;
      return hostile.json(mutate(JSON.parse(body), random, 0.08), { headers: total });
    };
    await using site: MarkedSite = await openMarkedSite(fault, { freshSeconds: 0 });
    const bad: string[] = [];
    let withData = 0;
    const isInTime = createPace('fuzz', 'mutated answers of WordPress', scale.upstream, upstreamMinutes);
    const goesOn = () => mutated < scale.upstream && isInTime(mutated);
    const ask = async (index: number) => {
      site.forget();
      passedMs += 10_000;
      random = createRandom(scale.seed * 1_000_000 + index);
      const query = pick(random, broad);
      const response = await site.gateway.fetch(query);
      const answered = { status: response.status, text: await response.text() };
      const why = whyBad(answered);
      if (why !== null) bad.push(`${index}: ${why}: ${query}: ${answered.text.slice(0, 500)}`);
      if (/"data":\{.*?:[^n]/.test(answered.text)) withData += 1;
    };
    const answers = await repeat(Number.POSITIVE_INFINITY, scale.atOnce, ask, goesOn);
    const errors = site.gateway.takeErrors().map(({ err }) => JSON.stringify(err));
    expect(bad).toEqual([]);
    expect(errors).toEqual([]);
    expect(withData).toBeGreaterThan(0);
    const figures = { 'mutated answers of WordPress': mutated, 'answers of the gateway': answers };
    report('fuzz', { seed: scale.seed, ...figures, 'of them with data': withData });
  });
});

describe('requests', () => {
  let site: MarkedSite;
  let server: Server;

  beforeAll(async () => {
    site = await openMarkedSite(() => null, { freshSeconds: 60 });
    const { endpoint: gateway, parts } = site.gateway;
    server = await startServer({
      ...{ gateway, logger: parts.logger, port: 0, host: '127.0.0.1' },
      maxBodyBytes: 256 * 1024,
    });
  });

  afterAll(async () => {
    await server.close();
    await site[Symbol.asyncDispose]();
  });

  const seeds = [
    '{"query":"{ generalSettings { title } }"}',
    '{"query":"query A($n: Int) { posts(first: $n) { nodes { title } } }","variables":{"n":2},"operationName":"A"}',
    '{"query":"{ posts(first: 2) { nodes { author { node { name } } } } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}',
    '{"query":"mutation { createComment(input: { commentOn: 3, content: \\"a\\" }) { success } }"}',
    '[{"query":"{ generalSettings { title } }"}]',
    'query=%7B%20generalSettings%20%7B%20title%20%7D%20%7D',
  ];
  const pieces = [
    '{',
    '}',
    '"',
    '\\',
    '\u0000',
    '[',
    '$',
    '@',
    '...',
    '#',
    '\ufeff',
    '\\ud800',
    'null',
    '1e999',
    '__proto__',
    '"query":',
    '::',
  ];
  const types = [
    'application/json',
    'application/json; charset=utf-8',
    'application/graphql',
    'text/plain',
    '',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'APPLICATION/JSON',
    'a/b;;;=',
  ];
  const names = [
    'accept',
    'accept-encoding',
    'authorization',
    'cookie',
    'if-none-match',
    'cache-control',
    'x-request-id',
    'origin',
    'x-http-method-override',
    'x-forwarded-for',
    'range',
    'expect-ct',
    'idempotency-key',
    'content-encoding',
  ];
  const values = [
    '',
    '*',
    '*/*',
    'x',
    'a'.repeat(3000),
    'q=0',
    'application/json;q=',
    'text/event-stream',
    'Basic YTpi',
    'Bearer',
    'bytes=0-1',
    '"',
    ',,,;;',
    '\u00ff',
    'no-cache, no-store',
    'gzip;q=x, br;q=-1',
  ];
  const paths = [
    '/graphql',
    '/graphql?',
    '/graphql?query=',
    '/graphql?query=%7BgeneralSettings%7Btitle%7D%7D',
    '/graphql?query={generalSettings{title}}&variables=[',
    '/?graphql',
    '/index.php?graphql&query={generalSettings{title}}',
    '/graphql?query=%ff',
    '/graphql/../health',
    '//graphql',
    '/graphiql/x',
    '/graphql?extensions={"a":1}&id=1',
    '/%2e%2e/%2e%2e',
  ];

  function garble(text: string, random: () => number): Buffer {
    let result = text;
    for (let times = Math.floor(random() * 4); times > 0; times -= 1) {
      const at = Math.floor(random() * result.length);
      const cut = random() < 0.5 ? 0 : Math.floor(random() * 6);
      result = result.slice(0, at) + (random() < 0.7 ? pick(random, pieces) : '') + result.slice(at + cut);
    }
    const bytes = Buffer.from(result);
    if (random() < 0.3 && bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return bytes;
  }

  it('of any kind are answered, and not with a failure', { timeout: 7_200_000 }, async () => {
    const bad: string[] = [];
    const statuses = new Map<number, number>();
    const goesOn = createPace('fuzz', 'garbled requests', scale.bodies, minutes);
    const ask = async (index: number) => {
      site.forget();
      const random = createRandom(scale.seed * 1_000_000 + index);
      const isGet = random() < 0.2;
      const headers: Record<string, string> = {
        'content-type': pick(random, random() < 0.7 ? types.slice(0, 2) : types),
      };
      for (let times = Math.floor(random() * 3); times > 0; times -= 1)
        headers[pick(random, names)] = pick(random, values);
      const path = random() < 0.7 ? '/graphql' : pick(random, paths);
      const isKnown = random() < 0.5;
      const text = isKnown ? pick(random, seeds) : JSON.stringify({ query: randomQuery(site.gateway.schema, random) });
      const body = garble(text, random);
      const sent = { method: isGet ? 'GET' : 'POST', headers, ...(isGet ? {} : { body }) } as const;
      const response = await request(server.url + path, sent);
      const answered = { status: response.statusCode, text: await response.body.text() };
      statuses.set(answered.status, (statuses.get(answered.status) ?? 0) + 1);
      const isJson = String(response.headers['content-type'] ?? '').includes('json') && answered.text !== '';
      const why =
        answered.status >= 500
          ? `status ${answered.status}`
          : isJson && answered.status !== 404 && !path.includes('health')
            ? whyBad(answered)
            : null;
      if (why !== null)
        bad.push(`${why}: ${sent.method} ${path} ${JSON.stringify(headers)} ${body}: ${answered.text.slice(0, 300)}`);
    };
    const bodies = await repeat(scale.bodies, 8, ask, goesOn);
    expect(bad).toEqual([]);
    expect(site.gateway.takeErrors()).toEqual([]);
    expect((await fetch(`${server.url}/graphql?query={generalSettings{title}}`)).status).toBe(200);
    report('fuzz', {
      seed: scale.seed,
      requests: bodies,
      ...Object.fromEntries([...statuses].map(([status, count]) => [`status ${status}`, count])),
    });
  });
});
