// Owns the rows of what the gateway does not know yet: how long it takes, and what it asks of WordPress.

import { type ColdContender, enterCold, type Known, runColdRounds } from '../cold-rounds.ts';
import { listOfBlock, toPost } from '../queries.ts';
import { countStatuses, type Finding, type Outcome, type Row } from '../row.ts';
import { sendGood } from '../send.ts';

/** The rows. */
export const coldRows: readonly Row[] = [
  {
    id: 'cold',
    title: 'Cold',
    async measure(bench) {
      const [gateway, yoga] = [enterCold(bench.gateway), enterCold(bench.yoga)];
      await runColdRounds(bench, [gateway, yoga], 0, 'nothing');
      const times = gateway.cpuMs.map((ms, round) => (yoga.cpuMs[round] ?? Number.NaN) / ms);
      return toOutcome(gateway, [{ what: 'of default Yoga, by CPU', values: times, unit: '×' }]);
    },
  },
  delayed('cold-20', 'Cold, upstream 20 ms', 20, 'nothing'),
  delayed('cold-100', 'Cold, upstream 100 ms', 100, 'nothing', 2.2),
  delayed('related-20', 'Related cached, upstream 20 ms', 20, 'related'),
  delayed('related-100', 'Related cached, upstream 100 ms', 100, 'related', 1.2),
  {
    id: 'same-cold',
    title: '32 clients, the same cold query',
    async measure({ scale, upstream, gateway, nextBlock }) {
      const statuses: number[] = [];
      const [alone, together]: [number[], number[]] = [[], []];
      await upstream.delay(20);
      for (let round = 0; round < scale.rounds; round += 1) {
        for (const [clients, counts] of [[1, alone] as const, [32, together] as const]) {
          const request = toPost(listOfBlock(nextBlock()));
          await upstream.takeCounts();
          const replies = await Promise.all(Array.from({ length: clients }, () => sendGood(gateway, request)));
          statuses.push(...replies.map(({ status }) => status));
          counts.push((await upstream.takeCounts()).requests);
        }
      }
      await upstream.delay(0);
      const times = together.map((count, round) => count / (alone[round] ?? Number.NaN));
      return {
        findings: [
          { what: 'upstream, of one client', values: times, unit: '×', target: { atMost: 1 } },
          { what: 'upstream', values: together, unit: 'requests' },
        ],
        statuses: countStatuses(statuses),
      };
    },
  },
];

function delayed(id: string, title: string, delayMs: number, known: Known, atMost?: number): Row {
  return {
    id,
    title,
    async measure(bench) {
      const gateway = enterCold(bench.gateway);
      await runColdRounds(bench, [gateway], delayMs, known);
      const latency: Finding = {
        what: `of ${delayMs} ms`,
        values: gateway.p50Ms.map((ms) => ms / delayMs),
        unit: '×',
        ...(atMost === undefined ? {} : { target: { atMost } }),
      };
      return toOutcome(gateway, [latency], known === 'nothing' ? 4 : 1);
    },
  };
}

function toOutcome(contender: ColdContender, findings: readonly Finding[], atMost = 4): Outcome {
  const { p50Ms, p99Ms, requests, kilobytes, statuses } = contender;
  return {
    findings: [
      ...findings,
      { what: 'upstream, a query', values: requests, unit: 'requests', target: { atMost } },
      { what: 'upstream, a query', values: kilobytes, unit: 'kB' },
      { what: 'gateway, p50', values: p50Ms, unit: 'ms' },
      { what: 'gateway, p99', values: p99Ms, unit: 'ms' },
    ],
    statuses: countStatuses(statuses),
  };
}
