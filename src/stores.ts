// Owns what a gateway keeps beside its schema: answers, what is shared with other processes, what outlasts a restart.

import { createHash } from 'node:crypto';
import { isMissing, openGoneFile } from './cache/gone-file.ts';
import type { MemoryCache } from './cache/memory-cache.ts';
import type { Gone } from './cache/old.ts';
import type { SharedTier } from './cache/redis/redis-tier.ts';
import { within } from './cache/redis/within.ts';
import { createResponseStore, type ResponseStore } from './cache/response-store.ts';
import { readPlace, readSnapshot, type SnapshotParts, writeSnapshot } from './cache/snapshot.ts';
import { createTieredStore } from './cache/tiered-store.ts';
import type { Times } from './cache/times.ts';
import type { Remembrance } from './changes/remembered.ts';
import type { Config } from './config/load-config.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type KnownSite, toFacts } from './wordpress/discovery-file.ts';
import type { SharedDiscovery } from './wordpress/open-site.ts';

/** What a gateway keeps. */
export interface Stores extends AsyncDisposable {
  readonly answers: ResponseStore;
  /** Shared with other processes; none without Redis. */
  readonly tier: SharedTier | undefined;
  readonly discovery: SharedDiscovery | undefined;
  /** Keeps, as long as anything is kept, what was last seen of the site; none without Redis. */
  readonly remembrance: Remembrance | undefined;
  /** Says what the site is by now: answers depend on it. */
  setSite(known: KnownSite): void;
  /** Fills the caches from the snapshot, soon or, where it is large, behind; keeps what they know from then on. */
  restore(cache: MemoryCache): Promise<void>;
  /** Keeps what is gone of some tags, null for everything, from coming back with the snapshot that is there. */
  forget(tags: readonly string[] | null, gone: Gone): void;
}

/** What opening takes. */
export interface StoresOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told what other processes purge. */
  readonly onPurge: (tags: readonly string[] | null, details?: unknown) => void;
  /** Told where Redis has lost what was purged last: what is known here may be otherwise by now. */
  readonly onLost: () => void;
}

const snapshotMs = 5 * 60_000;
/** As a rule nothing else is kept for longer. */
const rememberedMs = 7 * 24 * 3_600_000;
/** How long a start waits for what a snapshot holds. */
const restoreMs = 250;
/** How long a start waits for a Redis that is silent, unless single replies may take longer: without it, it starts as well. */
const patienceMs = 250;

/** Opens them. */
export async function openStores(options: StoresOptions): Promise<Stores> {
  const { config, logger, metrics } = options;
  const { wordpressUrl: site, discovery, snapshotFile } = config;
  let variant = '';
  // What depends on how this gateway reads the site is not for one that reads it otherwise.
  const own = [config.version, config.credentials?.username ?? null, config.menuLocations, [...discovery.names]];
  const tier = config.redis ? await openTier(options, config.redis) : undefined;
  const store = createResponseStore(config.responses);
  metrics.watchStore(() => store.size());
  const answers = tier ? createTieredStore(store, tier, () => variant) : store;
  const siteKey = `site:${hash(own)}`;
  let parts: SnapshotParts | undefined;
  let timer: NodeJS.Timeout | undefined;
  let restoring: Promise<void> | undefined;
  let saving: Promise<void> | undefined;

  const warn = (error: unknown) => logger.warn({ err: error }, `What is known could not be kept in ${snapshotFile}`);
  const goneFile =
    snapshotFile === null
      ? null
      : openGoneFile(snapshotFile, (error) => {
          // Where there is no folder yet, there is no snapshot.
          if (!isMissing(error)) warn(error);
        });

  async function save(): Promise<void> {
    if (snapshotFile === null || !parts) return;
    const end = goneFile?.begin();
    try {
      await writeSnapshot(snapshotFile, { ...parts, variant }, tier?.place() ?? null);
      await end?.();
    } catch (error) {
      warn(error);
    }
  }

  async function fill(file: string, into: SnapshotParts): Promise<void> {
    try {
      const count = await readSnapshot(file, into);
      if (count > 0) logger.info({ count }, 'started with what was known before');
    } catch (error) {
      if (!isMissing(error)) logger.warn({ err: error }, `${file} could not be read as a whole`);
    }
  }

  function startSaving(): Promise<void> {
    saving ??= save().finally(() => {
      saving = undefined;
    });
    return saving;
  }

  return {
    answers,
    tier,
    discovery: tier && {
      read: async () => (await tier.read([siteKey]))[0]?.value,
      write(known) {
        tier.write(siteKey, {
          value: known,
          times: lasting(1000 * discovery.intervalSeconds),
          tags: ['route:wp/v2/settings'],
        });
      },
    },
    remembrance: tier && {
      read: async (name) => (await tier.read([name]))[0]?.value,
      write: (name, value) => tier.write(name, { value, times: lasting(rememberedMs), tags: [] }),
    },
    setSite(known) {
      // An answer that is kept is not validated again: one that tells of the schema is for who tells it.
      const isTold = config.introspection && !config.hardened;
      variant = hash([own, toFacts(known), config.scanLimit, config.limits, isTold]);
    },
    async restore(cache) {
      if (snapshotFile === null) return;
      parts = { site, variant, cache, store };
      restoring = fill(snapshotFile, parts);
      await within(restoring, restoreMs).catch(() => undefined);
      timer = setInterval(() => void startSaving(), snapshotMs).unref();
    },
    forget(tags, gone) {
      const forgotten = gone === 'all' ? tags : [...gone.keys()];
      if (forgotten === null || forgotten.length > 0) goneFile?.add(forgotten);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      // What is written in the middle of it would lack the rest.
      await restoring;
      await saving;
      await save();
      await tier?.[Symbol.asyncDispose]();
    },
  };
}

async function openTier(
  { config, logger, metrics, onPurge, onLost }: StoresOptions,
  { address, waitMs }: NonNullable<Config['redis']>,
): Promise<SharedTier> {
  // Loaded where it is wanted: a start without Redis does not wait for its client.
  const { openRedisTier } = await import('./cache/redis/redis-tier.ts');
  let isUsed: (value?: unknown) => void = () => undefined;
  const used = new Promise((resolve) => {
    isUsed = resolve;
  });
  const { wordpressUrl: site, snapshotFile } = config;
  const place = snapshotFile === null ? undefined : await readPlace(snapshotFile, site);
  const tier = openRedisTier({
    ...{ address, waitMs, onPurge, onLost, site, place },
    onRead: (hits, misses) => metrics.lookedUp('redis', hits, misses),
    onState(isUsable, error) {
      metrics.sharing(isUsable);
      if (isUsable) logger.info('Redis is in use');
      else logger.warn({ err: error }, 'Redis cannot be used; the gateway goes on by itself until it can');
      isUsed();
    },
    onSlow(isSlow) {
      if (isSlow) logger.warn('Redis is slow; what it has is not waited for until it is quicker');
      else logger.info('Redis is as quick as before');
    },
    onTelling(isTold, error) {
      if (isTold) logger.info('Redis takes again what changes, and has all of it');
      else logger.warn({ err: error }, 'Redis does not take what changes; other gateways are told when it does');
    },
  });
  const failed = tier.isReached.then((isReached) => (isReached ? used : undefined));
  // A process that was busy meanwhile reads first what has come.
  await within(Promise.race([used, failed]), Math.max(patienceMs, waitMs)).catch(() => undefined);
  if (!tier.isUsable) {
    logger.warn({ err: tier.problem }, 'Redis could not be used in time; the gateway starts without it until it can');
  }
  return tier;
}

/** Times of what is fresh to its end. */
function lasting(ms: number): Times {
  const now = performance.now();
  return { storedAt: now, freshUntil: now + ms, staleUntil: now + ms, errorUntil: now + ms };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
