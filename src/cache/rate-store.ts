// Owns how much each client has taken lately: one moment in time for each, within one bound of bytes.

import { LRUCache } from 'lru-cache';

/** Counts what clients take. One in this process answers at once; one that processes share may take a moment. */
export interface RateStore {
  /**
   * Takes so many points, and gives 0; or takes none, and gives the ms until so many are there. Without a cost it tells
   * whether there is any left.
   */
  take(key: string, cost: number): number | Promise<number>;
  /** Takes points for what has happened already, also where none are left: a client waits for longer then. */
  charge(key: string, cost: number): void;
}

/** A store in this process. */
export interface OwnRateStore extends RateStore {
  /** Learns in how many ms all points are there again, where that is later than is known here. */
  learn(key: string, wholeInMs: number): void;
}

/** How much a client may take. */
export interface RateOptions {
  /** Points that a client has to begin with, and that come back within each period. */
  readonly points: number;
  readonly seconds: number;
  readonly maxBytes?: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** What lru-cache keeps of an entry: a key, a number, and their places in its lists. Measured with Node.js 20. */
const overheadBytes = 240;

/**
 * A store in this process. Of each client it keeps the moment at which all points will be there again (the generic cell
 * rate algorithm), so that a flood of clients is a flood of numbers: no timers, no windows. Who floods it makes it
 * forget those that were idle for longest, which gives them back what they took.
 */
export function createRateStore(options: RateOptions): OwnRateStore {
  const { points, seconds, maxBytes = 8 * 1024 * 1024, now = () => performance.now() } = options;
  const periodMs = 1000 * seconds;
  const msPerPoint = periodMs / points;
  const wholeAt = new LRUCache<string, number>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: (_, key) => overheadBytes + 2 * key.length,
  });
  return {
    take(key, cost) {
      const at = now();
      const known = wholeAt.get(key) ?? at;
      const after = Math.max(known, at) + cost * msPerPoint;
      const waitMs = after - at - periodMs;
      // Moments are sums of fractions: half a point is no reason to refuse the last one.
      if (waitMs > msPerPoint / 2) return waitMs;
      if (cost > 0) wholeAt.set(key, after);
      return 0;
    },
    charge(key, cost) {
      const at = now();
      const after = Math.max(wholeAt.get(key) ?? at, at) + cost * msPerPoint;
      // Nobody waits for more than one period: a debt is no ban.
      wholeAt.set(key, Math.min(after, at + 2 * periodMs));
    },
    learn(key, wholeInMs) {
      const at = now();
      if (wholeInMs > 0) wholeAt.set(key, Math.max(wholeAt.get(key) ?? at, at + wholeInMs));
    },
  };
}
