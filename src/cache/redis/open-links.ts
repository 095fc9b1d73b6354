// Owns opening the connections of a tier: all of them leave a server that has become a replica, once the address leads to
// another one that takes writes.

import { setTimeout as delay } from 'node:timers/promises';
import { openRedisLink, type RedisLink } from './redis-link.ts';
import type { RedisAddress } from './redis-url.ts';
import { within } from './within.ts';

/** What opening takes. */
export interface OpenLinksOptions {
  readonly address: RedisAddress;
  /** What all keys begin with. */
  readonly prefix: string;
  /** Told of failures to connect. */
  readonly onError: (error: unknown) => void;
}

/** So long an attempt to find another server may take, and the pause between two. */
const attemptMs = 1000;

/** Opens three: for what is waited for, for what nobody waits for, and for the log. */
export function openLinks({ address, prefix, onError }: OpenLinksOptions): [RedisLink, RedisLink, RedisLink] {
  let isLeaving = false;
  const open = () => openRedisLink(address, onError, () => void leave());
  const links: [RedisLink, RedisLink, RedisLink] = [open(), open(), open()];

  /** A connection of its own tries it first: where there is no other server, what is read goes on undisturbed. */
  async function leave(): Promise<void> {
    if (isLeaving) return;
    isLeaving = true;
    const scout = openRedisLink(address, () => undefined);
    try {
      await within(scout.tried, attemptMs);
      const nothing = `${prefix}nothing`;
      // Refused by a replica as any write is.
      await within(scout.send(nothing, ['DEL', nothing]), attemptMs);
      for (const link of links) link.renew();
    } catch {
      // None yet: the next write that is refused tries again.
    } finally {
      scout.close();
    }
    await delay(attemptMs, undefined, { ref: false });
    isLeaving = false;
  }

  return links;
}
