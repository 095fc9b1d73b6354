// Owns the bound on concurrent requests: a short, abortable queue in front of a few slots.

/** Bounds of a {@link Limiter}. */
export interface LimiterOptions {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly queueTimeoutMs: number;
}

/** Runs tasks, a few at a time, in the order they came. */
export interface Limiter {
  /** Rejects with {@link OverloadedError} where the queue is full or too slow, and with the signal's reason on abort. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** The queue is full, or a task waited too long in it. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

/** A limiter with its own slots. */
export function createLimiter({ maxConcurrent, maxQueued, queueTimeoutMs }: LimiterOptions): Limiter {
  let active = 0;
  // A set keeps the order of arrival and lets one that gives up leave from the middle.
  const waiting = new Set<() => void>();

  function release(): void {
    const [next] = waiting;
    // The slot passes straight to the next in line: a newcomer cannot slip in between.
    if (next) next();
    else active--;
  }

  async function acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (active < maxConcurrent) {
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
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
