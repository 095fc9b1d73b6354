// Owns how long an operation may take in all, however many requests to WordPress it waits for.

import type { Limits } from '../limits.ts';
import { startDeadline } from '../wordpress/deadline.ts';

/** Runs something with a signal that aborts when its client has gone or its time is over. */
export type InTime = <Result>(
  caller: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
) => Promise<Result>;

/** Gives each operation the time of the limit: what is not there by then fails with it, and the rest of the answer stands. */
export function createInTime(limits: Limits): InTime {
  const tooLate = () => limits.refusal('seconds', Number.POSITIVE_INFINITY);
  return async (caller, run) => {
    const deadline = startDeadline(1000 * limits.max('seconds'), caller, tooLate);
    try {
      return await run(deadline.signal);
    } finally {
      deadline.clear();
    }
  };
}
