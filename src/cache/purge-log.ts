// Owns what was purged when, so that what was read before a purge is not kept after it.

/** A moment between purges. */
export type Mark = number;

/** Remembers purges by their tags. */
export interface PurgeLog {
  /** Taken before something is read: what is purged later keeps that out. */
  mark(): Mark;
  /** Notes a purge of these tags, or of everything. */
  note(tags: readonly string[] | null): void;
  /** Whether something with these tags was purged after a moment. */
  isOvertaken(tags: readonly string[], since: Mark): boolean;
}

/** Tags whose purges are remembered; what was read before the last forgotten one is kept out as well. */
const maxRemembered = 10_000;

/** A log that is empty. */
export function createPurgeLog(): PurgeLog {
  let moment: Mark = 0;
  let forgotten: Mark = 0;
  const purgedAt = new Map<string, Mark>();

  function remember(tag: string): void {
    purgedAt.delete(tag);
    purgedAt.set(tag, moment);
    if (purgedAt.size <= maxRemembered) return;
    const [oldest] = purgedAt;
    if (!oldest) return;
    purgedAt.delete(oldest[0]);
    forgotten = oldest[1];
  }

  return {
    mark: () => moment,
    note(tags) {
      moment += 1;
      if (tags) tags.forEach(remember);
      else forgotten = moment;
    },
    isOvertaken: (tags, since) => since < forgotten || tags.some((tag) => (purgedAt.get(tag) ?? -1) > since),
  };
}
