// Owns the way of log lines to a file descriptor: some at a time, at once, and never at the cost of the process.

import { writeSync } from 'node:fs';

/** Takes lines; what pino asks of a destination. */
export interface LineWriter {
  readonly write: (line: string) => void;
  /** Writes what waits now. */
  readonly flushSync: () => void;
  /** Lines that could not be written so far. */
  readonly lost: () => number;
}

/** Lines wait for each other this long: a write of its own costs more than a kept answer. */
const flushMs = 100;
const bufferLength = 4096;

/** A pipe that is full is waited for as long, as one would be that blocks. */
const patienceMs = 1000;
const retryMs = 5;

const nothing = Buffer.alloc(0);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes lines to a file descriptor. While that fails, as on a full disk, lines are lost: it is tried again with what was
 * to be written first, so that no line breaks off, and the log says how many are missing. `warn` is told why.
 */
export function createLineWriter(fd: number, warn: (why: string) => void = warnOnStderr): LineWriter {
  let lines = '';
  let rest = nothing;
  let isFailing = false;
  let [lost, lostBefore] = [0, 0];

  /** Writes the rest, and tells what keeps it from that. */
  function writeRest(): unknown {
    const startedAt = performance.now();
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(fd, rest));
      } catch (error) {
        const isFull = codeOf(error) === 'EAGAIN';
        if (!isFull || isFailing || performance.now() - startedAt > patienceMs) return error;
        Atomics.wait(sleeper, 0, 0, retryMs);
      }
    }
    return undefined;
  }

  function flush(): void {
    if (!isFailing) {
      if (lines === '') return;
      rest = Buffer.from(lines);
      lines = '';
    }
    const error = writeRest();
    if (error !== undefined) {
      if (!isFailing) warn(`The log cannot be written (${codeOf(error)}): lines are lost until it can.`);
      isFailing = true;
    } else if (isFailing) {
      isFailing = false;
      lines = toLostLine();
      flush();
    }
  }

  function toLostLine(): string {
    const count = lost - lostBefore;
    lostBefore = lost;
    const msg = 'lines are missing: the log could not be written';
    return count === 0 ? '' : `${JSON.stringify({ level: 40, time: Date.now(), lines: count, msg })}\n`;
  }

  setInterval(flush, flushMs).unref();
  return {
    write(line) {
      if (isFailing) {
        lost += 1;
        return;
      }
      lines += line;
      if (lines.length >= bufferLength) flush();
    },
    flushSync: flush,
    lost: () => lost,
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

function warnOnStderr(why: string): void {
  try {
    writeSync(2, `${why}\n`);
  } catch {
    // It may be on the same disk.
  }
}
