// Owns deadlines: one signal for the time that is left, and for a caller who leaves. With a timer of its own, for Node.js 20 may
// lose the time of an `AbortSignal.timeout` that is one of `AbortSignal.any` as it collects garbage.

/** The time is over. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** A deadline that has begun. */
export interface Deadline {
  /** Aborted when the time is over or the caller has left. */
  readonly signal: AbortSignal;
  /** In ms of `performance.now()`. */
  readonly endsAt: number;
  /** From now on the time alone ends it, not the caller. */
  stay(): void;
  /** Ends the waiting: nothing more is told. */
  clear(): void;
}

/** Begins a deadline; `tell` gives the reason for which it ends. */
export function startDeadline(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  tell: () => unknown = () => new DeadlineError('deadline'),
): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(tell()), timeoutMs);
  const leave = () => controller.abort(caller?.reason);
  const stay = () => caller?.removeEventListener('abort', leave);
  if (caller?.aborted) leave();
  caller?.addEventListener('abort', leave);
  return {
    signal: controller.signal,
    endsAt: performance.now() + timeoutMs,
    stay,
    clear() {
      clearTimeout(timer);
      stay();
    },
  };
}

/** What a promise comes to, or the reason of the signal where that aborts first. */
export function untilAborted<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
