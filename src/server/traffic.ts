// Owns when requests came: by that a stop tells whether more of them will.

/** When requests came, by the clock of `performance.now()`. */
export interface Traffic {
  /** A request came. */
  came(url: string): void;
  /** A request of a client came to another process that listens to the same port. */
  heard(): void;
  /** The last one of any kind. */
  readonly seenAt: number;
  /** The last one of a client: looks of those who watch the gateway are none. */
  readonly askedAt: number;
  /** The first of those of clients that followed each other without a pause of {@link pauseMs}. */
  readonly steadySince: number;
}

/** As long as this takes no client that sends steadily, be its process late. */
export const pauseMs = 1000;

/** What all know is not told again so soon: much shorter than a pause, and much longer than a message takes. */
const tellEveryMs = 100;

/**
 * Begins to watch: nobody has asked yet. Where other processes listen to the same port, `tell` has them hear that a request
 * came: what one sees of steady clients that come on new connections has pauses.
 */
export function createTraffic(tell?: () => void): Traffic {
  let knownAt = Number.NEGATIVE_INFINITY;
  const ask = (now: number) => {
    if (now - traffic.askedAt >= pauseMs) traffic.steadySince = now;
    traffic.seenAt = now;
    traffic.askedAt = now;
  };
  const traffic = {
    seenAt: Number.NEGATIVE_INFINITY,
    askedAt: Number.NEGATIVE_INFINITY,
    steadySince: Number.NEGATIVE_INFINITY,
    came(url: string) {
      const now = performance.now();
      traffic.seenAt = now;
      if (/^\/(?:health|ready|metrics)(?:\?|$)/.test(url)) return;
      ask(now);
      if (!tell || now - knownAt < tellEveryMs) return;
      knownAt = now;
      tell();
    },
    heard() {
      knownAt = performance.now();
      ask(knownAt);
    },
  };
  return traffic;
}
