// Owns the limits of a gateway's clients as its settings have them: one for all, one for users of WordPress, one for each key.

import type { RateOptions, RateStore } from '../cache/rate-store.ts';
import type { RequestHeaders } from '../wordpress/credentials.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

/** Limits within a minute; 0 for as often as they like. */
export interface ClientLimits {
  readonly perMinute: number;
  /** Of those with credentials of WordPress. */
  readonly viewersPerMinute: number;
  /** Who calls with an API key, and how often that one may: undefined for as often as others. */
  readonly callers: {
    readonly hasLimits: boolean;
    callerOf(headers: RequestHeaders): { readonly perMinute?: number } | 'unknown' | null;
  };
  /** How many proxies stand between clients and the gateway. */
  readonly proxies: number;
  /** Makes what counts. */
  readonly count: (options: RateOptions) => RateStore;
}

const open: RateStore = { take: () => 0, charge: () => undefined };

/** The limit of all of them; undefined where everybody may ask as often as they like. */
export function openRateLimit(limits: ClientLimits): RateLimit | undefined {
  const { perMinute, viewersPerMinute, callers, proxies, count } = limits;
  if (perMinute === 0 && viewersPerMinute === 0 && !callers.hasLimits) return undefined;
  const stores = new Map([[0, open]]);
  // Clients with the same limit share a store, in which each has a count of its own.
  const storeOf = (points: number): RateStore => {
    const store = stores.get(points) ?? count({ points, seconds: 60 });
    stores.set(points, store);
    return store;
  };
  const callerStore = (headers: RequestHeaders) => {
    const caller = callers.callerOf(headers);
    return caller === null || caller === 'unknown' ? null : storeOf(caller.perMinute ?? perMinute);
  };
  return createRateLimit({ store: storeOf(perMinute), viewers: storeOf(viewersPerMinute), callerStore, proxies });
}
