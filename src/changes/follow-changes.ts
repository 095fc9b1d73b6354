// Owns what a client that follows changes gets: each one once, in order, and never more than a bounded number behind.

import { createBacklog } from './backlog.ts';
import type { Change, ChangeStream } from './change-stream.ts';

/** Follows the changes that are wanted until it is told to return, or the signal aborts. */
export type FollowChanges = (
  isWanted: (change: Change) => boolean,
  signal?: AbortSignal,
) => AsyncIterableIterator<Change>;

/** What follows a stream of changes. A client that cannot keep up is told once that everything changed. */
export function createFollowChanges(stream: ChangeStream): FollowChanges {
  return (isWanted, signal) => {
    const waiting = createBacklog();
    let isOver = false;
    let wake: (() => void) | undefined;

    const stop = stream.subscribe(({ changes }) => {
      const wanted = changes.filter((change) => change.tags === null || isWanted(change));
      if (wanted.length === 0) return;
      waiting.add(wanted);
      wake?.();
    });
    const end = () => {
      isOver = true;
      waiting.take();
      stop();
      signal?.removeEventListener('abort', end);
      wake?.();
    };
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });

    // No generator: one that waits does not hear that it is to return.
    return {
      async next() {
        while (waiting.size === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const value = waiting.shift();
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
      async return() {
        end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
}
