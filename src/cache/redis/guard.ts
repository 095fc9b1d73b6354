// Owns how long anybody waits for Redis: a moment, and after one late reply, or where replies are slow as a rule, not at all
// until Redis is in time again.

import { setTimeout as delay } from 'node:timers/promises';
import { LateReply, within } from './within.ts';

/** Stands between callers and Redis. */
export interface Guard {
  /** What a task gives; undefined where it fails, takes too long, or is not tried. */
  run<Value>(task: () => Promise<Value>): Promise<Value | undefined>;
  /** Whether tasks are tried. */
  readonly isOpen: boolean;
}

/** What a guard needs. */
export interface GuardOptions {
  /** How long a task may take. */
  readonly waitMs: number;
  /** How long replies may take as a rule, and a sign of life always; as long as a task unless told. */
  readonly usualMs?: number;
  /** Asks Redis for a sign of life. */
  readonly ping: () => Promise<unknown>;
  /** How long a silent one is left alone between. */
  readonly restMs?: number;
  /** Without one for so long, Redis is not slow but silent. */
  readonly silentMs?: number;
  /** Told when it is, with how often in a row. */
  readonly onSilence?: (inARow: number) => void;
  /** Told when signs of life come, but each of them late, and when they are in time again. */
  readonly onSlow?: (isSlow: boolean) => void;
  /** Ends the asking. */
  readonly signal: AbortSignal;
}

/** So many times the usual wait replies may be overdue in sum, and get one back with each that is in time. */
const mostLeeway = 5;

/** A Redis that is late is asked so many times as often as a silent one, and is slow after so many times. */
const slowness = 5;

/** A guard that lets everything pass. */
export function createGuard(options: GuardOptions): Guard {
  const { waitMs, usualMs = waitMs, ping, restMs = 1000, silentMs = 1000, onSilence, onSlow, signal } = options;
  let isOpen = true;
  let isAsking = false;
  let isWatching = false;
  let isSlow = false;
  let leeway = mostLeeway;
  /** Those who wait for a reply. */
  const waiting = new Set<(nothing: undefined) => void>();

  function become(slow: boolean): void {
    if (slow === isSlow) return;
    isSlow = slow;
    onSlow?.(slow);
  }

  function open(): void {
    // The next one that is overdue closes it again.
    if (!isOpen) leeway = 1;
    isOpen = true;
    become(false);
  }

  function close(): void {
    isOpen = false;
    for (const leave of waiting) leave(undefined);
    void ask();
  }

  /** Asks until a reply is in time. No caller takes part in that, so none has to wait. */
  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const rest = (ms: number) => delay(ms, undefined, { ref: false });
    // What fails at once would do so again.
    if (isOpen) await rest(restMs);
    for (let [silences, lates] = [0, 0]; isAsking && !signal.aborted; ) {
      const rested = rest(restMs);
      const reply = ping();
      try {
        await within(reply, usualMs);
        isAsking = false;
        open();
      } catch {
        silences = await within(reply, silentMs).then(
          () => 0,
          () => silences + 1,
        );
        lates = silences > 0 ? 0 : lates + 1;
        if (lates === slowness) become(true);
        if (silences > 0) onSilence?.(silences);
        await (silences > 0 ? rested : rest(restMs / slowness));
      }
    }
  }

  /** Follows by how much a reply is overdue: of one at a time, as those beside it wait for the same. */
  async function watch(reply: Promise<unknown>): Promise<void> {
    if (isWatching) return;
    isWatching = true;
    const isThere = () =>
      within(reply, usualMs).then(
        () => true,
        (error: unknown) => !(error instanceof LateReply),
      );
    let gained = 1;
    while (!(await isThere()) && isOpen) {
      gained = 0;
      leeway -= 1;
      if (leeway <= 0) close();
    }
    leeway = Math.min(mostLeeway, leeway + gained);
    isWatching = false;
  }

  return {
    async run(task) {
      if (!isOpen) return undefined;
      let leave = (_: undefined) => {};
      const closed = new Promise<undefined>((resolve) => {
        leave = resolve;
      });
      waiting.add(leave);
      try {
        const reply = task();
        void watch(reply);
        return await Promise.race([within(reply, waitMs), closed]);
      } catch (error) {
        // What fails at once keeps nobody waiting.
        if (error instanceof LateReply) close();
        else void ask();
        return undefined;
      } finally {
        waiting.delete(leave);
      }
    },
    get isOpen() {
      return isOpen;
    },
  };
}
