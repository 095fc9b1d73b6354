// Owns the tests of HTTP caching: what a CDN and a browser are told, and how they ask whether something has changed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { sha256 } from '../../src/operations/canonical.ts';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
let clock = 100_000;
const store = createResponseStore({
  ...{ maxBytes: 10_000_000, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 3600 },
  now: () => clock,
});
const gateway = createStandInGateway(log, {
  store,
  createContext: (request) => ({
    signal: request.signal,
    trace: { ...createTrace(), tags: new Set(['post:12', 'list:post']) },
  }),
});
let server: Server;

beforeAll(async () => {
  server = await startStandInServer(gateway, log);
});

afterAll(() => server.close());

// Long enough to gain by being compressed.
const aliases = Array.from({ length: 12 }, (_, at) => `a${at}: posts { nodes { title date uri } }`);
const query = `query Latest { ${aliases.join(' ')} }`;
const get = (headers: Record<string, string> = {}, text = query) =>
  fetch(`${server.url}/graphql?query=${encodeURIComponent(text)}`, { headers });

it('says how long an answer may be kept, how old it is, and what it depends on', async () => {
  const response = await get();
  const { status, headers } = response;
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe(
    'public, max-age=10, s-maxage=60, stale-while-revalidate=300, stale-if-error=3600',
  );
  expect(headers.get('age')).toBe('0');
  expect(headers.get('vary')).toBe('Accept, Accept-Encoding, Authorization');
  expect(headers.get('x-graphql-keys')).toBe(
    `${sha256(query)} graphql:Query operation:Latest list:post ${btoa('post:12')}`,
  );
  expect(headers.get('surrogate-key')).toBe('list:post post:12');
  expect(headers.get('cache-tag')).toBe('list:post,post:12');
  clock += 25_900;
  expect((await get()).headers.get('age')).toBe('25');
});

describe('an ETag', () => {
  it('is of the content, one for each encoding', async () => {
    const tags = await Promise.all(
      ['identity', 'gzip', 'br'].map(async (encoding) =>
        (await get({ 'accept-encoding': encoding })).headers.get('etag'),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]{22}(-gzip|-br)?"$/);
    const otherText = await get({ 'accept-encoding': 'identity' }, query.replace('Latest', 'Newest'));
    expect(otherText.headers.get('etag')).toBe(tags[0]);
    const otherContent = await get({ 'accept-encoding': 'identity' }, '{ posts { nodes { title } } }');
    expect(otherContent.headers.get('etag')).not.toBe(tags[0]);
  });

  it.each(['identity', 'gzip', 'br'])('spares the body of %s', async (encoding) => {
    const whole = await get({ 'accept-encoding': encoding });
    const etag = whole.headers.get('etag') ?? '';
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get({ 'accept-encoding': encoding, 'if-none-match': given });
      expect([response.status, await response.text()]).toEqual([304, '']);
      for (const name of ['etag', 'cache-control', 'vary', 'x-graphql-keys', 'access-control-allow-origin']) {
        expect(response.headers.get(name)).toBe(whole.headers.get(name));
      }
    }
    const changed = await get({ 'accept-encoding': encoding, 'if-none-match': '"other"' });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toEqual(await whole.json());
  });
});

it('gives a body that is what its encoding says', async () => {
  const plain = await (await get({ 'accept-encoding': 'identity' })).text();
  for (const encoding of ['gzip', 'br']) {
    const response = await get({ 'accept-encoding': encoding });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(Number(response.headers.get('content-length'))).toBeLessThan(plain.length / 3);
    expect(await response.text()).toBe(plain);
  }
});
