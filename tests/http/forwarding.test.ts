// Owns the tests of forwarding: what is not for the gateway reaches WordPress as it is and comes back as it is, and neither
// side can make the other read something else than was sent.

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  body: string;
}

const log = createRecordingLogger();
const seen: Seen[] = [];
let closed = 0;
let origin: Server;
let originUrl: string;
let headgate: Headgate;

const urlOf = (server: Server) => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
};

/** The least of a site below `/blog`, and pages that answer in special ways. */
function answer(asked: IncomingMessage, response: ServerResponse): void {
  const { method, url = '/', headers } = asked;
  const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  if (url === '/blog/' || url === '/blog') {
    response.setHeader('link', `<${originUrl}/blog/wp-json/>; rel="https://api.w.org/"`);
    response.end('the front page');
    return;
  }
  const [path = ''] = url.split('?');
  if (path === '/blog/wp-json/')
    return void json({ name: 'B', url: `${originUrl}/blog`, home: `${originUrl}/blog`, namespaces: ['wp/v2'] });
  if (path === '/blog/wp-json/wp/v2/types' || path === '/blog/wp-json/wp/v2/taxonomies') return void json({});
  const bodiless = /\/(204|304)$/.exec(url)?.[1];
  if (bodiless !== undefined) {
    asked.socket.end(`HTTP/1.1 ${bodiless} Status\r\netag: "a"\r\ncontent-length: 500\r\n\r\n`);
    return;
  }
  const one: Seen = { method, url, headers, body: '' };
  seen.push(one);
  response.once('close', () => {
    closed += 1;
  });
  if (url.endsWith('/login')) {
    response.setHeader('set-cookie', ['a=1; path=/', 'b=2; path=/']);
    response.writeHead(302, { location: `${originUrl}/blog/wp-admin/?x=1#y` }).end();
    return;
  }
  if (url.endsWith('/same')) return void response.writeHead(301, { location: `${originUrl}${url}` }).end();
  if (url.endsWith('/away')) return void response.writeHead(301, { location: 'https://elsewhere.example/x' }).end();
  if (url.endsWith('/hop')) {
    response.writeHead(200, { connection: 'x-own', 'x-own': '1', 'keep-alive': 'timeout=9', 'x-kept': '1' });
    return void response.end('hop');
  }
  if (url.endsWith('/drip')) {
    response.write('first ');
    return;
  }
  if (url.endsWith('/short')) {
    response.writeHead(200, { 'content-length': '1000', connection: 'close' }).write('short');
    return void setImmediate(() => asked.socket.end());
  }
  if (url.endsWith('/reset')) return void asked.socket.destroy();
  asked.on('data', (chunk) => {
    one.body += chunk;
  });
  asked.on('end', () => json({ method, url }));
}

const start = (settings: Record<string, string> = {}) =>
  startHeadgate(
    loadConfig({
      ...{ WORDPRESS_URL: `${originUrl}/blog/`, PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off' },
      ...{ WATCH_INTERVAL_SECONDS: '0', FORWARD_TO_WORDPRESS: 'on', ...settings },
    }),
    log.logger,
  );

beforeAll(async () => {
  origin = createServer(answer);
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  originUrl = urlOf(origin);
  headgate = await start();
});

afterAll(async () => {
  await headgate?.[Symbol.asyncDispose]();
  origin.closeAllConnections();
  await new Promise((resolve) => origin.close(resolve));
});

beforeEach(() => {
  seen.splice(0);
  closed = 0;
});

const get = (path: string, init: RequestInit = {}) => fetch(`${headgate.url}${path}`, { redirect: 'manual', ...init });

/** What comes for bytes that no client library would send. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    const socket = connect(Number(new URL(headgate.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      all += chunk;
      socket.end();
    });
    socket.on('close', () => resolve(all)).on('error', reject);
  });
}

describe('requests', () => {
  it('reach WordPress with method, query, body, cookies and credentials', async () => {
    const body = 'log=a&pwd=b';
    const headers = {
      ...{ cookie: 'c=1; d=2', authorization: 'Basic eDp5', 'content-type': 'application/x-www-form-urlencoded' },
      ...{
        'x-api-key': 'of the gateway',
        'x-forwarded-for': '9.9.9.9',
        'x-real-ip': '9.9.9.9',
        x_real_ip: '9.9.9.9',
        x_forwarded_for: '9.9.9.9',
        proxy: '9.9.9.9',
        'x-original-url': '/wp-admin/',
        forwarded: 'for=9.9.9.9',
      },
    };
    const claims = [
      'cf-connecting-ip',
      'cf-connecting-ipv6',
      'true-client-ip',
      'client-ip',
      'x-client-ip',
      'remote-addr',
    ];
    claims.push('fastly-client-ip', 'x-cluster-client-ip', 'x-forwarded', 'forwarded-for', 'incap-client-ip');
    claims.push('x-sucuri-clientip', 'x-azure-clientip', 'cf_connecting_ip', 'x-forwarded-server');
    for (const name of claims) Object.assign(headers, { [name]: '9.9.9.9' });
    const response = await get('/wp-admin/post.php?a=%C3%A9&b', { method: 'POST', headers, body });
    expect(await response.json()).toEqual({ method: 'POST', url: '/blog/wp-admin/post.php?a=%C3%A9&b' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const [one] = seen;
    expect(one).toMatchObject({ body, headers: { cookie: 'c=1; d=2', authorization: 'Basic eDp5' } });
    expect(one?.headers).toMatchObject({ host: new URL(originUrl).host, 'x-forwarded-for': '127.0.0.1' });
    expect(one?.headers).toMatchObject({ 'x-forwarded-host': new URL(headgate.url).host, 'x-forwarded-proto': 'http' });
    for (const name of [
      'x-api-key',
      'x-real-ip',
      'x_real_ip',
      'x_forwarded_for',
      'proxy',
      'x-original-url',
      'forwarded',
      ...claims,
    ])
      expect(one?.headers).not.toHaveProperty(name);
  });

  it('do not bring WordPress a token that the gateway has made', async () => {
    await get('/hello/', { headers: { authorization: 'Preview abc.def' } });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD'])('may be %s', async (method) => {
    expect((await get('/wp-json/wp/v2/posts/1', { method })).status).toBe(200);
    expect(seen.map((one) => [one.method, one.url])).toEqual([[method, '/blog/wp-json/wp/v2/posts/1']]);
  });

  it('for addresses that name the folder of the site go there', async () => {
    await get('/blog/hello/');
    await get('/blogger/');
    expect(seen.map((one) => one.url)).toEqual(['/blog/hello/', '/blog/blogger/']);
  });

  it('for the root go to the front page, and those of the gateway stay', async () => {
    expect(await (await get('/')).text()).toBe('the front page');
    expect(await (await get('/graphql?query={generalSettings{title}}')).json()).toEqual({
      data: { generalSettings: { title: 'B' } },
    });
    for (const path of ['/health', '/ready', '/metrics', '/schema.graphql']) expect((await get(path)).status).toBe(200);
    expect(seen).toEqual([]);
  });

  it('are streamed, whatever they weigh', async () => {
    const chunk = 'x'.repeat(64 * 1024);
    const stream = new ReadableStream({
      async start(controller) {
        for (let count = 0; count < 20; count += 1) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half' as const };
    expect((await get('/wp-admin/async-upload.php', init)).status).toBe(200);
    expect(seen[0]?.body.length).toBe(20 * chunk.length);
  });

  it('drop what is between neighbours', async () => {
    await new Promise<void>((resolve, reject) => {
      const headers = { connection: 'close, x-secret', 'x-secret': '1', te: 'trailers', 'x-kept': '1', upgrade: 'h2c' };
      const sent = request(`${headgate.url}/x`, { headers }, (response) => response.resume().on('end', resolve));
      sent.on('error', reject).end();
    });
    const [one] = seen;
    expect(one?.headers).toHaveProperty('x-kept');
    for (const name of ['x-secret', 'te', 'upgrade']) expect(one?.headers).not.toHaveProperty(name);
  });

  it.each([
    ['two lengths', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'],
    [
      'a length and chunks',
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /y HTTP/1.1\r\n\r\n',
    ],
    ['no path', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['no path of the web', 'GET ftp://a/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['credentials in it', 'GET http://user:secret@a/graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['half a host', 'GET http://[::1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['a port that is none', 'GET http://a:99999/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['a host with a backslash', 'GET http://a\\b/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['dots between encoded slashes', 'GET /..%2f..%2Fsecret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ])('with %s reach nobody', async (_what, bytes) => {
    expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).toEqual([]);
  });

  it('with TRACE or CONNECT reach nobody, and are told that there is no such thing here', async () => {
    const trace = await sendRaw('TRACE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(trace).toMatch(/^HTTP\/1\.1 405 .*\r\nallow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n/is);
    expect(await sendRaw('CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 501 /);
    expect(seen).toEqual([]);
  });

  it.each([
    ['/../secret', '/blog/secret'],
    ['/blog/../secret?a=/../b', '/blog/secret?a=/../b'],
    ['/a/./b/%2E%2e/c/.', '/blog/a/c/'],
    ['/a\\..\\..\\..\\secret', '/blog/secret'],
    ['/%2e./%2E./../blogger/', '/blog/blogger/'],
  ])('for %s do not leave the folder of the site', async (target, url) => {
    expect(await sendRaw(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(seen.map((one) => one.url)).toEqual([url]);
  });

  it('for a whole address are for its path, and the host that it names is the one that was asked', async () => {
    const text = await sendRaw('GET http://elsewhere.example:81/x?a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toMatchObject([{ url: '/blog/x?a', headers: { 'x-forwarded-host': 'elsewhere.example:81' } }]);
    expect(seen[0]?.headers.host).toBe(new URL(originUrl).host);
    expect(await sendRaw('GET http://elsewhere.example/health HTTP/1.1\r\nHost: b\r\n\r\n')).toContain('"status":"ok"');
  });
});

describe('answers', () => {
  it('keep their redirects within the site at the gateway, and their cookies', async () => {
    const response = await get('/login');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/blog/wp-admin/?x=1#y']);
    expect(response.headers.getSetCookie()).toEqual(['a=1; path=/', 'b=2; path=/']);
    expect((await get('/away')).headers.get('location')).toBe('https://elsewhere.example/x');
    expect((await get('/same')).headers.get('location')).toBe(`${originUrl}/blog/same`);
  });

  it('drop what is between neighbours', async () => {
    const response = await get('/hop');
    expect(await response.text()).toBe('hop');
    expect([response.headers.get('x-own'), response.headers.get('x-kept')]).toEqual([null, '1']);
    expect(response.headers.get('keep-alive')).not.toBe('timeout=9');
  });

  it.each([204, 304])('with status %i come whole where they give the length of what they leave out', async (status) => {
    const answered = await fetch(`${headgate.url}/${status}`, { headers: { 'if-none-match': '"a"' } });
    expect([answered.status, answered.headers.get('etag'), await answered.text()]).toEqual([status, '"a"', '']);
  });

  it('come as they are made, and end where their client leaves', async () => {
    const controller = new AbortController();
    const response = await get('/drip', { signal: controller.signal });
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toBe('first ');
    expect(closed).toBe(0);
    controller.abort();
    await vi.waitFor(() => expect(closed).toBe(1), { timeout: 10_000 });
  });

  it('that do not come are told as such', async () => {
    const response = await get('/reset');
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
    const told = log.lines.filter(({ level, code }) => level === 40 && code === 'UPSTREAM_UNAVAILABLE');
    expect(told.map(({ msg }) => msg)).toEqual([expect.stringMatching(/^GET .*\/reset: .*to be forwarded$/)]);
  });

  it('that end before their length break off as well', async () => {
    const response = await get('/short');
    expect(response.headers.get('content-length')).toBe('1000');
    await expect(response.text()).rejects.toThrow();
  });

  it('are kept by nobody', async () => {
    await get('/twice');
    await get('/twice');
    expect(seen).toHaveLength(2);
  });
});

describe('forwarding', () => {
  it('obeys the rate limit, and believes proxies that it is told of', async () => {
    await using limited = await start({ RATE_LIMIT: '2', TRUST_PROXY: '1' });
    const headers = {
      'x-forwarded-for': '9.9.9.9, 192.0.2.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'a.example',
    };
    const ask = async () => (await fetch(`${limited.url}/x`, { headers })).status;
    // Each is a point, and the request to WordPress another one.
    expect([await ask(), await ask()]).toEqual([200, 429]);
    const forwarded = seen.find(({ url }) => url === '/blog/x');
    expect(forwarded?.headers).toMatchObject({ ...headers, 'x-forwarded-for': '192.0.2.7, 127.0.0.1' });
  });

  it('is off unless it is asked for', async () => {
    await using plain = await start({ FORWARD_TO_WORDPRESS: 'off' });
    expect((await fetch(`${plain.url}/wp-login.php`)).status).toBe(404);
    expect(seen.filter(({ url }) => url?.includes('wp-login'))).toEqual([]);
  });

  it('does not go with keys that everybody needs', async () => {
    await expect(async () =>
      start({ API_KEYS_REQUIRED: 'on', API_KEYS: 'a=0123456789abcdef0123456789abcdef' }),
    ).rejects.toThrow(/FORWARD_TO_WORDPRESS and API_KEYS_REQUIRED/);
  });
});
