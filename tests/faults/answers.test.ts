// Owns faults of answers: statuses, pages in place of JSON, odd JSON and odd headers.

import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { sendBatch } from '../../src/wordpress/batch.ts';
import {
  answer,
  type Behaviour,
  type HostileServer,
  html,
  json,
  mislabelled,
  raw,
  restError,
  stall,
  truncated,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type FaultRow, failureOf, listPosts, listPostsTarget, withClient } from './with-client.ts';

const { logger, lines } = createRecordingLogger();
const posts = [{ id: 1 }, { id: 2 }];
const text = JSON.stringify(posts);
const notice =
  '<br />\n<b>Warning</b>:  Undefined array key "a" in <b>/var/www/a.php</b> on line <b>3</b>: [] {closure}<br />\n';

/** What was asked for, beside where the REST API is. */
function targetsOf({ requests }: HostileServer): string[] {
  return requests.map(({ target }) => target).filter((target) => target.includes('/wp/v2/'));
}

describe('statuses', () => {
  const rows: FaultRow[] = [
    ['206', [json(posts, { status: 206 })], 'UPSTREAM_BAD_RESPONSE', 1],
    ['400', [restError(400, 'rest_invalid_param')], 'UPSTREAM_REFUSED', 1],
    ['401', [restError(401, 'rest_forbidden')], 'UPSTREAM_FORBIDDEN', 1],
    ['403', [restError(403, 'rest_forbidden_context')], 'UPSTREAM_FORBIDDEN', 1],
    ['403 page', [html('<h1>Forbidden</h1>', { status: 403 })], 'UPSTREAM_FORBIDDEN', 1],
    ['404', [restError(404, 'rest_no_route')], 'UPSTREAM_NOT_FOUND', 1],
    ['404 page', [html('<h1>Not Found</h1>', { status: 404 })], 'UPSTREAM_NOT_FOUND', 1],
    ['405', [answer('', { status: 405 })], 'UPSTREAM_REFUSED', 1],
    ['413', [answer('', { status: 413 })], 'UPSTREAM_REFUSED', 1],
    ['414', [html('<h1>URI Too Long</h1>', { status: 414 })], 'UPSTREAM_REFUSED', 1],
    ['429', [answer('', { status: 429 })], 'UPSTREAM_RATE_LIMITED', 1],
    ['429 for an hour', [answer('', { status: 429, headers: { 'retry-after': '3600' } })], 'UPSTREAM_RATE_LIMITED', 1],
    ['429 for no time', [answer('', { status: 429, headers: { 'retry-after': '0' } })], 'UPSTREAM_RATE_LIMITED', 3],
    ['500', [restError(500, 'internal_server_error')], 'UPSTREAM_ERROR', 2],
    ['500 page', [html('<p>There has been a critical error</p>', { status: 500 })], 'UPSTREAM_ERROR', 2],
    ['500 of a plugin that closes the API', [restError(500, 'rest_disabled')], 'UPSTREAM_FORBIDDEN', 1],
    ['502', [answer('', { status: 502 })], 'UPSTREAM_UNAVAILABLE', 3],
    ['503', [answer('', { status: 503 })], 'UPSTREAM_UNAVAILABLE', 3],
    [
      '503 for ten minutes',
      [answer('', { status: 503, headers: { 'retry-after': '600' } })],
      'UPSTREAM_UNAVAILABLE',
      1,
    ],
    [
      '503 for three seconds',
      [answer('', { status: 503, headers: { 'retry-after': '3' } })],
      'UPSTREAM_UNAVAILABLE',
      1,
    ],
    ['504', [answer('', { status: 504 })], 'UPSTREAM_UNAVAILABLE', 3],
    ['522', [answer('', { status: 522 })], 'UPSTREAM_UNAVAILABLE', 3],
    ['304', [answer('', { status: 304 })], 'UPSTREAM_BAD_RESPONSE', 1],
    ['999', [answer('', { status: 999 })], 'UPSTREAM_ERROR', 2],
    ['000', [raw('HTTP/1.1 000 Zero\r\ncontent-length: 2\r\n\r\n[]')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['200 with an error in it', [json({ code: 'a', message: 'b', data: { status: 404 } })], 'UPSTREAM_NOT_FOUND', 1],
  ];

  it.each(rows)('%s', async (_name, script, code, requests) => {
    await withClient(script, { logger }, async (client, server) => {
      expect((await failureOf(client.request(listPosts))).code).toBe(code);
      expect(targetsOf(server)).toEqual(Array(requests).fill(listPostsTarget));
    });
  });

  it('say method, route and status, and nothing of query, host or body', async () => {
    await withClient([restError(400, 'rest_invalid_param')], { logger }, async (client) => {
      const failure = await failureOf(client.request(listPosts));
      expect(failure.message).toBe('GET /wp/v2/posts: 400 rest_invalid_param');
      expect(failure.details).toMatchObject({ status: 400, restCode: 'rest_invalid_param' });
    });
    await withClient([answer('', { status: 503 })], { logger }, async (client) => {
      const failure = await failureOf(client.request({ ...listPosts, method: 'HEAD' }));
      expect(failure.message).toBe('HEAD /wp/v2/posts: 503');
    });
  });

  it('tell when WordPress wants to be asked again, by its own clock', async () => {
    const headers = { 'retry-after': 'Wed, 21 Oct 2026 07:29:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' };
    await withClient([answer('', { status: 429, headers })], { logger }, async (client) => {
      expect((await failureOf(client.request(listPosts))).details.retryAfterSeconds).toBe(60);
    });
  });
});

describe('bodies that are no answer', () => {
  const page = (title: string, body = '') => html(`<!doctype html><title>${title}</title><body>${body}`);
  const wordy = '[{"id":1,"content":"a [] b"},';
  const rows: [...FaultRow, kind?: string][] = [
    ['empty', [answer('')], 'UPSTREAM_BAD_RESPONSE', 2, 'empty'],
    ['white space', [answer('\n \n')], 'UPSTREAM_BAD_RESPONSE', 2, 'empty'],
    ['0', [answer('0')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['false', [answer('false')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['null', [answer('null')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['a string', [answer('"a"')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['cut off', [truncated('{"a":1')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['cut off behind something whole', [truncated(`${wordy}{"id":2}`)], 'UPSTREAM_BAD_RESPONSE', 2],
    ['a notice, then cut off', [truncated(`${notice}${wordy}`)], 'UPSTREAM_BAD_RESPONSE', 2],
    ['two documents', [answer('{"id":1}{"id":2}')], 'UPSTREAM_BAD_RESPONSE', 2],
    ['nested 1,000 deep', [answer('['.repeat(1000) + ']'.repeat(1000))], 'UPSTREAM_BAD_RESPONSE', 1],
    ['compressed, but not said so', [answer(gzipSync(text))], 'UPSTREAM_BAD_RESPONSE', 2],
    ['words', [answer('error code: 1020')], 'UPSTREAM_NOT_JSON', 1],
    ['a home page', [page('Home', '<script>{"a":1}</script>')], 'UPSTREAM_NOT_JSON', 1, 'html'],
    ['a page about maintenance', [page('Home', 'On maintenance')], 'UPSTREAM_NOT_JSON', 1, 'html'],
    ['maintenance', [page('Maintenance')], 'UPSTREAM_NOT_JSON', 2, 'maintenance'],
    ['coming soon', [page('Coming soon')], 'UPSTREAM_NOT_JSON', 2, 'maintenance'],
    ['a login form', [page('Log In', '<form id="loginform">')], 'UPSTREAM_NOT_JSON', 1, 'login'],
    ['a challenge', [page('Just a moment...')], 'UPSTREAM_NOT_JSON', 1, 'challenge'],
    [
      'a challenge with 403',
      [html('a', { status: 403, headers: { 'cf-mitigated': 'challenge' } })],
      'UPSTREAM_NOT_JSON',
      1,
      'challenge',
    ],
    [
      'maintenance with 503',
      [html('<h1>Maintenance</h1>', { status: 503, headers: { 'retry-after': '600' } })],
      'UPSTREAM_UNAVAILABLE',
      1,
      'maintenance',
    ],
    [
      'another encoding than said',
      [answer(text, { headers: { 'content-encoding': 'gzip' } })],
      'UPSTREAM_BAD_RESPONSE',
      2,
    ],
    [
      'two layers of gzip',
      [answer(gzipSync(gzipSync(text)), { headers: { 'content-encoding': 'gzip, gzip' } })],
      'UPSTREAM_BAD_RESPONSE',
      2,
    ],
    ['an unknown encoding', [answer(text, { headers: { 'content-encoding': 'zstd' } })], 'UPSTREAM_BAD_RESPONSE', 2],
    [
      'half a gzip stream',
      [answer(gzipSync(text).subarray(0, 20), { headers: { 'content-encoding': 'gzip' } })],
      'UPSTREAM_BAD_RESPONSE',
      2,
    ],
  ];

  it.each(rows)('%s', async (_name, script, code, requests, kind) => {
    await withClient(script, { logger }, async (client, server) => {
      const failure = await failureOf(client.request(listPosts));
      expect(failure.code).toBe(code);
      expect(failure.details.kind).toBe(kind);
      expect(targetsOf(server)).toHaveLength(requests);
    });
  });

  it('a broken body is asked for once more, without compression', async () => {
    await withClient([truncated('[{"id"'), json(posts)], { logger }, async (client, server) => {
      expect((await client.request(listPosts)).body).toEqual(posts);
      expect(server.requests.map(({ headers }) => headers.get('accept-encoding'))).toEqual([
        'br, gzip, deflate',
        'identity',
      ]);
    });
  });

  it('a body that cannot be decoded does not block its connection', async () => {
    const odd = answer('a'.repeat(1024 * 1024), { headers: { 'content-encoding': 'zstd' } });
    await withClient([odd, json(posts)], { logger, maxConcurrent: 1 }, async (client, server) => {
      expect((await client.request(listPosts)).body).toEqual(posts);
      expect(server.requests).toHaveLength(2);
    });
  });

  it('a page for HEAD is no total', async () => {
    await withClient([html('<p>Home')], { logger }, async (client) => {
      const failure = await failureOf(client.request({ ...listPosts, method: 'HEAD' }));
      expect(failure.code).toBe('UPSTREAM_NOT_JSON');
    });
  });
});

describe('what an answer said', () => {
  const secret = 'SECRET-DRAFT';
  const failed = { status: 500, body: { code: 'a', message: secret }, headers: [] };
  const write = { method: 'POST', route: 'wp/v2/posts', body: '{}' } as const;
  const authorization = 'Basic YTpi';

  it.each([
    ['JSON that is cut off', answer(`[{"${secret}`)],
    ['what is no JSON', answer(secret)],
    ['a page', html(`<p>${secret}`)],
    ['an error', html(`<p>${secret}`, { status: 500 })],
    ['an error of WordPress', json({ code: 'a', message: secret, data: null }, { status: 400 })],
    ['an error of WordPress with 200', json({ code: 'a', message: secret, data: { status: 400 } })],
  ])('is for the log, but not what it said to credentials: %s', async (_name, behaviour) => {
    await withClient([behaviour], { logger }, async (client) => {
      const told = (error: unknown) => inspect(error, { depth: 9 });
      expect(told(await failureOf(client.request(listPosts)))).toContain(secret);
      const failure = await failureOf(client.request({ ...listPosts, authorization }));
      expect(told(failure)).not.toContain('SEC');
      expect(failure.details.status).toBeGreaterThanOrEqual(200);
    });
  });

  it('in a batch is not for the log', async () => {
    await withClient([json({ responses: [failed, failed] })], { logger }, async (client) => {
      const outcomes = await sendBatch(client, authorization, [write, write]);
      expect(inspect(outcomes, { depth: 9 })).toContain('POST /wp/v2/posts: 500 a');
      expect(inspect(outcomes, { depth: 9 })).not.toContain(secret);
    });
  });
});

describe('bodies that are odd, but an answer', () => {
  const encoded = (body: Buffer, encoding: string) => answer(body, { headers: { 'content-encoding': encoding } });
  const rows: [name: string, behaviour: Behaviour][] = [
    ['gzip', encoded(gzipSync(text), 'gzip')],
    ['brotli', encoded(brotliCompressSync(text), 'br')],
    ['deflate', encoded(deflateSync(text), 'deflate')],
    ['a byte-order mark', answer(`\u{feff}${text}`)],
    ['white space around', answer(`\n\n ${text}\r\n`)],
    ['HTML by its header', html(text)],
    ['an object with numbers for names', json({ 0: posts[0], 2: posts[1] })],
    ['a notice before', answer(notice + text)],
    ['a notice as plain text', answer(`\nNotice: Undefined variable $a in /a.php on line 3\n${text}`)],
    ['a comment before', answer(`<!-- cached -->${text}`)],
    ['a comment behind', answer(`${text}\n<!-- 12 queries -->`)],
    ['markup behind', answer(`${text}<script>console.log([{}])</script>`)],
  ];

  it.each(rows)('%s', async (_name, behaviour) => {
    await withClient([behaviour], { logger }, async (client, server) => {
      expect((await client.request(listPosts)).body).toEqual(posts);
      expect(server.requests).toHaveLength(1);
    });
  });

  it.each([
    ['another name', { 1: posts[0], next: 2 }],
    ['a name that is no number of PHP', { '01': posts[0] }],
    ['no names at all', {}],
  ])('an object with %s is no list', async (_name, body) => {
    await withClient([json(body)], { logger }, async (client) => {
      expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_BAD_RESPONSE');
    });
  });

  it('an object with numbers for names is what it is where no list was asked for', async () => {
    await withClient([json({ 1: 'a', 2: 'b' })], { logger }, async (client) => {
      expect((await client.request({ route: 'acme/v1/words' })).body).toEqual({ 1: 'a', 2: 'b' });
    });
  });

  it('the log names each kind once', async () => {
    await withClient([answer(notice + text), answer(`${notice}[]`), answer(`[]<hr>`)], { logger }, async (client) => {
      lines.length = 0;
      for (let call = 0; call < 4; call++) await client.request(listPosts);
      expect(lines.map((line) => [line.level, line.msg])).toEqual([
        [40, 'GET /wp/v2/posts: the answer has text before JSON'],
        [40, 'GET /wp/v2/posts: the answer has text after JSON'],
      ]);
    });
  });

  it('a site that always mislabels is soon asked without compression', async () => {
    await withClient([mislabelled(posts)], { logger }, async (client, server) => {
      for (let call = 0; call < 5; call++) await client.request(listPosts);
      expect(server.requests).toHaveLength(8);
      expect(server.requests.slice(6).map(({ headers }) => headers.get('accept-encoding'))).toEqual([
        'identity',
        'identity',
      ]);
      // An hour later it may do better.
      const now = performance.now();
      vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000);
      await client.request(listPosts);
      vi.restoreAllMocks();
      expect(server.requests.slice(8).map(({ headers }) => headers.get('accept-encoding'))).toEqual([
        'br, gzip, deflate',
        'identity',
      ]);
    });
  });

  it.each([
    ['2001', 2001],
    [' 2001 ', 2001],
    ['2001, 2001', 2001],
    ['0', 0],
    ['2001, 2002', null],
    ['1e9', null],
    ['1,234', null],
    ['', null],
    ['many', null],
    ['-1', null],
    ['1.5', null],
    ['2147483647', 2147483647],
    ['2147483648', null],
    ['99999999999', null],
  ])('a total of "%s"', async (value, total) => {
    await withClient([json([], { headers: { 'x-wp-total': value } })], { logger }, async (client) => {
      expect((await client.request(listPosts)).total).toBe(total);
    });
  });

  it('no total, and the decoded size', async () => {
    await withClient([encoded(gzipSync(text), 'gzip')], { logger }, async (client) => {
      const { total, bytes, status } = await client.request(listPosts);
      expect({ total, bytes, status }).toEqual({ total: null, bytes: text.length, status: 200 });
    });
  });

  it.each([
    ['nothing about it', {}, true],
    ['no-cache, as WordPress says to all', { 'cache-control': 'no-cache, must-revalidate, max-age=0' }, true],
    ['private', { 'cache-control': 'no-store, private' }, false],
    ['a cookie of a user', { 'set-cookie': 'wordpress_logged_in_1=a; expires=Wed, 21 Oct 2026 07:28:00 GMT' }, false],
    ['a cookie of a proxy', { 'set-cookie': '__cf_bm=a; expires=Wed, 21 Oct 2026 07:28:00 GMT; path=/' }, true],
    ['cookies of both', { 'set-cookie': '__cf_bm=a; expires=Wed, 21 Oct 2026 07:28:00 GMT, PHPSESSID=b' }, false],
  ])('an answer that says %s', async (_name, headers, cacheable) => {
    await withClient([json(posts, { headers })], { logger }, async (client) => {
      const answered = await client.request(listPosts);
      expect([answered.body, answered.cacheable]).toEqual([posts, cacheable]);
      expect(answered.isForSomebody ?? false).toBe(!cacheable);
      // Who holds the credentials keeps what they show.
      expect((await client.request({ ...listPosts, authorization: 'Basic YTpi' })).cacheable).toBe(true);
    });
  });

  it('HEAD has a total and no body', async () => {
    await withClient([json(posts, { headers: { 'x-wp-total': '2' } })], { logger }, async (client, server) => {
      const answered = await client.request({ ...listPosts, method: 'HEAD' });
      expect(answered).toEqual({ status: 200, body: null, total: 2, bytes: 0, cacheable: true });
      expect(server.requests.map((request) => request.method)).toEqual(['HEAD']);
    });
  });
});

describe('retries', () => {
  it('stop where the wait would pass the deadline', async () => {
    const busy = answer('', { status: 503, headers: { 'retry-after': '2' } });
    await withClient([busy], { logger, timeoutMs: 1000 }, async (client, server) => {
      expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_UNAVAILABLE');
      expect(server.requests).toHaveLength(1);
    });
  });

  it('share the deadline of the call', async () => {
    await withClient([answer('', { status: 502 }), stall()], { logger, timeoutMs: 2000 }, async (client, server) => {
      expect((await failureOf(client.request(listPosts))).code).toBe('UPSTREAM_TIMEOUT');
      expect(server.requests).toHaveLength(2);
    });
  });

  it('do not double the load of an outage', async () => {
    let isBroken = false;
    const script = () => (isBroken ? answer('', { status: 500 }) : json(posts));
    await withClient(script, { logger }, async (client, server) => {
      for (let call = 0; call < 60; call++) {
        isBroken = call % 3 === 0;
        await client.request(listPosts).catch(() => undefined);
      }
      // Three to begin with, and one for ten calls; little time passes here.
      expect(server.requests.length).toBeGreaterThan(60);
      expect(server.requests.length).toBeLessThanOrEqual(60 + 3 + 6 + 1);
    });
  });
});
