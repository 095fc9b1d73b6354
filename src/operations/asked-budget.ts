// Owns how much memory operations may hold together by what asks for them: their documents and their variables.

import { getHeapStatistics } from 'node:v8';
import { weighTokens } from '../cache/document-cache.ts';
import type { Limits } from '../limits.ts';

/** What an operation holds until it is answered, in bytes. */
export interface Held {
  /** Its document, parsed. */
  readonly documentBytes: number;
  /** Its variables, and the copies of the request that they came in. */
  readonly requestBytes: number;
}

// Measured with Node.js 20: a byte of a body and what is made of it are 3 to 8, and a value of JSON is up to 104.
const copies = 8;

/** What a value of JSON takes. */
export const bytesPerValue = 128;

/** What a body or search of so many bytes is held as, with so many values of JSON in it. */
export function weighRequest(bytes: number, values = 0): number {
  return copies * bytes + bytesPerValue * values;
}

/** What a request is held as that is no operation that could be read; what comes in pieces is not kept. */
export function weighUnread(body: object | null): Held {
  return { documentBytes: 0, requestBytes: weighRequest(body instanceof Uint8Array ? body.length : 0) };
}

/** Room for what is asked. */
export interface AskedBudget {
  /** Takes room until it is disposed of; null where there is none. */
  take(bytes: number): Disposable | null;
}

/** How much room there is. */
export interface AskedBudgetOptions {
  readonly maxBytes: number;
  /** So many at a time find room whatever the others take, as long as they weigh no more than that. */
  readonly always: { readonly count: number; readonly bytes: number };
}

/** Large ones fill the room for each other long before small ones find none. */
const partOfRest = 1 / 8;

/** A budget of which one operation takes at most an eighth of what is left. */
export function createAskedBudget({ maxBytes, always }: AskedBudgetOptions): AskedBudget {
  let count = 0;
  let held = 0;
  return {
    take(bytes) {
      const isAlwaysTaken = count < always.count && bytes <= always.bytes;
      if (!isAlwaysTaken && bytes > (maxBytes - held) * partOfRest) return null;
      count += 1;
      held += bytes;
      let isOver = false;
      return {
        [Symbol.dispose]() {
          if (isOver) return;
          isOver = true;
          count -= 1;
          held -= bytes;
        },
      };
    },
  };
}

/** Measured: the context, the loaders and the promises of an operation that waits for WordPress are 62 to 84 KB. */
const runningBytes = 64 * 1024;

/** What an operation holds while it runs. */
export function weighRunning({ documentBytes, requestBytes }: Held): number {
  return runningBytes + documentBytes + requestBytes;
}

/** A document of 1,000 tokens and 8 KiB; the largest of 175 of real front ends has a third of those tokens. */
const usualBytes = 640 * 1024;

/**
 * The room of operations under way: an eighth of the heap's limit, or enough for one of the heaviest. A hundred usual ones
 * at a time always find it, since a build asks for that many.
 */
export function createRunningBudget(
  limits: Limits,
  maxBodyBytes: number,
  heapBytes = getHeapStatistics().heap_size_limit,
): AskedBudget {
  const documentBytes = weighTokens(limits.max('tokens'));
  const heaviest = { documentBytes, requestBytes: weighRequest(maxBodyBytes, limits.max('jsonValues')) };
  const maxBytes = Math.max(heapBytes / 8, weighRunning(heaviest) / partOfRest);
  return createAskedBudget({ maxBytes, always: { count: 100, bytes: usualBytes } });
}

/** So much each place may have: what is followed by people's front ends weighs no more. */
const placeBytes = 32 * 1024;

/** The room of what is followed: a sixteenth of the heap's limit for what takes more than each place may have. */
export function createFollowingBudget(heapBytes = getHeapStatistics().heap_size_limit): AskedBudget {
  return createAskedBudget({
    maxBytes: heapBytes / 16,
    always: { count: Number.POSITIVE_INFINITY, bytes: placeBytes },
  });
}
