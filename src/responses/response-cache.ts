// Owns answering public queries: from the store while that will do, else by one run for all who ask at the same time.

import type { ResponseStore } from '../cache/response-store.ts';
import { createSingleFlight } from '../cache/single-flight.ts';
import { createStoredResponse, type Encoding, type StoredResponse } from '../cache/stored-response.ts';
import type { Operation } from '../operations/read-operation.ts';
import { type Answer, type AnswerRequest, toOwnAnswer, toStoredAnswer } from './answer.ts';
import type { MediaType } from './negotiate.ts';
import { countReads, type Outcome } from './outcome.ts';

/** An operation as GraphQL answered it. */
export interface Run {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly outcome: Outcome;
}

/** Runs an operation as anybody: nothing of a client's request but its id is known to it. */
export type RunOperation = (
  operation: Operation,
  media: MediaType,
  requestId: string,
  signal: AbortSignal | undefined,
) => Promise<Run>;

/** What of a request matters to its answer. */
export interface CachedRequest extends AnswerRequest {
  readonly encoding: Encoding;
  /** The client wants no kept answer (`Cache-Control: no-cache`). */
  readonly wantsNew: boolean;
  readonly signal: () => AbortSignal | undefined;
}

/** An answer, and where it came from. */
export interface CachedAnswer {
  readonly answer: Answer;
  readonly source: 'hit' | 'stale' | 'miss';
  readonly errors: number;
}

/** Answers public queries. */
export interface ResponseCache {
  /** At once where the answer is kept in the encoding that is asked for. */
  answer(operation: Operation, request: CachedRequest): CachedAnswer | Promise<CachedAnswer>;
}

/** What answering stands on. */
export interface ResponseCacheOptions {
  readonly store: ResponseStore;
  readonly run: RunOperation;
}

/** While WordPress fails, an answer that can be served is not made anew more often than this. */
const retryMs = 1000;

/** A cache over a store. */
export function createResponseCache({ store, run }: ResponseCacheOptions): ResponseCache {
  const flight = createSingleFlight<Run & { readonly stored: StoredResponse | null }>();
  const retryAt = new WeakMap<StoredResponse, number>();

  async function runAndStore(operation: Operation, request: AnswerRequest, signal: AbortSignal) {
    const mark = store.mark();
    const ran = await run(operation, request.media, request.requestId, signal);
    const { footprint, errors } = ran.outcome;
    if (ran.status !== 200 || errors > 0 || !footprint) return { ...ran, stored: null };
    const stored = createStoredResponse({
      body: ran.body,
      tags: [...footprint.tags].sort(),
      times: store.timesOf(footprint.freshUntil),
      documentId: operation.documentId,
      operationName: operation.name,
    });
    store.put(operation.key, stored, mark);
    return { ...ran, stored };
  }

  const make = (operation: Operation, request: AnswerRequest, signal: AbortSignal | undefined, onOwn = () => {}) =>
    flight.run(`${request.media} ${operation.key}`, signal, (shared) => {
      onOwn();
      return runAndStore(operation, request, shared);
    });

  function isWaiting(stored: StoredResponse): boolean {
    return (retryAt.get(stored) ?? 0) > store.now();
  }

  /** Makes an answer anew while the old one is served. */
  function refresh(operation: Operation, request: AnswerRequest, old: StoredResponse): void {
    if (isWaiting(old)) return;
    const later = () => void retryAt.set(old, store.now() + retryMs);
    make(operation, request, undefined).then((ran) => (ran.stored ? undefined : later()), later);
  }

  function serve(
    stored: StoredResponse,
    request: CachedRequest,
    source: CachedAnswer['source'],
  ): CachedAnswer | Promise<CachedAnswer> {
    const body = stored.encoded(request.encoding);
    const toAnswer = (encoded: Awaited<typeof body>): CachedAnswer => ({
      answer: toStoredAnswer(stored, encoded, request, store.now()),
      source,
      errors: 0,
    });
    return body instanceof Promise ? body.then(toAnswer) : toAnswer(body);
  }

  async function answerAnew(
    operation: Operation,
    request: CachedRequest,
    old: StoredResponse | undefined,
  ): Promise<CachedAnswer> {
    let isOwn = false;
    const ran = await make(operation, request, request.signal(), () => {
      isOwn = true;
    });
    const { status, headers, body, outcome, stored } = ran;
    // Who came first is charged; others have only waited.
    const reads = isOwn ? countReads(outcome) : 0;
    if (stored) return charge(await serve(stored, request, 'miss'), reads);
    if (old && outcome.hasUpstreamError && store.now() < old.times.errorUntil) {
      retryAt.set(old, store.now() + retryMs);
      return serve(old, request, 'stale');
    }
    const answer = toOwnAnswer(status, [...headers, ['x-request-id', request.requestId]], body);
    return charge({ answer, source: 'miss', errors: outcome.errors }, reads);
  }

  return {
    answer(operation, request) {
      const stored = store.get(operation.key);
      if (!stored || request.wantsNew) return answerAnew(operation, request, stored);
      const { freshUntil, staleUntil, errorUntil } = stored.times;
      const now = store.now();
      if (now < freshUntil) return serve(stored, request, 'hit');
      if (now < staleUntil) {
        refresh(operation, request, stored);
        return serve(stored, request, 'stale');
      }
      if (now < errorUntil && isWaiting(stored)) return serve(stored, request, 'stale');
      return answerAnew(operation, request, stored);
    },
  };
}

function charge(cached: CachedAnswer, reads: number): CachedAnswer {
  return reads === 0 ? cached : { ...cached, answer: { ...cached.answer, reads } };
}
