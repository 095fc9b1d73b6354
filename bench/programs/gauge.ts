// Owns what a server under test tells of itself, loaded into its process with `--import`: the gateway runs as released.

import { existsSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answerParent } from './answer-parent.ts';

const resolutionMs = 1;
/** On Linux, what the scheduler says of the thread that JavaScript runs in. */
const threadFile = '/proc/self/schedstat';
const delays = monitorEventLoopDelay({ resolution: resolutionMs });

answerParent({
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
  },
  /** The CPU time of the thread of the event loop, in ms; elsewhere than on Linux that of the process. */
  threadMs() {
    if (existsSync(threadFile)) return Number(readFileSync(threadFile, 'utf8').split(' ')[0]) / 1e6;
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
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
