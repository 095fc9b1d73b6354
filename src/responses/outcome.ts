// Owns what is known of one run of an operation beside its answer: whether others may have it, and what it is made of.

/** What took part in an answer. */
export interface Footprint {
  readonly tags: ReadonlySet<string>;
  /** The lists among it, each as the JSON of a `ListUse`. */
  readonly lists: ReadonlySet<string>;
  /** Until when all of it is fresh, in ms of `performance.now()`. */
  readonly freshUntil: number;
  /** Requests that were made for it; shared ones were made for another operation as well, and are counted there. */
  readonly reads: readonly { readonly shared: boolean }[];
}

/** Filled in while an operation runs. */
export interface Outcome {
  /** How many errors the answer has. */
  errors: number;
  /** Whether one of them was WordPress's: what was true before is better then. */
  hasUpstreamError: boolean;
  footprint: Footprint | undefined;
  /** As the client or the document named it. */
  operationName: string | undefined;
}

/** The outcome of an operation that has not run. */
export function createOutcome(): Outcome {
  return { errors: 0, hasUpstreamError: false, footprint: undefined, operationName: undefined };
}
