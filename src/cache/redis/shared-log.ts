// Owns the log of purges that all processes share: what each one purges reaches the others, and none is lost.

import { randomUUID } from 'node:crypto';
import { ErrorReply } from '@redis/client';
import { createAttendance } from './attendance.ts';
import type { Stamp } from './entry.ts';
import { createLogLife } from './log-life.ts';
import type { RedisLink } from './redis-link.ts';
import { createSharedClock, type SharedClock } from './shared-clock.ts';
import { isLater, laterOf, noId, parseDetails, parseTags, toEntries } from './stream-entries.ts';
import { LateReply, within } from './within.ts';

/** Purges of all processes. */
export interface SharedLog {
  /** The life of the log, and the last purge that is known; null while it is not known: what is in Redis must not be used. */
  state(): Stamp | null;
  /** The same for what is begun now, after what was purged here as well; null while that is not told yet. */
  beginning(): Stamp | null;
  /** Up to where everything is known here, also while the log is not followed; null where it never was. */
  place(): Stamp | null;
  /** Whether what was kept in an epoch after a purge may still be used. */
  stands(kept: Stamp & { readonly tags: readonly string[] }): boolean;
  /** Purges here at once and everywhere soon; kept until Redis takes it. Details go along as they are, while they are short. */
  purge(tags: readonly string[] | null, details?: unknown): void;
  /** Waits until what was purged here is in the log, not for a Redis that is away; false where Redis does not take it. */
  told(): Promise<boolean>;
  /** Known as long as the log is followed. */
  readonly clock: Pick<SharedClock, 'offset'>;
  close(): void;
}

/** What a log stands on. */
export interface SharedLogOptions {
  /** A connection of its own: it waits on it for news, and what is sent there meanwhile waits as well. */
  readonly link: RedisLink;
  /** The connection by which purges are told. */
  readonly teller: RedisLink;
  readonly prefix: string;
  /** Up to where everything is known that this process begins with; without it, it begins with nothing. */
  readonly place?: Stamp | undefined;
  /** Told what other processes have purged. */
  readonly onPurge: (tags: readonly string[] | null, details?: unknown) => void;
  /** Told where the log has begun a new life: the last of the one before may not have been heard. */
  readonly onLost: () => void;
  /** Told when the log is followed, and when not any more. */
  readonly onState: (isFollowed: boolean, error?: unknown) => void;
  /** Told when Redis does not take what is purged here, and when it has taken all of it after that. */
  readonly onTelling: (isTold: boolean, error?: unknown) => void;
}

/** Purges that are remembered, here and in Redis. */
const maxRemembered = 10_000;
/** How long a wait for news takes at most, and how much longer its reply. */
const blockMs = 2000;
const graceMs = 1500;
const retryMs = 250;
/** A connection that is of no use for so long is given up: one that came about may never get a reply. */
const patienceMs = 3000;
/** What was purged so short ago is told again to a Redis that has lost its log. */
const repeatMs = 60_000;

/** So much older a purge may be than this process and count as younger: clocks differ, and come apart by so much of a time. */
const inexactMs = 1000;
const inexactPart = 1 / 1000;

/** Bound of the details of a purge: who gets none drops all that has a tag. */
const maxDetails = 64 * 1024;

interface Purge {
  readonly tags: readonly string[] | null;
  readonly at: number;
  /** As JSON. */
  readonly details?: string;
}

/** Starts following the log. */
export function followSharedLog(options: SharedLogOptions): SharedLog {
  const { link, teller, prefix, place, onPurge, onLost, onState, onTelling } = options;
  const logKey = `${prefix}purges`;
  const self = randomUUID();
  const stop = new AbortController();
  const purgedAt = new Map<string, string>();
  let floor = noId;
  const beganAt = performance.now();
  let epoch = place?.epoch ?? null;
  let seen = place?.seen ?? noId;
  /** The last purge of this process in the log, which may not have come back from there. */
  let told = noId;
  /** Where reading goes on; at the beginning of another life. */
  let lastId = seen;
  /** What comes later in the log is news; null before it was read. */
  let newsAfter: string | null = null;
  /** Times of this epoch are of a clock that has been set since. */
  let isAskew = false;
  let isFollowed = false;
  /** It is not, as Redis refuses what that takes. */
  let isRefused = false;
  let unsent: Purge[] = [];
  let recent: Purge[] = [];
  let sending: Promise<boolean> | undefined;
  let isTaken = true;

  function remember(tags: readonly string[] | null, at: string): void {
    if (tags === null) floor = laterOf(floor, at);
    for (const tag of tags ?? []) {
      purgedAt.delete(tag);
      purgedAt.set(tag, at);
    }
    for (const [tag, moment] of purgedAt) {
      if (purgedAt.size <= maxRemembered) break;
      purgedAt.delete(tag);
      floor = laterOf(floor, moment);
    }
  }

  function take(id: string, fields: readonly string[]): void {
    lastId = id;
    seen = id;
    const [name, tags, , from, , details] = fields;
    if (name !== 'tags' || tags === undefined) return;
    const purged = parseTags(tags);
    remember(purged, id);
    if (isLater(id, newsAfter ?? noId) && from !== self) onPurge(purged, parseDetails(details));
  }

  const send = async (key: string, ...command: string[]) => within(link.send(key, command), graceMs);
  const attendance = createAttendance();
  const clock = createSharedClock(() => send(logKey, 'TIME'));
  const life = createLogLife({
    ...{ send, prefix, self, onLost, isOneServer: link.isOneServer },
    onTrimmed: () => onPurge(null),
  });

  function say(isTold: boolean, error?: unknown): void {
    if (isTold === isTaken || stop.signal.aborted) return;
    isTaken = isTold;
    onTelling(isTold, error);
  }

  async function add({ tags, details }: Purge): Promise<string> {
    const text = tags === null ? '*' : JSON.stringify(tags);
    const limit = ['MAXLEN', '~', String(maxRemembered)];
    const fields = ['tags', text, 'from', self, ...(details === undefined ? [] : ['details', details])];
    return String(await within(teller.send(logKey, ['XADD', logKey, ...limit, '*', ...fields]), graceMs));
  }

  /** Adds what was purged here to the log, in its order. */
  async function flush(): Promise<boolean> {
    try {
      for (let first = unsent[0]; first && !stop.signal.aborted; first = unsent[0]) {
        const sent = first;
        told = await add(sent);
        unsent = unsent.filter((purge) => purge !== sent);
        remember(sent.tags, told);
      }
      say(true);
      return true;
    } catch (error) {
      say(false, error);
      return false;
    } finally {
      sending = undefined;
    }
  }

  /** One after the other; what Redis does not take is tried again later. */
  async function startSending(): Promise<boolean> {
    if (unsent.length === 0) return true;
    sending ??= flush();
    return sending;
  }

  /** Catches up with what happened while nobody followed. */
  async function catchUp(): Promise<void> {
    const isFirst = newsAfter === null;
    attendance.missed(link.takeFailure());
    isAskew = (await clock.compare()) || isAskew;
    const began = { at: beganAt, id: place?.seen ?? idOfBeginning() };
    const found = await life.ensure({ epoch, lastId, told, isAskew, attendance, began });
    if (isFirst || epoch !== found) {
      const since = performance.now() - repeatMs;
      if (!isFirst) unsent = [...recent.filter(({ at }) => at > since && !isUnsent(at)), ...unsent];
      // Another life may tell again what was told before.
      newsAfter = isFirst && (epoch ?? found) === found ? began.id : noId;
      epoch = found;
      isAskew = false;
      lastId = noId;
      told = noId;
      const [oldest] = await life.readEntries('-', '+', 1);
      // What was purged before the oldest entry of a full log is not known.
      const isFull = Number(await send(logKey, 'XLEN', logKey)) >= maxRemembered;
      if (isFull && oldest) floor = laterOf(floor, oldest[0]);
    }
    for (;;) {
      // From the last one on: Redis of before 6.2 knows no ranges without their first.
      const from = lastId;
      const entries = await life.readEntries(from, '+', 1000);
      for (const [id, fields] of entries) if (id !== from) take(id, fields);
      if (entries.length < 1000) break;
    }
    newsAfter = noId;
    attendance.heard();
    void startSending();
  }

  /** An id of the log from before this process began. */
  function idOfBeginning(): string {
    const inexact = inexactMs + (performance.now() - beganAt) * inexactPart;
    return `${Math.max(0, Math.floor(beganAt + clock.offset() - inexact))}-0`;
  }

  function isUnsent(at: number): boolean {
    return unsent.some((purge) => purge.at === at);
  }

  async function follow(): Promise<void> {
    await catchUp();
    isFollowed = true;
    onState(true);
    let checksAt = 0;
    while (!stop.signal.aborted) {
      const command = ['XREAD', 'COUNT', '1000', 'BLOCK', String(blockMs), 'STREAMS', logKey, lastId];
      const reply = await within(link.send(logKey, command), blockMs + graceMs);
      const [stream] = Array.isArray(reply) ? reply : [];
      // A client of several servers goes on with another one by itself, which may not have all that was there.
      const hasMoved = await life.hasMoved();
      const entries = hasMoved ? [] : toEntries(Array.isArray(stream) ? stream[1] : null);
      for (const [id, fields] of entries) take(id, fields);
      if (!hasMoved) {
        attendance.heard();
        void startSending();
      }
      if (!hasMoved && reply !== null && performance.now() < checksAt) continue;
      checksAt = performance.now() + blockMs;
      isAskew = (await clock.compare()) || isAskew;
      const isSame = !hasMoved && !isAskew && (await life.read()) === epoch;
      // Nothing new: or there is no log any more.
      if (!isSame || (await life.readEntries('-', '+', 1)).length === 0) await catchUp();
    }
  }

  async function run(): Promise<void> {
    // What is sent before fails, and would be tried again later than needed.
    await within(link.tried, retryMs).catch(() => undefined);
    let renewedAt = performance.now();
    while (!stop.signal.aborted) {
      try {
        await follow();
      } catch (error) {
        if (error instanceof LateReply) attendance.missed('other');
        if (isFollowed || error instanceof LateReply || performance.now() - renewedAt > patienceMs) {
          link.renew();
          renewedAt = performance.now();
        }
        isFollowed = false;
        isRefused = error instanceof ErrorReply;
        if (!stop.signal.aborted) onState(false, error);
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  }
  void run();

  return {
    state: () => (isFollowed && epoch !== null ? { epoch, seen } : null),
    beginning: () =>
      isFollowed && epoch !== null && unsent.length === 0 ? { epoch, seen: laterOf(seen, told) } : null,
    place: () => (epoch === null ? null : { epoch, seen }),
    stands(kept) {
      if (!isFollowed || kept.epoch !== epoch || isLater(floor, kept.seen)) return false;
      if (kept.tags.some((tag) => isLater(purgedAt.get(tag) ?? noId, kept.seen))) return false;
      return !unsent.some(({ tags }) => tags === null || tags.some((tag) => kept.tags.includes(tag)));
    },
    purge(tags, given) {
      const details = JSON.stringify(given);
      const isShort = details !== undefined && details.length <= maxDetails;
      const purge: Purge = { tags, at: performance.now(), ...(isShort ? { details } : {}) };
      recent = [...recent.filter(({ at }) => at > purge.at - repeatMs).slice(-1000), purge];
      unsent = unsent.length < 1000 ? [...unsent, purge] : [{ tags: null, at: purge.at }];
      if (isFollowed) void startSending();
    },
    told: async () => (isFollowed ? startSending() : !isRefused || unsent.length === 0),
    clock,
    close() {
      stop.abort();
      isFollowed = false;
      link.close();
    },
  };
}
