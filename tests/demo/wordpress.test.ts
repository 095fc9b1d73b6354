// Starting and stopping: copies are private, nothing stays behind, and failures are said.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test, vi } from 'vitest';

import { runPhpScripts, startPhp } from '../../src/demo/php-process.ts';
import type { DemoEvent } from '../../src/demo/progress.ts';
import { siteName } from '../../src/demo/recipe.ts';
import { prepareSite } from '../../src/demo/site.ts';
import { startWordPress } from '../../src/demo/wordpress.ts';

const shared = inject('wordpress');
const compiled = new URL('../../dist/demo/wordpress.js', import.meta.url).href;

async function expectGone(url: string, directory: string): Promise<void> {
  await expect(fetch(url)).rejects.toThrow();
  await expect(access(directory)).rejects.toThrow();
}

test('a later start takes the prepared site, and two do not share what they write', async () => {
  const events: DemoEvent[] = [];
  const wordpress = await startWordPress({ onProgress: (event) => events.push(event) });
  try {
    expect(new Set(events.map(({ step }) => step))).toEqual(new Set(['start']));
    expect(wordpress.credentials).toEqual(shared.credentials);

    const headers = { authorization: wordpress.credentials.editor.authorization, 'content-type': 'application/json' };
    const body = JSON.stringify({ title: 'Neu & "frisch" – 日本', status: 'publish', slug: 'brand-new' });
    const made = await fetch(`${wordpress.url}/wp-json/wp/v2/posts`, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    const changed = await fetch(made.headers.get('location') ?? '', {
      method: 'PUT',
      headers,
      body: '{"excerpt":"Changed"}',
    });
    expect(await changed.json()).toMatchObject({
      title: { raw: 'Neu & "frisch" – 日本' },
      excerpt: { raw: 'Changed' },
    });

    const upload = await fetch(`${wordpress.url}/wp-json/wp/v2/media`, {
      method: 'POST',
      headers: {
        authorization: headers.authorization,
        'content-type': 'image/gif',
        'content-disposition': 'attachment; filename=dot.gif',
      },
      body: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
    });
    const media: unknown = await upload.json();
    expect(media).toMatchObject({ media_type: 'image', media_details: { width: 1, height: 1 } });
    expect((await fetch(String(Reflect.get(Object(media), 'source_url')))).status).toBe(200);

    const elsewhere = await fetch(`${shared.url}/wp-json/wp/v2/posts?slug=brand-new`);
    expect(await elsewhere.json()).toEqual([]);
  } finally {
    await wordpress[Symbol.asyncDispose]();
  }
  expect(await wordpress.ended).toBeUndefined();
  await expectGone(wordpress.url, wordpress.directory);
});

test('a process that was killed takes its WordPress with it', async () => {
  const script = `
    const { startWordPress } = await import(${JSON.stringify(compiled)});
    const { url, directory } = await startWordPress();
    console.log(JSON.stringify({ url, directory }));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: unknown[] = await once(parent.stdout, 'data');
  const said: unknown = JSON.parse(String(line));
  const url = String(Reflect.get(Object(said), 'url'));
  const directory = String(Reflect.get(Object(said), 'directory'));
  expect((await fetch(`${url}/wp-json/wp/v2/posts?_fields=id`)).status).toBe(200);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await vi.waitFor(() => expectGone(url, directory), { timeout: 10_000 });
});

test('a PHP that fails says with what', async () => {
  const folders = await prepareSite();
  const assets = await mkdtemp(join(tmpdir(), 'headgate-test-'));
  try {
    await writeFile(join(assets, 'wp-config.php'), '');
    await writeFile(join(assets, 'broken.php'), '<?php throw new Exception("the last words");');
    const failed = runPhpScripts({ kind: 'run', folders: { ...folders, assets }, scripts: ['broken.php'] }, undefined);
    await expect(failed).rejects.toMatchObject({
      code: 'PHP_ENDED',
      message: expect.stringContaining('the last words'),
    });

    await writeFile(join(assets, 'fine.php'), '<?php echo "printed";');
    const printed = runPhpScripts({ kind: 'run', folders: { ...folders, assets }, scripts: ['fine.php'] }, undefined);
    expect(await printed).toBe('printed');

    // Serving needs a database: there is none in an empty folder.
    const order = { kind: 'serve', folders: { ...folders, assets, site: assets }, host: '127.0.0.1', port: 0 } as const;
    await mkdir(join(assets, 'uploads'));
    await using php = startPhp(order);
    await expect(php.ready).rejects.toMatchObject({
      code: 'PHP_ENDED',
      message: expect.stringContaining('seed/address.php'),
    });
  } finally {
    await rm(assets, { recursive: true, force: true });
  }
});

test('a port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startWordPress({ port })).rejects.toMatchObject({
    code: 'PORT_BUSY',
    message: expect.stringContaining(String(port)),
  });
  server.close();
});

test('a start that is called off leaves nothing', async () => {
  const stop = new AbortController();
  const attempt = startWordPress({
    signal: stop.signal,
    onProgress: ({ step }) => step === 'start' && setTimeout(() => stop.abort(), 50),
  });
  await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
});

test('the recipe has one name', async () => {
  const name = await siteName();
  expect(name).toMatch(/^site-[0-9a-f]{16}$/);
  expect(await siteName()).toBe(name);
});
