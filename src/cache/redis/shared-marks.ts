// Owns marks that processes leave each other in Redis: the first to leave one knows that, and all others what it says.

import type { RedisCommand } from './redis-link.ts';

/** Marks by name. What Redis does not tell in time is undefined: nobody waits longer. */
export interface SharedMarks {
  /** Leaves a mark where there is none, and gives null; else gives the one that is there. */
  leave(name: string, mark: Buffer, seconds: number): Promise<Buffer | null | undefined>;
  /** Leaves a mark in the place of whatever there is. */
  replace(name: string, mark: Buffer, seconds: number): Promise<void>;
  remove(name: string): Promise<void>;
}

/** What marks stand on. */
export interface SharedMarksOptions {
  readonly prefix: string;
  /** Sends a command about one key; undefined where that fails or takes too long. */
  readonly run: (key: string, command: RedisCommand) => Promise<unknown>;
}

/** Marks below a prefix. */
export function createSharedMarks({ prefix, run }: SharedMarksOptions): SharedMarks {
  const set = (key: string, mark: Buffer, seconds: number, ...how: string[]) =>
    run(key, ['SET', key, mark, ...how, 'EX', String(seconds)]);
  return {
    async leave(name, mark, seconds) {
      const key = prefix + name;
      const reply = await set(key, mark, seconds, 'NX');
      if (reply !== null) return reply === undefined ? undefined : null;
      const found = await run(key, ['GET', key]);
      return Buffer.isBuffer(found) ? found : undefined;
    },
    async replace(name, mark, seconds) {
      await set(prefix + name, mark, seconds);
    },
    async remove(name) {
      await run(prefix + name, ['DEL', prefix + name]);
    },
  };
}
