// Owns what a run of an operation is: how it is asked for, and what it came to.

import type { StoredResponse } from '../cache/stored-response.ts';
import type { Operation } from '../operations/read-operation.ts';
import type { MediaType } from './negotiate.ts';
import type { Charge, Outcome } from './outcome.ts';

/** An operation as GraphQL answered it. */
export interface Run {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly outcome: Outcome;
}

/** How an operation is run. */
export interface RunRequest {
  readonly media: MediaType;
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
  /** It may be made of what is stale, and is made anew then. */
  readonly acceptsStale: boolean;
  readonly charge?: Charge | undefined;
}

/** Runs an operation as anybody: nothing of a client's request but its id is known to it. */
export type RunOperation = (operation: Operation, request: RunRequest) => Promise<Run>;

/** Has an operation wait for the run of an equal one: what it holds until it is disposed of, or why it cannot. */
export type JoinRun = (operation: Operation, media: MediaType) => Disposable | Run;

/** What a run came to: what can be kept of it, and whether WordPress failed meanwhile. */
export interface Made extends Run {
  readonly stored: StoredResponse | null;
  readonly isOutage: boolean;
  /** It refuses, or there is merely too much to do: what was purged is no better than an error then. */
  readonly isNoOutage: boolean;
}

/** A run of which nothing is kept: what was true before is better than a part of what is true, too. */
export function toUnkept(ran: Run): Made {
  const { footprint, hasUpstreamError, isTooLate, isNoOutage } = ran.outcome;
  const isBusy = isNoOutage || footprint?.isOverload === true;
  return { ...ran, stored: null, isOutage: hasUpstreamError || isTooLate, isNoOutage: isBusy };
}
