// Owns opening the tier that processes share, for a test: in use when it is given, closed with the test.

import { expect, onTestFinished, vi } from 'vitest';
import { openRedisTier, type RedisTierOptions, type SharedTier } from '../../src/cache/redis/redis-tier.ts';
import { parseRedisUrl, type RedisAddress } from '../../src/cache/redis/redis-url.ts';

/** The address that a URL of Redis names; throws where it names none. */
export function addressOf(url: string): RedisAddress {
  const address = parseRedisUrl(url);
  if (!address) throw new Error(url);
  return address;
}

/** One process's view of the tier. A loaded machine is no slow Redis: it may take its time unless that is the point. */
export async function openTier(
  { url }: { readonly url: string },
  options: Partial<RedisTierOptions> = {},
): Promise<SharedTier> {
  const nothing = () => undefined;
  const fixed = { address: addressOf(url), site: 'http://site.test', waitMs: 5000, onPurge: nothing, onState: nothing };
  const tier = openRedisTier({ ...fixed, ...options });
  onTestFinished(() => tier[Symbol.asyncDispose]());
  await untilUsable(tier, true);
  return tier;
}

/** Waits until it is in use, or out of it. */
export async function untilUsable(tier: SharedTier, isUsable: boolean): Promise<void> {
  await vi.waitFor(() => expect(tier.isUsable).toBe(isUsable), { timeout: 60_000, interval: 20 });
}
