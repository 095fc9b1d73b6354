// Owns the package as people get it: packed by npm from a build, and installed in an empty folder.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildCli } from './built-cli.ts';

const root = join(import.meta.dirname, '../..');

const packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
]);

const lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });

/** A package that was installed. */
export interface InstalledPackage extends Disposable {
  /** The folder it was installed in. */
  readonly folder: string;
  /** What is in the package. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/**
 * Packs and installs. The dependencies are at their place already, as the lock file has them for production, so that npm
 * finds what it needs and asks no registry; with `fromRegistry` npm gets them itself.
 */
export function installPackage({ fromRegistry = false } = {}): InstalledPackage {
  using build = buildCli();
  for (const name of ['README.md', 'LICENSE', 'schema'])
    cpSync(join(root, name), join(build.folder, name), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'headgate-package-'));
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'], {
      cwd,
      encoding: 'utf8',
    });
  const [{ filename, files, size, unpackedSize }] = packed.parse(
    JSON.parse(npm(build.folder, 'pack', '--json', '--pack-destination', folder)),
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  if (!fromRegistry) copyDependencies(folder);
  npm(folder, 'install', `./${filename}`, ...(fromRegistry ? [] : ['--offline']));
  return {
    folder,
    files: files.map(({ path }) => path),
    bytes: size,
    unpackedBytes: unpackedSize,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function copyDependencies(folder: string): void {
  const { packages } = lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  for (const [path, { dev }] of Object.entries(packages)) {
    if (path === '' || dev || path.includes('/node_modules/', 'node_modules/'.length)) continue;
    mkdirSync(join(folder, path, '..'), { recursive: true });
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
}
