// Starts a real WordPress with known content on this computer, for people and tests that have no site at hand.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DemoCredentials, loadCredentials } from './credentials.ts';
import { type DemoError, toFolderError } from './demo-error.ts';
import { abortable, startPhp } from './php-process.ts';
import { type OnProgress, runStep } from './progress.ts';
import { prepareSite } from './site.ts';

/** How a WordPress is started. */
export interface StartWordPressOptions {
  /** The port to listen on; a free one if it is left out. */
  readonly port?: number | undefined;
  readonly host?: '127.0.0.1' | undefined;
  /** The address that its content names, where a proxy stands before it. */
  readonly address?: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the cache folder is looked up; the environment of this process if it is left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A running WordPress. Dispose of it to stop it and to throw away what was written to it. */
export interface WordPress extends AsyncDisposable {
  /** Without a slash at the end: `http://127.0.0.1:4080`. */
  readonly url: string;
  readonly credentials: DemoCredentials;
  /** What this WordPress writes to: its database and its uploads, a copy that is its own. */
  readonly directory: string;
  /** Resolves when it runs no more: with an error if it was not disposed of. */
  readonly ended: Promise<DemoError | undefined>;
}

/**
 * Starts WordPress and resolves when it answers. The first start fetches, installs and fills it; later ones take a
 * few seconds. Each start works on a copy of its own, so any number can run, and writing to one touches no other.
 */
export async function startWordPress(options: StartWordPressOptions = {}): Promise<WordPress> {
  const { port = 0, host = '127.0.0.1', address, onProgress, signal } = options;
  const folders = await prepareSite(options);
  return runStep('start', 'WordPress', onProgress, async () => {
    const directory = await makeCopy(folders.site);
    const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
    try {
      const credentials = await loadCredentials(directory);
      const order = { kind: 'serve', folders: { ...folders, site: directory }, host, port } as const;
      const php = startPhp({ ...order, ...(address ? { address } : {}) });
      const stop = once(async () => {
        await php[Symbol.asyncDispose]();
        await remove();
      });
      const url = `http://${host}:${await abortable(php.ready, signal).catch(failAfter(stop))}`;
      const value = { url, credentials, directory, ended: php.ended, [Symbol.asyncDispose]: stop };
      return { value, text: `WordPress on ${url}` };
    } catch (error) {
      await remove();
      throw error;
    }
  });
}

function failAfter(stop: () => Promise<void>): (error: unknown) => Promise<never> {
  return async (error) => {
    await stop();
    throw error;
  };
}

async function makeCopy(site: string): Promise<string> {
  try {
    const directory = await mkdtemp(join(tmpdir(), 'headgate-wordpress-'));
    await cp(site, directory, { recursive: true });
    return directory;
  } catch (error) {
    throw toFolderError(error, tmpdir());
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
