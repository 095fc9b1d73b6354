// Owns what came of the last query, for whoever shows it.

/** A REST request that a query caused. */
export interface RestRead {
  readonly request: string;
  readonly ms: number;
  readonly bytes: number;
}

/** What is known of the last answer. */
export interface LastAnswer {
  readonly status: number;
  /** From asking to the end of the answer. */
  readonly ms: number;
  /** Of the answer, decoded. */
  readonly bytes: number;
  /** Requests to WordPress that it took; null where the gateway does not tell. */
  readonly reads: number | null;
  /** Each of them, where the query was traced. */
  readonly requests: readonly RestRead[] | null;
  /** Whether the whole answer was kept: `hit`, `stale` or `miss`; null where it is not for a cache. */
  readonly cache: string | null;
  /** Seconds since it was made. */
  readonly age: number;
}

let last: LastAnswer | null = null;
const listeners = new Set<() => void>();

/** Follows changes, as React's `useSyncExternalStore` takes it. */
export function followAnswers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The last answer; null before the first, and while one goes on. */
export function lastAnswer(): LastAnswer | null {
  return last;
}

/** Tells of an answer; of null where one goes on, as that of a subscription. */
export function tellAnswer(answer: LastAnswer | null): void {
  last = answer;
  for (const listener of listeners) listener();
}
