// Owns how much memory the buffers of files take that pass through: what has passed is given back as it goes.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After so many bytes what has passed is given back; V8 by itself waits for 32 MB of them, in each direction. */
const everyBytes = 4 * 1024 * 1024;

let waiting = 0;
let collect: (() => void) | undefined;

/** Tells that a piece of a file of so many bytes is read, and will soon have been written elsewhere. */
export function countPassing(bytes: number): void {
  waiting += bytes;
  if (waiting < everyBytes) return;
  waiting = 0;
  collect ??= createCollect();
  collect();
}

/**
 * V8's collection of what is young, a millisecond or two. Node.js shows it where it is asked for at the start only; so it
 * is taken from a context that has it, and no other code of the process sees it.
 */
function createCollect(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof gc === 'function' ? () => gc({ type: 'minor' }) : () => undefined;
}
