// Owns how often WordPress is asked for changes: seldom when nobody asks the gateway, and never for more than its share.

/** How a pace is set. */
export interface PaceOptions {
  /** From the beginning of one turn to that of the next at least, in ms. */
  readonly intervalMs: number;
  /** How many kinds are asked for in turn. */
  readonly kinds: number;
  /** Share of what WordPress can do, from 0 to 1, and how many requests it takes at the same time. */
  readonly share: number;
  readonly slots: number;
}

/** How things stand; times are of one clock, in ms. */
export interface PaceState {
  /** When the last turn was due. */
  readonly dueAt: number;
  /** When it was over, or the one between it and the next. */
  readonly endedAt: number;
  /** Since when nobody asked the gateway. */
  readonly idleMs: number;
  /** How long the last request took. */
  readonly tookMs: number;
  /** Requests that failed one after the other. */
  readonly failures: number;
  /** WordPress has failed until lately, and not all kinds were answered since. */
  readonly isBack: boolean;
}

/** All kinds have had their turn within this time: an edit shows within 10 s. */
const roundMs = 8000;
/** After that the gateway counts as not asked. */
const idleAfterMs = 60_000;
const longestMs = 60_000;
/** So long after WordPress is back it is asked at the latest. */
const longestFailingMs = 2000;
/** And then for all kinds in this part of the usual time. */
const partOfRound = 1 / 4;

/**
 * When the next turn is due, and when a turn between the two may begin. How long a request takes is no part of the time
 * between two turns, unless WordPress is slower than its share allows.
 */
export function paceOf(
  options: PaceOptions,
  state: PaceState,
): { readonly nextAt: number; readonly betweenAt: number } {
  const { intervalMs, kinds, share, slots } = options;
  const { dueAt, endedAt, idleMs, tookMs, failures, isBack } = state;
  const usual = Math.max(intervalMs, ((isBack ? partOfRound : 1) * roundMs) / Math.max(1, kinds));
  const idle = idleMs < idleAfterMs ? 1 : 2 ** Math.min(6, Math.floor(idleMs / idleAfterMs));
  const failing = Math.min(usual * 2 ** Math.min(6, failures), longestFailingMs);
  const paced = Math.max(usual, failing, Math.min(longestMs, usual * idle));
  // While one request runs, one slot of several is taken.
  const fairAt = endedAt + tookMs * Math.max(0, 1 / (share * slots) - 1);
  return { nextAt: Math.max(dueAt + paced, fairAt), betweenAt: Math.max(dueAt + paced / 2, fairAt) };
}
