// Owns the tests of the command line: what people read, and the exit code.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BuiltCli, buildCli, type CliProcess, untilListening } from '../support/built-cli.ts';
import { findFreePort } from '../support/free-port.ts';
import { json, startHostileServer } from '../support/hostile-server.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';

// Processes take seconds to start on a machine that has much else to do.
vi.setConfig({ testTimeout: 60_000 });

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

async function finish(process: CliProcess) {
  const code = await process.exit;
  return { code, ...process.output };
}

describe('headgate', () => {
  it('tells its version', async () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await finish(cli.run(['--version']))).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('explains itself', async () => {
    const help = await finish(cli.run(['--help']));
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('start|doctor|explain|schema|warm|types');
    const start = await finish(cli.run(['start', '--help']));
    // No terminal: no colours, nor spaces that fill columns up; and no links.
    for (const { stdout } of [help, start]) {
      expect(stdout).not.toContain('\u001b');
      expect(stdout).not.toMatch(/ $|\]\(/m);
    }
    expect(start.stdout).toContain('USAGE headgate start [OPTIONS] [URL]');
    expect(start.stdout).toContain('instead of WORDPRESS_URL');
    expect(start.stdout).toContain('--upstream-timeout-seconds=<value>');
  });

  it('says which settings cannot be used, without a stack', async () => {
    expect(await finish(cli.run([], { PORT: 'x' }))).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'These settings cannot be used:\n' +
        '- WORDPRESS_URL is not set; it must be the http(s) address of a WordPress site without user name and password, such as https://example.org.\n' +
        '- PORT is "x"; it must be a port number from 0 to 65535.\n',
    });
  });

  it.each([[['start']], [['schema']], [[]]])('says in one message that a site is unusable: %o', async (args) => {
    const { code, stdout, stderr } = await finish(cli.run([...args, 'http://127.0.0.1:9/']));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('127.0.0.1:9');
    expect(stderr).toMatch(/ \(SITE_UNUSABLE\)\n$/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each<[args: string[], message: string]>([
    [
      ['doctr'],
      '"doctr" is no command, and no address of a site. Did you mean headgate doctor? See headgate --help; a site is given as http://doctr.',
    ],
    [
      ['explain', 'user-blocked'],
      '"user-blocked" is no code. Did you mean users-blocked? headgate explain lists all of them.',
    ],
    [['types', '--port', 'x', '--wat', 'a.example'], '--wat is no flag of headgate types. See headgate types --help.'],
  ])('says what is wrong with %o', async (args, message) => {
    expect(await finish(cli.run(args))).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
  });

  it('says that a port is in use', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const { code, stderr } = await finish(cli.run([site.url], { PORT: port, HOST: '127.0.0.1' }));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Something else listens on 127.0.0.1, port ${port} already. Stop it, or set PORT to another port.\n`,
    });
    await new Promise((resolve) => busy.close(resolve));
  });
});

describe('headgate start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves until %s, then exits with 0', async (signal) => {
    const process = cli.run([site.url], { PORT: '0', HOST: '127.0.0.1' });
    const url = await untilListening(process);
    const response = await fetch(`${url}/graphql?query={__typename}`);
    expect(await response.json()).toMatchObject({ data: { __typename: expect.any(String) } });
    process.child.kill(signal);
    expect(await process.exit).toBe(0);
    expect(process.output.stderr).toBe('');
    // Logs are JSON, a line each.
    const lines = process.output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    expect(lines).toEqual(['listening', 'operation', 'stopping']);
  });

  it('takes settings as flags, before the environment', async () => {
    const flags = ['--port=0', '--host', '127.0.0.1', '--trace', '--log-level', 'error', '--scan-limit', '200'];
    const process = cli.run([...flags, '--log-level=info', site.url], { PORT: '1', LOG_LEVEL: 'fatal', TRACE: 'off' });
    const url = await untilListening(process);
    const answer = await (await fetch(`${url}/graphql?query={__typename}`)).json();
    expect(answer).toMatchObject({ extensions: { headgate: expect.anything() } });
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
  });

  it('finishes what is under way before it exits', async () => {
    const process = cli.run(['start', site.url], { PORT: '0', HOST: '127.0.0.1' });
    const url = await untilListening(process);
    site.delayMs = 700;
    const before = site.requests;
    const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`);
    await vi.waitFor(() => expect(site.requests).toBeGreaterThan(before), { timeout: 30_000, interval: 10 });
    process.child.kill('SIGTERM');
    expect(await (await answer).json()).toEqual({ data: { posts: { nodes: [] } } });
    expect(await process.exit).toBe(0);
    site.delayMs = 0;
  });

  it('answers whom it cannot wait for before it exits', async () => {
    const process = cli.run(['start', site.url], { PORT: '0', HOST: '127.0.0.1', UPSTREAM_TIMEOUT_SECONDS: '60' });
    const url = await untilListening(process);
    site.delayMs = 60_000;
    const before = site.requests;
    const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`);
    await vi.waitFor(() => expect(site.requests).toBeGreaterThan(before), { timeout: 30_000, interval: 10 });
    process.child.kill('SIGTERM');
    const { status, headers } = await answer;
    expect([status, headers.get('retry-after'), headers.get('connection')]).toEqual([503, '5', 'close']);
    expect(await process.exit).toBe(0);
    site.delayMs = 0;
  });

  it('exits at once when it is told twice', async () => {
    const process = cli.run(['start', site.url], { PORT: '0', HOST: '127.0.0.1', DRAIN_DELAY_MS: '60000' });
    const url = await untilListening(process);
    site.delayMs = 60_000;
    const before = site.requests;
    const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`).then(
      () => 'answered',
      () => 'lost',
    );
    await vi.waitFor(() => expect(site.requests).toBeGreaterThan(before), { timeout: 30_000, interval: 10 });
    process.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${url}/ready`)).status).toBe(503), { timeout: 30_000 });
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(1);
    expect(await answer).toBe('lost');
    site.delayMs = 0;
  });

  it('leaves nothing of an upload that it could not wait for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-upload-'));
    const process = cli.run([site.url], { PORT: '0', HOST: '127.0.0.1', TMPDIR: folder });
    const { port } = new URL(await untilListening(process));
    const part = 'Content-Disposition: form-data; name=';
    const body = [
      ...['--b', `${part}"operations"`, '', '{"query":"mutation { __typename }"}', '--b', `${part}"map"`, '', '{}'],
      ...['--b', `${part}"0"; filename="a.png"`, 'Content-Type: image/png', '', 'not all'],
    ];
    const head = [
      ...['POST /graphql HTTP/1.1', 'Host: a', 'Authorization: Basic QW5uOng=', 'X-Graphql-Csrf: 1'],
      ...['Content-Type: multipart/form-data; boundary=b', 'Content-Length: 10000', ''],
    ];
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    socket.write([...head, ...body].join('\r\n'));
    const left = () => readdirSync(folder).filter((name) => name.startsWith('headgate-form-'));
    await vi.waitFor(() => expect(left()).toHaveLength(1), { timeout: 30_000, interval: 10 });
    process.child.kill('SIGTERM');
    await vi.waitFor(() => expect(process.output.stdout).toContain('"stopping"'), { timeout: 30_000, interval: 10 });
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(1);
    expect(left()).toEqual([]);
    socket.destroy();
    rmSync(folder, { recursive: true });
  });
});

// What Linux gives for a disk without room.
describe.runIf(existsSync('/dev/full'))('a log that cannot be written', () => {
  it.each(['1', '2'])('keeps nothing from being served, and no stop from its end: %s processes', async (WORKERS) => {
    const full = openSync('/dev/full', 'w');
    const port = await findFreePort();
    const env = { PORT: String(port), HOST: '127.0.0.1', WORKERS };
    const process = cli.run([site.url], env, { stdout: full });
    closeSync(full);
    const ask = () => fetch(`http://127.0.0.1:${port}/graphql?query={__typename}`);
    await vi.waitFor(async () => expect((await ask()).status).toBe(200), { timeout: 60_000, interval: 50 });
    await vi.waitFor(
      async () => {
        await ask();
        const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        expect(metrics).toMatch(/^headgate_log_lines_lost_total [1-9]/m);
      },
      { timeout: 60_000, interval: 50 },
    );
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    const told = process.output.stderr.trimEnd().split('\n');
    expect(new Set(told)).toEqual(new Set(['The log cannot be written (ENOSPC): lines are lost until it can.']));
    expect(told.length).toBeLessThanOrEqual(WORKERS === '1' ? 1 : 3);
  });
});

describe('a start that is told to stop', () => {
  // Longer than a test may take: what ends, ends by the signal.
  const env = { PORT: '0', HOST: '127.0.0.1', UPSTREAM_TIMEOUT_SECONDS: '120' };

  it.each([
    ['SIGTERM', {}],
    ['SIGINT', {}],
    ['SIGTERM', { WAIT_FOR_SITE: 'on' }],
    ['SIGTERM', { WORKERS: '2' }],
  ] as const)('exits with 0, whatever it waits for: %s, %o', async (signal, settings) => {
    const index = json({ name: 'Half', home: 'http://half.example', namespaces: ['wp/v2'] });
    // Nothing else is ever answered.
    await using half = await startHostileServer(({ target }) => (target.startsWith('/wp-json/?') ? index : () => {}));
    await using silent = await startHostileServer([() => {}]);
    for (const { url, requests } of [silent, half]) {
      const process = cli.run([`${url}/wp-json/`], { ...env, ...settings });
      const last = url === half.url ? /^\/wp-json\/wp\/v2\// : /^/;
      await vi.waitFor(() => expect(requests.some(({ target }) => last.test(target))).toBe(true), {
        timeout: 30_000,
        interval: 10,
      });
      process.child.kill(signal);
      expect(await process.exit).toBe(0);
      expect(process.output.stderr).toBe('');
      expect(process.output.stdout).toContain('"msg":"stopping"');
      expect(process.output.stdout).not.toContain('"msg":"listening"');
    }
  });

  it.each<[args: string[], code: number]>([
    [['start'], 0],
    [['doctor'], 128 + 15],
  ])('ends while it loads, as PID 1 as well, whose signals are lost where nobody listens: %o', async (args, code) => {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-loading-'));
    const file = join(folder, 'loading.mjs');
    // It is told as soon as it listens, when what it runs is still to be read.
    writeFileSync(
      file,
      `const { on, pid } = process;
       Object.defineProperty(process, 'pid', { value: 1 });
       process.on = (name, listener) => {
         on.call(process, name, listener);
         if (name === 'SIGINT') process.kill(pid, 'SIGTERM');
         return process;
       };`,
    );
    try {
      const process = cli.run([...args, site.url], { ...env, NODE_OPTIONS: `--import=${pathToFileURL(file)}` });
      expect(await finish(process)).toEqual({ code, stdout: '', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('exits with 0 where a worker had not begun to listen to signals', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-early-'));
    const file = join(folder, 'early.mjs');
    writeFileSync(
      file,
      `if (process.send) {
         console.log('early');
         await new Promise((resolve) => setTimeout(resolve, 600_000));
       }`,
    );
    try {
      const early = { NODE_OPTIONS: `--import=${pathToFileURL(file)}`, WORKERS: '2' };
      const process = cli.run([site.url], { ...env, ...early });
      await vi.waitFor(() => expect(process.output.stdout).toContain('early'), { timeout: 30_000, interval: 10 });
      process.child.kill('SIGTERM');
      expect(await process.exit).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an error that nobody expected', () => {
  it('is logged and counted; after an exception the process finishes what is under way, and exits with 1', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-broken-'));
    const file = join(folder, 'broken.mjs');
    writeFileSync(
      file,
      `process.on('SIGUSR2', () => void Promise.reject(new Error('a promise')));
       process.on('SIGHUP', () => { throw new Error('an exception'); });`,
    );
    try {
      const env = { PORT: '0', HOST: '127.0.0.1', NODE_OPTIONS: `--import=${pathToFileURL(file)}` };
      const process = cli.run(['start', site.url], env);
      const url = await untilListening(process);
      const logged = (text: string) =>
        vi.waitFor(() => expect(process.output.stdout).toContain(text), { timeout: 30_000, interval: 20 });
      process.child.kill('SIGUSR2');
      await logged('nobody handled a rejection');
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toMatch(/^headgate_unhandled_errors_total 1$/m);
      expect((await fetch(`${url}/ready`)).status).toBe(200);
      site.delayMs = 1000;
      const before = site.requests;
      const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`);
      await vi.waitFor(() => expect(site.requests).toBeGreaterThan(before), { timeout: 30_000, interval: 10 });
      process.child.kill('SIGHUP');
      await logged('nobody caught an exception; stopping');
      expect(await (await answer).json()).toEqual({ data: { posts: { nodes: [] } } });
      expect(await process.exit).toBe(1);
      for (const error of ['a promise', 'an exception']) expect(process.output.stdout).toContain(error);
    } finally {
      site.delayMs = 0;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('headgate schema', () => {
  it('prints the schema and nothing else', async () => {
    const { code, stdout, stderr } = await finish(cli.run(['schema', site.url]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('type Post ');
    expect(stdout.indexOf('type Category ')).toBeLessThan(stdout.indexOf('type Post '));
  });
});

describe('headgate warm', () => {
  /** Answers like a gateway, and keeps what it was asked. */
  async function startAnswering(asked: string[]) {
    const server = createServer((socket) => {
      let text = '';
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        text += chunk;
        const [head = '', body = ''] = text.split('\r\n\r\n');
        if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
        asked.push(JSON.parse(body).query);
        const answer = body.includes('broken') ? '{"errors":[{"message":"No"}]}' : '{"data":{}}';
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\nconnection: close\r\n\r\n${answer}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
  }

  it('asks a gateway each query of a folder, and tells what failed', async () => {
    const asked: string[] = [];
    using gateway = await startAnswering(asked);
    const folder = mkdtempSync(join(tmpdir(), 'headgate-warm-'));
    try {
      for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.graphql`), `{ ${name} }`);
      const args = ['warm', site.url, '--gateway', gateway.url, '--operations', folder];
      const warm = await finish(cli.run(args));
      expect(warm).toMatchObject({ code: 0, stdout: '' });
      expect(warm.stderr).toContain(`3 of 3 asked of ${gateway.url}/graphql are warm.`);
      expect([...asked].sort()).toEqual(['{ a }', '{ b }', '{ c }']);
      writeFileSync(join(folder, 'd.graphql'), '{ broken }');
      const partly = await finish(cli.run(args));
      expect(partly.code).toBe(1);
      expect(partly.stderr).toContain('1 failed; the first one: 200 No');
    } finally {
      rmSync(folder, { recursive: true });
    }
    // Two processes, one after the other.
  }, 90_000);

  it('says that the site does not answer, without a stack', async () => {
    const index = json({ name: 'Half', home: 'http://half.example', namespaces: ['wp/v2'] });
    await using half = await startHostileServer(({ target }) => (target.startsWith('/wp-json/?') ? index : () => {}));
    const warm = cli.run(['warm', `${half.url}/wp-json/`], { UPSTREAM_TIMEOUT_SECONDS: '1' });
    expect(await finish(warm)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'GET /sitemap_index.xml: no answer within 1000 ms (UPSTREAM_TIMEOUT)\n',
    });
  });
});

describe('headgate types', () => {
  it('prints the types of each interface and union', async () => {
    const { code, stdout, stderr } = await finish(cli.run(['types', '--possible-types', site.url]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ ContentNode: ['MediaItem', 'Page', 'Post'] });
  });
});

describe('headgate doctor', () => {
  it('prints findings for people, and says by its exit code how bad it is', async () => {
    const { code, stdout, stderr } = await finish(cli.run(['doctor', site.url]));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('! Users are hidden from visitors (GET wp/v2/users: 404 rest_no_route). users-blocked\n');
    expect(stdout).toContain('  → Allow GET /wp/v2/users in the security plugin or the firewall that closes it.\n');
    expect(stdout).toMatch(/0 errors, \d+ warnings?, \d+ notes?, \d+ ok; \d+ requests/);
    expect(stdout).not.toContain('\u001b');
  });

  it('does not say that it found warnings where it could not look', async () => {
    expect(await finish(cli.run(['doctor', '--wat', site.url]))).toMatchObject({ code: 2, stdout: '' });
    expect(await finish(cli.run(['doctor']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('WORDPRESS_URL is not set'),
    });
  });

  it('prints JSON for scripts', async () => {
    const { code, stdout } = await finish(cli.run(['doctor', '--json', 'http://127.0.0.1:9/']));
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      site: 'http://127.0.0.1:9/',
      root: null,
      severity: 'error',
      findings: expect.arrayContaining([
        {
          id: 'connection-refused',
          severity: 'error',
          finding: expect.stringContaining('127.0.0.1:9 refuses connections'),
          consequence: expect.any(String),
          remedy: expect.any(String),
        },
      ]),
    });
  });
});

describe('headgate explain', () => {
  it('tells meaning, cause and remedy', async () => {
    expect(await finish(cli.run(['explain', 'upstream_tls']))).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'UPSTREAM_TLS (error)',
        'The TLS connection to WordPress failed.',
        '',
        'Cause:       A certificate that has expired, is for another name, or is signed by somebody who is not known here.',
        'Remedy:      Renew it; for an issuer of your own set NODE_EXTRA_CA_CERTS.\n',
      ].join('\n'),
    });
  });

  it('lists all codes', async () => {
    const { code, stdout } = await finish(cli.run(['explain']));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Error codes\n( {2}\w+ +\S.*\n)+\nFindings of the doctor\n( {2}\S+ +\S.*\n)+\nLimits\n/);
    for (const name of ['UPSTREAM_TLS', 'users-blocked', 'depth', 'WORDPRESS_URL'])
      expect(stdout).toContain(`  ${name} `);
  });
});

// The `script` of util-linux gives a program a terminal.
const hasTerminals = process.platform === 'linux' && existsSync('/usr/bin/script');

describe.runIf(hasTerminals)('in a terminal', () => {
  it('headgate tells where GraphiQL is, and what the site does not give', async () => {
    const command = `exec node ${join(cli.folder, 'dist/cli/main.js')} ${site.url} --port 0 --host 127.0.0.1 --log-level warn`;
    const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', DISCOVERY_FILE: 'off', TERM: 'xterm' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    child.stdout.on('data', (chunk) => {
      seen += stripVTControlCharacters(String(chunk)).replaceAll('\r', '');
    });
    await vi.waitFor(() => expect(seen).toContain('looks closer'), { timeout: 45_000, interval: 50 });
    expect(seen).toMatch(
      /^\s*GraphiQL and the GraphQL API of Tiny \(http:\S+\):\nhttp:\/\/127\.0\.0\.1:\d+\/graphql\n/,
    );
    expect(seen).toContain('What this site does not give, and what would help\n\n! ');
    for (const id of ['users-blocked', 'menus-none', 'seo-none']) expect(seen).toContain(` ${id}\n`);
    expect(seen).toContain(`headgate doctor ${site.url} looks closer.`);
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});
