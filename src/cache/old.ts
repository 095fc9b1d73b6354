// Owns what becomes of what is purged: what is gone is forgotten, the rest is old, and used only where WordPress fails.

import type { Times } from './times.ts';

/**
 * Tags of what must not be shown any more, whatever happens: `absent` where it is known that WordPress does not show it,
 * `doubtful` where it may show it otherwise. `all` where nothing is known.
 */
export type Gone = 'all' | ReadonlyMap<string, 'absent' | 'doubtful'>;

/** Nothing is gone. */
export const noneGone: Gone = new Map();

/** Whether something with these tags is gone. */
export function isGone(tags: readonly string[], gone: Gone): boolean {
  return gone === 'all' || (gone.size > 0 && tags.some((tag) => gone.has(tag)));
}

/**
 * Times of what was true until now: used only while WordPress fails, for as long as what ceases to be fresh now; null
 * where that is no time.
 */
export function toOldTimes({ storedAt, freshUntil, staleUntil, errorUntil }: Times, now: number): Times | null {
  const until = Math.min(errorUntil, now + errorUntil - freshUntil);
  if (!(until > now)) return null;
  const [fresh, stale] = [Math.min(freshUntil, now), Math.min(staleUntil, now)];
  return { storedAt, freshUntil: fresh, staleUntil: stale, errorUntil: until, isPurged: true };
}

/** Whether it is used only then already. */
export function isOld({ staleUntil }: Times, now: number): boolean {
  return staleUntil <= now;
}
