// Owns what a server under test tells of itself, loaded into its process with `--import`: the gateway runs as released.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answerParent } from './answer-parent.ts';

const resolutionMs = 1;
const delays = monitorEventLoopDelay({ resolution: resolutionMs });

answerParent({
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
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
});
