// The folder in the person's cache where the download and the prepared site are kept.

import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import { toFolderError } from './demo-error.ts';

const ABANDONED_MS = 60 * 60 * 1_000;

/** `headgate` below XDG_CACHE_HOME, else below ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path is to be ignored.
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'headgate');
}

/** Whether there is such a folder. A folder under its final name is always complete. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes `<folder>/<name>` in a temporary folder and gives it its name when it is complete, so that an interruption
 * leaves nothing half-made. Where two do so at once, the later one takes what the earlier one made.
 */
export async function makeFolder(
  folder: string,
  name: string,
  make: (temporary: string) => Promise<string>,
): Promise<string> {
  const target = join(folder, name);
  let temporary: string | undefined;
  try {
    await mkdir(folder, { recursive: true });
    await removeAbandoned(folder);
    temporary = await mkdtemp(join(folder, `new-${name}-`));
    const made = await make(temporary);
    await rename(made, target).catch(async (error: unknown) => {
      if (!(await isFolder(target))) throw error;
    });
    return target;
  } catch (error) {
    throw toFolderError(error, folder);
  } finally {
    if (temporary) await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes what a start that was killed has left: nothing takes an hour to make. */
async function removeAbandoned(folder: string): Promise<void> {
  await removeOlder(folder, 'new-', ABANDONED_MS);
}

/** Removes the folders whose names begin so, that have not been changed for so long. */
export async function removeOlder(folder: string, prefix: string, ageMs: number, keep?: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || name === keep) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > ageMs) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}
