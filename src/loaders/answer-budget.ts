// Owns how much the answers of all operations that run in a process may weigh together, until each of them is bytes.

import { getHeapStatistics } from 'node:v8';

/** What one operation has of the budget. Whatever it holds comes back when it is disposed of; it gets no more then. */
export interface AnswerShare extends Disposable {
  /** There was no room for it, and there is none from then on. */
  readonly isOver: boolean;
  /** What it weighs by now. */
  readonly bytes: number;
  /** Holds room for all that it weighs by now; false where there is none. */
  hold(bytes: number): boolean;
}

/** What is left for answers. */
export interface AnswerBudget {
  /** The share of an operation. What cannot be run again, such as a mutation, gets its room where there is none. */
  open(canComeAgain: boolean): AnswerShare;
}

/** Small answers are never in the way of each other: they are taken as many as come. */
const freeBytes = 256 * 1024;

/** In print an answer is a text of up to two bytes for each character, and another one while it is put together. */
const partOfHeap = 1 / 8;

/** The budget of this process, which has room for two of the largest answers at least. */
export function createAnswerBudget(
  maxAnswerBytes: number,
  heapBytes = getHeapStatistics().heap_size_limit,
): AnswerBudget {
  const maxBytes = Math.max(heapBytes * partOfHeap, 2 * maxAnswerBytes);
  let held = 0;

  return {
    open(canComeAgain) {
      let own = 0;
      let weight = 0;
      let isOver = false;
      let isClosed = false;
      return {
        get isOver() {
          return isOver;
        },
        get bytes() {
          return weight;
        },
        hold(bytes) {
          weight = bytes;
          if (isOver || isClosed) return false;
          const more = bytes - freeBytes - own;
          if (more <= 0) return true;
          isOver = canComeAgain && held + more > maxBytes;
          if (isOver) return false;
          own += more;
          held += more;
          return true;
        },
        [Symbol.dispose]() {
          isClosed = true;
          held -= own;
          own = 0;
        },
      };
    },
  };
}
