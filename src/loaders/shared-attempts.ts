// Owns that a creation with a key runs once in all processes: the first of them leaves a mark, sealed by the caller's secret.

import { setTimeout as delay } from 'node:timers/promises';
import { isRestObject } from '../cache/fields-record.ts';
import type { SharedMarks } from '../cache/redis/shared-marks.ts';
import { createSeal } from '../cache/seal.ts';
import { UserError } from '../errors.ts';

/** A creation, and by what it is known. */
export interface SharedAttempt<Result> {
  /** What nobody but the caller knows: credentials and key. */
  readonly secret: string;
  /** A hash of its input. */
  readonly input: string;
  readonly create: () => Promise<Result>;
  /** Whether an error leaves open what has happened. */
  readonly isUnknown: (error: unknown) => boolean;
}

/** What becomes of a creation that another process has begun. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** What it says where its key came with another input before. */
export const otherInput = 'The Idempotency-Key was used with another input before.';

const firstPauseMs = 25;
const longestPauseMs = 500;

/**
 * Runs creations once, as long as Redis answers; without it each process runs its own. One that another process has begun
 * is waited for; where that process does not come back, nobody knows whether it happened.
 */
export function createSharedAttempts(marks: SharedMarks, seconds: number, patienceMs = 30_000) {
  return async <Result>({ secret, input, create, isUnknown }: SharedAttempt<Result>): Promise<Result> => {
    const seal = createSeal(secret);
    const until = performance.now() + patienceMs;
    for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, 2 * pause)) {
      const found = await marks.leave(seal.name, seal.close({ input }), seconds);
      if (!found) break;
      const mark = seal.open(found);
      if (!isRestObject(mark) || mark['isUnknown'] === true) throw new UnknownOutcomeError();
      if (mark['input'] !== input) throw new UserError(otherInput);
      // The same creation with the same input came to this.
      if ('result' in mark) return mark['result'] as Result;
      if (performance.now() > until) throw new UnknownOutcomeError();
      await delay(pause);
    }
    try {
      const result = await create();
      await marks.replace(seal.name, seal.close({ input, result }), seconds);
      return result;
    } catch (error) {
      if (isUnknown(error)) await marks.replace(seal.name, seal.close({ input, isUnknown: true }), seconds);
      else await marks.remove(seal.name);
      throw error;
    }
  };
}
