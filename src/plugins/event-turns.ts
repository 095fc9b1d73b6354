// Owns the turns of small works that all come at once: some milliseconds of them, then all else has its own.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGiveWay } from '../give-way.ts';

/** Resolves when it is the turn of what waits; where its signal has aborted by then, there is nothing left to do. */
export type EnterTurn = (signal: AbortSignal) => Promise<void>;

interface Waiting {
  readonly signal: AbortSignal;
  readonly begin: () => void;
}

/** First come, first served. */
export function createTurns(now?: () => number): EnterTurn {
  let waiting: Waiting[] = [];
  let isServing = false;

  async function serve(): Promise<void> {
    isServing = true;
    await nextTurn();
    const giveWay = createGiveWay(now);
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      for (const { signal, begin } of round) {
        begin();
        if (signal.aborted) continue;
        await settle();
        await giveWay();
      }
    }
    isServing = false;
  }

  return (signal) =>
    new Promise((begin) => {
      waiting.push({ signal, begin });
      if (!isServing) void serve();
    });
}

/** Promises settle before the next tick, and streams pass on what they have in a tick of their own. */
async function settle(): Promise<void> {
  for (let tick = 0; tick < 3; tick += 1) await new Promise<void>((resolve) => process.nextTick(resolve));
}
