// Owns how the operations of a process share its event loop: each goes on for some milliseconds, then all else has its turn.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How fast one operation may go on. */
export interface Pace {
  /** To be awaited before one more part of the operation; undefined where it can go on at once. */
  pause(): Promise<void> | undefined;
  /** Resolves when nothing of the operation is paused any more; undefined where nothing is. */
  paused(): Promise<void> | undefined;
}

/** How long an operation goes on before all else has its turn. */
const turnMs = 5;

/** Operations with so few parts never look at the clock. */
const freeParts = 64;

/** Operations that wait for their turn, each of which resolves when it has had it. */
const queue: (() => Promise<boolean>)[] = [];

async function takeTurns(): Promise<void> {
  for (let goOn = queue[0]; goOn; goOn = queue[0]) {
    await nextTurn();
    const waitsAgain = await goOn();
    queue.shift();
    if (waitsAgain) queue.push(goOn);
  }
}

function join(goOn: () => Promise<boolean>): void {
  queue.push(goOn);
  if (queue.length === 1) void takeTurns();
}

/** The pace of one operation, by the time that its parts take. */
export function createPace(now: () => number = () => performance.now()): Pace {
  let parts = 0;
  /** When it began in this turn of the loop. */
  let startedAt: number | undefined;
  let waiting: (() => void)[] = [];
  let ended: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  function begin(): void {
    startedAt = now();
    setImmediate(() => {
      startedAt = undefined;
    });
  }

  const isOver = () => startedAt !== undefined && now() - startedAt >= turnMs;

  /** Whether something waits still. */
  async function goOn(): Promise<boolean> {
    begin();
    const ready = waiting;
    waiting = [];
    let next = 0;
    for (; next < ready.length && !isOver(); next += 1) {
      ready[next]?.();
      // What it held up runs before this goes on.
      await null;
    }
    waiting = [...ready.slice(next), ...waiting];
    if (waiting.length > 0) return true;
    ended?.resolve();
    ended = undefined;
    return false;
  }

  return {
    pause() {
      parts += 1;
      if (parts <= freeParts) return undefined;
      if (startedAt === undefined) begin();
      if (!isOver()) return undefined;
      if (!ended) {
        ended = createEnd();
        join(goOn);
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    paused: () => ended?.promise,
  };
}

function createEnd(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
