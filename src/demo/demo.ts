// A real WordPress and the gateway in front of it, from nothing, until told to stop.

import { DemoError } from './demo-error.ts';
import { type DemoGateway, isPortFree, startGateway } from './gateway.ts';
import { printGreeting } from './greeting.ts';
import { createProgressPrinter } from './progress.ts';
import { startWordPress } from './wordpress.ts';

const DEFAULT_PORT = 4000;
const DEFAULT_WORDPRESS_PORT = 4080;

/** What a demo runs with. */
export interface DemoOptions {
  /** PORT, HOST, DEMO_WORDPRESS_PORT, XDG_CACHE_HOME, and whatever the gateway reads. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly output: { isTTY?: boolean; write(text: string): unknown };
  /** The gateway's command line program, if it is not the built one. */
  readonly program?: string | undefined;
}

/** Runs WordPress and the gateway until the signal aborts. Rejects where one of them fails or ends by itself. */
export async function runDemo(options: DemoOptions): Promise<void> {
  try {
    await run(options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  options.output.write('\n  Stopped.\n');
}

async function run({ env, signal, output, program }: DemoOptions): Promise<void> {
  const port = readPort(env, 'PORT', DEFAULT_PORT);
  const wordpressPort = readPort(env, 'DEMO_WORDPRESS_PORT', DEFAULT_WORDPRESS_PORT);
  if (!(await isPortFree(port))) {
    const remedy = `Stop what listens there, or choose another one: PORT=${port + 1} npm run demo`;
    throw new DemoError('PORT_BUSY', `Port ${port} is taken, the gateway cannot have it.`, remedy);
  }
  const wordpress = await startWordPress({
    port: (await isPortFree(wordpressPort)) ? wordpressPort : 0,
    onProgress: createProgressPrinter(output),
    signal,
    env,
  });
  let gateway: DemoGateway | undefined;
  try {
    gateway = await startGateway({ wordpressUrl: wordpress.url, port, env, signal, program });
    output.write(printGreeting(wordpress, gateway.url));
    const error = await Promise.race([untilAborted(signal), gateway.ended, wordpress.ended]);
    if (error) throw error;
  } finally {
    await gateway?.[Symbol.asyncDispose]();
    await wordpress[Symbol.asyncDispose]();
  }
}

function readPort(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new DemoError('BAD_PORT', `${name} is ${JSON.stringify(text)}.`, `${name} must be a number from 1 to 65535.`);
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
