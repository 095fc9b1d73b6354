// Owns the rounds of a load: the contenders in turn, again and again, so that a busy moment hits all of them.

import { quantile } from './quantile.ts';
import type { LoadRequest } from './queries.ts';
import type { Bench, Finding } from './row.ts';
import type { Bare, Reply, Server } from './servers.ts';

/** A server with what it is asked, and what it did in each round. */
export interface Contender {
  readonly server: Server;
  readonly requests: readonly LoadRequest[];
  /** What the bare server is to answer. */
  readonly replies: readonly Reply[] | null;
  readonly perCpuSecond: number[];
  readonly p50Ms: number[];
  readonly p99Ms: number[];
}

/** A contender before its first round. */
export function enter(server: Server, requests: readonly LoadRequest[]): Contender {
  return { server, requests, replies: null, perCpuSecond: [], p50Ms: [], p99Ms: [] };
}

/** The bare server, which is to give these replies in turn. */
export function enterBare(bare: Bare, requests: readonly LoadRequest[], replies: readonly Reply[]): Contender {
  return { ...enter(bare, requests), replies };
}

/** What a contender did in the turns of a round. */
interface Tally {
  answered: number;
  cpuSeconds: number;
  readonly p50Ms: number[];
  readonly p99Ms: number[];
}

/**
 * Runs all rounds, after one that does not count; gives how many answers had which status. In a round each has several
 * short turns rather than a long one: what slows the machine for a second or two then slows all of them.
 */
export async function runRounds(
  { scale, bare, loader }: Bench,
  contenders: readonly Contender[],
): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  const { connections, load } = scale;
  const [turns, turn] = 'seconds' in load ? [load.seconds, { seconds: 1 }] : [1, load];

  async function take({ server, requests, replies }: Contender, tally: Tally): Promise<void> {
    if (replies) await bare.reply(replies);
    const before = await server.usage();
    const result = await loader.run({ url: server.url, connections, requests: [...requests], ...turn });
    const after = await server.usage();
    if (result.errors > 0) throw new Error(`${server.url}: ${result.errors} requests without an answer`);
    tally.cpuSeconds += after.cpuSeconds - before.cpuSeconds;
    tally.p50Ms.push(result.p50Ms);
    tally.p99Ms.push(result.p99Ms);
    for (const [status, count] of Object.entries(result.statuses)) {
      // A refusal takes less than an answer: counted with them it would look like speed.
      if (Number(status) >= 400) throw new Error(`${server.url}: ${count} answers with status ${status}`);
      statuses[status] = (statuses[status] ?? 0) + count;
      tally.answered += count;
    }
  }

  for (let round = 0; round <= scale.rounds; round += 1) {
    const tallies = contenders.map((): Tally => ({ answered: 0, cpuSeconds: 0, p50Ms: [], p99Ms: [] }));
    for (let index = 0; index < turns; index += 1) {
      for (const [at, contender] of contenders.entries()) {
        const tally = tallies[at];
        if (tally) await take(contender, tally);
      }
    }
    if (round === 0) continue;
    for (const [at, { answered, cpuSeconds, p50Ms, p99Ms }] of tallies.entries()) {
      contenders[at]?.perCpuSecond.push(answered / cpuSeconds);
      contenders[at]?.p50Ms.push(quantile(p50Ms, 0.5));
      contenders[at]?.p99Ms.push(Math.max(...p99Ms));
    }
  }
  return statuses;
}

/** The ratio of two contenders in requests per CPU second, round by round. */
export function ratio(what: string, one: Contender, other: Contender, atLeast?: number): Finding {
  const values = one.perCpuSecond.map((value, round) => value / (other.perCpuSecond[round] ?? Number.NaN));
  return { what, values, unit: '×', ...(atLeast === undefined ? {} : { target: { atLeast } }) };
}

/** What one contender did. */
export function absolute(name: string, { perCpuSecond, p50Ms, p99Ms }: Contender): Finding[] {
  return [
    { what: name, values: perCpuSecond, unit: 'requests/CPU s' },
    { what: `${name}, p50`, values: p50Ms, unit: 'ms' },
    { what: `${name}, p99`, values: p99Ms, unit: 'ms' },
  ];
}
