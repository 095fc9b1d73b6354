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
/** So much is under way at a time, in values and their bytes: what is sent beside it, by whomever, does not wait for long. */
const maxUnderWay = { values: 100, bytes: 1024 * 1024 };
/** Values that are printed at a time: how long they become is not known before. */
const maxPrinting = 8;

/** What writes stand on; neither of it rejects. */
export interface SharedWritesOptions {
  /** The form of a value; undefined where it is not to be written any more. */
  readonly print: (write: SharedWrite) => Promise<Buffer | undefined>;
  readonly send: (write: SharedWrite, bytes: Buffer) => Promise<void>;
}

/** Writes of a process that has made none. */
export function createSharedWrites({ print, send }: SharedWritesOptions): SharedWrites {
  const waiting = new Map<string, SharedWrite>();
  const underWay = new Map<string, Promise<void>>();
  let bytesUnderWay = 0;
  let printing = 0;
  let isStarting = false;

  const isFull = () =>
    underWay.size >= maxUnderWay.values || bytesUnderWay >= maxUnderWay.bytes || printing >= maxPrinting;

  /** Starts what there is room for; what is of a key that is under way comes after that. */
  async function start(): Promise<void> {
    const giveWay = createGiveWay();
    for (const [key, one] of waiting) {
      if (isFull()) break;
      if (underWay.has(key)) continue;
      waiting.delete(key);
      underWay.set(key, finish(one));
      await giveWay();
    }
    isStarting = false;
    // What there was no room for may have some by now.
    if (underWay.size === 0) plan();
  }

  async function finish(one: SharedWrite): Promise<void> {
    printing += 1;
    const bytes = await print(one);
    printing -= 1;
    const length = bytes?.length ?? 0;
    bytesUnderWay += length;
    plan();
    if (bytes) await send(one, bytes);
    bytesUnderWay -= length;
    underWay.delete(one.key);
    plan();
  }

  function plan(): void {
    if (isStarting || waiting.size === 0 || isFull()) return;
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
