// Owns the rows of too much work: what is still answered when five times as much is asked as the gateway can do, or WordPress.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Operation, toPost, uniqueLongList, unknownListOfBlock } from '../queries.ts';
import type { Outcome, Row, Scale } from '../row.ts';
import { sendGood } from '../send.ts';
import { type OpenLoadResult, type Server, startOpenLoader } from '../servers.ts';

const times = 5;
/** Each step of the search asks for so much more than the one before. */
const step = 1.2;
const mostSteps = 60;
/** What grows by less than this grows no more. */
const leastGrowth = 1.02;
/** All is as before when nothing of a quarter of a second takes longer than this, or than twice what p99 was. */
const leastUsualMs = 250;

interface Phase {
  readonly rate: number;
  readonly seconds: number;
}

type Run = (...phases: Phase[]) => Promise<OpenLoadResult>;

/** What a server can do: it answers no more, however much is asked. */
interface Knee {
  readonly goodPerSecond: number;
  readonly goodPerCpuSecond: number;
}

/** What happened in one round. */
interface Round {
  readonly knee: Knee;
  readonly over: OpenLoadResult['phases'][number];
  readonly overPerCpuSecond: number;
  readonly loopP99Ms: number;
  readonly backAfterSeconds: number;
  readonly senderLateMs: number;
}

/** The rows. */
export const overloadRows: readonly Row[] = [
  // Each is another operation, over a list that is known: it has to be executed, and WordPress is not what is short.
  overloadRow('overload', 'Five times what it can do', uniqueLongList(), 0),
  overloadRow('overload-upstream', 'Five times what WordPress can do, 50 ms', unknownListOfBlock(1), 50),
];

function overloadRow(id: string, title: string, operation: Operation, delayMs: number): Row {
  return {
    id,
    title,
    async measure({ scale: { overload }, upstream, gateway }) {
      await using loader = startOpenLoader();
      const asked = toPost(operation);
      const { body = '' } = asked;
      await sendGood(gateway, { ...asked, body: body.replace('[<id>]', '999999') });
      const request = { ...asked, body };
      const run: Run = (...phases) =>
        loader.run({ url: gateway.url, request, maxConnections: overload.connections, phases });
      const rounds: Round[] = [];
      await upstream.delay(delayMs);
      try {
        const rate = await findRate(run, gateway, overload);
        for (let round = 0; round < overload.rounds; round += 1) {
          const knee = await measureAt(run, gateway, { rate, seconds: overload.seconds });
          if (knee.goodPerSecond === 0) throw new Error(`${gateway.url} answers nothing in time`);
          rounds.push(await overwhelm(run, gateway, knee, overload));
        }
      } finally {
        await upstream.delay(0);
      }
      return toOutcome(rounds);
    },
  };
}

function toOutcome(rounds: readonly Round[]): Outcome {
  const all = (figure: (round: Round) => number) => rounds.map(figure);
  const statuses: Record<string, number> = {};
  for (const { over } of rounds) {
    for (const [status, count] of Object.entries(over.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  return {
    findings: [
      { what: 'it can do, a second', values: all(({ knee }) => knee.goodPerSecond), unit: 'requests' },
      {
        ...{ what: 'answered, of what it can do', unit: '×', target: { atLeast: 0.9 } },
        values: all(({ knee, over }) => over.goodPerSecond / knee.goodPerSecond),
      },
      {
        ...{ what: 'the same for each second of CPU time', unit: '×' },
        values: all(({ knee, overPerCpuSecond }) => overPerCpuSecond / knee.goodPerCpuSecond),
      },
      { what: 'answer, p50', values: all(({ over }) => over.goodP50Ms), unit: 'ms' },
      { what: 'answer, p99', values: all(({ over }) => over.goodP99Ms), unit: 'ms' },
      { what: 'refusal, p50', values: all(({ over }) => over.refusalP50Ms), unit: 'ms', target: { atMost: 20 } },
      { what: 'refusal, p99', values: all(({ over }) => over.refusalP99Ms), unit: 'ms' },
      { what: 'event loop late, p99', values: all(({ loopP99Ms }) => loopP99Ms), unit: 'ms', target: { atMost: 100 } },
      {
        ...{ what: 'until all is as before', unit: 'ms', target: { atMost: 5000 } },
        values: all(({ backAfterSeconds }) => 1000 * backAfterSeconds),
      },
      { what: 'sent late, p99', values: all(({ senderLateMs }) => senderLateMs), unit: 'ms' },
    ],
    statuses,
  };
}

/**
 * Asks for more and more until that brings no more, and gives what was asked for then. What it brought is measured again in
 * each round: the best of many steps was lucky, and a machine is not as fast a minute later.
 */
async function findRate(run: Run, gateway: Server, { firstRate, stepSeconds }: Scale['overload']): Promise<number> {
  let [best, bestRate] = [0, firstRate];
  let inVain = 0;
  let rate = firstRate;
  for (let steps = 0; inVain < 2 && steps < mostSteps; steps += 1) {
    const { goodPerSecond } = await measureAt(run, gateway, { rate, seconds: stepSeconds });
    inVain = goodPerSecond > best * leastGrowth ? 0 : inVain + 1;
    if (goodPerSecond > best) [best, bestRate] = [goodPerSecond, rate];
    // One that answers nothing in time has only begun.
    if (best === 0) inVain = 0;
    else rate *= step;
  }
  return bestRate;
}

async function measureAt(run: Run, gateway: Server, phase: Phase): Promise<Knee> {
  const before = await gateway.usage();
  const { phases } = await run(phase);
  const cpuSeconds = (await gateway.usage()).cpuSeconds - before.cpuSeconds;
  const { goodPerSecond = 0, good = 0 } = phases[0] ?? {};
  return { goodPerSecond, goodPerCpuSecond: good / cpuSeconds };
}

/** Asks for five times as much, and then for half of it until all is as it was. */
async function overwhelm(
  run: Run,
  gateway: Server,
  knee: Knee,
  { seconds, calmSeconds }: { readonly seconds: number; readonly calmSeconds: number },
): Promise<Round> {
  const calm = { rate: knee.goodPerSecond / 2, seconds: calmSeconds };
  const usual = await run(calm);
  const usualMs = Math.max(leastUsualMs, 2 * (usual.phases[0]?.goodP99Ms ?? 0));
  const before = await gateway.usage();
  const running = run({ rate: times * knee.goodPerSecond, seconds }, calm);
  const loopP99Ms = await gateway.loopP99Ms(() => sleep(1000 * seconds));
  const cpuSeconds = (await gateway.usage()).cpuSeconds - before.cpuSeconds;
  const { phases, sentLateP99Ms } = await running;
  const [over, after] = phases;
  if (!over || !after) throw new Error('nothing was sent');
  const lastBad = after.windows.findLastIndex(({ allGood, slowestMs }) => !allGood || slowestMs > usualMs);
  return {
    ...{ knee, over, loopP99Ms, senderLateMs: sentLateP99Ms },
    overPerCpuSecond: (over.goodPerSecond * seconds) / cpuSeconds,
    backAfterSeconds: ((lastBad + 1) * calmSeconds) / Math.max(1, after.windows.length),
  };
}
