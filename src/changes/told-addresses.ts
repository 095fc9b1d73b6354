// Owns asking WordPress what told addresses show now, and purging that: a few at a time, and nobody waits for long.

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log.ts';

/** What asking stands on. */
export interface ToldAddressesOptions {
  /** Tags of what an address shows now; rejects where WordPress does not say. */
  readonly tagsAt: (uri: string, signal: AbortSignal) => Promise<readonly string[]>;
  readonly purge: (tags: readonly string[]) => Promise<void>;
  /** How long it is waited for. */
  readonly waitMs: number;
  readonly logger: Logger;
}

/** What was found out in time. */
export interface ShownThere {
  /** Tags of what was purged. */
  readonly tags: readonly string[];
  /** Addresses of which WordPress did not say what they show. */
  readonly unanswered: readonly string[];
}

/** Fewer than a site gets of all: visitors are to find WordPress free. */
const atOnce = 3;
/** As long as an operation may take. */
const longestMs = 30_000;

/** Purges what addresses show now, the first ones first. What is found out later than that is purged when it is. */
export async function purgeShown(uris: Iterable<string>, options: ToldAddressesOptions): Promise<ShownThere> {
  const { tagsAt, purge, waitMs, logger } = options;
  const signal = AbortSignal.timeout(longestMs);
  const open = new Set(uris);
  const found = new Set<string>();
  let failure: unknown;

  async function ask(uri: string): Promise<void> {
    try {
      for (const tag of await tagsAt(uri, signal)) found.add(tag);
      open.delete(uri);
    } catch (error) {
      failure ??= error;
    }
  }

  async function askAll(): Promise<void> {
    const queue = [...open].values();
    const askOn = async () => {
      for (const uri of queue) if (!signal.aborted) await ask(uri);
    };
    await Promise.all(Array.from({ length: atOnce }, askOn));
  }

  async function purgeFound(): Promise<readonly string[]> {
    const tags = [...found];
    found.clear();
    if (tags.length > 0) await purge(tags);
    return tags;
  }

  const asking = askAll();
  await Promise.race([asking, delay(waitMs, undefined, { ref: false })]);
  const unanswered = [...open];
  const tags = await purgeFound();
  if (unanswered.length > 0) {
    const addresses = unanswered.length;
    logger.warn({ addresses, err: failure }, 'WordPress did not say in time what addresses show that a webhook named');
    asking.then(purgeFound).catch((error) => logger.error({ err: error }, 'what was found late could not be purged'));
  }
  return { tags, unanswered };
}
