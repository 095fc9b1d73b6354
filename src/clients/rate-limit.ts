// Owns how often a client may ask: counted by its credentials or its address, before anything else is done for it.

import type { RateStore } from '../cache/rate-store.ts';
import { type RequestHeaders, readAuthorization, readHeader } from '../wordpress/credentials.ts';
import { type Client, toAddressKey, toClientAddress, toSecretKey } from './client-key.ts';

/** What came of a request. */
export interface Settled {
  readonly status: number;
  /** Requests to WordPress that were made for it; undefined where it was answered before anybody looked at its credentials. */
  readonly reads: number | undefined;
}

/** Bounds what clients ask. */
export interface RateLimit {
  /** 0 where a client may ask, and has been counted; else the ms until it may. */
  take(client: Client): number | Promise<number>;
  /** 0 where a client may prove who it is, which costs nothing where it succeeds; else the ms until it may. */
  takeProof(client: Client): number | Promise<number>;
  /** Counts what a request has cost beside being asked. */
  settle(client: Client, settled: Settled): void;
}

/** What a limit counts by. */
export interface RateLimitOptions {
  /** Counts clients that have no other limit. */
  readonly store: RateStore;
  /** Counts those with credentials of WordPress; as all others unless told. */
  readonly viewers?: RateStore;
  /** Counts the holder of an API key; null for others, whatever they send as one. */
  readonly callerStore?: (headers: RequestHeaders) => RateStore | null;
  /** How many proxies stand between clients and the gateway. */
  readonly proxies: number;
}

/** What an attempt with credentials that are not valid costs the address that it came from. */
const costOfGuess = 10;

/**
 * A request is one point, and each request to WordPress that it causes another one. Who has credentials is counted by
 * those, wherever he calls from: but credentials can be made up, so what comes from an address that has none left, for
 * instance because it guesses passwords, is refused with any of them; and so does it pay for what was answered before
 * anybody looked at them.
 */
export function createRateLimit({ store, viewers = store, callerStore, proxies }: RateLimitOptions): RateLimit {
  const addressOf = (client: Client) => toAddressKey(toClientAddress(client, proxies));
  const accountOf = ({ headers }: Client): Account | null => {
    const own = callerStore?.(headers);
    if (own) return { key: toSecretKey(`key ${readHeader(headers, 'x-api-key')}`), store: own, isKnown: true };
    const authorization = readAuthorization(headers);
    return authorization === null ? null : { key: toSecretKey(authorization), store: viewers, isKnown: false };
  };
  return {
    take(client) {
      const account = accountOf(client);
      if (account === null) return store.take(addressOf(client), 1);
      const next = (waitMs: number) => (waitMs > 0 ? waitMs : account.store.take(account.key, 1));
      if (account.isKnown) return next(0);
      const wait = store.take(addressOf(client), 0);
      return typeof wait === 'number' ? next(wait) : wait.then(next);
    },
    takeProof: (client) => store.take(addressOf(client), 0),
    settle(client, { status, reads }) {
      if (status === 401) store.charge(addressOf(client), costOfGuess);
      if (reads === 0) return;
      const account = accountOf(client);
      if (reads === undefined) {
        if (account && !account.isKnown && status !== 401) store.charge(addressOf(client), 1);
      } else if (account) account.store.charge(account.key, reads);
      else store.charge(addressOf(client), reads);
    },
  };
}

/** Where somebody with credentials is counted. */
interface Account {
  readonly key: string;
  readonly store: RateStore;
  /** Whether the credentials are known to be good, and no guess. */
  readonly isKnown: boolean;
}
