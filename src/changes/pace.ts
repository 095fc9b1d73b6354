// Owns how often WordPress is asked for changes: seldom when nobody asks the gateway, and never for more than its share.

/** How a pace is set. */
export interface PaceOptions {
  /** From one request to the next at least, in ms. */
  readonly intervalMs: number;
  /** How many kinds are asked for in turn. */
  readonly kinds: number;
  /** Share of what WordPress can do, from 0 to 1, and how many requests it takes at the same time. */
  readonly share: number;
  readonly slots: number;
}

/** How things stand. */
export interface PaceState {
  /** Since when nobody asked the gateway, in ms. */
  readonly idleMs: number;
  /** How long the last request took, in ms. */
  readonly tookMs: number;
  /** Requests that failed one after the other. */
  readonly failures: number;
}

/** All kinds have had their turn within this time: an edit shows within 10 s. */
const roundMs = 8000;
/** After that the gateway counts as not asked. */
const idleAfterMs = 60_000;
const longestMs = 60_000;

/** The time from the end of one request to the next one, in ms. */
export function nextInMs({ intervalMs, kinds, share, slots }: PaceOptions, state: PaceState): number {
  const { idleMs, tookMs, failures } = state;
  const usual = Math.max(intervalMs, roundMs / Math.max(1, kinds));
  const idle = idleMs < idleAfterMs ? 1 : 2 ** Math.min(6, Math.floor(idleMs / idleAfterMs));
  const slow = 2 ** Math.min(6, failures);
  const paced = Math.min(Math.max(longestMs, usual), usual * Math.max(idle, slow));
  // While one request runs, one slot of several is taken.
  const fair = tookMs * Math.max(0, 1 / (share * slots) - 1);
  return Math.max(paced, fair);
}
