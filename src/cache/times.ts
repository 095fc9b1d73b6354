// Owns until when something may be used: at once, while it is read anew, and while reading it fails.

/** Times of a cache's clock, in ms. */
export interface Times {
  /** When WordPress said it. */
  readonly storedAt: number;
  /** Until then it is used without a thought. */
  readonly freshUntil: number;
  /** Until then it is used while it is read anew. */
  readonly staleUntil: number;
  /** Until then it is used when reading it anew fails. */
  readonly errorUntil: number;
  /** It was purged: nothing but an outage of WordPress is a reason to use it. */
  readonly isPurged?: true;
}

/** How long what WordPress said is used; each begins where the one before ends. */
export interface TimeSettings {
  readonly freshSeconds: number;
  readonly staleSeconds: number;
  readonly staleIfErrorSeconds: number;
}

/** The times of what WordPress says now. What fails may be used as long as what is read anew, or longer. */
export function toTimes(now: number, { freshSeconds, staleSeconds, staleIfErrorSeconds }: TimeSettings): Times {
  const freshUntil = now + 1000 * freshSeconds;
  const staleUntil = freshUntil + 1000 * staleSeconds;
  return {
    storedAt: now,
    freshUntil,
    staleUntil,
    errorUntil: Math.max(staleUntil, freshUntil + 1000 * staleIfErrorSeconds),
  };
}

const endless = Number.POSITIVE_INFINITY;

/** Of what stands for as long as anybody asks. */
export const always: Times = { storedAt: endless, freshUntil: endless, staleUntil: endless, errorUntil: endless };

/** Of what is used once: it says nothing of how old the rest is. */
export const never: Times = { storedAt: endless, freshUntil: 0, staleUntil: 0, errorUntil: 0 };

/** Whether something that is used once is among what has these times. */
export function isNever({ freshUntil }: Times): boolean {
  return freshUntil === never.freshUntil;
}
