// Owns reading a site anew from time to time: what it shows in REST may change while it is served.

import type { Logger } from '../log.ts';

/** How a site is watched. */
export interface WatchSiteOptions<Known> {
  /** Reads the site anew; rejects while it is down. */
  readonly read: () => Promise<Known>;
  readonly onRead: (known: Known) => void;
  /** What is known is of an earlier time: read at once, and soon again while that fails. */
  readonly isStale: boolean;
  /** What is known at first. */
  readonly known: Known;
  /** Whether the site failed to tell some of what is known: it is read again soon, and less and less often. */
  readonly isPartial: (known: Known) => boolean;
  /** Seconds from one reading to the next; 0 reads only while what is known is stale, or in part. */
  readonly intervalSeconds: number;
  readonly logger: Logger;
  /** Seconds after which a site that is down is asked again at first. */
  readonly retrySeconds?: number;
}

/** Watches a site until it is disposed of. */
export interface SiteWatch extends AsyncDisposable {
  /** Reads now. */
  now(): Promise<void>;
}

const longestRetrySeconds = 60;

/** Starts watching; the first reading comes after an interval, or at once where what is known is stale. */
export function watchSite<Known>(options: WatchSiteOptions<Known>): SiteWatch {
  const { read, onRead, intervalSeconds, logger, retrySeconds = 5 } = options;
  let isStale = options.isStale;
  let isPartial = options.isPartial(options.known);
  // Readings in a row that did not bring all.
  let failures = isPartial && !isStale ? 1 : 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> | undefined;

  function plan(): void {
    const retry = retrySeconds * 2 ** Math.min(failures - 1, 10);
    // A part that fails for good is no reason to ask more often than is wanted.
    const soon = isStale ? Math.min(longestRetrySeconds, retry) : Math.min(intervalSeconds || retry, retry);
    const seconds = isStale || isPartial ? soon : intervalSeconds;
    clearTimeout(timer);
    if (isStopped || seconds <= 0) return;
    timer = setTimeout(() => void now(), 1000 * seconds);
    timer.unref();
  }

  async function attempt(): Promise<void> {
    try {
      const known = await read();
      if (isStopped) return;
      onRead(known);
      const wasBehind = isStale || isPartial;
      isPartial = options.isPartial(known);
      if (wasBehind && !isPartial) logger.info('the schema is up to date');
      failures = isPartial ? (isStale ? 0 : failures) + 1 : 0;
      isStale = false;
    } catch (error) {
      if (isStale || isPartial) failures += 1;
      // What is known goes on being served; requests tell what is wrong.
      const isNews = isStale && failures === 1;
      if (isNews && !isStopped)
        logger.warn(`${messageOf(error)} The schema is what the site was when it was last read.`);
      else if (!isStopped) logger.debug({ err: error }, 'the site could not be read anew');
    } finally {
      reading = undefined;
      plan();
    }
  }

  function now(): Promise<void> {
    reading ??= attempt();
    return reading;
  }

  if (isStale) void now();
  else plan();
  return {
    now,
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
