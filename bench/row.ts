// Owns what a row of the table is: what it takes to measure it, and what it finds.

import type { Bare, Loader, Server, Upstream } from './servers.ts';

/** How much is measured. */
export interface Scale {
  readonly rounds: number;
  /** A load lasts so many seconds, or so many requests. */
  readonly load: { readonly seconds: number } | { readonly amount: number };
  readonly connections: number;
  /** Different operations of mixed traffic. */
  readonly operations: number;
  /** Queries of a cold row in each round. */
  readonly coldQueries: number;
  /** Blocks of posts that are cached for 10,000 entities. */
  readonly cachedBlocks: number;
  /** Pages of a hundred full posts, for a cache at its limit. */
  readonly fullPages: number;
  /** Pages of full posts before the event loop is watched. */
  readonly holdWarmUps: number;
  /** Different queries that stand for an hour. */
  readonly distinctQueries: number;
  /** Purges that are told one after the other, in each round. */
  readonly purges: number;
  /** What is asked of a gateway that cannot do it. */
  readonly overload: {
    readonly rounds: number;
    /** Requests a second at the first step of the search for what it can do, and how long each step takes. */
    readonly firstRate: number;
    readonly stepSeconds: number;
    /** How long five times as much is asked, and how long half of it before and after that. */
    readonly seconds: number;
    readonly calmSeconds: number;
    readonly connections: number;
  };
  /** Requests in front of a Redis, in each round. */
  readonly redisRequests: number;
}

/** What rows are measured with. */
export interface Bench {
  readonly scale: Scale;
  readonly upstream: Upstream;
  readonly gateway: Server;
  readonly yoga: Server;
  readonly bare: Bare;
  readonly loader: Loader;
  /** A block of posts that nobody has asked for yet. */
  nextBlock(): number;
}

/** One line of the table: a value for each round. */
export interface Finding {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: '×' | 'ms' | 'MB' | 'kB' | 'requests' | 'requests/CPU s';
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

/** What a row found, or why the gateway cannot be measured in this. */
export type Outcome =
  | { readonly findings: readonly Finding[]; readonly statuses: Readonly<Record<string, number>> }
  | { readonly missing: string };

/** A row. */
export interface Row {
  /** For `--only`. */
  readonly id: string;
  readonly title: string;
  measure(bench: Bench): Promise<Outcome>;
}

/** Counts the statuses of answers. */
export function countStatuses(statuses: Iterable<number>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
