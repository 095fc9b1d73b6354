// Owns work in turns: what takes long gives way to all else now and then.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work goes on before all else has its turn. */
const turnMs = 5;

/** Begins work; to be awaited between its parts, which gives way where they have taken long enough. */
export function createGiveWay(now: () => number = () => performance.now()): () => Promise<void> {
  let endsAt = now() + turnMs;
  return async () => {
    if (now() < endsAt) return;
    await nextTurn();
    endsAt = now() + turnMs;
  };
}
