// Owns what a server under test tells of itself, loaded into its process with `--import`: the gateway runs as released.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answerParent } from './answer-parent.ts';

const resolutionMs = 1;
const delays = monitorEventLoopDelay({ resolution: resolutionMs });
let longestTurnMs = 0;
let isWatchingTurns = false;

/** Times in ms of the clock, and of this process on the processors. */
function readTimes(): readonly [clock: number, cpu: number] {
  const { user, system } = process.cpuUsage();
  return [performance.now(), (user + system) / 1e3];
}

/** A turn lasts no longer than by the clock, and would last no longer than it computes if nobody else did. */
function watchTurn([clock, cpu]: readonly [number, number]): void {
  if (!isWatchingTurns) return;
  const now = readTimes();
  longestTurnMs = Math.max(longestTurnMs, Math.min(now[0] - clock, now[1] - cpu));
  setImmediate(watchTurn, now);
}

answerParent({
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
  },
  watchTurns() {
    longestTurnMs = 0;
    isWatchingTurns = true;
    watchTurn(readTimes());
  },
  async longestTurnMs() {
    // The turn that answered may not be over.
    await nextTurn();
    isWatchingTurns = false;
    return longestTurnMs;
  },
  watchLoop() {
    delays.enable();
    delays.reset();
  },
  longestHoldMs() {
    delays.disable();
    // A delay counts from one tick of the monitor to the next.
    return Math.max(0, delays.max / 1e6 - resolutionMs);
  },
  loopP99Ms() {
    delays.disable();
    return Math.max(0, delays.percentile(99) / 1e6 - resolutionMs);
  },
});
