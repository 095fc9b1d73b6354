// Owns the tier that processes share in Redis: never waited for longer than a moment, never an error, never private.

import { withAnyList } from '../any-list.ts';
import type { RateOptions, RateStore } from '../rate-store.ts';
import { entryVersion, type Kept, parseEntry, printEntry, type Stamp } from './entry.ts';
import { createGuard } from './guard.ts';
import { createLeases, type Share } from './leases.ts';
import { openLinks } from './open-links.ts';
import { type RedisCommand, type RedisLink, toSet } from './redis-link.ts';
import type { RedisAddress } from './redis-url.ts';
import { followSharedLog } from './shared-log.ts';
import { createSharedMarks, type SharedMarks } from './shared-marks.ts';
import { createSharedRateStore } from './shared-rate-store.ts';
import { createSharedWrites } from './shared-writes.ts';
import { within } from './within.ts';

/** What all processes of a site share. */
export interface SharedTier extends AsyncDisposable {
  /** What is kept by some keys, in their order; undefined for what is not, or must not be used any more. */
  read(keys: readonly string[]): Promise<readonly (Kept | undefined)[]>;
  /** Keeps something until its times are over. Soon, and only where Redis takes it. */
  write(key: string, kept: Kept): void;
  /** Purges in all processes; details reach those who are told of it. */
  purge(tags: readonly string[] | null, details?: unknown): void;
  /** Up to where in the log of purges everything is known here; null where it was never read. */
  place(): Stamp | null;
  /** Waits until what was purged is told to all processes, not for a Redis that is away; false where it takes nothing. */
  told(): Promise<boolean>;
  /** Makes something once for all processes that want it at the same time; each by itself where they cannot agree. */
  readonly share: Share;
  /** What processes tell each other of what they do. */
  readonly marks: SharedMarks;
  /** The same, for what would rather do without than wait. */
  readonly quickMarks: SharedMarks;
  /** Counts what clients take of all processes. */
  countRates(options: RateOptions): RateStore;
  /** Whether it is in use. */
  readonly isUsable: boolean;
  /** What kept it from being in use last; undefined where nothing is known of that. */
  readonly problem: unknown;
  /** Whether Redis could be reached at the first attempt: where not, it is not soon in use. */
  readonly isReached: Promise<boolean>;
}

/** What a tier needs. */
export interface RedisTierOptions {
  readonly address: RedisAddress;
  /** The site: gateways of others keep apart. */
  readonly site: string;
  /** Up to where in the log of purges everything is known that this process begins with; without it, that is nothing. */
  readonly place?: Stamp | undefined;
  /** How long anybody waits for a reply. */
  readonly waitMs?: number;
  /** Told what other processes purge. */
  readonly onPurge: (tags: readonly string[] | null, details?: unknown) => void;
  /** Told where Redis has lost what was purged last; not told: everything is purged. */
  readonly onLost?: () => void;
  /** Told how much of what was looked up was there. */
  readonly onRead?: (hits: number, misses: number) => void;
  /** Told when Redis comes into use, and when it goes out of it. */
  readonly onState: (isUsable: boolean, error?: unknown) => void;
  /** Told when others cannot be told what is purged here, and when they are after that. */
  readonly onTelling?: (isTold: boolean, error?: unknown) => void;
  /** Told when replies take so long as a rule that nobody waits for them, and when they do not any more. */
  readonly onSlow?: (isSlow: boolean) => void;
}

const minTtlMs = 1000;
/** How long replies may take that no reader waits for, and marks: without one, something might happen twice. */
const patientMs = 1000;
/** As a rule replies take less than this part of the longest wait: one request has several reads, one after the other. */
const usualPart = 1 / 10;
/** A silent connection is given up at once, one in its place after so many silences: it may not have come about yet. */
const hopeless = 2;

/** Opens the tier. It comes into use when Redis can be reached. */
export function openRedisTier(options: RedisTierOptions): SharedTier {
  const { address, site, waitMs = 50, onState } = options;
  const prefix = `headgate:${entryVersion}:${site}:`;
  let problem: unknown;
  // What nobody waits for has a connection of its own, as the log has: values on their way do not delay what is asked.
  const [link, laterLink, logLink] = openLinks({
    ...{ address, prefix },
    onError(error) {
      problem = error;
    },
  });
  let isUsable = false;
  const say = (usable: boolean, error: unknown = problem) => {
    problem = usable ? undefined : error;
    if (usable === isUsable) return;
    isUsable = usable;
    onState(usable, error);
  };
  const log = followSharedLog({
    teller: link,
    link: logLink,
    prefix,
    place: options.place,
    onPurge: options.onPurge,
    onLost: options.onLost ?? (() => options.onPurge(null)),
    onState: say,
    onTelling: options.onTelling ?? (() => undefined),
  });
  const { clock } = log;
  const closing = new AbortController();
  const signOf = (asked: RedisLink) => ({
    ping: async () => asked.send(prefix, ['PING']),
    onSilence(inARow: number) {
      if (inARow % hopeless === 1) asked.renew();
    },
    signal: closing.signal,
  });
  // All that one request may have to wait for has one guard: a late reply is the last that it waits for.
  const quick = createGuard({
    ...{ ...signOf(link), waitMs, usualMs: waitMs * usualPart },
    onSlow: options.onSlow ?? (() => undefined),
  });
  const longMs = Math.max(waitMs, patientMs);
  const later = createGuard({ ...signOf(laterLink), waitMs: longMs });

  async function read(keys: readonly string[]): Promise<readonly (Kept | undefined)[]> {
    if (keys.length === 0 || !log.state()) return keys.map(() => undefined);
    const full = keys.map((key) => prefix + key);
    const values = await quick.run(() => link.getAll(full));
    return full.map((key, index) => {
      const kept = parseEntry(key, values?.[index], clock.offset());
      return kept && log.stands(kept) ? kept : undefined;
    });
  }

  const runQuickly = async (key: string, command: RedisCommand) =>
    log.state() ? quick.run(() => link.send(key, command)) : undefined;
  const runLater = async (key: string, command: RedisCommand) =>
    log.state() ? later.run(() => laterLink.send(key, command)) : undefined;
  /** Tries whatever came of the last one: what a frozen Redis has taken, it does later. */
  const runSurely = async (key: string, command: RedisCommand) =>
    log.state() ? within(link.send(key, command), longMs).catch(() => undefined) : undefined;
  const share = createLeases({
    ...{ prefix, link, log, guard: quick, patientMs: longMs, signal: closing.signal },
  });
  const marksBy = (run: typeof runSurely) => createSharedMarks({ prefix: `${prefix}mark:`, run });

  const writes = createSharedWrites({
    async print({ key, kept, stamp }) {
      // What was purged while it waited would only take the place of what others keep since.
      if (ttlOf(kept) < minTtlMs || !later.isOpen || !log.stands({ ...stamp, tags: kept.tags })) return undefined;
      return printEntry(prefix + key, kept, stamp, clock.offset());
    },
    async send({ key, kept }, bytes) {
      const ttlMs = ttlOf(kept);
      if (ttlMs > 0) await runLater(prefix + key, toSet(prefix + key, bytes, ttlMs));
    },
  });

  return {
    async read(keys) {
      const found = await read(keys);
      const hits = found.filter((kept) => kept !== undefined).length;
      if (isUsable) options.onRead?.(hits, keys.length - hits);
      return found;
    },
    write(key, kept) {
      // What is purged before it is written must not be found: it counts as kept now.
      const stamp = log.state();
      if (stamp) writes.add({ key, kept, stamp });
    },
    purge: (tags, details) => log.purge(tags && withAnyList(tags), details),
    place: log.place,
    told: log.told,
    share,
    marks: marksBy(runSurely),
    quickMarks: marksBy(runQuickly),
    countRates: (rates) =>
      createSharedRateStore({
        ...{ ...rates, prefix: `${prefix}rate:`, run: runQuickly, runLater },
        isInTime: () => quick.isOpen,
      }),
    isReached: logLink.tried,
    get isUsable() {
      return isUsable;
    },
    get problem() {
      return problem;
    },
    async [Symbol.asyncDispose]() {
      // What Redis does not take by then is asked for again.
      await within(writes.settled(), longMs).catch(() => undefined);
      closing.abort();
      log.close();
      link.close();
      laterLink.close();
    },
  };
}

/** How long something is kept there. */
function ttlOf({ times }: Kept): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.floor(times.errorUntil - performance.now()));
}
