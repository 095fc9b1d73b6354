// Owns the rounds of cold queries: one at a time, each of posts that nobody has asked for, the contenders in turn.

import { quantile } from './quantile.ts';
import { listOfBlock, otherListOfBlock, toPost } from './queries.ts';
import type { Bench } from './row.ts';
import { sendGood } from './send.ts';
import type { Server } from './servers.ts';

/** What the server knows when it is asked: nothing of it, or what the posts refer to. */
export type Known = 'nothing' | 'related';

/** A server, and what happened in each round. */
export interface ColdContender {
  readonly server: Server;
  readonly p50Ms: number[];
  readonly p99Ms: number[];
  /** CPU time of a query. */
  readonly cpuMs: number[];
  /** Requests to the upstream for a query. */
  readonly requests: number[];
  /** What the upstream answered to a query. */
  readonly kilobytes: number[];
  /** Of each answer. */
  readonly statuses: number[];
}

/** A contender before its first round. */
export function enterCold(server: Server): ColdContender {
  return { server, p50Ms: [], p99Ms: [], cpuMs: [], requests: [], kilobytes: [], statuses: [] };
}

/** Runs all rounds with an upstream that is late. */
export async function runColdRounds(
  { scale, upstream, nextBlock }: Bench,
  contenders: readonly ColdContender[],
  delayMs: number,
  known: Known,
): Promise<void> {
  for (let round = 0; round < scale.rounds; round += 1) {
    for (const { server, ...samples } of contenders) {
      const blocks = Array.from({ length: scale.coldQueries }, nextBlock);
      if (known === 'related') for (const block of blocks) await sendGood(server, toPost(listOfBlock(block)));
      await upstream.takeCounts();
      await upstream.delay(delayMs);
      const before = await server.usage();
      const times: number[] = [];
      for (const block of blocks) {
        const operation = known === 'related' ? otherListOfBlock(block) : listOfBlock(block);
        const { ms, status } = await sendGood(server, toPost(operation));
        times.push(ms);
        samples.statuses.push(status);
      }
      const after = await server.usage();
      await upstream.delay(0);
      const counts = await upstream.takeCounts();
      samples.p50Ms.push(quantile(times, 0.5));
      samples.p99Ms.push(quantile(times, 0.99));
      samples.cpuMs.push((1000 * (after.cpuSeconds - before.cpuSeconds)) / blocks.length);
      samples.requests.push(counts.requests / blocks.length);
      samples.kilobytes.push(counts.bytes / 1000 / blocks.length);
    }
  }
}
