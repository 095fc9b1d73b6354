// Owns when requests came: by that a stop tells whether more of them will.

/** When requests came, by the clock of `performance.now()`. */
export interface Traffic {
  /** A request came. */
  came(url: string): void;
  /** The last one of any kind. */
  readonly seenAt: number;
  /** The last one of a client: looks of those who watch the gateway are none. */
  readonly askedAt: number;
  /** The first of those of clients that followed each other without a pause of {@link pauseMs}. */
  readonly steadySince: number;
}

/** As long as this takes no client that sends steadily, be its process late. */
export const pauseMs = 1000;

/** Begins to watch: nobody has asked yet. */
export function createTraffic(): Traffic {
  const traffic = {
    seenAt: Number.NEGATIVE_INFINITY,
    askedAt: Number.NEGATIVE_INFINITY,
    steadySince: Number.NEGATIVE_INFINITY,
    came(url: string) {
      const now = performance.now();
      traffic.seenAt = now;
      if (/^\/(?:health|ready|metrics)(?:\?|$)/.test(url)) return;
      if (now - traffic.askedAt >= pauseMs) traffic.steadySince = now;
      traffic.askedAt = now;
    },
  };
  return traffic;
}
