// The PHP process as its parent sees it: started, listened to, stopped. PHP blocks whoever runs it for seconds.

import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { DemoError } from './demo-error.ts';
import { isReport, type PhpOrder, type PhpReport } from './php-order.ts';

/** A running PHP process. */
export interface PhpProcess extends AsyncDisposable {
  /** The port it serves on, as soon as it answers. Rejects where it ends before. */
  readonly ready: Promise<number>;
  /** Resolves when the process has ended: with an error if it was not told to. */
  readonly ended: Promise<DemoError | undefined>;
}

/** Starts a PHP process with an order; what its scripts print goes to `onOutput`. */
export function startPhp(order: PhpOrder, onOutput?: (output: string) => void): PhpProcess {
  requirePackages();
  const child = fork(entryFile(), [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A debugger or a loader of the parent is not meant for this process.
    execArgv: ['--max-old-space-size=512'],
  });
  let stopping = false;
  let failure: DemoError | undefined;
  let lastLines = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastLines = (lastLines + text).slice(-4_000);
  });
  const ended = untilClosed(child).then((how) => {
    if (stopping || (order.kind === 'run' && how === 'exit code 0')) return undefined;
    return failure ?? toError(how, lastLines.trim().split('\n').slice(-12).join('\n') || 'It said nothing.');
  });
  const ready = new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      if (!isReport(message)) return;
      if (message.kind === 'script') onOutput?.(message.output);
      if (message.kind === 'ready') resolve(message.port);
      if (message.kind === 'failed') failure = toFailure(message, order);
    });
    ended.then((error) => reject(error ?? new Error('The PHP process was stopped.')));
  });
  ready.catch(() => {}); // who runs scripts looks at `ended` only
  return {
    ready,
    ended,
    async [Symbol.asyncDispose]() {
      stopping = true;
      // Nothing is lost: what it writes is thrown away with it.
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function toFailure(report: PhpReport & { kind: 'failed' }, order: PhpOrder): DemoError {
  if (report.code === 'EADDRINUSE' && order.kind === 'serve') {
    const remedy = 'Stop what listens there, or choose another port.';
    return new DemoError('PORT_BUSY', `Port ${order.port} is taken.`, remedy);
  }
  return toError('failure', report.message);
}

function toError(how: string, said: string): DemoError {
  const remedy = 'Start again; if it stays so, please report it.';
  return new DemoError('PHP_ENDED', `The PHP process has ended (${how}):\n${said}`, remedy);
}

/** Runs scripts in a PHP process of their own, to the end, and returns what they printed. */
export async function runPhpScripts(
  order: PhpOrder & { kind: 'run' },
  signal: AbortSignal | undefined,
): Promise<string> {
  signal?.throwIfAborted();
  let printed = '';
  await using php = startPhp(order, (output) => {
    printed += output;
  });
  const error = await abortable(php.ended, signal);
  if (error) throw error;
  return printed;
}

/** The promise, or a rejection as soon as the signal aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function untilClosed(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, killedBy) => resolve(killedBy ? `signal ${killedBy}` : `exit code ${code}`));
  });
}

function requirePackages(): void {
  const require = createRequire(import.meta.url);
  for (const name of ['@php-wasm/universal', '@php-wasm/node-8-3']) {
    try {
      require.resolve(name);
    } catch (error) {
      throw new DemoError(
        'PHP_MISSING',
        `The demo needs ${name}.`,
        'It is a development dependency: run `npm install` in a clone of the repository.',
        { cause: error },
      );
    }
  }
}

/** The compiled entry, also when this file runs as TypeScript: Node 20 cannot. */
function entryFile(): string {
  if (!import.meta.url.endsWith('.ts')) return fileURLToPath(new URL('./php-server.js', import.meta.url));
  const entry = fileURLToPath(new URL('../../dist/demo/php-server.js', import.meta.url));
  const built = statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = fileURLToPath(new URL('.', import.meta.url));
  const parts = readdirSync(sources).filter((name) => name.startsWith('php-') && name.endsWith('.ts'));
  if (parts.some((name) => statSync(`${sources}/${name}`).mtimeMs > built)) {
    throw new DemoError(
      'NOT_BUILT',
      'dist/demo is missing or older than src/demo.',
      'Run `npm run build`, then start again.',
    );
  }
  return entry;
}
