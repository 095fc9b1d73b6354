// API keys say who calls: a gateway that requires one answers nobody else, and no cache on the way answers for it.

import { describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { loadApiKeys } from '../../src/config/api-keys.ts';
import type { GatewayRequest } from '../../src/gateway.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { createCallers } from '../../src/operations/callers.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

const log = createRecordingLogger();
const [web, ci] = ['web-0123456789abcdefghij', 'ci-0123456789abcdefghijk'];
// The SHA-256 of the second one.
const hash = 'sha256:45fc53216b614ad6e6c6127cce5c100c7518aa80cea27be4a7a57b31712ddf21';
const keys = loadApiKeys(`web=${web}`, undefined);
const createStore = () =>
  createResponseStore({ maxBytes: 1_000_000, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 600 });
const createContext = (request: Request) => ({
  signal: request.signal,
  trace: { ...createTrace(), tags: new Set(['post:1']) },
});
const gatewayOf = (required: boolean) =>
  createStandInGateway(log, {
    callers: createCallers({ keys, required }),
    store: createStore(),
    createContext,
    graphiql: true,
  });
const [open, closed] = [gatewayOf(false), gatewayOf(true)];

const address = 'http://gateway.test/graphql';
const post = (headers: Record<string, string> = {}) =>
  new Request(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ hello }"}',
  });
const get = (headers: Record<string, string> = {}) => new Request(`${address}?query={hello}`, { headers });

describe('a gateway that requires keys', () => {
  it.each([
    ['POST', post],
    ['GET', get],
  ])('answers %s to holders of one alone, though it has the answer', async (_, ask) => {
    expect((await closed.fetch(ask({ 'x-api-key': web }))).status).toBe(200);
    for (const headers of [{}, { 'x-api-key': '' }, { 'x-api-key': ci }, { 'x-api-key': `${web},${web}` }]) {
      const refused = await closed.fetch(ask(headers as Record<string, string>));
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'ApiKey realm="Headgate"']);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  it('lets no cache on the way share what it answers', async () => {
    const { headers } = await closed.fetch(get({ 'x-api-key': web }));
    expect(headers.get('cache-control')).toBe('private, max-age=10');
    // The rest of a minute, where the answer was made before.
    expect((await open.fetch(get())).headers.get('cache-control')).toMatch(/^public, .*s-maxage=[1-6]\d\b/);
  });

  it.each([
    '/graphiql/x',
    '/graphiql/',
    '/graphiql/tabs.json',
    '/graphiql/x?query={hello}',
    '/graphiql/../graphql?query={hello}',
    '/graphiql%2f?query={hello}',
    '/?graphql&query={hello}',
    '/graphql/?query={hello}',
  ])('executes nothing at %s for anybody else', async (path) => {
    const body = JSON.stringify({ query: '{ hello }' });
    const headers = { 'content-type': 'application/json' };
    const requests: Omit<GatewayRequest, 'url'>[] = [
      { method: 'POST', headers, body: Buffer.from(body), signal: () => undefined },
      ...['GET', 'HEAD', 'OPTIONS'].map((method) => ({ method, headers: {}, body: null, signal: () => undefined })),
    ];
    for (const request of requests) {
      const answer = await closed.handle({ ...request, url: path });
      expect(answer.body.toString(), request.method).not.toContain('"data"');
      expect(answer.reads, request.method).toBeUndefined();
    }
  });

  it('still lets browsers ask for leave, and shows them GraphiQL', async () => {
    const leave = await closed.fetch(new Request(address, { method: 'OPTIONS' }));
    const page = await closed.fetch(new Request(address, { headers: { accept: 'text/html' } }));
    expect([leave.status, page.status]).toEqual([204, 200]);
    expect((await closed.fetch(new Request(`${address}?queryId=x`))).status).toBe(401);
  });
});

describe('a gateway that does not', () => {
  it('answers anybody, but nobody with a key that is none', async () => {
    expect((await open.fetch(post())).status).toBe(200);
    expect((await open.fetch(post({ 'x-api-key': web }))).status).toBe(200);
    expect((await open.fetch(post({ 'x-api-key': `${web}x` }))).status).toBe(401);
  });

  it('tells in its log who called, and never by which key', async () => {
    log.lines.length = 0;
    await open.fetch(post({ 'x-api-key': web }));
    await open.fetch(post());
    expect(log.lines.map(({ caller }) => caller)).toEqual(['web', undefined]);
    expect(JSON.stringify(log.lines)).not.toContain(web);
  });
});

describe('keys', () => {
  it('are written plain or as a hash', () => {
    const [first, second] = loadApiKeys(`a=${ci}, b=${hash}`, undefined);
    expect(first?.hash.equals(second?.hash ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    'web',
    'web=short',
    '=0123456789abcdefghijkl',
    'web=sha256:123456789012345678901234',
    'a b=0123456789abcdefghij',
  ])('are refused where they are no good, without being shown: %s', (given) => {
    expect(() => loadApiKeys(given, undefined)).toThrow(/^API_KEYS: entry 1 cannot be used/);
    expect(() => loadApiKeys(given, undefined)).not.toThrow(/012345|short/);
  });

  it('have names of their own', () => {
    expect(() => loadApiKeys(`a=${ci},a=${web}`, undefined)).toThrow(/one name/);
  });
});
