// The PHP process: runs the demo's scripts, or serves the site, and ends when its parent does.

import { rmSync } from 'node:fs';
import type { Server } from 'node:http';

import { type PhpOrder, type PhpReport, parseOrder } from './php-order.ts';
import { createPhp, type Php } from './php-runtime.ts';
import { createSiteServer } from './php-site.ts';

const order = parseOrder(process.argv[2]);

// Ctrl-C reaches this process, too; its parent decides when it ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => {
  // The parent was killed and could not clean up. What is served is a copy of its own.
  if (order.kind === 'serve') rmSync(order.folders.site, { recursive: true, force: true });
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();

let server: Server | undefined;
await carryOut(order).catch((error: unknown) => {
  server?.close(); // it would keep the process alive
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  report({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
});

async function carryOut(order: PhpOrder): Promise<void> {
  const php = await createPhp(order.folders);
  if (order.kind === 'run') {
    for (const script of order.scripts) {
      report({ kind: 'script', script, output: await runScript(php, script) });
    }
    return;
  }
  server = createSiteServer(php, order.folders);
  const port = await listen(server, order.host, order.port);
  const url = `http://${order.host}:${port}`;
  await runScript(php, 'seed/address.php', { DEMO_ADDRESS: order.address ?? url });
  // The first request compiles WordPress; whoever comes after "ready" shall not wait for that.
  const warm = await fetch(`${url}/wp-json/wp/v2/posts?per_page=1`);
  const text = await warm.text();
  if (!warm.ok) throw new Error(`WordPress answers its first request with ${warm.status}: ${text.slice(0, 500)}`);
  report({ kind: 'ready', port });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function runScript(php: Php, script: string, env: Record<string, string> = {}): Promise<string> {
  // Without a host the site would be seeded with one that PHP makes up.
  const headers = { host: 'demo.headgate.invalid' };
  const result = await php.request({ scriptPath: `/assets/${script}`, env, headers });
  if (result.exitCode !== 0 || result.httpStatusCode >= 400) {
    throw new Error(`${script} has failed:\n${result.text}${result.errors}`);
  }
  return result.text;
}

function report(message: PhpReport): void {
  process.send?.(message);
}
