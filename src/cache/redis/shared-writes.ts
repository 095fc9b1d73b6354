// Owns what waits to be written to Redis: so much at a time as leaves room for what others send, and of each key the latest.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGiveWay } from '../../give-way.ts';
import type { Kept, Stamp } from './entry.ts';

/** Something to be written, with what was known when it was kept. */
export interface SharedWrite {
  readonly key: string;
  readonly kept: Kept;
  readonly stamp: Stamp;
}

/** Writes of a process. */
export interface SharedWrites {
  /** Writes soon, in the place of what waits by the same key; not where too much waits already. */
  add(write: SharedWrite): void;
  /** Waits until nothing does any more. */
  settled(): Promise<void>;
}

/** Values that wait to be written; more are not kept. */
const maxWaiting = 2000;
/** Values that are under way at a time: what is sent beside them, by whomever, does not wait for long. */
const maxUnderWay = 100;

/** Writes by a function that never rejects. */
export function createSharedWrites(write: (one: SharedWrite) => Promise<void>): SharedWrites {
  const waiting = new Map<string, SharedWrite>();
  const underWay = new Map<string, Promise<void>>();
  let isStarting = false;

  /** Starts what there is room for; what is of a key that is under way comes after that. */
  async function start(): Promise<void> {
    isStarting = true;
    const giveWay = createGiveWay();
    for (const [key, one] of waiting) {
      if (underWay.size >= maxUnderWay) break;
      if (underWay.has(key)) continue;
      waiting.delete(key);
      underWay.set(key, finish(one));
      await giveWay();
    }
    isStarting = false;
    // What waited for its key alone may be free by now.
    if (underWay.size === 0) plan();
  }

  async function finish(one: SharedWrite): Promise<void> {
    await write(one);
    underWay.delete(one.key);
    plan();
  }

  function plan(): void {
    if (isStarting || waiting.size === 0) return;
    isStarting = true;
    setImmediate(() => void start());
  }

  return {
    add(one) {
      if (waiting.size >= maxWaiting && !waiting.has(one.key)) return;
      waiting.set(one.key, one);
      plan();
    },
    async settled() {
      while (waiting.size > 0 || underWay.size > 0) {
        await Promise.all(underWay.values());
        await nextTurn();
      }
    },
  };
}
