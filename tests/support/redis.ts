// Owns a real redis-server for tests: on a free port of this machine, ended with the test, frozen and killed at will.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, RESP_TYPES } from '@redis/client';

/** Whether there is one on this machine. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

if (!hasRedis) {
  const remedy = 'install redis-server (apt-get install redis-server, brew install redis)';
  if (process.env['CI']) throw new Error(`no redis-server: ${remedy}`);
  console.warn(`Tests of the tier in Redis are skipped: ${remedy}.`);
}

/** A running server. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Sends one command, and gives its reply. */
  send(...command: readonly (string | Buffer)[]): Promise<unknown>;
  /** What is at a key, byte for byte. */
  getBytes(key: string): Promise<Buffer>;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port: without what it knew. */
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

interface Connection {
  sendCommand(command: (string | Buffer)[], options?: object): Promise<unknown>;
}

/** Starts a server that keeps nothing on disk. */
export async function startRedis(...options: readonly string[]): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-redis-'));
  const port = await freePort();
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const args = [...fixed, '--daemonize', 'no', ...options];
  return startServer({ folder, port, args, sign: 'Ready to accept connections' });
}

interface ServerStart {
  /** Removed with the server. */
  readonly folder: string;
  readonly port: number;
  readonly args: readonly string[];
  /** What it says when it has started. */
  readonly sign: string;
}

async function startServer({ folder, port, args, sign }: ServerStart): Promise<TestRedis> {
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const { stdout } = child;
    if (!stdout) throw new Error('redis-server has no output');
    let said = '';
    for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
      said += chunk;
      if (said.includes(sign)) break;
    }
    if (!said.includes(sign)) throw new Error(`redis-server did not start: ${said}`);
    stdout.resume();
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async function withConnection<Reply>(ask: (client: Connection) => Promise<Reply>): Promise<Reply> {
    const client = createClient({ url, RESP: 2 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await ask(client);
    } finally {
      client.destroy();
    }
  }

  await start();
  return {
    url,
    port,
    send: (...command) => withConnection((client) => client.sendCommand([...command])),
    async getBytes(key) {
      const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
      const reply: unknown = await withConnection((client) => client.sendCommand(['GET', key], { typeMapping }));
      return Buffer.isBuffer(reply) ? reply : Buffer.alloc(0);
    },
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A sentinel that watches a master, by the name `main`, and takes it for down after a second. */
export async function startSentinel(master: TestRedis): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const port = await freePort();
  const lines = [
    ...[`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, `sentinel monitor main 127.0.0.1 ${master.port} 1`],
    ...['sentinel down-after-milliseconds main 1000', 'sentinel failover-timeout main 5000'],
  ];
  writeFileSync(file, lines.join('\n'));
  return startServer({ folder, port, args: [file, '--sentinel'], sign: 'Sentinel ID is' });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
