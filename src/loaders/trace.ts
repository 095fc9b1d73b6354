// Owns the trace of a GraphQL request: what it read of WordPress, what it did not have to read, what took part in it, and
// how much it may read.

import { always, type Times } from '../cache/times.ts';
import { UpstreamError } from '../errors.ts';
import { createLimits, type Limits } from '../limits.ts';
import { createPace, type Pace } from '../pace.ts';
import type { AnswerShare } from './answer-budget.ts';

/** A REST request or page that was read. */
export interface TracedRead {
  /** Method and target, such as `GET /wp/v2/posts?per_page=11`. */
  readonly request: string;
  /** From asking to the parsed answer, waiting for a slot included. */
  readonly ms: number;
  /** Decoded bytes of the answer; 0 where it failed. */
  readonly bytes: number;
  /** Whether another GraphQL request had asked for the same already. */
  readonly shared: boolean;
}

/** What a GraphQL request read. */
export interface Trace {
  readonly reads: TracedRead[];
  /** Entities and lists that a cache knew, and those that it did not. */
  hits: number;
  misses: number;
  /** All that took part, as purges name it: `post:12`, `list:post`. */
  readonly tags: Set<string>;
  /** The lists that took part, each as the JSON of a `ListUse`. */
  readonly lists: Set<string>;
  /** When the oldest of it was said, and until when all of it may be used, in ms of `performance.now()`. */
  storedAt: number;
  freshUntil: number;
  staleUntil: number;
  errorUntil: number;
  /** When the newest of it was said that was not purged since. */
  newestAt: number;
  /** Some of it was purged. */
  isPurged?: true;
  /** Whether it may use what is stale: whoever runs it sees to it that it is read anew. */
  readonly acceptsStale: boolean;
  /** Parts that were stale. */
  stale: number;
  /** WordPress failed, and what was known before took its place as far as there was any. */
  isOutage: boolean;
  /** It said something that takes part. */
  isAnswered: boolean;
  /** It had too much to do. */
  isOverload: boolean;
  /** What executes it awaits each object of a list by itself. */
  awaitsItems?: true;
  /** How fast it goes on: what takes long gives way to all else. */
  readonly pace: Pace;
  /** Counts a read before it is made; throws a `LimitError` where it is one too many. */
  countCall(): void;
  /** Takes a call to find out what of many makes a request fail; false where the rest is for what else is asked. */
  maySearch(): boolean;
  /** Counts nodes before they are returned; throws a `LimitError` where they are too many. */
  countNodes(nodes: number): void;
  /** Counts bytes of the answer before they are part of it; false where there is no room for them, or was none before. */
  countBytes(bytes: number): boolean;
  /** Counts an error, and its bytes, before it is part of the answer; false where there is no room for it. */
  countError(bytes: number): boolean;
  /** Its time is over, or its client has gone: what is not there by then is left out. */
  readonly hasEnded: boolean;
  /** Leaves out a field, and says why: by the same error the first times and where null cannot stand, else by null. */
  refuse(isRequired: boolean): null;
}

/** Most requests by which one operation finds out what of many makes others fail. */
const mostSearched = 20;

/** An error for each field that there is no room for would be larger than the answer. */
export const toldRefusals = 20;

/** Why an answer is not made: those that are being made fill what all of them have together. */
export function noRoom(): UpstreamError {
  return new UpstreamError('OVERLOADED', 'there is no room for the answer');
}

/** What a trace is of. */
export interface TraceOptions {
  readonly limits?: Limits;
  readonly acceptsStale?: boolean;
  readonly share?: AnswerShare | undefined;
  /** Aborts when the operation ends before it is done, with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An empty trace. */
export function createTrace(options: TraceOptions = {}): Trace {
  const { limits = createLimits(), acceptsStale = false, share, signal } = options;
  let calls = 0;
  let searched = 0;
  let returned = 0;
  let bytes = 0;
  let errors = 0;
  let refused = 0;
  let refusal: unknown;
  const maxBytes = limits.max('resultBytes');
  const maxErrors = limits.max('errors');

  function countBytes(more: number): boolean {
    bytes += more;
    return bytes <= maxBytes && (share?.hold(bytes) ?? true);
  }

  function reasonToRefuse(): unknown {
    if (signal?.aborted) return signal.reason;
    if (share?.isOver) return noRoom();
    return limits.excess(errors > maxErrors ? 'errors' : 'resultBytes');
  }

  return {
    reads: [],
    hits: 0,
    misses: 0,
    tags: new Set(),
    lists: new Set(),
    ...always,
    newestAt: Number.NEGATIVE_INFINITY,
    acceptsStale,
    stale: 0,
    isOutage: false,
    isAnswered: false,
    isOverload: false,
    pace: createPace(signal),
    countCall: () => limits.check('upstreamCalls', ++calls),
    maySearch: () => calls < limits.max('upstreamCalls') / 2 && ++searched <= mostSearched,
    countNodes(nodes) {
      returned += nodes;
      limits.check('nodes', returned);
    },
    countBytes,
    countError: (more) => ++errors <= maxErrors && countBytes(more),
    get hasEnded() {
      return signal?.aborted === true;
    },
    refuse(isRequired) {
      refused += 1;
      if (!isRequired && refused > toldRefusals) return null;
      refusal ??= reasonToRefuse();
      throw refusal;
    },
  };
}

/** Marks that something with these times takes part. */
export function limitFreshness(trace: Trace, times: Times): void {
  const { storedAt, freshUntil, staleUntil, errorUntil, isPurged } = times;
  if (storedAt < trace.storedAt) trace.storedAt = storedAt;
  if (!isPurged && storedAt > trace.newestAt && Number.isFinite(storedAt)) trace.newestAt = storedAt;
  if (freshUntil < trace.freshUntil) trace.freshUntil = freshUntil;
  if (staleUntil < trace.staleUntil) trace.staleUntil = staleUntil;
  if (errorUntil < trace.errorUntil) trace.errorUntil = errorUntil;
  if (isPurged) trace.isPurged = true;
}

/** Marks that something with these times takes part that WordPress has just said. */
export function learn(trace: Trace, times: Times): void {
  trace.isAnswered = true;
  limitFreshness(trace, times);
}

/** Runs a read and puts it on the trace, whether it succeeds or fails; it is printed where it may be made at all. */
export async function traced<Answer extends object>(
  trace: Trace,
  print: () => string,
  read: (markOwn: () => void) => Promise<Answer>,
): Promise<Answer> {
  trace.countCall();
  const request = print();
  const start = performance.now();
  let shared = true;
  let bytes = 0;
  try {
    const answer = await read(() => {
      shared = false;
    });
    bytes = 'bytes' in answer && typeof answer.bytes === 'number' ? answer.bytes : 0;
    return answer;
  } finally {
    trace.reads.push({ request, ms: Math.round((performance.now() - start) * 10) / 10, bytes, shared });
  }
}
