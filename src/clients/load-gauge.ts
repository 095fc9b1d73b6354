// Owns whether the process can take on more work: its event loop tells by how late it is.

import { monitorEventLoopDelay } from 'node:perf_hooks';

/** When work is turned away. */
export interface LoadGaugeOptions {
  /** How late the event loop may be, in ms; 0: as late as it likes. */
  readonly maxDelayMs: number;
  /** Ms that the event loop was late on average since the last time that this was asked. */
  readonly measure?: () => number;
  readonly now?: () => number;
}

/** Tells whether work can be taken on. Each piece that is taken on has to be ended. */
export interface LoadGauge extends Disposable {
  /** Takes on a piece of work; null where there is too much already. */
  begin(): { readonly end: () => void } | null;
}

/**
 * As much is always taken on, at a time and from one look to the next: it cannot be what makes the process late, and
 * somebody has to find out when it is over. Work that is done at once is never many at a time, however much comes.
 */
const alwaysTaken = 16;
/** Between two looks, so that a look has something to see. */
const lookMs = 100;
const resolutionMs = 10;

/**
 * A gauge that lets a smaller part of the work in as long as the event loop is late, and a larger part once it is not:
 * what it lets in is answered in time, where letting all in would answer nobody.
 */
export function createLoadGauge(options: LoadGaugeOptions): LoadGauge {
  const { maxDelayMs, now = () => performance.now() } = options;
  const monitor = options.measure || maxDelayMs === 0 ? undefined : openMonitor();
  const measure = options.measure ?? monitor?.measure ?? (() => 0);
  let running = 0;
  let begun = 0;
  let share = 1;
  let credit = 0;
  let lookedAt = now();

  function look(): void {
    if (now() - lookedAt < lookMs) return;
    lookedAt = now();
    begun = 0;
    share = measure() > maxDelayMs ? Math.max(0.05, share * 0.7) : Math.min(1, share + 0.1);
  }

  return {
    begin() {
      if (maxDelayMs > 0) look();
      if (maxDelayMs > 0 && (running >= alwaysTaken || begun >= alwaysTaken)) {
        credit = Math.min(2, credit + share);
        if (credit < 1) return null;
        credit -= 1;
      }
      running += 1;
      begun += 1;
      let isOver = false;
      return {
        end() {
          if (!isOver) running -= 1;
          isOver = true;
        },
      };
    },
    [Symbol.dispose]: () => monitor?.close(),
  };
}

/** Runs what there is room for, and turns the rest away; without a gauge there is room for all. */
export async function runWithin<Result>(
  gauge: LoadGauge | undefined,
  run: () => Promise<Result>,
  turnAway: () => Result,
): Promise<Result> {
  if (!gauge) return run();
  const work = gauge.begin();
  if (!work) return turnAway();
  try {
    return await run();
  } finally {
    work.end();
  }
}

function openMonitor() {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    measure() {
      // A delay counts from one tick of the monitor to the next; none since the last look says that the loop stood still.
      const delayMs = histogram.count === 0 ? lookMs : histogram.mean / 1e6 - resolutionMs;
      histogram.reset();
      return delayMs;
    },
    close: () => void histogram.disable(),
  };
}
