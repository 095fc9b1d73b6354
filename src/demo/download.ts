// Gets WordPress and its SQLite integration out of an npm package: fetched, checked, unpacked, kept in the cache.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { isFolder, makeFolder } from './cache-folder.ts';
import { DemoError, diskFull, systemCode } from './demo-error.ts';
import { type OnProgress, printBytes, runStep } from './progress.ts';

/** A package that holds WordPress, and the checksum of its tarball. */
export interface WordPressArchive {
  readonly version: string;
  readonly packageName: string;
  readonly fileName: string;
  readonly sha512: string;
}

/** The one the demo is made of: WordPress 7.1.1 with version 3.0.2 of the SQLite integration. */
export const WORDPRESS_ARCHIVE: WordPressArchive = {
  version: '7.1.1',
  packageName: 'wp-studio@1.22.0',
  fileName: 'wp-studio-1.22.0.tgz',
  sha512: 'boMtahkhgWDKKyNTBA1uTK5ghnAmxXhDY6KeQCO9FmcI3/o+YOSq8JwYW5ZYnxHCxH14Jf/mD6CJTBvTWl2Ytw==',
};

const FOLDER_IN_PACKAGE = 'package/dist/cli/wp-files';

/** How a download is made. */
export interface DownloadOptions {
  readonly folder: string;
  readonly archive?: WordPressArchive;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The folder of an unpacked WordPress, fetched if it is not there yet. Nothing is ever written into it again. */
export async function downloadWordPress(options: DownloadOptions): Promise<string> {
  const { folder, archive = WORDPRESS_ARCHIVE, onProgress } = options;
  const name = `wordpress-${archive.version}`;
  if (await isFolder(join(folder, name))) return join(folder, name);
  return makeFolder(folder, name, async (temporary) => {
    const tarball = join(temporary, archive.fileName);
    await runStep('download', `${archive.packageName} from npm`, onProgress, async () => {
      await fetchPackage(archive, temporary, options);
      const { size } = await stat(tarball).catch(() => {
        throw new DemoError(
          'DOWNLOAD_FAILED',
          `npm pack ${archive.packageName} has not written ${archive.fileName}.`,
          'Try it by hand in an empty folder: the settings of npm may change what it does.',
        );
      });
      await checkArchive(tarball, archive);
      return { value: undefined, text: `${archive.packageName} from npm, ${printBytes(size)}, checksum is right` };
    });
    return runStep('unpack', `WordPress ${archive.version}`, onProgress, async () => {
      const value = await unpack(archive, temporary, options);
      return { value, text: `WordPress ${archive.version}` };
    });
  });
}

/** `npm pack`, so that the person's registry, proxy and certificates are used. */
async function fetchPackage(archive: WordPressArchive, cwd: string, options: DownloadOptions): Promise<void> {
  const windows = process.platform === 'win32';
  const argv = ['pack', archive.packageName, '--pack-destination', '.', '--no-progress', '--dry-run=false'];
  // On Windows npm is a batch file, and Node runs those by the shell only; nothing in argv needs quotes.
  const result = await run(windows ? 'npm.cmd' : 'npm', argv, { ...options, cwd, shell: windows }).catch((error) => {
    throw systemCode(error) === 'ENOENT'
      ? new DemoError('NPM_MISSING', 'npm was not found.', 'Install Node.js with npm, or put npm on the PATH.', {
          cause: error,
        })
      : error;
  });
  if (result.code === 0) return;
  const said = result.stderr.trim().split('\n').slice(-8).join('\n');
  if (/ENOSPC|EDQUOT/.test(said)) throw diskFull(cwd, new Error(said));
  const message = `npm pack ${archive.packageName} failed:\n${said || `exit code ${result.code}`}`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(said)) {
    const remedy = 'npm cannot reach its registry: check the network and npm’s proxy settings, and start again.';
    throw new DemoError('NETWORK', message, remedy);
  }
  if (/\bE404\b|ETARGET/.test(said)) {
    const remedy = 'The registry does not have the package: see what `npm config get registry` says.';
    throw new DemoError('NOT_IN_REGISTRY', message, remedy);
  }
  const remedy = 'Put right what npm says, and start again.';
  throw new DemoError('DOWNLOAD_FAILED', message, remedy);
}

async function checkArchive(tarball: string, archive: WordPressArchive): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const found = hash.digest('base64');
  if (found === archive.sha512) return;
  throw new DemoError(
    'WRONG_CHECKSUM',
    `${archive.packageName} is not the file it should be: its sha512 is ${found}, not ${archive.sha512}.`,
    'It was thrown away. A proxy or a registry has changed it, or the transfer broke off: start again, and if it stays so, ask the owner of the registry.',
  );
}

/** Takes WordPress out of the tarball and puts the SQLite integration in its place. */
async function unpack(archive: WordPressArchive, temporary: string, options: DownloadOptions): Promise<string> {
  const cwd = join(temporary, 'unpacked');
  await mkdir(cwd);
  const parts = ['latest/wordpress', 'sqlite-database-integration'].map((part) => `${FOLDER_IN_PACKAGE}/${part}`);
  // Names relative to the folder: GNU tar takes "C:\…" for a remote host.
  const argv = ['-xzf', `../${archive.fileName}`, '--no-same-owner', '--strip-components', '4', ...parts];
  const result = await run('tar', argv, { ...options, cwd, shell: false }).catch((error) => {
    throw systemCode(error) === 'ENOENT'
      ? new DemoError('TAR_MISSING', 'tar was not found.', 'Install tar, or put it on the PATH, and start again.', {
          cause: error,
        })
      : error;
  });
  if (result.code !== 0) {
    const said = result.stderr.trim().split('\n').slice(-5).join('\n');
    if (/No space left|ENOSPC|quota/i.test(said)) throw diskFull(temporary, new Error(said));
    throw new DemoError(
      'UNPACK_FAILED',
      `tar cannot unpack WordPress:\n${said}`,
      'Put right what tar says, and start again.',
    );
  }
  const content = join(cwd, 'latest', 'wordpress', 'wp-content');
  const plugin = join(content, 'plugins', 'sqlite-database-integration');
  await rename(join(cwd, 'sqlite-database-integration'), plugin);
  await copyFile(join(plugin, 'db.copy'), join(content, 'db.php'));
  await mkdir(join(content, 'uploads'), { recursive: true });
  return join(cwd, 'latest', 'wordpress');
}

interface RunOptions {
  readonly cwd: string;
  readonly shell: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end. It rejects where the program cannot be started, and when the signal aborts. */
function run(program: string, argv: string[], options: RunOptions): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, {
      ...options,
      env: options.env ?? process.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-20_000);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
}
