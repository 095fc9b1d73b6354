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
/** What waits for longer is not written: a Redis that takes less than is made would be given more and more. */
const maxWaitMs = 1000;
/** So much is under way at a time, in values and their bytes. */
const maxUnderWay = { values: 200, bytes: 8 * 1024 * 1024 };
/** Values that are printed at a time: how long they become is not known before. */
const maxPrinting = 8;

/** What writes stand on; neither of it rejects. */
export interface SharedWritesOptions {
  /** The form of a value; undefined where it is not to be written any more. */
  readonly print: (write: SharedWrite) => Promise<Buffer | undefined>;
  readonly send: (write: SharedWrite, bytes: Buffer) => Promise<void>;
  readonly now?: () => number;
}

/** Writes of a process that has made none. */
export function createSharedWrites({ print, send, now = () => performance.now() }: SharedWritesOptions): SharedWrites {
  const waiting = new Map<string, SharedWrite & { readonly since: number }>();
  const underWay = new Map<string, Promise<void>>();
  let bytesUnderWay = 0;
  let printing = 0;
  let isStarting = false;

  const isFull = () =>
    underWay.size >= maxUnderWay.values || bytesUnderWay >= maxUnderWay.bytes || printing >= maxPrinting;

  /** They wait in the order in which they came. */
  function forgetOld(): void {
    for (const [key, { since }] of waiting) {
      if (now() - since < maxWaitMs) return;
      waiting.delete(key);
    }
  }

  /** Starts what there is room for; what is of a key that is under way comes after that. */
  async function start(): Promise<void> {
    const giveWay = createGiveWay();
    forgetOld();
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
      waiting.delete(one.key);
      forgetOld();
      if (waiting.size < maxWaiting) waiting.set(one.key, { ...one, since: now() });
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
