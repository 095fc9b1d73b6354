// Owns the matrix of faults: what a WordPress does, and what the gateway has to make of it. Anyone can read and extend it.

import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { UpstreamError } from '../../src/errors.ts';
import { type ClientOptions, createClient } from '../../src/wordpress/client.ts';
import type { RestRequest, RestResponse, WordPressClient } from '../../src/wordpress/rest.ts';
import * as hostile from '../support/hostile-server.ts';
import { findInner } from '../support/inner.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { listed, type Odd, openOddSite, rows as siteRows } from './odd-site.ts';
import { observeOverrun, observeReturn } from './strain-rows.ts';
import { listPosts, rootAt, withClient } from './with-client.ts';

/** Who asks: nobody in particular, or a user with credentials. */
export type Caller = 'anybody' | 'user';

/** One fault. */
export interface MatrixRow {
  /** Number of the fault; several rows may be variants of one. */
  readonly fault: number;
  /** What WordPress, or the network in front of it, does. */
  readonly server: string;
  /** What comes of it: an error code or `data`, and how many requests were made. */
  readonly expected: string;
  readonly observe: (caller: Caller) => Promise<string>;
}

const { logger } = createRecordingLogger();
const { answer, html, json, raw } = hostile;
const posts = [{ id: 1, slug: 'a' }];
const text = JSON.stringify(posts);
const good = json(posts);
const gzip = { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } };
const page = (title: string, body = '') => html(`<!doctype html><title>${title}</title><body>${body}`);

/** A call of the client to a server with a script; a pause of the test, or another request, where they are given. */
function call(script: hostile.Script, options: Partial<ClientOptions> = {}, request: RestRequest = listPosts) {
  return async (caller: Caller): Promise<string> => {
    let observed = '';
    await withClient(
      script,
      { logger, timeoutMs: 10_000, maxBytes: 1024 * 1024, ...options },
      async (client, server) => {
        const outcome = await outcomeOf(ask(client, caller, request));
        observed = printObserved(outcome, server.requests.length);
      },
    );
    return observed;
  };
}

/** The same in a time that is soon over. */
function shortCall(script: hostile.Script) {
  return call(script, { timeoutMs: 400 });
}

/** A query of the gateway to a site with an odd route, and how often that route was asked. */
function query(graphql: string, route: string, odd: Odd) {
  return async (): Promise<string> => {
    await using site = await openOddSite(odd);
    const before = site.server.requests.length;
    const { errors } = await site.gateway.query(graphql);
    const told = findInner(JSON.stringify(errors ?? []));
    if (told !== undefined) return `tells ${told}`;
    const asked = site.server.requests.slice(before).filter(({ target }) => target.includes(`/${route}?`));
    return printObserved(errors?.[0]?.extensions.code ?? 'data', asked.length);
  };
}

/** Four categories by their ids, and one that spoils what it is asked with: how many came, and what was asked. */
function spoiled(fault: hostile.Behaviour) {
  return async (caller: Caller): Promise<string> => {
    const four = siteRows.categories;
    const users = json({ id: 1, name: 'User 1', capabilities: { edit_posts: true } });
    await using site = await openOddSite({
      users,
      categories: (socket, request) => (idsIn(request).includes(22) ? fault : listed(four))(socket, request),
    });
    const fields = four.map(({ id }) => `c${id}: category(id: "${id}", idType: DATABASE_ID) { name }`);
    const credentials = caller === 'user' ? { authorization: 'Basic YTpi' } : undefined;
    const { data, errors = [], requests } = await site.gateway.query(`{ ${fields.join(' ')} }`, {}, credentials);
    const told = findInner(JSON.stringify(errors));
    if (told !== undefined) return `tells ${told}`;
    const came = Object.values(data).filter((category) => category !== null).length;
    // What is tried again is the same question.
    const asked = new Set(requests.filter((request) => request.includes('/categories?include')));
    return `data to ${came} of ${four.length}, ${errors[0]?.extensions.code}, ${asked.size} requests`;
  };
}

function idsIn({ target }: hostile.HostileRequest): number[] {
  return new URL(target, 'http://a').searchParams.get('include')?.split(',').map(Number) ?? [];
}

/** A call to an origin where nothing answers as HTTP; connections are counted instead of requests. */
function connection(behave: (socket: Socket) => void, options: Partial<ClientOptions> = {}) {
  return async (caller: Caller): Promise<string> => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const outcome = await atOrigin(origin, options)(caller);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    return outcome.replace('no request', `${sockets.length} connections`);
  };
}

function atOrigin(origin: string, options: Partial<ClientOptions> = {}) {
  return async (caller: Caller): Promise<string> => {
    await using client = createClient(rootAt(origin), { logger, random: () => 0, ...options });
    return printObserved(await outcomeOf(ask(client, caller)), 0);
  };
}

async function overTls(caller: Caller, certificate: string): Promise<string> {
  const read = (file: string) => readFileSync(new URL(`../data/tls/${file}.pem`, import.meta.url), 'utf8');
  await using server = await hostile.startHostileServer([good], { key: read('key'), cert: read(certificate) });
  return await atOrigin(server.url)(caller);
}

/** Calls one after the other, with what the last one came to. */
function calls(times: number, script: hostile.Script, options: Partial<ClientOptions> = {}) {
  return async (caller: Caller): Promise<string> => {
    let observed = '';
    await withClient(script, { logger, timeoutMs: 10_000, ...options }, async (client, server) => {
      let outcome = '';
      for (let index = 0; index < times; index++) outcome = await outcomeOf(ask(client, caller));
      observed = printObserved(outcome, server.requests.length);
    });
    return observed;
  };
}

function ask(client: WordPressClient, caller: Caller, request = listPosts): Promise<RestResponse> {
  return client.request({ ...request, ...(caller === 'user' ? { authorization: 'Basic YTpi' } : {}) });
}

async function outcomeOf(call: Promise<RestResponse>): Promise<string> {
  try {
    await call;
    return 'data';
  } catch (error) {
    if (error instanceof UpstreamError) return error.code;
    throw error;
  }
}

function printObserved(outcome: string, requests: number): string {
  const count = requests === 0 ? 'no request' : requests === 1 ? '1 request' : `${requests} requests`;
  return `${outcome}, ${count}`;
}

const other: RestRequest = { route: 'wp/v2/posts', query: { include: [7], per_page: 100, _fields: ['id', 'slug'] } };
const twice: hostile.Behaviour = (socket, request) => {
  json([{ id: 666 }])(socket, request);
  json([{ id: 7 }])(socket, request);
};
const status = (code: number, headers: Record<string, string> = {}) => answer('', { status: code, headers });
const authors = '{ posts(first: 3) { nodes { author { node { name } } } } }';
const categories = '{ posts(first: 3) { nodes { categories { nodes { name } } } } }';
const tooLong: hostile.Behaviour = (socket, request) => {
  const ids = idsIn(request);
  if (ids.length > 2) return status(414)(socket, request);
  json(siteRows.categories.filter(({ id }) => ids.includes(id)).map(({ id, name }) => ({ id, name })))(socket, request);
};
const withCredentials: hostile.Behaviour = (socket, request) => {
  const isUser = request.headers.has('authorization');
  (isUser ? hostile.restError(401, 'incorrect_password') : good)(socket, request);
};

async function overloaded(caller: Caller): Promise<string> {
  let observed = '';
  const options = { logger, maxConcurrent: 1, maxQueued: 0, timeoutMs: 400 };
  await withClient([hostile.stall()], options, async (client, server) => {
    const first = outcomeOf(ask(client, caller));
    observed = printObserved(await outcomeOf(ask(client, caller)), 0);
    await first;
    if (server.requests.length !== 1) observed += `, ${server.requests.length} before`;
  });
  return observed;
}

/** All faults, by number. */
export const matrix: readonly MatrixRow[] = [
  row(1, 'Its name does not exist', 'UPSTREAM_UNAVAILABLE, no request', atOrigin('http://nowhere.invalid')),
  row(2, 'It refuses connections', 'UPSTREAM_UNAVAILABLE, no request', async (caller) =>
    atOrigin(await hostile.findClosedOrigin())(caller),
  ),
  row(
    3,
    'It never finishes to connect',
    'UPSTREAM_TIMEOUT, 2 connections',
    connection(() => {}, { connectTimeoutMs: 100 }),
  ),
  row(4, 'Its certificate is self-signed', 'UPSTREAM_TLS, no request', (caller) => overTls(caller, 'self-signed')),
  row(4, 'Its certificate has expired', 'UPSTREAM_TLS, no request', (caller) => overTls(caller, 'expired')),
  row(
    4,
    'It closes in the TLS handshake',
    'UPSTREAM_TLS, 2 connections',
    connection((socket) => socket.end()),
  ),
  row(
    4,
    'It resets the connection',
    'UPSTREAM_UNAVAILABLE, 2 connections',
    connection((socket) => socket.resetAndDestroy()),
  ),
  row(5, 'It does not answer', 'UPSTREAM_TIMEOUT, 1 request', shortCall([hostile.stall()])),
  row(5, 'It drips headers', 'UPSTREAM_TIMEOUT, 1 request', shortCall([hostile.dripHeaders()])),
  row(6, 'It drips a body', 'UPSTREAM_TIMEOUT, 1 request', shortCall([hostile.dripBody()])),
  row(7, 'It sends a body without end', 'UPSTREAM_TOO_LARGE, 1 request', call([hostile.endlessBody()])),
  row(8, 'It sends 8 KB that unpack to 8 MB', 'UPSTREAM_TOO_LARGE, 1 request', call([hostile.gzipBomb(8)])),
  row(
    8,
    'It compresses twice',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([answer(gzipSync(gzipSync(text)), { headers: { 'content-encoding': 'gzip, gzip' } })]),
  ),
  row(9, 'It says gzip, and is not', 'data, 2 requests', call([hostile.mislabelled(posts)])),
  row(9, 'It uses an encoding that nobody asked for', 'data, 2 requests', call([hostile.mislabelled(posts, 'zstd')])),
  row(
    9,
    'It breaks its gzip',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([answer(gzipSync(text).subarray(0, 20), gzip)]),
  ),
  row(10, 'It resets in the middle of a body', 'UPSTREAM_UNAVAILABLE, 2 requests', call([hostile.resetInBody()])),
  row(
    10,
    'It ends in the middle of a body that it gave the length of',
    'UPSTREAM_UNAVAILABLE, 2 requests',
    call([hostile.endInBody()]),
  ),
  row(10, 'It does so once', 'data, 2 requests', call([hostile.resetInBody(), good])),
  row(
    11,
    'It cuts JSON off and closes',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([hostile.truncated('[{"id":1},{"id')]),
  ),
  row(11, 'It does so once', 'data, 2 requests', call([hostile.truncated('[{"id":1},{"id'), good])),
  row(
    12,
    'It gives two lengths',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[]')]),
  ),
  row(
    12,
    'It gives a length and chunks',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n')]),
  ),
  row(
    12,
    'It ends lines without a carriage return',
    'UPSTREAM_BAD_RESPONSE, 2 requests',
    call([raw('HTTP/1.1 200 OK\ncontent-length: 2\n\n[]')]),
  ),
  row(12, 'It does not speak HTTP', 'UPSTREAM_BAD_RESPONSE, 2 requests', call([raw('garbage\r\n\r\n')])),
  row(12, 'It closes without an answer', 'UPSTREAM_UNAVAILABLE, 2 requests', call([hostile.hangUp()])),
  row(13, 'It sends 80 KB of headers', 'UPSTREAM_BAD_RESPONSE, 1 request', call([hostile.hugeHeaders(80)])),
  row(13, 'It sends 48 KB of headers', 'data, 1 request', call([hostile.hugeHeaders(48)])),
  row(14, 'It answers to something else', 'UPSTREAM_BAD_RESPONSE, 2 requests', call([json([{ id: 8 }])], {}, other)),
  row(
    14,
    'It sends an answer too many',
    'data, 2 requests',
    call((_request, index) => (index === 0 ? twice : json([{ id: 7 }])), {}, other),
  ),
  row(
    15,
    'It closes a connection as it is used again',
    'data, 3 requests',
    calls(2, [good, hostile.hangUp(), good], { maxConcurrent: 1 }),
  ),
  row(16, 'It is in maintenance, with status 200', 'UPSTREAM_NOT_JSON, 2 requests', call([page('Maintenance')])),
  row(16, 'A proxy challenges', 'UPSTREAM_NOT_JSON, 1 request', call([page('Just a moment...')])),
  row(16, 'It shows a login form', 'UPSTREAM_NOT_JSON, 1 request', call([page('Log In', '<form id="loginform">')])),
  row(16, 'It shows its home page', 'UPSTREAM_NOT_JSON, 3 requests', call([page('Home')])),
  row(
    17,
    'It prints a notice before the JSON',
    'data, 1 request',
    call([answer(`<br />\n<b>Warning</b>: x in <b>a.php</b> on line <b>3</b><br />\n${text}`)]),
  ),
  row(17, 'It prints a comment behind the JSON', 'data, 1 request', call([answer(`${text}\n<!-- 12 queries -->`)])),
  row(17, 'It begins with a byte-order mark', 'data, 1 request', call([answer(`\u{feff}${text}`)])),
  row(
    17,
    'It sends a list as an object, by numbers',
    'data, 1 request',
    call([json({ 1: { id: 7, slug: 'a' }, 3: { id: 9, slug: 'b' } })]),
  ),
  row(18, 'It sends nothing', 'UPSTREAM_BAD_RESPONSE, 2 requests', call([answer('')])),
  row(18, 'It sends 0', 'UPSTREAM_BAD_RESPONSE, 2 requests', call([answer('0')])),
  row(18, 'It sends null', 'UPSTREAM_BAD_RESPONSE, 2 requests', call([answer('null')])),
  row(19, 'It redirects within its origin', 'data, 2 requests', call([hostile.redirect('/other', 301), good])),
  row(20, 'It redirects in a circle', 'UPSTREAM_REDIRECT, 4 requests', call([hostile.redirect('/again')])),
  row(
    21,
    'It redirects to another origin',
    'UPSTREAM_REDIRECT, 1 request',
    call([hostile.redirect('http://127.0.0.1:9/')]),
  ),
  row(21, 'It redirects to a file', 'UPSTREAM_REDIRECT, 1 request', call([hostile.redirect('file:///etc/passwd')])),
  row(22, 'It forbids', 'UPSTREAM_FORBIDDEN, 1 request', call([hostile.restError(403, 'rest_forbidden')])),
  row(
    23,
    'It hides its users: authors',
    'data, 1 request',
    query(authors, 'users', { users: hostile.restError(401, 'rest_user_cannot_view') }),
  ),
  row(24, 'It refuses the credentials, and not anybody', 'data, 1 request', async () =>
    call([withCredentials])('anybody'),
  ),
  row(24, 'It refuses the credentials', 'UPSTREAM_FORBIDDEN, 1 request', async () => call([withCredentials])('user')),
  row(25, 'It has no such route', 'UPSTREAM_NOT_FOUND, 1 request', call([hostile.restError(404, 'rest_no_route')])),
  row(
    25,
    'Its REST API is by ?rest_route= only',
    'data, 4 requests',
    call(({ target }) => {
      const route = new URL(target, 'http://a').searchParams.get('rest_route');
      if (route === null) return hostile.html('<!doctype html><title>Not found</title>', { status: 404 });
      return route === '/' ? json({ namespaces: ['wp/v2'] }) : good;
    }),
  ),
  row(26, 'It has no such object', 'data, 1 request', call([json([])], {}, other)),
  row(
    27,
    'It refuses a parameter',
    'UPSTREAM_REFUSED, 1 request',
    call([hostile.restError(400, 'rest_invalid_param')]),
  ),
  row(
    28,
    'A host refuses long addresses: four ids',
    'data, 3 requests',
    query(categories, 'categories', { categories: tooLong }),
  ),
  row(29, 'It asks for fewer requests', 'UPSTREAM_RATE_LIMITED, 1 request', call([status(429)])),
  row(
    29,
    'It asks for none for an hour, of three calls',
    'UPSTREAM_RATE_LIMITED, 1 request',
    calls(3, [status(429, { 'retry-after': '3600' })]),
  ),
  row(
    29,
    'It asks for none until a date, of three calls',
    'UPSTREAM_RATE_LIMITED, 1 request',
    calls(3, [status(429, { 'retry-after': 'Wed, 21 Oct 2026 07:29:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' })]),
  ),
  row(30, 'It fails with 500', 'UPSTREAM_ERROR, 2 requests', call([hostile.restError(500, 'internal_server_error')])),
  row(30, 'It does so once', 'data, 2 requests', call([status(500), good])),
  ...[502, 503, 504, 522].map((code) =>
    row(31, `It answers ${code}`, 'UPSTREAM_UNAVAILABLE, 3 requests', call([status(code)])),
  ),
  row(31, 'It answers 503 to ten calls', 'UPSTREAM_UNAVAILABLE, 8 requests', calls(10, [status(503)])),
  row(
    32,
    'It answers two requests at once, and fails beyond',
    'data to at least 50 of 60, at most 4 at once',
    (caller) => observeOverrun((client) => ask(client, caller)),
  ),
  row(33, 'It does not tell how many there are', 'data, 1 request', call([good])),
  row(
    34,
    'It leaves one of four objects out',
    'data, 1 request',
    query(categories, 'categories', { categories: siteRows.categories.slice(1) }),
  ),
  row(
    34,
    'It fails with 500 as soon as one of four is asked for',
    'data to 3 of 4, UPSTREAM_ERROR, 5 requests',
    spoiled(hostile.restError(500, 'internal_server_error')),
  ),
  row(34, 'It sends nothing then', 'data to 3 of 4, UPSTREAM_BAD_RESPONSE, 5 requests', spoiled(answer(''))),
  row(
    34,
    'It cuts JSON off then',
    'data to 3 of 4, UPSTREAM_BAD_RESPONSE, 5 requests',
    spoiled(hostile.truncated('[{"id":1},{"id')),
  ),
  row(
    34,
    'A firewall forbids then',
    'data to 3 of 4, UPSTREAM_FORBIDDEN, 5 requests',
    spoiled(html('<!doctype html><title>403 Forbidden</title>', { status: 403 })),
  ),
  row(
    34,
    'A firewall does not accept then',
    'data to 3 of 4, UPSTREAM_REFUSED, 5 requests',
    spoiled(html('<!doctype html><title>406 Not Acceptable</title>', { status: 406 })),
  ),
  row(35, 'It is busy with all that may wait', 'OVERLOADED, no request', overloaded),
  row(
    36,
    'It sets a cookie of a user',
    'data, 1 request',
    call([json(posts, { headers: { 'set-cookie': 'wordpress_logged_in=a' } })]),
  ),
  row(
    37,
    'Its clock is years behind',
    'data, 1 request',
    call([json(posts, { headers: { date: 'Sat, 01 Jan 2000 00:00:00 GMT' } })]),
  ),
  row(38, 'A proxy wants a password', 'UPSTREAM_UNAVAILABLE, 1 request', call([status(407)])),
  row(39, 'It is not UTF-8', 'data, 1 request', call([answer(Buffer.from('[{"id":1,"slug":"\xe9"}]', 'latin1'))])),
  row(39, 'It escapes half of a character', 'data, 1 request', call([answer('[{"id":1,"slug":"a\\ud83d"}]')])),
  row(
    40,
    'It sends an object of a million keys',
    'UPSTREAM_BAD_RESPONSE, 1 request',
    call([answer(`[{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join()}}]`)], {
      maxBytes: 16 * 1024 * 1024,
    }),
  ),
  row(
    40,
    'It nests JSON 1,000 deep',
    'UPSTREAM_BAD_RESPONSE, 1 request',
    call([answer('['.repeat(1000) + ']'.repeat(1000))]),
  ),
  row(40, 'It sends numbers beyond all bounds', 'data, 1 request', call([answer('[{"id":1,"slug":1e400}]')])),
  row(41, 'It fails every other time', 'data, 2 requests', call([status(502), good])),
  row(
    42,
    'It is back after it was down, to ten calls at once, twice',
    'data to 1, 1 request; then data to 10, at most 5 at once',
    (caller) => observeReturn((client) => ask(client, caller)),
  ),
];

function row(fault: number, server: string, expected: string, observe: MatrixRow['observe']): MatrixRow {
  return { fault, server, expected, observe };
}

/** The matrix for people, with what was observed. */
export function printMatrix(observed: ReadonlyMap<MatrixRow, string>): string {
  const lines = matrix.map((one) =>
    [one.fault, one.server, one.expected, observed.get(one) ?? 'not run'].map(String).join(' | '),
  );
  const head = ['Fault | What WordPress does | Expected | Observed', '--- | --- | --- | ---'];
  return `${[...head, ...lines].map((line) => `| ${line} |`).join('\n')}\n`;
}
