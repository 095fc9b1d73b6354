// What people are told when WordPress cannot be fetched, and what is left behind: nothing.

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cacheFolder, makeFolder } from '../../src/demo/cache-folder.ts';
import { DemoError, toFolderError } from '../../src/demo/demo-error.ts';
import { downloadWordPress } from '../../src/demo/download.ts';
import type { DemoEvent } from '../../src/demo/progress.ts';

let home: string;
let programs: string;
let folder: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headgate-test-'));
  programs = join(home, 'bin');
  folder = join(home, 'cache');
  await mkdir(programs);
});

afterEach(() => rm(home, { recursive: true, force: true }));

/** Puts a program of our own in the place of a real one. */
async function fake(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

async function failure(path: string = programs): Promise<DemoError> {
  const error: unknown = await downloadWordPress({ folder, env: { PATH: path } }).catch((caught: unknown) => caught);
  if (!(error instanceof DemoError)) throw new TypeError(`not a DemoError: ${error}`);
  expect(error.remedy).not.toBe('');
  expect(error.message).toContain(error.remedy);
  expect(await readdir(folder)).toEqual([]);
  return error;
}

test('a package with another checksum is refused', async () => {
  await fake('npm', 'echo something else > wp-studio-1.22.0.tgz');
  const error = await failure();
  expect(error.code).toBe('WRONG_CHECKSUM');
  expect(error.message).toContain('wp-studio@1.22.0 is not the file it should be');
});

test('npm is missing', async () => {
  expect((await failure()).code).toBe('NPM_MISSING');
});

test.each([
  ['NETWORK', 'npm error code ENOTFOUND'],
  ['NOT_IN_REGISTRY', 'npm error code E404'],
  ['DISK_FULL', 'npm error code ENOSPC'],
  ['DOWNLOAD_FAILED', 'npm error something nobody thought of'],
])('npm fails: %s', async (code, said) => {
  await fake('npm', `echo "${said}" >&2; exit 1`);
  const error = await failure();
  expect(error.code).toBe(code);
  if (code !== 'DISK_FULL') expect(error.message).toContain(said);
});

test('npm writes nothing', async () => {
  await fake('npm', 'exit 0');
  expect((await failure()).code).toBe('DOWNLOAD_FAILED');
});

test('what tar says is passed on, and tar may be missing', async () => {
  const text = 'not really a package\n';
  await fake('npm', `printf 'not really a package\\n' > made-up.tgz`);
  const { createHash } = await import('node:crypto');
  const sha512 = createHash('sha512').update(text).digest('base64');
  const archive = { version: '0', packageName: 'made-up@1', fileName: 'made-up.tgz', sha512 };
  const events: DemoEvent[] = [];
  const attempt = () =>
    downloadWordPress({ folder, archive, env: { PATH: programs }, onProgress: (event) => events.push(event) });
  await expect(attempt()).rejects.toMatchObject({ code: 'TAR_MISSING' });
  expect(events.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'download begun',
    'download done',
    'unpack begun',
  ]);
  await fake('tar', 'echo "tar: This does not look like a tar archive" >&2; exit 2');
  await expect(attempt()).rejects.toMatchObject({
    code: 'UNPACK_FAILED',
    message: expect.stringContaining('does not look like'),
  });
  expect(await readdir(folder)).toEqual([]);
});

test('an interrupted download leaves nothing', async () => {
  await fake('npm', 'exec /bin/sleep 60');
  const stop = new AbortController();
  const attempt = downloadWordPress({
    folder,
    env: { PATH: programs },
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(folder)).toEqual([]);
});

test('of two who make the same folder at once, one makes it and both have it', async () => {
  const make = (text: string) =>
    makeFolder(folder, 'thing', async (temporary) => {
      const made = join(temporary, 'made');
      await mkdir(made);
      await writeFile(join(made, text), text);
      return made;
    });
  const both = await Promise.all([make('one'), make('two')]);
  expect(both).toEqual([join(folder, 'thing'), join(folder, 'thing')]);
  expect(await readdir(folder)).toEqual(['thing']);
  expect(await readdir(join(folder, 'thing'))).toHaveLength(1);
});

test('trouble with the cache folder has a remedy', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(toFolderError(full, '/cache')).toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('/cache'),
  });
  const denied = Object.assign(new Error('mkdir'), { code: 'EACCES' });
  expect(toFolderError(denied, '/cache')).toMatchObject({ code: 'CACHE_NOT_WRITABLE' });
});

test('the cache folder follows XDG_CACHE_HOME where that is an absolute path', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: home })).toBe(join(home, 'headgate'));
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(cacheFolder({}));
});
