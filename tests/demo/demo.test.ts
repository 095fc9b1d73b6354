// `npm run demo`: both servers come up, the person is told where, and both go when told to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { runDemo } from '../../src/demo/demo.ts';
import { FIRST_QUERY } from '../../src/demo/greeting.ts';

// A program in the place of the gateway: ready at once, and it tells which WordPress it was given.
const GATEWAY = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => response.end(process.env.WORDPRESS_URL + ' ' + process.env.WORDPRESS_USERNAME));
  server.listen(Number(process.env.PORT));
  process.on('SIGTERM', () => { server.close(); server.closeAllConnections(); });
`;

let folder: string;
let port: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-test-'));
  const server = await listen();
  port = portOf(server);
  await closed(server);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function listen(): Promise<Server> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return server;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('not listening');
  return address.port;
}

async function gateway(source: string): Promise<string> {
  const program = join(folder, 'gateway.mjs');
  await writeFile(program, source);
  return program;
}

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, PORT: String(port), ...more };
}

test('it comes up, says where, and stops', async () => {
  const stop = new AbortController();
  let printed = '';
  const running = runDemo({
    env: environment({ DEMO_WORDPRESS_PORT: '', WORDPRESS_USERNAME: 'of-another-site' }),
    signal: stop.signal,
    program: await gateway(GATEWAY),
    output: {
      write(text: string) {
        printed += text;
        if (text.includes('GraphiQL')) setImmediate(visit);
      },
    },
  });
  let answer = '';
  async function visit(): Promise<void> {
    answer = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    stop.abort();
  }
  await running;
  const wordpressUrl = /WordPress {3}(http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1] ?? '';
  expect(answer).toBe(`${wordpressUrl} undefined`);
  expect(printed).toContain(`http://localhost:${port}/graphql`);
  expect(printed).toContain(`curl -s http://localhost:${port}/graphql`);
  expect(printed).toMatch(/Stopped\.\n$/);
  await expect(fetch(wordpressUrl)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test('the first query is GraphQL', () => {
  expect(parse(FIRST_QUERY).definitions).toHaveLength(1);
});

test('a gateway that ends early ends the demo', async () => {
  let printed = '';
  const running = runDemo({
    env: environment(),
    signal: new AbortController().signal,
    program: await gateway('process.exitCode = 3;'),
    output: { write: (text: string) => (printed += text) },
  });
  await expect(running).rejects.toMatchObject({
    code: 'GATEWAY_ENDED',
    message: expect.stringContaining('exit code 3'),
  });
  const wordpressUrl = /WordPress on (\S+),/.exec(printed)?.[1] ?? '';
  expect(wordpressUrl).not.toBe('');
  await expect(fetch(wordpressUrl)).rejects.toThrow();
});

test.each([
  ['SIGINT', 0],
  ['SIGTERM', 0],
] as const)('%s while WordPress starts: exit code %d, nothing left', async (signal, code) => {
  const main = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: environment({ TMPDIR: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const begun = printed.includes('start ');
    printed += text;
    if (!begun && printed.includes('start ')) child.kill(signal);
  });
  expect(await once(child, 'close')).toEqual([code, null]);
  expect(printed).toMatch(/Stopped\.\n$/);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['PORT is taken', 'taken'],
  ['PORT is no port', 'PORT is "many"'],
])('%s: a plain word and exit code 1', async (_name, said) => {
  const server = await listen();
  const main = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url));
  const env = environment({ PORT: said === 'taken' ? String(portOf(server)) : 'many' });
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(errors).toContain(said);
  expect(errors).not.toContain('    at ');
  await closed(server);
});
