// Owns what is known of an outage: which kept answers could not be made anew, since when, and whether all would fail.

import type { StoredResponse } from '../cache/stored-response.ts';

/** What the runs of operations tell of whether WordPress works. */
export interface KnownFailures {
  /** An operation has failed because WordPress does. */
  fail(operationKey: string): void;
  /** WordPress has answered. */
  work(): void;
  /** An answer could not be made anew because WordPress fails: it is not tried again at once. */
  meet(stored: StoredResponse): void;
  /** It could not for another reason: WordPress does not fail. */
  dismiss(stored: StoredResponse): void;
  /** It was not tried. */
  wait(stored: StoredResponse): void;
  /** What is known of one form of an answer is so of another one. */
  copy(stored: StoredResponse, form: StoredResponse): void;
  /** It has just been tried. */
  isWaiting(stored: StoredResponse): boolean;
  /** Whether WordPress failed when it was tried last, or fails whatever is asked. */
  isMet(stored: StoredResponse): boolean;
  /** Whether it failed for this answer, and not long ago: nobody need wait to find out that it fails still. */
  isRecent(stored: StoredResponse): boolean;
}

/** While WordPress fails, an answer that can be served is not made anew more often than this. */
const retryMs = 1000;

/** To find out takes as long as a call, if WordPress does not answer at all. */
const recentMs = 15_000;

/** So many operations have failed with none that did not: WordPress does, whatever is asked. */
const failing = 2;

/** Knows of nothing. */
export function createKnownFailures(now: () => number): KnownFailures {
  const retryAt = new WeakMap<StoredResponse, number>();
  const met = new WeakSet<StoredResponse>();
  /** Operations that failed so since one that did not. */
  const failed = new Set<string>();

  const wait = (stored: StoredResponse) => void retryAt.set(stored, now() + retryMs);
  const isWaiting = (stored: StoredResponse) => (retryAt.get(stored) ?? 0) > now();

  return {
    fail(key) {
      if (failed.size < failing) failed.add(key);
    },
    work: () => failed.clear(),
    meet(stored) {
      wait(stored);
      met.add(stored);
    },
    dismiss(stored) {
      wait(stored);
      met.delete(stored);
    },
    wait,
    copy(stored, form) {
      const at = retryAt.get(stored);
      if (at !== undefined) retryAt.set(form, at);
      if (met.has(stored)) met.add(form);
    },
    isWaiting,
    isMet: (stored) => met.has(stored) || failed.size >= failing,
    isRecent(stored) {
      if (!met.has(stored)) return false;
      // Whoever has changed something waits for what became of it.
      return stored.times.isPurged ? isWaiting(stored) : now() < (retryAt.get(stored) ?? 0) + recentMs;
    },
  };
}
