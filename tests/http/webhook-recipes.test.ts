// The recipes of docs/webhooks.md do what they say with what a gateway sends: they check who sends it, and forget by tag.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Change, createChangeStream } from '../../src/changes/change-stream.ts';
import { tellTargets } from '../../src/changes/tell-targets.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type Received, startWebhookTarget } from '../support/webhook-target.ts';

const secret = 'a secret that is long enough for a test';
const docs = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'headgate-recipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code below a heading or name, such as that of Fastly. */
function recipe(name: string, language: string): string {
  const from = docs.slice(docs.indexOf(name));
  const [, code = ''] = new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'm').exec(from) ?? [];
  expect(code, name).not.toBe('');
  return code;
}

const tags = Array.from({ length: 150 }, (_, index) => `post:${index + 1}`);
const changes: readonly Change[] = [
  { type: 'Post', id: 1, action: 'updated', tags: [...tags, 'list:post'], uri: '/one/', source: 'watcher' },
];
/** What a recipe has to forget: 150 posts, their lists, and the two kinds that an answer may have told as a whole. */
const forgotten = [...tags, 'list:post', 'skipped:list', 'skipped:post'];

/** What a gateway sends of them. */
async function receive(told: readonly Change[]): Promise<Received> {
  const { logger } = createRecordingLogger();
  await using target = await startWebhookTarget();
  const stream = createChangeStream();
  await using telling = tellTargets({
    ...{ urls: [target.url], secret, changes: stream, logger, metrics: createMetrics(), gatherMs: 1 },
  });
  expect(telling).toBeDefined();
  stream.publish({ changes: told, isOwn: true });
  return vi.waitFor(() => z.custom<Received>((value) => value !== undefined).parse(target.received[0]), 30_000);
}

const dataOf = ({ body }: Received): object => JSON.parse(body).data;

let sent: Received;
beforeAll(async () => {
  sent = await receive(changes);
}, 60_000);

interface Route {
  POST(request: Request): Promise<Response>;
  readonly calls: unknown[][];
}

it('Next.js: revalidates the tags and paths of what is signed, and nothing else', async () => {
  const library = join(folder, 'node_modules/next');
  mkdirSync(library, { recursive: true });
  writeFileSync(
    join(library, 'package.json'),
    '{ "name": "next", "type": "module", "exports": { "./cache": "./cache.js" } }',
  );
  const calls = 'export const calls = [];';
  const stub = (name: string) => `export const ${name} = (...given) => void calls.push(['${name}', ...given]);`;
  writeFileSync(join(library, 'cache.js'), [calls, stub('revalidateTag'), stub('revalidatePath')].join('\n'));
  const file = join(folder, 'route.ts');
  writeFileSync(file, `${recipe('### Next.js', 'ts')}\nexport { calls } from 'next/cache';`);
  vi.stubEnv('WEBHOOK_TARGETS_SECRET', secret);
  const route: unknown = await import(/* @vite-ignore */ file);
  const { POST, calls: made } = z.custom<Route>().parse(route);
  const post = async ({ headers, body }: Pick<Received, 'headers' | 'body'>) => {
    const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const response = await POST(
      new Request('http://front.test/api/revalidate', { method: 'POST', headers: given, body }),
    );
    return response.status;
  };

  const later = new Date(Date.now() + 301_000);
  expect(await post({ ...sent, body: sent.body.replace('post:1"', 'post:9"') })).toBe(401);
  expect(await post({ ...sent, headers: { ...sent.headers, 'webhook-signature': 'v1,x' } })).toBe(401);
  vi.setSystemTime(later);
  expect(await post(sent)).toBe(401);
  vi.useRealTimers();
  expect(made).toEqual([]);

  expect(await post(sent)).toBe(204);
  expect(made.splice(0)).toEqual([
    ...[...tags, 'list:post'].map((tag) => ['revalidateTag', tag, { expire: 0 }]),
    ['revalidatePath', '/one/'],
  ]);
  const everything: Change = { type: null, id: null, action: 'updated', tags: null, source: 'watcher' };
  expect(await post(await receive([everything]))).toBe(204);
  expect(made).toEqual([['revalidatePath', '/', 'layout']]);
  vi.unstubAllEnvs();
}, 60_000);

interface Purge {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Runs a recipe for a CDN on a delivery; its requests come to a server of this machine. */
async function run(name: string): Promise<Purge[]> {
  const purges: Purge[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      purges.push({ method: request.method, path: request.url, headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const here = (url: string, init: RequestInit) =>
    fetch(url.replace(/^https:\/\/api\.(?:fastly|cloudflare)\.com/, origin), init);
  const code = `return (async () => { ${recipe('### CDNs', 'js')}\n${recipe(name, 'js')} })();`;
  const names = ['data', 'fetch', 'serviceId', 'zone', 'token', 'varnish'];
  try {
    await new Function(...names, code)(dataOf(sent), here, 'S1', 'Z1', 'T1', `${origin}/`);
  } finally {
    await new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  }
  return purges;
}

it('Fastly: purges all keys, 256 at a time', async () => {
  const [purge, ...others] = await run('- **Fastly**');
  expect(others).toEqual([]);
  expect(purge).toMatchObject({ method: 'POST', path: '/service/S1/purge' });
  expect(purge?.headers).toMatchObject({ 'fastly-key': 'T1', 'content-type': 'application/json' });
  expect(JSON.parse(purge?.body ?? '').surrogate_keys.sort()).toEqual(forgotten.sort());
});

it('Cloudflare: purges all tags, 100 at a time', async () => {
  const purges = await run('- **Cloudflare**');
  expect(purges.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array.from({ length: 2 }, () => 'POST /client/v4/zones/Z1/purge_cache'),
  );
  for (const { headers } of purges) {
    expect(headers).toMatchObject({ authorization: 'Bearer T1', 'content-type': 'application/json' });
  }
  const purged = purges.map(({ body }) => JSON.parse(body).tags);
  expect(purged.every((some) => some.length <= 100)).toBe(true);
  expect(purged.flat().sort()).toEqual(forgotten.sort());
});

it('Varnish: purges all keys by a header that is not too long', async () => {
  const purges = await run('- **Varnish**');
  expect(purges.map(({ method, path }) => `${method} ${path}`)).toEqual(['PURGE /', 'PURGE /']);
  const purged = purges.map(({ headers }) => String(headers['xkey']));
  expect(purged.every((header) => header.length < 4000)).toBe(true);
  expect(purged.flatMap((header) => header.split(' ')).sort()).toEqual(forgotten.sort());
});
