// Owns what a process knows of the time in which it did not hear the log: whether others may have added something.

import type { LinkFailure } from './redis-link.ts';

/** How long this process has heard all that was added, as far as it knows. */
export interface Attendance {
  /** All that is in the log has come here. */
  heard(): void;
  /** Nothing comes: for this reason, or for none that is known yet. */
  missed(failure: LinkFailure | null): void;
  /** Whether all was heard until a run of Redis began, by the clock of this process; until now, where it is the same run. */
  lastedUntil(beganAt: number | null): boolean;
}

/** Between two signs of a log that is followed no more time passes, nor until Redis has begun anew after the last one. */
const gapMs = 10_000;
/** Redis tells its age in whole seconds. */
const inexactMs = 1000;
/** So soon one of several servers that were there before takes the place of another one. */
const takeoverMs = 60_000;

/** Nothing was heard yet. */
export function createAttendance(now: () => number = () => performance.now()): Attendance {
  /** When all was heard last, or nobody could add anything. */
  let until = Number.NEGATIVE_INFINITY;
  /** Redis may have been there for others since. */
  let isCutOff = false;
  return {
    heard() {
      until = now();
      isCutOff = false;
    },
    missed(failure) {
      if (failure === null) return;
      isCutOff ||= failure === 'other' || now() - until > gapMs;
      if (!isCutOff) until = now();
    },
    lastedUntil(beganAt) {
      if (beganAt !== null && beganAt < until - inexactMs) return now() - until < takeoverMs;
      return !isCutOff && (beganAt ?? now()) - until < gapMs;
    },
  };
}
