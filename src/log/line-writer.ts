// Owns the way of log lines to a file descriptor: some at a time, at once, and never at the cost of the process.

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

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
/** What is no longer goes into a pipe as a whole or not at all (POSIX, PIPE_BUF): several processes may write to it. */
const atomicBytes = 4096;

/** So many characters wait for a pipe that is full; those beyond are lost. */
const mostWaiting = 1024 * 1024;

/** How long the last lines of a process wait for one. */
const patienceMs = 1000;
const retryMs = 5;

const nothing = Buffer.alloc(0);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes lines to a file descriptor. While that fails, as on a full disk, lines are lost: it is tried again with what was
 * to be written first, so that no line breaks off, and the log says how many are missing. `warn` is told why.
 */
export function createLineWriter(fd: number, warn: (why: string) => void = warnOnStderr): LineWriter {
  const out = openApart(fd) ?? fd;
  let lines = '';
  let rest = nothing;
  let isFull = false;
  let isFailing = false;
  let [lost, lostBefore] = [0, 0];

  /** Writes all that waits, and tells what keeps it from that. */
  function writeOut(patienceMs: number): unknown {
    const startedAt = performance.now();
    while (rest.length > 0 || lines !== '') {
      if (rest.length === 0) {
        rest = Buffer.from(lines);
        lines = '';
      }
      try {
        rest = rest.subarray(writeSync(out, nextPiece(rest)));
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || performance.now() - startedAt >= patienceMs) return error;
        Atomics.wait(sleeper, 0, 0, retryMs);
      }
    }
    return undefined;
  }

  function flush(patienceMs: number): void {
    const error = writeOut(patienceMs);
    const wasFull = isFull;
    isFull = codeOf(error) === 'EAGAIN';
    // Who reads slowly gets the next of it as soon as there is room.
    if (isFull && !wasFull) retry();
    if (error === undefined) {
      if (!isFailing) return;
      isFailing = false;
      lines = toLostLine();
      flush(patienceMs);
    } else if (!isFull || lines.length >= mostWaiting) {
      if (!isFailing) warn(`The log cannot be written (${codeOf(error)}): lines are lost until it can.`);
      isFailing = true;
    }
  }

  function retry(): void {
    setTimeout(() => {
      flush(0);
      if (isFull) retry();
    }, retryMs).unref();
  }

  function toLostLine(): string {
    const count = lost - lostBefore;
    lostBefore = lost;
    const msg = 'lines are missing: the log could not be written';
    return count === 0 ? '' : `${JSON.stringify({ level: 40, time: Date.now(), lines: count, msg })}\n`;
  }

  setInterval(() => flush(0), flushMs).unref();
  return {
    write(line) {
      if (lines.length + line.length > (isFull ? mostWaiting : atomicBytes)) flush(0);
      if (isFailing) lost += 1;
      else lines += line;
    },
    flushSync: () => flush(patienceMs),
    lost: () => lost,
  };
}

/** As many whole lines as go at once, or the first one where that is longer. */
function nextPiece(text: Buffer): Buffer {
  if (text.length <= atomicBytes) return text;
  const end = text.lastIndexOf('\n', atomicBytes - 1);
  return text.subarray(0, (end < 0 ? text.indexOf('\n') : end) + 1);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

/**
 * A pipe opened once more, so that writing to it never waits: one that nobody reads from would stop the process. Others who
 * have the same pipe are not changed by it. Undefined for what is none, and where it cannot be opened so.
 */
function openApart(fd: number): number | undefined {
  try {
    if (!fstatSync(fd).isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

function warnOnStderr(why: string): void {
  const apart = openApart(2);
  try {
    writeSync(apart ?? 2, `${why}\n`);
  } catch {
    // It may be on the same disk.
  }
  if (apart !== undefined) closeSync(apart);
}
