// The package as people get it: small, without what is for the repository only, and at work in an empty folder.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/packed-package.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';

let installed: InstalledPackage;
let site: TinyWordPress;

beforeAll(async () => {
  installed = installPackage({ fromRegistry: process.env['PACKAGE_TEST'] === 'registry' });
  site = await startTinyWordPress();
}, 240_000);

afterAll(async () => {
  installed?.[Symbol.dispose]();
  await site?.[Symbol.asyncDispose]();
}, 120_000);

it('has what is run and what is read, and nothing of the demo, the tests or the sources', () => {
  const { files } = installed;
  for (const file of [
    'dist/cli/main.js',
    'dist/cli/licenses.md',
    'dist/index.d.ts',
    'schema/schema.graphql',
    'schema/config.schema.json',
    'dist/graphiql/manifest.json',
  ]) {
    expect(files).toContain(file);
  }
  expect(files.filter((file) => !/^(?:dist\/|schema\/|README\.md$|LICENSE$|package\.json$)/.test(file))).toEqual([]);
  expect(files.filter((file) => /demo|\.test\.|\.tsbuildinfo$/.test(file))).toEqual([]);
});

it('is small', () => {
  // Half of it is GraphiQL, a quarter the program with its packages in it.
  expect(installed.bytes).toBeLessThan(4_000_000);
  expect(installed.unpackedBytes).toBeLessThan(11_000_000);
});

it('starts from few files, with its packages in them', () => {
  const folder = join(installed.folder, 'node_modules/headgate/dist/cli');
  const loaded = new Set(['main.js', readdirSync(folder).find((name) => /startHeadgate/.test(read(name))) ?? '']);
  for (const name of loaded) {
    for (const [, from = ''] of read(name).matchAll(/^(?:import|export) (?:[^;]*? from )?"([^"]+)";$/gm)) {
      if (from.startsWith('./')) loaded.add(from.slice(2));
      else expect(isBuiltin(from), from).toBe(true);
    }
  }
  expect(loaded.size).toBeGreaterThan(5);
  expect(loaded.size).toBeLessThan(30);
  // All of undici alone would be half a megabyte more.
  expect([...loaded].reduce((sum, name) => sum + read(name).length, 0)).toBeLessThan(3_450_000);

  function read(name: string): string {
    return readFileSync(join(folder, name), 'utf8');
  }
});

it('keeps a tick, so that later ones are built the fast way', () => {
  // Notes what the program takes of its first ticks, and tells at the end what a collection has left of it.
  const preload = `
    import hooks from 'node:async_hooks';
    import { syncBuiltinESMExports } from 'node:module';
    const taken = [];
    const { executionAsyncResource } = hooks;
    hooks.executionAsyncResource = () => {
      const resource = executionAsyncResource();
      taken.push(new WeakRef(resource));
      return resource;
    };
    syncBuiltinESMExports();
    process.on('exit', () => {
      gc();
      console.log(JSON.stringify(taken.map((reference) => Object.keys(reference.deref() ?? {}))));
    });`;
  const program = join(installed.folder, 'node_modules/headgate/dist/cli/main.js');
  const url = `data:text/javascript,${encodeURIComponent(preload)}`;
  const output = execFileSync(process.execPath, ['--expose-gc', '--import', url, program, '--version']).toString();
  expect(output.trim().split('\n')[1]).toBe('[["callback","args"]]');
});

it('has a manifest in which npm corrects nothing when it is published', () => {
  const folder = join(installed.folder, 'manifest');
  mkdirSync(folder);
  copyFileSync('package.json', join(folder, 'package.json'));
  execFileSync('npm', ['pkg', 'fix', '--no-update-notifier'], { cwd: folder });
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual(
    JSON.parse(readFileSync('package.json', 'utf8')),
  );
});

it('brings no package that only development needs', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const names = readdirSync(join(installed.folder, 'node_modules'));
  expect(names).toContain('headgate');
  expect(names.filter((name) => name in devDependencies)).toEqual([]);
});

it('serves a site with npx headgate <url>', async () => {
  const child = spawn('npx', ['--no-install', 'headgate', site.url, '--port', '0', '--host', '127.0.0.1'], {
    cwd: installed.folder,
    env: { ...process.env, DISCOVERY_FILE: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    const url = await vi.waitFor(
      () => {
        const [, found] = /"url":"([^"]+)"/.exec(output) ?? [];
        if (found === undefined) throw new Error(`not listening: ${output}`);
        return found;
      },
      { timeout: 90_000, interval: 50 },
    );
    const answer = await (await fetch(`${url}/graphql?query={generalSettings{title}}`)).json();
    expect(answer).toEqual({ data: { generalSettings: { title: 'Tiny' } } });
    const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
    const script = /src="\.\/(graphiql\/main-[\da-f]+\.js)"/.exec(page)?.[1];
    expect((await fetch(`${url}/${script}`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  } finally {
    // npx hands no signal on to what it started.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await once(child, 'close');
  }
}, 120_000);
