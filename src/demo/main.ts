// `npm run demo`: the demo as a program, until Ctrl-C.

import { runDemo } from './demo.ts';
import { DemoError } from './demo-error.ts';

const stop = new AbortController();
// A terminal and npm may both send the signal: once is enough.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());

try {
  await runDemo({ env: process.env, signal: stop.signal, output: process.stdout });
} catch (error) {
  process.stderr.write(`\n${printError(error)}\n`);
  process.exitCode = 1;
}

function printError(error: unknown): string {
  if (error instanceof DemoError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
