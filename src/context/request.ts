// Owns what a context is made for: a request, and how it is run.

import type { Prove } from '../clients/rate-limit.ts';
import type { Limits } from '../limits.ts';
import type { AnswerShare } from '../loaders/answer-budget.ts';
import type { RequestHeaders } from '../wordpress/credentials.ts';

/** A request without credentials; its signal ends what it reads. */
export interface PublicRequest {
  readonly signal?: AbortSignal;
  readonly headers?: never;
}

/** A request as it came. */
export interface ContextRequest {
  readonly signal?: AbortSignal;
  readonly headers: RequestHeaders;
}

/** How a request is run. */
export interface RunOptions {
  /** It may be given what is stale: whoever runs it sees to it that it is read anew. */
  readonly acceptsStale: boolean;
  /** Ends it, where that is not the request's. */
  readonly signal?: AbortSignal;
  /** It writes: what it reads for that is read to its end, whoever has gone. */
  readonly isMutation?: boolean | undefined;
  /** What it has of the room for answers; as much as it likes without. */
  readonly share?: AnswerShare | undefined;
  /** Has its credentials looked at, where that counts. */
  readonly prove?: Prove | undefined;
  /** Its bounds, where they are not those of an operation. */
  readonly limits?: Limits;
  /** By what a client without credentials is known, where that can be told. */
  readonly client?: string | undefined;
}
