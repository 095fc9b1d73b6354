// Owns the rows of the gateway as a process: its memory, its start, and how long one answer holds up all others.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullPosts, listOfBlock, type Operation, toPost } from '../queries.ts';
import { type Bench, countStatuses, type Finding, type Outcome, type Row } from '../row.ts';
import { sendGood } from '../send.ts';
import { type Server, startGateway } from '../servers.ts';

const cacheMaxBytes = 128 * 1024 * 1024;
const megabyte = 1e6;
/** What a process may take beside what its caches are allowed to hold. */
const boundMegabytes = (cacheMaxBytes + 150 * megabyte) / megabyte;

/** The rows. */
export const processRows: readonly Row[] = [
  memoryRow('memory-entities', 'Memory with 10,000 entities', ({ scale }) =>
    Array.from({ length: scale.cachedBlocks }, (_, index) => listOfBlock(1 + index)),
  ),
  memoryRow('memory-full', 'Memory at the limit of the cache', ({ scale }) =>
    Array.from({ length: scale.fullPages }, (_, index) => fullPosts(100 * index)),
  ),
  memoryRow('memory-distinct', 'Memory after an hour of distinct queries', ({ scale }) =>
    Array.from({ length: scale.distinctQueries }, (_, index) => {
      const { query, variables = {} } = listOfBlock(1 + (index % 1000));
      return { query: query.replace('query Posts', `query Posts${index}`), variables };
    }),
  ),
  {
    id: 'hold',
    title: 'Event loop, 100 full posts of 20 kB',
    async measure({ scale, gateway }) {
      // A gateway that has never run is slow for another reason.
      for (let page = 0; page < scale.holdWarmUps; page += 1) await sendGood(gateway, toPost(fullPosts(100 * page)));
      const [cold, warm]: [number[], number[]] = [[], []];
      const statuses: number[] = [];
      for (let round = 0; round < scale.rounds; round += 1) {
        const request = toPost(fullPosts(10_000 + 100 * round));
        const ask = async () => void statuses.push((await sendGood(gateway, request)).status);
        cold.push(await gateway.holdMs(ask));
        warm.push(await gateway.holdMs(ask));
      }
      const target = { atMost: 50 };
      return {
        findings: [
          { what: 'longest hold, cold', values: cold, unit: 'ms', target },
          { what: 'longest hold, known', values: warm, unit: 'ms', target },
        ],
        statuses: countStatuses(statuses),
      };
    },
  },
  {
    id: 'start',
    title: 'Start, discovery on disk',
    async measure({ scale, upstream }) {
      const folder = await mkdtemp(join(tmpdir(), 'headgate-bench-'));
      const env = { DISCOVERY_FILE: join(folder, 'discovery.json') };
      const findings: Finding[] = [];
      const statuses: number[] = [];
      try {
        // The first one writes the file.
        await (await startGateway(upstream, env))[Symbol.asyncDispose]();
        for (const delayMs of [0, 100]) {
          await upstream.delay(delayMs);
          const values: number[] = [];
          for (let round = 0; round < scale.rounds; round += 1) {
            const startedAt = performance.now();
            // What watches it would have to start as well.
            await using gateway = await startGateway(upstream, env, { isWatched: false });
            values.push(performance.now() - startedAt);
            statuses.push((await sendGood(gateway, toPost({ query: '{ __typename }' }))).status);
          }
          findings.push({ what: `ready, upstream ${delayMs} ms`, values, unit: 'ms', target: { atMost: 1000 } });
        }
        return { findings, statuses: countStatuses(statuses) };
      } finally {
        await upstream.delay(0);
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];

/** A gateway of its own that is asked many things: what it takes up at the end, and at most. */
function memoryRow(id: string, title: string, operationsOf: (bench: Bench) => readonly Operation[]): Row {
  return {
    id,
    title,
    async measure(bench): Promise<Outcome> {
      await using gateway = await startGateway(bench.upstream, { CACHE_MAX_BYTES: String(cacheMaxBytes) });
      const operations = operationsOf(bench);
      const resident = async () => (await gateway.usage()).rssBytes / megabyte;
      const started = await resident();
      const statuses: number[] = [];
      let most = started;
      for (let index = 0; index < operations.length; index += 8) {
        statuses.push(...(await sendAll(gateway, operations.slice(index, index + 8))));
        if (index % 80 === 0) most = Math.max(most, await resident());
      }
      const last = await resident();
      const finding = (what: string, value: number): Finding => ({ what, values: [value], unit: 'MB' });
      return {
        findings: [
          finding('resident after the start', started),
          { ...finding('resident at most', Math.max(most, last)), target: { atMost: boundMegabytes } },
          finding('resident at the end', last),
        ],
        statuses: countStatuses(statuses),
      };
    },
  };
}

async function sendAll(gateway: Server, operations: readonly Operation[]): Promise<number[]> {
  const replies = await Promise.all(operations.map((operation) => sendGood(gateway, toPost(operation))));
  return replies.map(({ status }) => status);
}
