// Owns folders for files that pass through: none is left, be it that the process ends before what they are for.

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder. Dispose of it to remove it with what is in it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

const open = new Set<string>();

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}

/** Makes a folder among the temporary ones of the machine, whose name begins so. */
export async function openTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  if (open.size === 0) process.once('exit', removeAll);
  open.add(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      open.delete(path);
      if (open.size === 0) process.off('exit', removeAll);
    },
  };
}
