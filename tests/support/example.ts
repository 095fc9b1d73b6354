// Owns the examples of the documentation under test: installed or not, built and run as a person would run them.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Where an example is. */
export function folderOf(example: string): string {
  return join(root, 'docs/examples', example);
}

function toEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1', ...settings };
}

/** Runs a program of an example to its end, and gives what it wrote. */
export async function runExample(
  example: string,
  [program, ...args]: readonly [string, ...string[]],
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const options = { cwd: folderOf(example), env: toEnvironment(settings), maxBuffer: 16 * 1024 * 1024 };
  const script = join(folderOf(example), 'node_modules', program);
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' }: { stdout?: string; stderr?: string } = Object(error);
    throw new Error(`${example}: ${program} ${args.join(' ')} failed\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** A server of an example. */
export interface ExampleServer extends AsyncDisposable {
  /** What it wrote so far. */
  readonly output: () => string;
}

/** Starts a server of an example; resolves when it answers at the address. */
export async function startExample(
  example: string,
  [program, ...args]: readonly [string, ...string[]],
  settings: Readonly<Record<string, string>>,
  url: string,
): Promise<ExampleServer> {
  const script = join(folderOf(example), 'node_modules', program);
  const child = spawn(process.execPath, [script, ...args], {
    cwd: folderOf(example),
    env: toEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const server = { output: () => output, [Symbol.asyncDispose]: () => stop(child, ended) };
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url, { redirect: 'manual' }).catch(() => null);
    if (answer) {
      await answer.arrayBuffer();
      return server;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await server[Symbol.asyncDispose]();
  throw new Error(`${example} does not answer at ${url}\n${output}`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/** A port that is free at this moment: the gateway must know where the front end will be before it starts. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
