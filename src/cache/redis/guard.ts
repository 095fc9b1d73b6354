// Owns how long anybody waits for Redis: a moment, and after a few failures not at all, until one try succeeds.

import { within } from './within.ts';

/** Stands between callers and Redis. */
export interface Guard {
  /** What a task gives; undefined where it fails, takes too long, or is not tried. */
  run<Value>(task: () => Promise<Value>): Promise<Value | undefined>;
}

/** What a guard needs. */
export interface GuardOptions {
  readonly waitMs: number;
  /** How long Redis is left alone after failures. */
  readonly restMs?: number;
  /** Told of each failure, with how many there have been in a row. */
  readonly onFailure: (error: unknown, inARow: number) => void;
  readonly onSuccess: () => void;
  readonly now?: () => number;
}

/** So many failures in a row are one too many. */
const tolerated = 3;

/** A guard that lets everything pass. */
export function createGuard(options: GuardOptions): Guard {
  const { waitMs, restMs = 1000, onFailure, onSuccess, now = () => performance.now() } = options;
  let inARow = 0;
  let restsUntil = 0;
  let isProbing = false;

  function fail(error: unknown): undefined {
    inARow += 1;
    if (inARow >= tolerated) restsUntil = now() + restMs;
    onFailure(error, inARow);
    return undefined;
  }

  return {
    async run(task) {
      const isProbe = inARow >= tolerated;
      if (isProbe && (isProbing || now() < restsUntil)) return undefined;
      isProbing = isProbe;
      try {
        const value = await within(task(), waitMs);
        inARow = 0;
        onSuccess();
        return value;
      } catch (error) {
        return fail(error);
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}
