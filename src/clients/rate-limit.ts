// Owns how often a client may ask: counted by its credentials or its address, before anything else is done for it.

import { setMaxListeners } from 'node:events';
import { createBoundedMap } from '../bounded-map.ts';
import type { RateStore } from '../cache/rate-store.ts';
import { createSecretMemory } from '../cache/secret-memory.ts';
import { HeadgateError, RateError } from '../errors.ts';
import { type RequestHeaders, readAuthorization, readHeader } from '../wordpress/credentials.ts';
import { toUpstreamError } from '../wordpress/failures.ts';
import { createLimiter, type Limiter, OverloadedError } from '../wordpress/limiter.ts';
import { type Client, toAddressKey, toClientAddress, toSecretKey } from './client-key.ts';

/** What came of a request. */
export interface Settled {
  readonly status: number;
  /** Requests to WordPress that were made for it; absent where it was answered before anybody looked at its credentials. */
  readonly reads?: number | undefined;
}

/**
 * Has the credentials of a request looked at, and counts it by their user unless it was counted so. Rejects with a
 * `RateError` where he, or whoever guesses, may not ask now, and with an `UpstreamError` where too many wait to be looked
 * at; the signal ends the waiting.
 */
export type Prove = <User extends { readonly id: number }>(
  look: () => Promise<User>,
  signal: AbortSignal | undefined,
) => Promise<User>;

/** Bounds what clients ask. */
export interface RateLimit {
  /** 0 where a client may ask, and has been counted; else the ms until it may. */
  take(client: Client): number | Promise<number>;
  /** 0 where a client may prove who it is, which costs nothing where it succeeds; else the ms until it may. */
  takeProof(client: Client): number | Promise<number>;
  /** Gives what proves a request that was taken. */
  proofOf(client: Client): Prove;
  /** Counts requests to WordPress that a client caused, whether it is still there or not. */
  charge(client: Client, reads: number): void;
  /** Counts what a request has cost beside that; null where its client left before there was an answer. */
  settle(client: Client, settled: Settled | null): void;
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
 * How many credentials of one address are looked at while nobody knows whose they are: more the more of them are good, and
 * from a wrong one on half as many.
 */
const looks = { firstSlots: 4, maxConcurrent: 64, maxQueued: 200, queueTimeoutMs: 5000 };
/** Some thousand addresses of which that is known. */
const linesBytes = 4 * 1024 * 1024;
const lineBytes = 2048;

/** For who never leaves. */
const staying = new AbortController().signal;
setMaxListeners(0, staying);

/** Whose credentials are which is asked of WordPress more often. */
const knownSeconds = 600;
/** Some ten thousand of them. */
const knownBytes = 4 * 1024 * 1024;
const userBytes = 64;

/**
 * A request is one point, and each request to WordPress that it causes another one. Who has credentials is counted as the
 * user that WordPress takes them for, wherever he calls from, and by them until it was asked: one user can write his in
 * many ways. But credentials can be made up, so what comes from an address that has none left, for instance because it
 * guesses passwords, is refused with any of them; and so does it pay for what was answered before anybody looked at them,
 * and for what was refused to their user once they were looked at.
 */
export function createRateLimit({ store, viewers = store, callerStore, proxies }: RateLimitOptions): RateLimit {
  const users = createSecretMemory<{ readonly key: string }>({ maxBytes: knownBytes, bytesOf: () => userBytes });
  /** Requests that were counted by a user, with his key. */
  const counted = new WeakMap<Client, string>();
  /** Those whose credentials were looked at, or are. */
  const judged = new WeakSet<Client>();
  const lines = createBoundedMap<Limiter>({ maxBytes: linesBytes, bytesOf: () => lineBytes });
  const addressOf = (client: Client) => toAddressKey(toClientAddress(client, proxies));
  const accountOf = ({ headers }: Client): Account | null => {
    const own = callerStore?.(headers);
    if (own) return { key: toSecretKey(`key ${readHeader(headers, 'x-api-key')}`), store: own, isKnown: true };
    const authorization = readAuthorization(headers);
    if (authorization === null) return null;
    const user = users.get(authorization)?.key;
    return { key: user ?? toSecretKey(toOneForm(authorization)), user, store: viewers, isKnown: false };
  };
  const guessed = (client: Client) => {
    store.charge(addressOf(client), costOfGuess);
    users.forget(readAuthorization(client.headers) ?? '');
  };

  function lineOf(client: Client): Limiter {
    const address = addressOf(client);
    const line = lines.get(address) ?? createLimiter(looks);
    lines.set(address, line);
    return line;
  }

  /** Looks at credentials; who left meanwhile pays for them as well. */
  async function judge<User>(client: Client, look: () => Promise<User>): Promise<User> {
    judged.add(client);
    try {
      return await look();
    } catch (error) {
      if (isGuess(error)) guessed(client);
      throw error;
    }
  }

  /** Where nobody can say whose they are, the address pays for the attempt: anybody can make some up. */
  async function judgeNew<User>(client: Client, look: () => Promise<User>): Promise<User> {
    judged.add(client);
    const line = lineOf(client);
    const startedAt = performance.now();
    // Those before it may have used up the address.
    const waitMs = await store.take(addressOf(client), 0);
    if (waitMs > 0) throw new RateError(waitMs);
    try {
      return await judge(client, look);
    } catch (error) {
      if (isGuess(error)) line.slowDown(startedAt, looks.firstSlots);
      else store.charge(addressOf(client), 1);
      throw error;
    }
  }

  async function judgeInLine<User>(
    client: Client,
    look: () => Promise<User>,
    signal: AbortSignal = staying,
  ): Promise<User> {
    try {
      return await lineOf(client).run(() => judgeNew(client, look), signal);
    } catch (error) {
      throw error instanceof OverloadedError ? toUpstreamError('new credentials', error) : error;
    }
  }

  async function countUser(client: Client, userId: number): Promise<void> {
    const key = `user:${userId}`;
    users.set(readAuthorization(client.headers) ?? '', { key }, knownSeconds);
    if (counted.get(client) === key) return;
    counted.set(client, key);
    const waitMs = await viewers.take(key, 1);
    if (waitMs === 0) return;
    store.charge(addressOf(client), 1);
    throw new RateError(waitMs);
  }

  return {
    take(client) {
      const account = accountOf(client);
      if (account === null) return store.take(addressOf(client), 1);
      const next = (waitMs: number) => (waitMs > 0 ? waitMs : account.store.take(account.key, 1));
      if (account.isKnown) return next(0);
      if (account.user !== undefined) counted.set(client, account.user);
      const wait = store.take(addressOf(client), 0);
      return typeof wait === 'number' ? next(wait) : wait.then(next);
    },
    takeProof: (client) => store.take(addressOf(client), 0),
    proofOf: (client) => async (look, signal) => {
      const account = accountOf(client);
      if (account?.isKnown) return judge(client, look);
      const isNew = account?.user === undefined;
      const user = await (isNew ? judgeInLine(client, look, signal) : judge(client, look));
      await countUser(client, user.id);
      return user;
    },
    charge(client, reads) {
      if (reads === 0) return;
      const account = accountOf(client);
      if (account) account.store.charge(account.key, reads);
      else store.charge(addressOf(client), reads);
    },
    settle(client, settled) {
      if (judged.has(client)) return;
      if (settled?.status === 401) return guessed(client);
      const account = settled?.reads === undefined ? accountOf(client) : null;
      if (account && !account.isKnown) store.charge(addressOf(client), 1);
    },
  };
}

/** Whether WordPress has said that credentials are not valid. */
function isGuess(error: unknown): boolean {
  return error instanceof HeadgateError && error.code === 'UNAUTHENTICATED';
}

/** Schemes in capitals, and with more than one blank behind them, are the same. */
function toOneForm(authorization: string): string {
  return authorization.replace(/^\S+\s+/, (scheme) => `${scheme.trim().toLowerCase()} `);
}

/** Where somebody with credentials is counted. */
interface Account {
  readonly key: string;
  /** The key of the user that WordPress took the credentials for. */
  readonly user?: string | undefined;
  readonly store: RateStore;
  /** Whether the credentials are known to be good, and no guess. */
  readonly isKnown: boolean;
}
