// Owns the tests of the command line: what people read, and the exit code.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BuiltCli, buildCli, type CliProcess } from '../support/built-cli.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';

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

/** Waits for the line that says where it listens. */
async function listening(process: CliProcess): Promise<string> {
  return vi.waitFor(
    () => {
      const url = /"url":"([^"]+)"/.exec(process.output.stdout)?.[1];
      if (url === undefined) throw new Error(`not listening: ${process.output.stdout}${process.output.stderr}`);
      return url;
    },
    { timeout: 10_000, interval: 20 },
  );
}

describe('headgate', () => {
  it('tells its version', async () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await finish(cli.run(['--version']))).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('explains itself', async () => {
    const help = await finish(cli.run(['--help'], { NO_COLOR: '1' }));
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('start|schema');
    const start = await finish(cli.run(['start', '--help'], { NO_COLOR: '1' }));
    expect(start.stdout).toContain('headgate start');
    expect(start.stdout).toContain('instead of WORDPRESS_URL');
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
    expect(stderr).not.toMatch(/^\s+at /m);
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
    const url = await listening(process);
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

  it('finishes what is under way before it exits', async () => {
    const process = cli.run(['start', site.url], { PORT: '0', HOST: '127.0.0.1' });
    const url = await listening(process);
    site.delayMs = 700;
    const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.child.kill('SIGTERM');
    expect(await (await answer).json()).toEqual({ data: { posts: { nodes: [] } } });
    expect(await process.exit).toBe(0);
    site.delayMs = 0;
  });

  it('exits at once when it is told twice', async () => {
    const process = cli.run(['start', site.url], { PORT: '0', HOST: '127.0.0.1', DRAIN_DELAY_MS: '60000' });
    const url = await listening(process);
    site.delayMs = 8000;
    const answer = fetch(`${url}/graphql?query={posts{nodes{title}}}`).then(
      () => 'answered',
      () => 'lost',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${url}/ready`)).status).toBe(503), { timeout: 6000 });
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(1);
    expect(await answer).toBe('lost');
    site.delayMs = 0;
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
});
