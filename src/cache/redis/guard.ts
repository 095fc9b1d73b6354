// Owns how long anybody waits for Redis: a moment, and after one late reply not at all, until Redis is in time again.

import { setTimeout as delay } from 'node:timers/promises';
import { LateReply, within } from './within.ts';

/** Stands between callers and Redis. */
export interface Guard {
  /** What a task gives; undefined where it fails, takes too long, or is not tried. */
  run<Value>(task: () => Promise<Value>): Promise<Value | undefined>;
}

/** What a guard needs. */
export interface GuardOptions {
  readonly waitMs: number;
  /** Asks Redis for a sign of life. */
  readonly ping: () => Promise<unknown>;
  /** How long Redis is left alone before it is asked for one. */
  readonly restMs?: number;
  /** Without one for so long, Redis is not slow but silent. */
  readonly silentMs?: number;
  /** Told when it is, with how often in a row. */
  readonly onSilence?: (inARow: number) => void;
  /** Ends the asking. */
  readonly signal: AbortSignal;
}

/** A guard that lets everything pass. */
export function createGuard(options: GuardOptions): Guard {
  const { waitMs, ping, restMs = 1000, silentMs = 1000, onSilence, signal } = options;
  let isLate = false;
  let isAsking = false;

  /** Asks until a reply is in time. No caller takes part in that, so none has to wait. */
  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    for (let silences = 0; isAsking && !signal.aborted; ) {
      await delay(restMs, undefined, { ref: false });
      const reply = ping();
      try {
        await within(reply, waitMs);
        isLate = false;
        isAsking = false;
      } catch {
        silences = await within(reply, silentMs).then(
          () => 0,
          () => silences + 1,
        );
        if (silences > 0) onSilence?.(silences);
      }
    }
  }

  return {
    async run(task) {
      if (isLate) return undefined;
      try {
        return await within(task(), waitMs);
      } catch (error) {
        // What fails at once keeps nobody waiting.
        if (error instanceof LateReply) isLate = true;
        void ask();
        return undefined;
      }
    },
  };
}
