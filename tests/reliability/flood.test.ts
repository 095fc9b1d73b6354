// A gateway that gets what is different each time, from anybody and of any kind, stays within the memory that it was given.
// `npm run flood` sends a million, and takes ten minutes.

import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type BuiltCli, buildCli, type CliProcess } from '../support/built-cli.ts';
import { findFreePort } from '../support/free-port.ts';
import type { HostileServer } from '../support/hostile-server.ts';
import { startMarkedServer } from './marked-site.ts';
import { createPace, repeat, report, scaleOf } from './scale.ts';

/** By how many bytes the heap may grow with each request once warm: few requests do not fill all that is kept. */
const scale = scaleOf(
  'flood',
  { requests: 9000, looks: 3, cacheMb: 1, bytesEach: 6000 },
  { requests: 1_000_000, looks: 25, cacheMb: 64, bytesEach: 15 },
);

/** The heap that the process may have, and what it may take in all, in MiB. */
const heapMb = 256;
const residentMb = heapMb + 64;
/** When its memories are full, as a part of all requests: small things need half a million to fill theirs. */
const warmedUp = 0.55;
const megabyte = 1024 * 1024;

/** Tells of the memory once what is not needed is gone: loaded into the process, which runs as released. */
const gauge = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  const { rss } = process.memoryUsage();
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write('memory ' + JSON.stringify({ rss, heap: heapUsed + external }) + '\\n');
});
`;

/** What a look at the process found. */
interface Look {
  /** How many requests there were before. */
  readonly requests: number;
  readonly atMs: number;
  /** Before anything was collected for the look. */
  readonly rssMb: number;
  readonly heapMb: number;
  readonly files: number;
}

interface Asked {
  readonly method?: 'GET';
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

const padding = 'x'.repeat(2000);
const operation = (query: string, rest: object = {}): Asked => ({ body: JSON.stringify({ query, ...rest }) });

/** What is sent to bring a gateway down, with a number that makes each another one. */
const attacks: readonly ((index: number) => string)[] = [
  (index) => `{ a${index} ${'a{b} '.repeat(1000)}}`,
  (index) => `{ a${index}${'{a'.repeat(1500)} }`,
  (index) => `{ ${Array.from({ length: 300 }, (_, at) => `a${index}x${at}: __typename`).join(' ')} }`,
  (index) => `{ ...A${index} } fragment A${index} on RootQuery { ...B } fragment B on RootQuery { ...A${index} }`,
  (index) => `query Q${index} { ${'__typename @skip(if: false) '.repeat(100)} }`,
];

/** One request of each kind that somebody could send without end. */
const kinds: readonly ((index: number) => Asked)[] = [
  (index) => operation(`query Q${index} { a: post(id: "${1 + (index % 40)}", idType: DATABASE_ID) { title } }`),
  (index) =>
    operation('query ($id: ID!) { post(id: $id, idType: DATABASE_ID) { title } }', { variables: { id: index } }),
  (index) =>
    operation('query ($s: String) { posts(where: { search: $s }) { nodes { title } } }', {
      variables: { s: `s${index}` },
    }),
  (index) => operation(`{ post(id: "nothing-${index}", idType: SLUG) { id } }`),
  (index) =>
    operation('query ($t: String) { posts(after: $t) { nodes { title author { node { name } } } } }', {
      variables: { t: `${index}${padding}` },
    }),
  (index) => {
    const query = `query Registered${index} { __typename } # ${padding}`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    return operation(query, { extensions: { persistedQuery: { version: 1, sha256Hash } } });
  },
  (index) => operation(`{ nothing${index} ${padding} }`),
  (index) => operation(`{nope${index}}`),
  (index) => operation(`{ __typename }`, { operationName: `N${index}${padding}` }),
  (index) => ({
    ...operation('{ __typename }'),
    headers: { accept: `application/json;v=${index}`, 'accept-encoding': `x${index}`, 'if-none-match': `"${index}"` },
  }),
  (index) => ({
    ...operation('{ posts { nodes { title } } }'),
    headers: { authorization: `Bearer ${index}.${padding}` },
  }),
  (index) => ({
    ...operation('{ __typename }'),
    headers: { 'x-forwarded-for': `2001:db8:${(index >> 16).toString(16)}:${(index & 65_535).toString(16)}::1` },
  }),
  (index) => ({ method: 'GET', path: `/graphql?query={__typename}&x=${index}` }),
  (index) => ({ method: 'GET', path: `/nothing-${index}` }),
  (index) => ({ body: `{"query":"{ hello${index}`, headers: { 'x-request-id': `r${index}` } }),
  (index) => operation(attacks[((index / 16) % attacks.length) | 0]?.(index) ?? ''),
];

let cli: BuiltCli;
let site: HostileServer;

beforeAll(async () => {
  cli = buildCli();
  site = await startMarkedServer(() => null);
}, 180_000);

afterAll(async () => {
  cli[Symbol.dispose]();
  await site[Symbol.asyncDispose]();
});

it('stays within its memory, whatever is different each time', { timeout: 7_200_000 }, async () => {
  const gaugeFile = join(cli.folder, 'gauge.mjs');
  writeFileSync(gaugeFile, gauge);
  const port = await findFreePort();
  const running = cli.run(['start', site.url], {
    ...{ PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error', NODE_ENV: 'production', MAX_DELAY_MS: '0' },
    ...{ CACHE_MAX_BYTES: String(scale.cacheMb * megabyte), RATE_LIMIT: '1000000', TRUST_PROXY: '1' },
    NODE_OPTIONS: `--max-old-space-size=${heapMb} --import=${gaugeFile}`,
  });
  const origin = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${origin}/ready`)).status).toBe(200), {
    timeout: 90_000,
    interval: 50,
  });
  const pool = new Pool(origin, { connections: 16 });
  const statuses = new Map<number, number>();
  const bad: string[] = [];
  const send = async (index: number) => {
    const {
      method = 'POST',
      path = '/graphql',
      body = null,
      headers = {},
    } = kinds[index % kinds.length]?.(index) ?? {};
    const response = await pool.request({
      method,
      path,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    const text = await response.body.text();
    statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
    if (response.statusCode >= 500 && bad.length < 5)
      bad.push(`${index}: ${response.statusCode} ${text.slice(0, 200)}`);
    if (index % 1000 === 0) site.forget();
  };
  const startedAt = performance.now();
  const goesOn = createPace('flood', 'requests', scale.requests, 60);
  const looks: Look[] = [];
  const part = Math.ceil(scale.requests / scale.looks);
  for (let from = 0; from < scale.requests && goesOn(from); from += part) {
    const sent = await repeat(
      part,
      16,
      (index) => send(from + index),
      (done) => goesOn(from + done),
    );
    looks.push({ requests: from + sent, atMs: performance.now() - startedAt, ...(await lookAt(running)) });
  }
  await pool.close();
  expect(bad).toEqual([]);
  expect(running.child.exitCode).toBeNull();
  const warm = looks.slice(Math.floor(looks.length * warmedUp));
  const [first, last] = [warm[0], warm.at(-1)];
  if (!first || !last) throw new Error('not looked at');
  const most = Math.max(...looks.map(({ rssMb }) => rssMb));
  const grownEach = ((last.heapMb - first.heapMb) * megabyte) / (last.requests - first.requests);
  report('flood', {
    requests: [...statuses.values()].reduce((sum, count) => sum + count, 0),
    ...Object.fromEntries([...statuses].map(([status, count]) => [`status ${status}`, count])),
    seconds: Math.round(last.atMs / 1000),
    'resident at most, MiB': most.toFixed(0),
    'resident, MiB': looks.map(({ rssMb }) => rssMb.toFixed(0)).join(' '),
    'heap after collection, MiB': looks.map(({ heapMb }) => heapMb.toFixed(1)).join(' '),
    'files and sockets': looks.map(({ files }) => files).join(' '),
    'resident grows once warm, MiB/h': slopeOf(warm, ({ rssMb }) => rssMb).toFixed(1),
    'heap grows with each request once warm, bytes': grownEach.toFixed(1),
    'heap grows once warm, MiB/h': slopeOf(warm, ({ heapMb }) => heapMb).toFixed(1),
  });
  expect(most).toBeLessThan(residentMb);
  expect(last.files).toBeLessThanOrEqual(first.files + 6);
  expect(grownEach).toBeLessThan(scale.bytesEach);
});

/** What the process holds, once it has nothing to do. */
async function lookAt({ child, output }: CliProcess): Promise<Omit<Look, 'requests' | 'atMs'>> {
  const before = output.stdout.length;
  child.kill('SIGUSR2');
  const memory: { rss: number; heap: number } = await vi.waitFor(
    () => JSON.parse(/^memory (.*)\n/m.exec(output.stdout.slice(before))?.[1] ?? ''),
    { timeout: 60_000, interval: 20 },
  );
  const files = process.platform === 'linux' ? readdirSync(`/proc/${child.pid}/fd`).length : 0;
  return { rssMb: memory.rss / megabyte, heapMb: memory.heap / megabyte, files };
}

/** By how much a figure grows an hour: the line that fits best. */
function slopeOf(looks: readonly Look[], figure: (look: Look) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [atMs, of] = [mean(looks.map((look) => look.atMs)), mean(looks.map(figure))];
  const shared = looks.reduce((sum, look) => sum + (look.atMs - atMs) * (figure(look) - of), 0);
  const alone = looks.reduce((sum, look) => sum + (look.atMs - atMs) ** 2, 0);
  return (shared / alone) * 3_600_000;
}
