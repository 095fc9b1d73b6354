// Owns which life of the log of purges it is: a log of which the last may be lost begins a new one.

import { randomUUID } from 'node:crypto';
import { ErrorReply } from '@redis/client';
import type { Attendance } from './attendance.ts';
import { isLater, noId, toEntries } from './stream-entries.ts';

/** The log in Redis, as a process finds it. */
export interface LogLife {
  /** The life that it is in; null where there is none. */
  read(): Promise<string | null>;
  /** Purges from one id to another, both of them included, in their order. */
  readEntries(from: string, to: string, count: number): Promise<ReturnType<typeof toEntries>>;
  /**
   * Sees to it that there is a log, and says which life of it this is. One that Redis has lost, or part of which, or whose
   * clock was set, begins a new life: nothing that was kept before is used again.
   */
  ensure(followed: Followed): Promise<string>;
  /** Whether another run of Redis than then has the log by now. */
  hasMoved(): Promise<boolean>;
}

/** What a process knows of the log. */
export interface Followed {
  /** The life that it has followed; null for none: it knows what it has read since it began. */
  readonly epoch: string | null;
  /** When it began, by its own clock, and as an id in the log. */
  readonly began: { readonly at: number; readonly id: string };
  /** The last purge that has come from there, and the last that it has told. */
  readonly lastId: string;
  readonly told: string;
  /** Times of this life are of a clock that has been set since. */
  readonly isAskew: boolean;
  /** Whether nothing was added unheard. */
  readonly attendance: Pick<Attendance, 'lastedUntil'>;
}

/** A run of Redis. */
interface Run {
  readonly id: string;
  /** By the clock of this process. */
  readonly beganAt: number;
}

/** A log as it is met. */
interface Met {
  readonly found: string | null;
  /** The first purge that it holds. */
  readonly oldest: string | undefined;
  readonly run: Run | null;
  /** Whether it is one of that run, or came to it as a whole. */
  readonly isOfRun: boolean;
}

/** What it stands on. */
export interface LogLifeOptions {
  /** Sends a command about a key. */
  readonly send: (key: string, ...command: string[]) => Promise<unknown>;
  /** Whether the server that says which run of Redis it is has the log. */
  readonly isOneServer: boolean;
  readonly prefix: string;
  /** By what this process signs its purges. */
  readonly self: string;
  /** More was purged than the log holds while nobody followed it here. */
  readonly onTrimmed: () => void;
  /** What was purged last may not have been heard, and is not told again by the log. */
  readonly onLost: () => void;
}

/** So much of what a run of Redis is called by tells it apart from all others. */
const runDigits = 16;
const pageSize = 1000;
/** What a process has read so soon after it began is not doubted. */
const momentMs = 5000;

/** Looks after the log under a prefix. */
export function createLogLife({ send, isOneServer, prefix, self, onTrimmed, onLost }: LogLifeOptions): LogLife {
  const [epochKey, runKey, logKey] = [`${prefix}epoch`, `${prefix}run`, `${prefix}purges`];

  let ensuredRun: string | null = null;

  /** What is of another type than ours is none of ours. */
  async function readOwn(key: string, ...command: string[]): Promise<unknown> {
    try {
      return await send(key, ...command);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('WRONGTYPE'))) throw error;
      await send(key, 'DEL', key);
      return null;
    }
  }

  async function readText(key: string): Promise<string | null> {
    const found = await readOwn(key, 'GET', key);
    return found === null ? null : String(found);
  }

  const read = () => readText(epochKey);

  const readEntries = async (from: string, to: string, count: number) =>
    toEntries(await readOwn(logKey, 'XRANGE', logKey, from, to, 'COUNT', String(count)));

  /** Which run of Redis has the log; null where it does not say, as for users who may not ask. */
  async function readRun(): Promise<Run | null> {
    if (!isOneServer) return null;
    try {
      const info = String(await send(logKey, 'INFO', 'server'));
      const [, id] = /^run_id:(\w+)/m.exec(info) ?? [];
      const [, seconds = '0'] = /^uptime_in_seconds:(\d+)/m.exec(info) ?? [];
      return id ? { id: id.slice(0, runDigits), beganAt: performance.now() - 1000 * Number(seconds) } : null;
    } catch (error) {
      if (error instanceof ErrorReply) return null;
      throw error;
    }
  }

  const has = async (id: string) => (await readEntries(id, id, 1)).length > 0;

  /** Whether all that a process knows is in the log, and whether it knows all that is. */
  async function compare({ lastId, told }: Followed): Promise<{ isKnown: boolean; isWhole: boolean }> {
    const [last, ...later] = await readEntries(lastId, '+', pageSize);
    const isKnown = last?.[0] === lastId && (!isLater(told, lastId) || (await has(told)));
    return { isKnown, isWhole: isKnown && later.every(([, fields]) => fields.includes(self)) };
  }

  async function begin(found: string | null, run: string | null): Promise<string> {
    // Several processes may see that it is gone: where nothing is left of it, the first one begins.
    const only = found === null ? ['NX'] : [];
    await send(epochKey, 'SET', epochKey, run === null ? randomUUID() : `${randomUUID()}@${run}`, ...only);
    const begun = await read();
    if (begun === null) throw new Error('Redis keeps nothing');
    return begun;
  }

  /** Whether a life that is met for the first time tells all that was purged since a process began. */
  function reachesBack({ at, id }: Followed['began'], { found, oldest, run, isOfRun }: Met): boolean {
    if (performance.now() - at < momentMs) return true;
    if (found === null || oldest === undefined || isLater(oldest, id) || !isOfRun) return false;
    // One that has begun with a later run is not the one of before.
    return run === null || run.beganAt < at || !found.endsWith(`@${run.id}`);
  }

  async function settle(run: Run | null, followed: Followed): Promise<string> {
    const { epoch, lastId, isAskew, attendance } = followed;
    const id = run?.id ?? null;
    const found = await read();
    const [oldest] = await readEntries('-', '+', 1);
    const isCompared = epoch !== null && lastId !== noId;
    const { isKnown, isWhole } = isCompared ? await compare(followed) : { isKnown: true, isWhole: false };
    const isTrimmed = !isKnown && oldest !== undefined && isLater(oldest[0], lastId);
    const wasThere = attendance.lastedUntil(run === null || id === ensuredRun ? null : run.beganAt);
    // Redis that was started anew may have lost what it had not saved. Who followed it to its end says that it has not,
    // before anything is added: read after the log, since it is not told apart there.
    const note = `${found} ${id}`;
    const isOfRun = id === null || found?.endsWith(`@${id}`) || (await readText(runKey)) === note;
    const isSound = isKnown && (isOfRun || (isWhole && found === epoch && wasThere));
    if (isTrimmed && found === epoch) onTrimmed();
    // Who was there has heard all of what is lost, and goes on with a life that another one has begun.
    else if (epoch !== null && (isSound ? found !== epoch && !wasThere : isKnown || !wasThere)) onLost();
    else if (epoch === null && !reachesBack(followed.began, { found, oldest: oldest?.[0], run, isOfRun })) onLost();
    if (found !== null && oldest && isSound && !(isAskew && found === epoch)) {
      // One that is full or read-only is read nevertheless.
      if (!isOfRun) await send(runKey, 'SET', runKey, note).catch(() => undefined);
      return found;
    }
    if (!oldest) await send(logKey, 'XADD', logKey, '*', 'begin', self);
    return begin(found, id);
  }

  return {
    read,
    readEntries,
    hasMoved: async () => ((await readRun())?.id ?? null) !== ensuredRun,
    async ensure(followed) {
      const run = await readRun();
      const epoch = await settle(run, followed);
      ensuredRun = run?.id ?? null;
      return epoch;
    },
  };
}
