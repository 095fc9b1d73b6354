// Owns the tests of many processes on one port: they act as one gateway, and outlive the death of each.

import { readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/operations/canonical.ts';
import { type BuiltCli, buildCli, type CliProcess } from '../support/built-cli.ts';
import { followEvents } from '../support/event-client.ts';
import { findFreePort } from '../support/free-port.ts';
import { tellGateway, webhookToken } from '../support/recorded-headgate.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';
import { startWebhookTarget } from '../support/webhook-target.ts';

// Three processes start one after the other.
vi.setConfig({ testTimeout: 300_000 });

let cli: BuiltCli;
let site: TinyWordPress;

beforeAll(async () => {
  cli = buildCli();
  site = await startTinyWordPress();
}, 60_000);

afterAll(async () => {
  cli[Symbol.dispose]();
  await site[Symbol.asyncDispose]();
});

interface Listening {
  readonly url: string;
  readonly pid: number;
}

const linesOf = ({ output }: CliProcess) => output.stdout.split('\n').filter((line) => line.startsWith('{'));

async function listening(process: CliProcess, count: number): Promise<Listening[]> {
  return vi.waitFor(
    () => {
      const found = linesOf(process)
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg === 'listening');
      if (found.length < count) throw new Error(`${process.output.stdout}${process.output.stderr}`);
      return found;
    },
    { timeout: 120_000, interval: 50 },
  );
}

/** Asks on a connection of its own, so that any of the processes may get it. */
async function ask(url: string, body: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function metricOf(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } });
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

describe('workers', () => {
  it('count together, know what one was told, are replaced when they die, and end with their parent', async () => {
    await using target = await startWebhookTarget();
    const webhooks = { WEBHOOK_TOKEN: webhookToken, WEBHOOK_TARGETS: target.url, WEBHOOK_TARGETS_SECRET: webhookToken };
    const process = cli.run([site.url], {
      ...{ WORKERS: '3', PORT: '0', HOST: '127.0.0.1', WATCH_INTERVAL_SECONDS: '0' },
      ...webhooks,
    });
    const workers = await listening(process, 3);
    expect(new Set(workers.map(({ pid }) => pid)).size).toBe(3);
    expect(new Set(workers.map(({ url }) => url)).size).toBe(1);
    const url = workers[0]?.url ?? '';

    for (let count = 0; count < 12; count += 1)
      expect(await ask(url, { query: '{ __typename }' })).toHaveProperty('data');
    expect(await metricOf(url, 'headgate_operations_total')).toBe(12);
    expect(await metricOf(url, 'process_cpu_seconds_total')).toBeGreaterThan(0);

    const query = '{ generalSettings { title } }';
    const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } };
    expect(await ask(url, { ...byHash, query })).toHaveProperty('data');
    await vi.waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 9 }, () => ask(url, byHash)));
      expect(answers.filter(({ errors }) => errors)).toEqual([]);
    });

    // More than there are processes: some follow at each, and what one is told is told on once.
    const following = 'subscription { contentChanged { databaseId } }';
    const clients = await Promise.all(Array.from({ length: 9 }, () => followEvents(url, following)));
    const told = () => target.received.flatMap(({ body }) => JSON.parse(body).data.changes);
    for (const [index, id] of [7, 8].entries()) {
      await tellGateway(url, { ids: [id] });
      await vi.waitFor(
        () => expect(clients.map((client) => client.events().length)).toEqual(clients.map(() => index + 1)),
        {
          timeout: 30_000,
        },
      );
      await vi.waitFor(() => expect(told()).toHaveLength(index + 1), { timeout: 30_000 });
    }
    expect(told().map(({ databaseId }) => databaseId)).toEqual([7, 8]);

    globalThis.process.kill(workers[1]?.pid ?? 0, 'SIGKILL');
    const after = await listening(process, 4);
    expect(after.at(-1)?.url).toBe(url);
    expect(process.output.stdout).toContain('a worker died');
    expect(await ask(url, { query })).toHaveProperty('data');

    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    expect(clients.every((client) => client.isOver())).toBe(true);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('have WordPress watched by one of them, and by another one when that dies', async () => {
    site.asked.length = 0;
    const process = cli.run([site.url], {
      ...{ WORKERS: '3', PORT: '0', HOST: '127.0.0.1', WATCH_INTERVAL_SECONDS: '1' },
    });
    const workers = await listening(process, 3);
    // Who watches reads everything once, by id, and looks at the newest from then on.
    const first = () => site.asked.filter((target) => target.includes('orderby=id')).length;
    const looks = () => site.asked.filter((target) => target.includes('orderby=modified')).length;
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(1), { timeout: 60_000 });
    expect(first()).toBe(1);
    for (const [index, { pid }] of workers.entries()) {
      globalThis.process.kill(pid, 'SIGKILL');
      await listening(process, 4 + index);
    }
    const before = looks();
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before + 1), { timeout: 60_000 });
    expect(first()).toBeGreaterThan(1);
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('end when their parent is killed, or told twice: %s', async (signal) => {
    const env = { WORKERS: '2', PORT: '0', HOST: '127.0.0.1', DRAIN_DELAY_MS: '300000' };
    const process = cli.run([site.url], env, { ownGroup: true });
    const [{ url } = { url: '' }] = await listening(process, 2);
    site.delayMs = 300_000;
    const before = site.requests;
    const lost = ask(url, { query: '{ posts { nodes { title } } }' }).then(
      () => 'answered',
      () => 'lost',
    );
    await vi.waitFor(() => expect(site.requests).toBeGreaterThan(before), { timeout: 60_000 });
    const { pid = 0 } = process.child;
    if (signal === 'SIGINT') {
      // As a terminal does: all processes get it.
      globalThis.process.kill(-pid, signal);
      await vi.waitFor(() => expect(process.output.stdout.match(/"stopping"/g)).toHaveLength(3), { timeout: 60_000 });
      globalThis.process.kill(-pid, signal);
    } else process.child.kill(signal);
    expect(await process.exit).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 1);
    expect(await lost).toBe('lost');
    site.delayMs = 0;
  });

  it('end with their parent, be it that one is frozen', async () => {
    const process = cli.run([site.url], { WORKERS: '2', PORT: '0', HOST: '127.0.0.1' });
    const [{ pid } = { pid: 0 }] = await listening(process, 2);
    globalThis.process.kill(pid, 'SIGSTOP');
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    expect(process.output.stdout).toContain(`"pid":${pid},"msg":"a worker did not end in time; killing it"`);
  });

  it('are not tried again where the first cannot start, and say once why', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const process = cli.run([site.url], { WORKERS: '3', PORT: port, HOST: '127.0.0.1' });
    expect(await process.exit).toBe(1);
    expect(process.output.stderr.match(/Something else listens/g)).toHaveLength(1);
    await new Promise((resolve) => busy.close(resolve));
  });
});

describe('a worker that takes nothing', () => {
  const program = join(import.meta.dirname, '../support/worker-group.mjs');
  const run = (tickMs: number) => cli.run([join(cli.folder, 'dist'), String(tickMs)], {}, { program });
  const said = (process: CliProcess, what: string) =>
    vi.waitFor(
      () => {
        const line = linesOf(process)
          .map((text) => JSON.parse(text))
          .find(({ msg }) => msg === what);
        if (!line) throw new Error(`${process.output.stdout}${process.output.stderr}`);
        return line;
      },
      { timeout: 60_000 },
    );

  it('has little waiting for it, however much it is told, and the purge that comes behind that', async () => {
    const process = run(5000);
    const [one = { pid: 0 }, other = { pid: 0 }] = await listening(process, 2);
    globalThis.process.kill(other.pid, 'SIGSTOP');
    globalThis.process.kill(one.pid, 'SIGUSR2');
    expect((await said(process, 'flooded')).burstBytes).toBeLessThan(2 * 1024 * 1024);
    globalThis.process.kill(other.pid, 'SIGCONT');
    const { pid, tags, learnedBytes } = await said(process, 'purged');
    expect({ pid, tags }).toEqual({ pid: other.pid, tags: ['post:1'] });
    expect(learnedBytes).toBeGreaterThan(0);
    expect(learnedBytes).toBeLessThan(4 * 1024 * 1024);
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it('is replaced, and another one watches', async () => {
    const process = run(300);
    await listening(process, 2);
    const { pid } = await said(process, 'watches');
    process.output.stdout = '';
    globalThis.process.kill(pid, 'SIGSTOP');
    expect((await said(process, 'a worker hangs; killing it')).pid).toBe(pid);
    expect((await said(process, 'a worker died; another one takes its place')).signal).toBe('SIGKILL');
    expect((await said(process, 'watches')).pid).not.toBe(pid);
    await listening(process, 1);
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it('has the connection that it was handed closed when it dies', async () => {
    const process = run(60_000);
    const files = () =>
      globalThis.process.platform === 'linux' ? readdirSync(`/proc/${process.child.pid}/fd`).length : 0;
    const [{ pid } = { pid: 0 }] = await listening(process, 2);
    const { port } = await said(process, 'listening');
    const before = files();
    globalThis.process.kill(pid, 'SIGSTOP');
    // The other one takes all but the one that this one has in hand.
    let open = 8;
    for (let count = open; count > 0; count -= 1) {
      const client = connect(port, '127.0.0.1').resume();
      client.on('error', () => {});
      client.on('close', () => {
        open -= 1;
      });
    }
    await vi.waitFor(() => expect(open).toBe(1), { timeout: 60_000 });
    globalThis.process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(open).toBe(0), { timeout: 60_000 });
    await listening(process, 3);
    await vi.waitFor(() => expect(files()).toBe(before), { timeout: 60_000 });
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it('has its time when all are told to stop', async () => {
    const process = run(300);
    const [{ pid } = { pid: 0 }] = await listening(process, 2);
    globalThis.process.kill(pid, 'SIGSTOP');
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    expect(process.output.stdout).toContain(`"pid":${pid},"msg":"a worker did not end in time; killing it"`);
    expect(process.output.stdout).not.toContain('a worker hangs');
  });
});

describe.skipIf(!hasRedis)('a Redis with TLS and users', () => {
  it('lets in whom it knows, who needs few rights', async () => {
    const folder = join(import.meta.dirname, '../data/tls');
    const certificate = join(folder, 'self-signed.pem');
    const tlsPort = await findFreePort();
    await using redis = await startRedis(
      ...['--tls-port', String(tlsPort), '--tls-cert-file', certificate, '--tls-key-file', join(folder, 'key.pem')],
      ...['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'],
    );
    const commands = ['get', 'mget', 'set', 'del', 'time', 'xadd', 'xlen', 'xrange', 'xread'].map((name) => `+${name}`);
    await redis.send('ACL', 'SETUSER', 'gate', 'on', '>p@ss', '~headgate:*', '+@connection', ...commands);
    const process = cli.run([site.url], {
      ...{ PORT: '0', HOST: '127.0.0.1', WATCH_INTERVAL_SECONDS: '0', REDIS_TIMEOUT_MS: '5000' },
      ...{ REDIS_URL: `rediss://gate:p%40ss@localhost:${tlsPort}/0`, NODE_EXTRA_CA_CERTS: certificate },
    });
    const [{ url } = { url: '' }] = await listening(process, 1);
    await vi.waitFor(() => expect(process.output.stdout).toContain('Redis is in use'), { timeout: 60_000 });
    expect(await ask(url, { query: '{ posts { nodes { title } } }' })).toEqual({ data: { posts: { nodes: [] } } });
    await vi.waitFor(async () => expect(await redis.send('KEYS', 'headgate:*:answer:*')).toHaveLength(1), {
      timeout: 60_000,
    });
    expect(process.output.stdout).not.toContain('p@ss');
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });
});
