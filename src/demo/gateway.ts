// The gateway as a child process of the demo, run as a person would run it.

import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { DemoError, systemCode } from './demo-error.ts';

const READY_MS = 60_000;
const STOP_MS = 10_000;

/** A gateway that runs. Dispose of it to let it finish its requests and end. */
export interface DemoGateway extends AsyncDisposable {
  /** `http://localhost:4000`. */
  readonly url: string;
  /** Resolves when it runs no more: with an error if it was not disposed of. */
  readonly ended: Promise<DemoError | undefined>;
}

/** How a gateway is started. */
export interface StartGatewayOptions {
  readonly wordpressUrl: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** The command line program; tests put a smaller one in its place. */
  readonly program?: string | undefined;
}

/** Starts the gateway in front of a WordPress and resolves when it is ready. It writes to this process's terminal. */
export async function startGateway(options: StartGatewayOptions): Promise<DemoGateway> {
  const { port, signal, program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)) } = options;
  const env: NodeJS.ProcessEnv = {
    LOG_LEVEL: 'warn', // what it says at every request would hide the greeting
    DISCOVERY_FILE: 'off', // the demo is never down
    ...options.env,
    WORDPRESS_URL: options.wordpressUrl,
    PORT: String(port),
  };
  // Credentials in the person's environment are for another site.
  delete env['WORDPRESS_USERNAME'];
  delete env['WORDPRESS_APPLICATION_PASSWORD'];
  const follow = new URL('../../dist/demo/follow-parent.js', import.meta.url);
  const child = fork(program, ['start'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: ['--import', follow.href],
    // Ctrl-C goes to every process of the terminal; this one is stopped by its parent, once.
    detached: process.platform !== 'win32',
  });
  let stopping = false;
  const ended = untilEnded(child).then((how) =>
    stopping ? undefined : new DemoError('GATEWAY_ENDED', `The gateway has ended (${how}).`, 'What it said is above.'),
  );
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  try {
    const host = env['HOST'] && !['0.0.0.0', '::'].includes(env['HOST']) ? env['HOST'] : '127.0.0.1';
    await untilReady(`http://${host}:${port}/ready`, ended, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://localhost:${port}`, ended, [Symbol.asyncDispose]: stop };
}

/** Whether nothing listens on the port yet, for all addresses and for this computer alone. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of [undefined, '127.0.0.1']) {
    const free = await new Promise<boolean>((resolve, reject) => {
      const server = createServer();
      server.once('error', (error) => (systemCode(error) === 'EADDRINUSE' ? resolve(false) : reject(error)));
      server.listen({ port, host }, () => server.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

async function untilReady(url: string, ended: Promise<DemoError | undefined>, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let error: DemoError | undefined;
  ended.then((found) => {
    error = found;
  });
  let said = 'nothing listens there';
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    if (error) throw error;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (response?.ok) return void (await response.body?.cancel());
    if (response) said = `it answers ${response.status}: ${(await response.text()).slice(0, 500)}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new DemoError(
    'GATEWAY_NOT_READY',
    `The gateway is not ready after a minute (${url}): ${said}.`,
    'See what it says with LOG_LEVEL=debug.',
  );
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, killedBy) => resolve(killedBy ? `signal ${killedBy}` : `exit code ${code}`));
  });
}
