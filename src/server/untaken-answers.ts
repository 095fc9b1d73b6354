// Owns the answers that their clients have not taken yet: those of all connections within one bound, and none for ever.

import type { Socket } from 'node:net';
import { getHeapStatistics } from 'node:v8';

/** An answer that is on its way. */
export interface Untaken {
  /** Its client took a part of it. */
  took(): void;
  /** The system has all of it. */
  end(): void;
}

/** Those of one listener. */
export interface UntakenAnswers {
  /** A body was given to a connection, and is in memory until it is taken or the connection ends. */
  give(socket: UntakingSocket, body: Buffer): Untaken;
}

/** What is known of a connection. */
export interface UntakingSocket extends Pick<Socket, 'destroyed' | 'writableLength'> {
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  resetAndDestroy(): unknown;
}

/** What they are kept by. */
export interface UntakenOptions {
  /** What all of them may hold together; an eighth of the heap's limit, and 64 MiB at least, unless it is set. */
  readonly maxBytes?: number | undefined;
  /** A connection was ended for what it left. */
  readonly onEnd: () => void;
}

interface Waiting {
  readonly bodies: Buffer[];
  /** When its client took something last. */
  tookAt: number;
  readonly forget: () => void;
}

/**
 * Who takes nothing for so long does not read. The system tells that something was taken only when it has room for a megabyte
 * and a half or so: this is long enough for clients that read 13 kB a second.
 */
export const untakenMs = 120_000;

/** Who has just got something is about to take it: what all take at once may hold more for a moment. */
export const atOnceMs = 1000;

const partOfHeap = 1 / 8;
const leastBytes = 64 * 1024 * 1024;

/**
 * Where they hold more than they may, the connections end whose clients took nothing for longest, a second at least; one
 * answer alone may be larger.
 */
export function createUntakenAnswers({ maxBytes = boundOfHeap(), onEnd }: UntakenOptions): UntakenAnswers {
  /** Whose client took nothing for longest is the first. */
  const waiting = new Map<UntakingSocket, Waiting>();
  /** By how many answers each body is held: what is kept for many is given to many. */
  const holders = new Map<Buffer, number>();
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function hold(body: Buffer): void {
    const before = holders.get(body) ?? 0;
    holders.set(body, before + 1);
    if (before === 0) heldBytes += body.length;
  }

  function release(body: Buffer): void {
    const left = (holders.get(body) ?? 0) - 1;
    if (left > 0) {
      holders.set(body, left);
      return;
    }
    holders.delete(body);
    heldBytes -= body.length;
  }

  function wait(socket: UntakingSocket): Waiting {
    const forget = () => {
      for (const body of entry.bodies.splice(0)) release(body);
      waiting.delete(socket);
      socket.off('close', forget);
      if (waiting.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
    const entry: Waiting = { bodies: [], tookAt: performance.now(), forget };
    waiting.set(socket, entry);
    socket.once('close', forget);
    timer ??= setInterval(look, atOnceMs).unref();
    return entry;
  }

  function end(socket: UntakingSocket, { forget }: Waiting): void {
    forget();
    // The system would hold what it has of the answer for minutes.
    socket.resetAndDestroy();
    onEnd();
  }

  function touch(socket: UntakingSocket, entry: Waiting): void {
    entry.tookAt = performance.now();
    waiting.delete(socket);
    waiting.set(socket, entry);
  }

  function look(): void {
    makeRoom();
    const before = performance.now() - untakenMs;
    for (const [socket, entry] of [...waiting]) {
      if (entry.tookAt > before) return;
      // Who took all there was waits for an answer, behind which others are there already.
      if (socket.writableLength === 0) touch(socket, entry);
      else end(socket, entry);
    }
  }

  function makeRoom(): void {
    const before = performance.now() - atOnceMs;
    for (const [socket, entry] of waiting) {
      const isAlone = waiting.size === 1 && entry.bodies.length === 1;
      if (heldBytes <= maxBytes || isAlone || entry.tookAt > before) return;
      end(socket, entry);
    }
  }

  return {
    give(socket, body) {
      // Behind an answer that is being made, others may be there when their client has left.
      if (socket.destroyed) return { took() {}, end() {} };
      const entry = waiting.get(socket) ?? wait(socket);
      entry.bodies.push(body);
      hold(body);
      makeRoom();
      return {
        took() {
          if (waiting.get(socket) === entry) touch(socket, entry);
        },
        end() {
          const at = entry.bodies.indexOf(body);
          if (at === -1) return;
          entry.bodies.splice(at, 1);
          release(body);
          if (entry.bodies.length === 0) entry.forget();
          else touch(socket, entry);
        },
      };
    },
  };
}

function boundOfHeap(): number {
  return Math.max(getHeapStatistics().heap_size_limit * partOfHeap, leastBytes);
}
