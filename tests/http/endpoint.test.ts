// Owns the tests of where GraphQL is served and how it is asked: paths, methods, CORS, GraphiQL's page.

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toGatewayPath } from '../../src/operations/gateway-path.ts';
import { prefersHtml } from '../../src/responses/negotiate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log, { graphiql: true });
const base = 'http://gateway.test';

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.fetch(
    new Request(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );
}

const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.fetch(new Request(base + path, { headers }));

describe('paths', () => {
  it.each(['/graphql', '/graphql/', '/index.php?graphql', '/?graphql', '/?graphql=true', '/index.php?graphql&x=1'])(
    'answers POST %s',
    async (path) => {
      const response = await post(path, { query: '{ hello }' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await response.json()).toEqual({ data: { hello: 'Hello world' } });
    },
  );

  it.each(['/graphql?query=', '/?graphql&query=', '/index.php?query='])('answers GET %s', async (path) => {
    const query = encodeURIComponent('query Q($n: String) { hello(name: $n) }');
    const end = path.includes('graphql') ? '' : '&graphql';
    const response = await get(`${path}${query}&variables=${encodeURIComponent('{"n":"Zoë & co"}')}${end}`);
    expect(await response.json()).toEqual({ data: { hello: 'Hello Zoë & co' } });
  });

  it.each(['/', '/index.php', '/graphqlx', '/wp-json/', '/graphiql', '//graphql'])(
    'knows nothing of %s',
    async (path) => {
      expect(toGatewayPath(path)).toBeNull();
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ errors: [{ message: 'Not found. GraphQL is served at /graphql.' }] });
    },
  );

  it('answers 404 for an unknown file of GraphiQL', async () => {
    expect((await get('/graphiql/0.js')).status).toBe(404);
  });
});

describe('answers', () => {
  it('have their fields in the order of the query', async () => {
    const response = await post('/graphql', {
      query: '{ a: slow(ms: 30) b: hello c: slow(ms: 5) self { d: slow(ms: 1) e: hello } }',
    });
    const { data } = await response.json();
    expect(JSON.stringify(data)).toBe(
      '{"a":"done","b":"Hello world","c":"done","self":{"d":"done","e":"Hello world"}}',
    );
  });
});

describe('methods', () => {
  it('refuses a mutation by GET', async () => {
    const response = await get(`/graphql?query=${encodeURIComponent('mutation { touch }')}`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each(['PUT', 'DELETE', 'HEAD'])('refuses %s', async (method) => {
    const response = await gateway.fetch(new Request(`${base}/graphql`, { method }));
    expect(response.status).toBe(405);
  });

  it('refuses a list of operations', async () => {
    const response = await gateway.fetch(
      new Request(`${base}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ query: '{ hello }' }, { query: '{ hello }' }]),
      }),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).not.toHaveProperty('data');
  });

  it('refuses other media types', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{ hello }' };
    expect((await gateway.fetch(new Request(`${base}/graphql`, init))).status).toBe(415);
  });
});

describe('CORS', () => {
  it('lets anybody ask, without credentials', async () => {
    const response = await post('/graphql', { query: '{ hello }' }, { origin: 'https://front.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('vary')).toBeNull();
  });

  it('answers preflight requests', async () => {
    const response = await gateway.fetch(
      new Request(`${base}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://front.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,apollographql-client-name',
        },
      }),
    );
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
    expect(response.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, *');
    expect(response.headers.get('access-control-max-age')).toBe('600');
  });

  it('holds for errors too', async () => {
    const response = await post('/graphql', { query: '{' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('request id', () => {
  it("is the client's, if it is a plain token", async () => {
    const response = await post('/graphql', { query: '{ hello }' }, { 'x-request-id': 'abc-123' });
    expect(response.headers.get('x-request-id')).toBe('abc-123');
  });

  it('is new otherwise', async () => {
    const response = await post('/graphql', { query: '{ hello }' }, { 'x-request-id': 'a b "c"' });
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{6}\d{1,6}$/);
  });
});

describe('log', () => {
  it('has one line for an operation', async () => {
    log.lines.splice(0);
    await post('/graphql', { query: 'query Named { hello userError }' }, { 'x-request-id': 'id-1' });
    expect(log.lines.filter((line) => line.level >= 30)).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        requestId: 'id-1',
        operation: 'Named',
        durationMs: expect.any(Number),
        restRequests: 0,
        errors: 1,
        codes: ['BAD_USER_INPUT'],
        status: 200,
        cache: 'none',
        msg: 'operation',
      },
    ]);
  });

  it('has one line for a request that is no GraphQL', async () => {
    log.lines.splice(0);
    await post('/graphql', { query: 1 });
    expect(log.lines.filter((line) => line.level >= 30)).toMatchObject([
      { errors: 1, codes: ['BAD_USER_INPUT'], status: 400, msg: 'operation' },
    ]);
  });

  it('has none for GraphiQL and preflight requests', async () => {
    log.lines.splice(0);
    await get('/graphql', { accept: 'text/html' });
    await gateway.fetch(new Request(`${base}/graphql`, { method: 'OPTIONS' }));
    expect(log.lines.filter((line) => line.level >= 30)).toEqual([]);
  });
});

describe('GraphiQL', () => {
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

  it.each(['/graphql', '/?graphql', '/index.php?graphql'])('is the page at %s', async (path) => {
    const response = await get(path, { accept: browser });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=/);
    expect(html.length).toBeLessThan(2000);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('names files that never change, compressed for those who take it', async () => {
    const html = await (await get('/graphql', { accept: browser })).text();
    const names = [...html.matchAll(/graphiql\/([\w.-]+-[\da-f]{8}\.(?:js|css))"/g)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThanOrEqual(2);
    const style = names.find((name) => name.endsWith('.css'));
    const forms = ['br', 'gzip', 'identity'].map(async (encoding) => {
      const response = await get(`/graphiql/${style}`, { 'accept-encoding': encoding });
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
      return Buffer.from(await response.arrayBuffer());
    });
    const [br, gzip, plain] = await Promise.all(forms);
    expect(String(plain)).toContain('.graphiql-container');
    expect(brotliDecompressSync(br ?? '').equals(plain ?? new Uint8Array())).toBe(true);
    expect(gunzipSync(gzip ?? '').equals(plain ?? new Uint8Array())).toBe(true);
    const known = await get(`/graphiql/${style}`, { 'if-none-match': `"${style}"` });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  it.each(['manifest.json', '../package.json', '%2e%2e/package.json', 'built-from.txt', 'findings.json', ''])(
    'gives nothing else: %s',
    async (name) => {
      expect((await get(`/graphiql/${name}`)).status).toBe(404);
    },
  );

  it('is told queries that the schema can answer', async () => {
    const tabs = await (await get('/graphiql/tabs.json')).json();
    expect(tabs).toEqual([{ query: expect.stringContaining('query LatestPosts {') }]);
  });

  it('is told what an answer cost where it asks', async () => {
    const headers = { 'content-type': 'application/json', 'x-headgate-trace': 'cost' };
    const init = { method: 'POST', headers, body: '{"query":"{ hello }"}' };
    const plain = await gateway.fetch(new Request(`${base}/graphql`, init));
    expect([plain.headers.get('x-headgate-cache'), plain.headers.get('x-headgate-requests')]).toEqual(['none', '0']);
    expect(await plain.json()).toEqual({ data: { hello: 'Hello world' } });
    const others = await post('/graphql', { query: '{ hello }' });
    expect(others.headers.get('x-headgate-cache')).toBeNull();
  });

  it('leaves a query in the address to GraphQL', async () => {
    const response = await get('/graphql?query={hello}', { accept: browser });
    expect(response.headers.get('content-type')).not.toContain('html');
  });

  it('is off where it is not asked for', async () => {
    const quiet = createStandInGateway(log);
    const response = await quiet.fetch(new Request(`${base}/graphql`, { headers: { accept: browser } }));
    expect(response.headers.get('content-type')).not.toContain('html');
  });

  it.each([
    [browser, true],
    ['text/html', true],
    ['*/*', false],
    ['', false],
    ['application/json', false],
    ['application/json, text/html;q=0.5', false],
    ['application/graphql-response+json, text/html;q=0.1', false],
    ['text/html;q=0', false],
  ])('Accept: %s', (accept, expected) => {
    expect(prefersHtml(accept)).toBe(expected);
  });
});
