// Owns keeping memory flat while files stream through: what has passed is garbage long before the engine looks for it.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects what was made last, which takes about a millisecond. */
type CollectYoung = (options: { readonly type: 'minor' }) => void;

/**
 * V8 looks for buffers that are garbage when there are 32 MB of new ones. Those of a stream are small, so that it would
 * hold that much whatever the size of its chunks.
 */
const collectEveryBytes = 4 * 1024 * 1024;

let collect: CollectYoung | null | undefined;

/** The engine's own collector, which it hands out to contexts that are made while a flag is set. */
function findCollector(): CollectYoung | null {
  setFlagsFromString('--expose-gc');
  try {
    const found: unknown = runInNewContext('typeof gc === "function" ? gc : null');
    return isCollector(found) ? found : null;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}

function isCollector(value: unknown): value is CollectYoung {
  return typeof value === 'function';
}

/** Passes chunks on as they are; of those that have passed, no more than some megabytes are in memory. */
export async function* withoutGarbage<Chunk extends Uint8Array>(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  let passed = 0;
  for await (const chunk of chunks) {
    yield chunk;
    passed += chunk.length;
    if (passed < collectEveryBytes) continue;
    passed = 0;
    collect ??= findCollector();
    collect?.({ type: 'minor' });
  }
}
