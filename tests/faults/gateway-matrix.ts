// Owns the matrix of faults as clients meet them: what WordPress does, and what each kind of operation comes to.

import { gzipSync } from 'node:zlib';
import * as hostile from '../support/hostile-server.ts';

/** A fault, made of the text of the JSON that would be right. */
export type MakeFault = (text: string) => hostile.Behaviour;

/** What comes of a fault: an error code, `data` or `old data`, and how many requests were made. */
export interface Fates {
  /** Of a query, whoever asks. */
  readonly read: string;
  /** Of the same where its parts are known from before. */
  readonly known: string;
  /** Of a mutation. */
  readonly write: string;
}

/** One fault. */
export interface GatewayRow extends Fates {
  readonly fault: number;
  /** What WordPress, or the network in front of it, does. */
  readonly server: string;
  readonly make: MakeFault;
  /** What is read, where it is not a list. */
  readonly query?: string;
  /** How long a call may take, in ms: where nothing comes, each cell of the row waits for it. */
  readonly timeoutMs?: number;
}

const { answer, raw } = hostile;
const gzip = { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } };
const headed = (headers: Record<string, string>) => (text: string) =>
  answer(text, { headers: { 'content-type': 'application/json', ...headers } });
const always = (behaviour: hostile.Behaviour) => () => behaviour;
const page = (title: string, body = '') => always(hostile.html(`<!doctype html><title>${title}</title><body>${body}`));
const status = (code: number, headers: Record<string, string> = {}) => always(answer('', { status: code, headers }));

/** A fault that leaves nothing to read: what is known is given, and a write, which may have arrived, is sent once. */
function loses(fault: number, server: string, make: MakeFault, code: string, requests = 1, write = code): GatewayRow {
  const known = `old data, ${counted(requests)}`;
  return { fault, server, make, read: `${code}, ${counted(requests)}`, known, write: `${write}, 1 request` };
}

/** A refusal: where there was an answer before, the first of its kind is asked for twice. */
function refuses(
  fault: number,
  server: string,
  [status, name]: [number, string],
  code: string,
  write: string,
): GatewayRow {
  const row = loses(fault, server, always(hostile.restError(status, name)), code, 1, write);
  return { ...row, known: `old data, ${counted(2)}` };
}

/** A fault that only a deadline ends. */
function hangs(fault: number, server: string, behaviour: hostile.Behaviour): GatewayRow {
  return { ...loses(fault, server, always(behaviour), 'UPSTREAM_TIMEOUT'), timeoutMs: 1000 };
}

/** A fault that costs nothing but requests. */
function gives(fault: number, server: string, make: MakeFault, requests = 1, write = 'data'): GatewayRow {
  const told = `data, ${counted(requests)}`;
  return { fault, server, make, read: told, known: told, write: `${write}, 1 request` };
}

/** A fault of one object that spoils what it is asked with: three are asked for by their ids. */
function spoils(server: string, make: MakeFault, code: string, requests: number): GatewayRow {
  const fault: MakeFault = (text) => (socket, request) => {
    const asked = new URL(request.target, 'http://a').searchParams.get('include')?.split(',') ?? [];
    if (asked.includes('2')) return make(text)(socket, request);
    const rows: unknown = JSON.parse(text);
    const shown = Array.isArray(rows) ? rows.filter(({ id }) => asked.includes(String(id))) : rows;
    hostile.json(shown)(socket, request);
  };
  const query = `{ ${[1, 2, 3].map((id) => `p${id}: post(id: ${id}, idType: DATABASE_ID) { title }`).join(' ')} }`;
  return {
    ...{ fault: 34, server, make: fault, query },
    read: `${code} and data to 2 of 3, ${counted(requests)}`,
    known: `old data, ${counted(requests)}`,
    write: 'data, 1 request',
  };
}

/** A number of requests in words. */
export function counted(requests: number): string {
  return `${requests} ${requests === 1 ? 'request' : 'requests'}`;
}

/** All faults that a site can have which was there before, by number. */
export const gatewayMatrix: readonly GatewayRow[] = [
  hangs(5, 'It does not answer', hostile.stall()),
  hangs(5, 'It drips headers', hostile.dripHeaders()),
  hangs(6, 'It drips a body', hostile.dripBody()),
  loses(7, 'It sends a body without end', always(hostile.endlessBody()), 'UPSTREAM_TOO_LARGE'),
  loses(8, 'It sends 17 KB that unpack to 17 MB', always(hostile.gzipBomb(17)), 'UPSTREAM_TOO_LARGE'),
  loses(
    8,
    'It compresses twice',
    (text) => answer(gzipSync(gzipSync(text)), { headers: { 'content-encoding': 'gzip, gzip' } }),
    'UPSTREAM_BAD_RESPONSE',
    2,
  ),
  gives(9, 'It says gzip, and is not', (text) => hostile.mislabelled(JSON.parse(text)), 2, 'UPSTREAM_BAD_RESPONSE'),
  loses(9, 'It breaks its gzip', (text) => answer(gzipSync(text).subarray(0, 20), gzip), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(10, 'It resets in the middle of a body', always(hostile.resetInBody()), 'UPSTREAM_UNAVAILABLE', 2),
  loses(11, 'It cuts JSON off and closes', (text) => hostile.truncated(text.slice(0, -3)), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(
    12,
    'It gives two lengths',
    always(raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n[]')),
    'UPSTREAM_BAD_RESPONSE',
    2,
  ),
  loses(12, 'It does not speak HTTP', always(raw('garbage\r\n\r\n')), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(12, 'It closes without an answer', always(hostile.hangUp()), 'UPSTREAM_UNAVAILABLE', 2),
  loses(13, 'It sends 80 KB of headers', always(hostile.hugeHeaders(80)), 'UPSTREAM_BAD_RESPONSE'),
  loses(14, 'It answers with another object', always(hostile.json({ id: 666 })), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(14, 'It answers with an empty object', always(answer('{}')), 'UPSTREAM_BAD_RESPONSE', 2),
  gives(14, 'It answers with an empty list', always(answer('[]')), 1, 'UPSTREAM_BAD_RESPONSE'),
  loses(16, 'It is in maintenance, with status 200', page('Maintenance'), 'UPSTREAM_NOT_JSON', 2),
  loses(16, 'A proxy challenges', page('Just a moment...'), 'UPSTREAM_NOT_JSON'),
  loses(16, 'It shows its home page', page('Home'), 'UPSTREAM_NOT_JSON'),
  gives(17, 'It prints a notice before the JSON', (text) =>
    answer(`<br />\n<b>Warning</b>: x in <b>a.php</b> on line <b>3</b><br />\n${text}`),
  ),
  gives(17, 'It prints a comment behind the JSON', (text) => answer(`${text}\n<!-- 12 queries -->`)),
  gives(17, 'It begins with a byte-order mark', (text) => answer(`\u{feff}${text}`)),
  loses(18, 'It sends nothing', status(200), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(18, 'It sends 0', always(answer('0')), 'UPSTREAM_BAD_RESPONSE', 2),
  loses(20, 'It redirects in a circle', always(hostile.redirect('/wp-json/wp/v2/posts')), 'UPSTREAM_REDIRECT', 4),
  loses(21, 'It redirects to another origin', always(hostile.redirect('http://127.0.0.1:9/')), 'UPSTREAM_REDIRECT'),
  refuses(22, 'It forbids', [403, 'rest_forbidden'], 'UPSTREAM_FORBIDDEN', 'FORBIDDEN'),
  refuses(25, 'It has no such route', [404, 'rest_no_route'], 'UPSTREAM_NOT_FOUND', 'BAD_USER_INPUT'),
  refuses(27, 'It refuses a parameter', [400, 'rest_invalid_param'], 'UPSTREAM_REFUSED', 'BAD_USER_INPUT'),
  loses(29, 'It asks for fewer requests', status(429), 'UPSTREAM_RATE_LIMITED'),
  loses(29, 'It asks for none for an hour', status(429, { 'retry-after': '3600' }), 'UPSTREAM_RATE_LIMITED'),
  loses(30, 'It fails with 500', always(hostile.restError(500, 'internal_server_error')), 'UPSTREAM_ERROR', 2),
  ...[502, 503, 504, 522].map((code) => loses(31, `It answers ${code}`, status(code), 'UPSTREAM_UNAVAILABLE', 3)),
  gives(33, 'It does not tell how many there are', (text) => headed({})(text)),
  spoils('It fails with 500 where one of three is asked for', status(500), 'UPSTREAM_ERROR', 8),
  spoils('It sends nothing then', status(200), 'UPSTREAM_BAD_RESPONSE', 8),
  spoils('It cuts JSON off then', (text) => hostile.truncated(text.slice(0, -3)), 'UPSTREAM_BAD_RESPONSE', 8),
  gives(36, 'It sets a cookie of a user', (text) => headed({ 'set-cookie': 'wordpress_logged_in=a' })(text)),
  gives(37, 'Its clock is years behind', (text) => headed({ date: 'Sat, 01 Jan 2000 00:00:00 GMT' })(text)),
  loses(38, 'A proxy wants a password', status(407), 'UPSTREAM_UNAVAILABLE'),
  gives(39, 'It is not UTF-8', (text) => answer(Buffer.from(text.replaceAll('Post', 'P\xf6st'), 'latin1'))),
  gives(39, 'It escapes half of a character', (text) => answer(text.replaceAll('Post', 'P\\ud800st'))),
  loses(
    40,
    'It sends an object of a million keys',
    always(answer(`[{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join()}}]`)),
    'UPSTREAM_BAD_RESPONSE',
  ),
  loses(40, 'It nests JSON 1,000 deep', always(answer('['.repeat(1000) + ']'.repeat(1000))), 'UPSTREAM_BAD_RESPONSE'),
  gives(40, 'It sends numbers beyond all bounds', (text) =>
    answer(text.replaceAll('"author":', '"x":1e400,"author":')),
  ),
];

/** The matrix for people, with what was observed. */
export function printGatewayMatrix(observed: ReadonlyMap<GatewayRow, Fates>): string {
  const lines = gatewayMatrix.map((one) => {
    const { read, known, write } = observed.get(one) ?? { read: 'not run', known: 'not run', write: 'not run' };
    return [one.fault, one.server, read, known, write].map(String).join(' | ');
  });
  const head = [
    'Fault | What WordPress does | A query | A query whose parts are known | A mutation',
    '--- | --- | --- | --- | ---',
  ];
  return `${[...head, ...lines].map((line) => `| ${line} |`).join('\n')}\n`;
}
