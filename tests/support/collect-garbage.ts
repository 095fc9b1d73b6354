// Owns collecting garbage when a test says so.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Frees what nothing holds any more. */
export const collectGarbage: () => void = runInNewContext('gc');
