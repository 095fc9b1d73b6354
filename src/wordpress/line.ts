// Owns the way of a call through the line: its deadline, and who waits for it, who may leave.

import { setMaxListeners } from 'node:events';
import { UpstreamError } from '../errors.ts';
import { type Deadline, startDeadline, untilAborted } from './deadline.ts';
import { toUpstreamError } from './failures.ts';
import type { Limiter } from './limiter.ts';
import type { Waiting } from './rest.ts';

/** Nobody waits for it any more: nothing more was sent. */
export class LeftError extends Error {
  override readonly name = 'LeftError';
}

/** A call that waits for its turn. */
export interface LinedCall {
  /** Method and route. */
  readonly label: string;
  readonly waiting: Waiting;
  readonly isProbe: boolean;
  /** How much of its time is over already. */
  readonly spentMs?: number;
  /** What it sends, where that is large. */
  readonly sentBytes?: number | undefined;
}

/**
 * Runs a call when it is its turn, and within its deadline. Failures are `UpstreamError`s; who leaves the line gets his
 * own reason, and what is under way is not ended by that.
 */
export type Line = <Result>(call: LinedCall, run: (deadline: Deadline) => Promise<Result>) => Promise<Result>;

/** A file on its way has the time that it takes at this rate on top of the deadline. */
const slowestBytesPerMs = 256;
/** WordPress may be back since a probe was sent that nobody answers: all is to be fresh ten seconds after that, by default. */
const partOfProbe = 2 / 3;

/** Where so many that began after it were answered in so much of the time, what takes all of it hangs by itself. */
const fewSoon = 3;
const partOfSoon = 1 / 5;
/** So that what hangs leaves some for the rest. */
const fewestBesideOne = 4;

/** A line in front of a limiter. */
export function createLine(limiter: Limiter, timeoutMs: number): Line {
  /** When those began that were answered soon, the last few of them. */
  let soon: readonly number[] = [];
  return async ({ label, waiting, isProbe, spentMs = 0, sentBytes = 0 }, run) => {
    const { signal: caller, onSent } = waiting;
    const givenMs = Math.round((isProbe ? partOfProbe : 1) * timeoutMs - spentMs + sentBytes / slowestBytesPerMs);
    const deadline = startDeadline(givenMs, caller);
    let isSent = false;
    const runInTime = async () => {
      deadline.signal.throwIfAborted();
      if (!isAwaited(waiting)) throw new LeftError(label);
      isSent = true;
      deadline.stay();
      onSent?.();
      const startedAt = performance.now();
      try {
        const result = await run(deadline);
        if (performance.now() - startedAt < partOfSoon * timeoutMs) soon = [...soon.slice(1 - fewSoon), startedAt];
        return result;
      } finally {
        const areOthersSoon = soon.length === fewSoon && Math.min(...soon) >= startedAt;
        if (deadline.signal.aborted) limiter.slowDown(startedAt, areOthersSoon ? fewestBesideOne : 1);
      }
    };
    try {
      return await limiter.run(runInTime, deadline.signal);
    } catch (error) {
      if (!isSent) caller?.throwIfAborted();
      if (error instanceof LeftError) throw error;
      if (!deadline.signal.aborted) throw toUpstreamError(label, error);
      // What never left the line says nothing about WordPress.
      if (!isSent) throw new UpstreamError('OVERLOADED', `${label}: waited ${givenMs} ms for a slot`);
      throw new UpstreamError('UPSTREAM_TIMEOUT', `${label}: no answer within ${givenMs} ms`, { cause: error });
    } finally {
      deadline.clear();
    }
  };
}

/** Whether anybody waits for a call still. */
export function isAwaited({ signal, isAwaited: tell }: Waiting): boolean {
  return tell ? tell() : signal?.aborted !== true;
}

/** What a call comes to, for who may leave before: it goes on without him. */
export async function untilLeft<Result>(signal: AbortSignal | undefined, run: () => Promise<Result>): Promise<Result> {
  if (!signal) return run();
  signal.throwIfAborted();
  setMaxListeners(0, signal);
  return untilAborted(signal, run());
}
