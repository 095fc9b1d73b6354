// Owns how long WordPress is left alone: longer each time, as long as it asks for, and less long for what was answered before.

import type { UpstreamError } from '../errors.ts';

/** Who finds out whether WordPress is back: what was answered before, that in the place of somebody else's, or anybody's. */
export type Asker = 'known' | 'witness' | 'anyone';

/** What a wait needs. */
export interface WaitOptions {
  /** It does not heed `Retry-After`, which is meant for somebody else. */
  readonly ignoresRetryAfter?: boolean | undefined;
  readonly now: () => number;
  /** Spreads probes; a number from 0 to 1. */
  readonly random: () => number;
}

/** A wait, which is over before it begins. */
export interface Wait {
  /**
   * Begins at `since`: a probe that nobody answered has been a wait already. What was answered before finds out after
   * `doubtedMs` where the failure may be about what was asked. Returns how many milliseconds are left.
   */
  begin(failure: UpstreamError, since: number, doubtedMs?: number): number;
  /** Is over for nobody before that time. */
  prolong(until: number): void;
  /** How many milliseconds are left; none where it is zero or less. */
  leftFor(asker: Asker): number;
  /** Whether WordPress asks by a failure for a wait that is no matter of a retry. */
  isAskedFor(failure: UpstreamError): boolean;
  /** The next one is as short as the first. */
  reset(): void;
}

const firstMs = 5_000;
/** With what spreads probes, nobody waits for longer than ten seconds once WordPress is back. */
const longestMs = 7_500;
/** After this part of a wait, what is known to work may find out. */
const partOfKnown = 0.75;
const shortestRetryAfterSeconds = 2;
const longestRetryAfterSeconds = 300;

/** The waits of one breaker. */
export function createWait({ ignoresRetryAfter, now, random }: WaitOptions): Wait {
  let ms = firstMs;
  let until: Readonly<Record<Asker, number>> = { known: 0, witness: 0, anyone: 0 };

  const secondsOf = ({ waitSeconds = 0 }: UpstreamError) => (ignoresRetryAfter ? 0 : waitSeconds);
  const isAskedFor = (failure: UpstreamError) => secondsOf(failure) > shortestRetryAfterSeconds;

  return {
    isAskedFor,
    begin(failure, since, doubtedMs = Number.POSITIVE_INFINITY) {
      const at = now();
      if (isAskedFor(failure)) {
        const end = at + 1000 * Math.min(secondsOf(failure), longestRetryAfterSeconds);
        until = { known: end, witness: end, anyone: end };
      } else {
        const anyone = Math.max(at, since + ms * (0.8 + 0.4 * random()));
        const known = at + Math.min(doubtedMs, partOfKnown * (anyone - at));
        until = { known, witness: Math.min(at + doubtedMs, anyone), anyone };
        ms = Math.min(longestMs, 2 * ms);
      }
      return until.anyone - at;
    },
    prolong(least) {
      const { known, witness, anyone } = until;
      until = { known: Math.max(known, least), witness: Math.max(witness, least), anyone: Math.max(anyone, least) };
    },
    leftFor: (asker) => until[asker] - now(),
    reset() {
      ms = firstMs;
    },
  };
}
