// Owns the bound on concurrent requests: a short, abortable queue in front of a few slots, fewer where they are too many.

/** Bounds of a {@link Limiter}. */
export interface LimiterOptions {
  /** The most slots. */
  readonly maxConcurrent: number;
  /** Slots to begin with, four unless told. */
  readonly firstSlots?: number;
  readonly maxQueued: number;
  readonly queueTimeoutMs: number;
}

/** Runs tasks, a few at a time, in the order they came. */
export interface Limiter {
  /** Rejects with {@link OverloadedError} where the queue is full or too slow, and with the signal's reason on abort. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Halves the slots, down to one or `fewest`: a request that began at this moment (`performance.now()`) was too much. */
  slowDown(sinceMs: number, fewest?: number): void;
  /** How many tasks may run now, how many do, and how many wait. */
  readonly slots: number;
  readonly active: number;
  readonly waiting: number;
}

/** The queue is full, or a task waited too long in it. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** Shared hosts die of five to ten requests at once. */
const fewSlots = 4;

/**
 * A limiter with its own slots. As many successes as there are slots bring one more, and a sign of strain takes half of
 * them, as TCP does with what it sends.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { maxConcurrent, firstSlots = fewSlots, maxQueued, queueTimeoutMs } = options;
  let slots = Math.min(firstSlots, maxConcurrent);
  let slowedAt = Number.NEGATIVE_INFINITY;
  let active = 0;
  // A set keeps the order of arrival and lets one that gives up leave from the middle.
  const waiting = new Set<() => void>();

  function release(succeeded: boolean): void {
    // Slots that are not needed prove nothing.
    if (succeeded && active >= Math.floor(slots)) slots = Math.min(maxConcurrent, slots + 1 / slots);
    active--;
    // Slots pass straight to the next in line: a newcomer cannot slip in between.
    for (const enter of waiting) {
      if (active >= Math.floor(slots)) break;
      active++;
      enter();
    }
  }

  async function acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (active < Math.floor(slots)) {
      active++;
      return;
    }
    if (waiting.size >= maxQueued) throw new OverloadedError(`${waiting.size} requests are waiting`);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.delete(enter);
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      const enter = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new OverloadedError(`waited ${queueTimeoutMs} ms for a slot`));
      }, queueTimeoutMs);
      signal.addEventListener('abort', abort);
      waiting.add(enter);
    });
  }

  return {
    async run(task, signal) {
      await acquire(signal);
      let succeeded = false;
      try {
        const value = await task();
        succeeded = true;
        return value;
      } finally {
        release(succeeded);
      }
    },
    slowDown(sinceMs, fewest = 1) {
      // Requests that were under way at the last cut tell of the load before it.
      if (sinceMs < slowedAt) return;
      slowedAt = performance.now();
      slots = Math.max(Math.min(fewest, slots), slots / 2);
    },
    get slots() {
      return Math.floor(slots);
    },
    get active() {
      return active;
    },
    get waiting() {
      return waiting.size;
    },
  };
}
