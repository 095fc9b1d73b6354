// Owns what is known of one run of an operation beside its answer: whether others may have it, and what it is made of.

import { always, type Times } from '../cache/times.ts';

/** What took part in an answer, and until when all of it may be used, in ms of `performance.now()`. */
export interface Footprint extends Times {
  readonly tags: ReadonlySet<string>;
  /** The lists among it, each as the JSON of a `ListUse`. */
  readonly lists: ReadonlySet<string>;
  /** When the newest of it was said that was not purged since, by the same clock. */
  readonly newestAt: number;
  /** Parts that were stale: it has to be made anew. */
  readonly stale: number;
  /** WordPress failed, and something took its place. */
  readonly isOutage: boolean;
  /** WordPress said something that is in it. */
  readonly isAnswered: boolean;
  /** It had too much to do. */
  readonly isOverload: boolean;
  /** Entities and lists that a cache knew, and those that it did not. */
  readonly hits: number;
  readonly misses: number;
  /** Requests that were made for it; shared ones were made for another operation as well, and are counted there. */
  readonly reads: readonly { readonly shared: boolean }[];
}

/** The errors of an answer. */
export interface ErrorsOf {
  /** How many there are. */
  readonly errors: number;
  /** Their codes: each once, and few. */
  readonly codes: readonly string[];
}

/** Of an answer that is kept. */
export const noErrors: ErrorsOf = { errors: 0, codes: [] };

/** Filled in while an operation runs. */
export interface Outcome extends ErrorsOf {
  errors: number;
  codes: readonly string[];
  /** Whether one of them was WordPress's: what was true before is better then. */
  hasUpstreamError: boolean;
  /** Whether one of those is no outage: WordPress refuses, or it or the gateway merely has too much to do. */
  isNoOutage: boolean;
  /** Its time was over before it was done. */
  isTooLate: boolean;
  footprint: Footprint | undefined;
  /** The body of the answer, where that was printed in turns. */
  body?: Buffer;
  /** As the client or the document named it. */
  operationName: string | undefined;
}

/** Whether what was known before took the place of what failed, and not merely another way to read it. */
export function isOfBefore({ isOutage, stale }: Footprint): boolean {
  return isOutage && stale > 0;
}

/** What an operation leaves that reads nothing. */
export function createFootprint(): Footprint {
  return {
    ...always,
    tags: new Set(),
    lists: new Set(),
    newestAt: Number.NEGATIVE_INFINITY,
    stale: 0,
    isOutage: false,
    isAnswered: false,
    isOverload: false,
    hits: 0,
    misses: 0,
    reads: [],
  };
}

/** The outcome of an operation that has not run. */
export function createOutcome(): Outcome {
  return {
    ...noErrors,
    hasUpstreamError: false,
    isNoOutage: false,
    isTooLate: false,
    footprint: undefined,
    operationName: undefined,
  };
}

/** Has whoever caused them pay for so many requests to WordPress. */
export type Charge = (reads: number) => void;

/** Requests to WordPress that were made for an operation, beside those that were made for others as well. */
export function countReads({ footprint }: Outcome): number {
  return footprint?.reads.filter(({ shared }) => !shared).length ?? 0;
}
