// Owns answering public queries: from the store while that will do, else by one run for all who ask at the same time.

import { setImmediate as afterTurn } from 'node:timers/promises';
import { isOld } from '../cache/old.ts';
import type { Mark } from '../cache/purge-log.ts';
import type { ResponseStore } from '../cache/response-store.ts';
import { createSingleFlight } from '../cache/single-flight.ts';
import {
  createStoredResponse,
  type EncodedBody,
  type Encoding,
  type StoredResponse,
} from '../cache/stored-response.ts';
import { isNever, type Times } from '../cache/times.ts';
import type { Operation } from '../operations/read-operation.ts';
import { untilAborted } from '../wordpress/deadline.ts';
import { type Answer, type AnswerRequest, toOwnAnswer, toStoredAnswer } from './answer.ts';
import { createKnownFailures } from './known-failures.ts';
import type { MediaType } from './negotiate.ts';
import { noteOutage } from './note-outage.ts';
import { type Charge, countReads, type ErrorsOf, isOfBefore, noErrors } from './outcome.ts';
import { type JoinRun, type Made, type RunOperation, type RunRequest, toUnkept } from './run.ts';

/** What of a request matters to its answer. */
export interface CachedRequest extends AnswerRequest {
  readonly encoding: Encoding;
  /** The client wants no kept answer (`Cache-Control: no-cache`). */
  readonly wantsNew: boolean;
  readonly signal: () => AbortSignal | undefined;
  /** Who began a run pays for all of it; who joined one has only waited. */
  readonly charge?: Charge | undefined;
}

/** An answer, and where it came from. */
export interface CachedAnswer {
  readonly answer: Answer;
  readonly source: 'hit' | 'stale' | 'miss';
  readonly outcome: ErrorsOf;
  /** Why it is stale: it is made anew at this moment, or WordPress fails. */
  readonly staleFor?: StaleReason | undefined;
}

/** Why an answer is stale. */
export type StaleReason = 'revalidation' | 'outage';

/** Answers public queries. */
export interface ResponseCache {
  /** At once where the answer is kept in the encoding that is asked for. */
  answer(operation: Operation, request: CachedRequest): CachedAnswer | Promise<CachedAnswer>;
}

/** What answering stands on. */
export interface ResponseCacheOptions {
  readonly store: ResponseStore;
  readonly run: RunOperation;
  /** Refuses what there is no room for; null where there is. Running it would cost more than to tell so at once. */
  readonly turnAway?: ((request: AnswerRequest) => CachedAnswer | null) | undefined;
  /** Has operations wait for runs of others; as many as come without. */
  readonly join?: JoinRun | undefined;
  /** Answers are for callers with a key: caches on the way, which know no keys, must not share them. */
  readonly isClosed?: boolean;
}

const hit = { source: 'hit' } as const;

/** A cache over a store. */
export function createResponseCache(options: ResponseCacheOptions): ResponseCache {
  const { store, run, turnAway, join, isClosed = false } = options;
  const flight = createSingleFlight<Made>();
  const failures = createKnownFailures(() => store.now());
  const noted = new WeakSet<StoredResponse>();
  const refreshing = new WeakSet<StoredResponse>();

  async function runAndStore(operation: Operation, request: RunRequest, since: Mark): Promise<Made> {
    const made = await runAndKeep(operation, request, since);
    if (made.isOutage && !made.isNoOutage && !made.outcome.isTooLate) failures.fail(operation.key);
    else if (!made.isOutage && countReads(made.outcome) > 0) failures.work();
    return made;
  }

  async function runAndKeep(operation: Operation, request: RunRequest, since: Mark): Promise<Made> {
    const ran = await run(operation, request);
    const { footprint, errors } = ran.outcome;
    if (ran.status !== 200 || errors > 0 || !footprint) return toUnkept(ran);
    const isNoOutage = ran.outcome.isNoOutage || footprint.isOverload;
    const isOutage = isOfBefore(footprint);
    // It was made for somebody: caches on the way would keep it as we would.
    if (isNever(footprint)) return { ...ran, stored: null, isOutage, isNoOutage };
    const stored = createStoredResponse({
      body: ran.body,
      tags: [...footprint.tags].sort(),
      lists: [...footprint.lists],
      times: store.timesOf(footprint),
      documentId: operation.documentId,
      operationName: operation.name,
    });
    const made = { ...ran, stored, isOutage, isNoOutage };
    if (isOutage) failures.meet(stored);
    // Another run may have been answered all of it meanwhile, or another process known newer parts.
    const kept = isOutage ? store.get(operation.key) : undefined;
    const isBeaten = kept && (kept.times.freshUntil > store.now() || isBetter(kept, made));
    if (!isBeaten) store.put(operation.key, stored, since);
    return made;
  }

  function toFlightKey({ key }: Operation, media: MediaType, acceptsStale: boolean): string {
    return `${media} ${store.mark()} ${acceptsStale} ${key}`;
  }

  /** Shares a run with all who ask the same; what is purged parts those who asked before from those who ask after. */
  async function make(
    operation: Operation,
    { media, requestId, charge }: AnswerRequest & Pick<CachedRequest, 'charge'>,
    acceptsStale: boolean,
    signal?: AbortSignal,
    onOwn = () => {},
  ): Promise<Made> {
    const since = store.mark();
    const key = toFlightKey(operation, media, acceptsStale);
    // A run holds what it is asked by itself.
    const joined = flight.has(key) ? join?.(operation, media) : undefined;
    if (joined && 'status' in joined) return toUnkept(joined);
    using _held = joined;
    return await flight.run(key, signal, ({ signal: shared }) => {
      onOwn();
      return runAndStore(operation, { media, requestId, acceptsStale, signal: shared, charge }, since);
    });
  }

  /** Whether an answer is better than what came of making it anew: what can be kept is of the newest that is known. */
  function isBetter({ times }: StoredResponse, { outcome, stored, isOutage, isNoOutage }: Made): boolean {
    if (!isOutage || store.now() >= times.errorUntil || (isNoOutage && times.isPurged)) return false;
    if (stored) return !hasNews(outcome, times) && stored.times.storedAt < times.storedAt;
    // What has changed, or may have by now, is not kept back for the sake of the rest. Slowness alone is no change.
    const isOutdated = outcome.isTooLate ? times.isPurged === true : isOld(times, store.now());
    return !(isOutdated && outcome.footprint?.isAnswered);
  }

  /** The answer with what its readers have to know of it; it takes the place of the one without. */
  function note({ key }: Operation, stored: StoredResponse): StoredResponse {
    if (noted.has(stored)) return stored;
    const form = noteOutage(stored, store.now());
    noted.add(form);
    failures.copy(stored, form);
    store.replace(key, stored, form);
    return form;
  }

  /** Makes an answer anew while the old one is served. */
  async function refresh(operation: Operation, request: AnswerRequest, old: StoredResponse): Promise<void> {
    if (failures.isWaiting(old) || refreshing.has(old)) return;
    refreshing.add(old);
    try {
      // Those who are served the old one, and all who ask at the same time, do not wait for what making it anew takes.
      await afterTurn();
      // Another process may have made it by now.
      if (store.reach) await store.reach(operation.key);
      const found = store.get(operation.key);
      if (found && found.times.freshUntil > store.now()) return;
      // Nobody has asked for it.
      const made = await make(operation, { ...request, charge: undefined }, false);
      const kept = store.get(operation.key);
      // It may have another form by now.
      for (const stored of kept && noted.has(kept) ? [old, kept] : [old]) {
        if (isBetter(stored, made)) failures.meet(stored);
        else if (!made.stored) failures.dismiss(stored);
      }
    } catch {
      failures.wait(old);
    } finally {
      refreshing.delete(old);
    }
  }

  type Served = Pick<CachedAnswer, 'source' | 'staleFor'>;

  function toServed(
    stored: StoredResponse,
    body: EncodedBody,
    request: CachedRequest,
    { source, staleFor }: Served,
  ): CachedAnswer {
    const answer = toStoredAnswer(stored, body, request, { nowMs: store.now(), isClosed, staleFor });
    return { answer, source, outcome: noErrors, staleFor };
  }

  function serveInOutage(operation: Operation, stored: StoredResponse, request: CachedRequest) {
    return serve(note(operation, stored), request, { source: 'stale', staleFor: 'outage' });
  }

  function serve(stored: StoredResponse, request: CachedRequest, served: Served): CachedAnswer | Promise<CachedAnswer> {
    const body = stored.encoded(request.encoding);
    return body instanceof Promise
      ? body.then((encoded) => toServed(stored, encoded, request, served))
      : toServed(stored, body, request, served);
  }

  async function answerAnew(
    operation: Operation,
    request: CachedRequest,
    old: StoredResponse | undefined,
  ): Promise<CachedAnswer> {
    const signal = request.signal();
    // Clients that leave before a call is over would keep it from coming out that the old one has to do.
    const goesOn = old !== undefined && store.now() < old.times.errorUntil;
    let isOwn = false;
    const run = () =>
      make(operation, request, !request.wantsNew, goesOn ? undefined : signal, () => {
        isOwn = true;
      });
    const answered = async () => {
      let made = await run();
      // Who came late to a run whose time was over has not had his own.
      const isHis = isOwn || !made.outcome.isTooLate || signal?.aborted === true;
      if (!isHis && !(old && isBetter(old, made))) made = await run();
      const reads = isOwn ? countReads(made.outcome) : 0;
      return tellReads(await answerMade(operation, request, old, made), reads);
    };
    return signal ? untilAborted(signal, answered()) : answered();
  }

  async function answerMade(
    operation: Operation,
    request: CachedRequest,
    old: StoredResponse | undefined,
    made: Made,
  ): Promise<CachedAnswer> {
    const { status, headers, body, outcome, stored, isOutage } = made;
    if (old && isBetter(old, made)) {
      failures.meet(old);
      return serveInOutage(operation, old, request);
    }
    if (stored && isOutage) return serveInOutage(operation, stored, request);
    if (stored && outcome.footprint?.stale) {
      void refresh(operation, request, stored);
      return serve(stored, request, { source: 'stale', staleFor: 'revalidation' });
    }
    if (stored) return serve(stored, request, { source: 'miss' });
    const answer = toOwnAnswer(status, [...headers, ['x-request-id', request.requestId]], body);
    return { answer, source: 'miss', outcome };
  }

  /** Serves what is kept as long as that will do; undefined where it has to be made anew first. */
  function answerKept(operation: Operation, request: CachedRequest, stored: StoredResponse) {
    const { freshUntil, staleUntil, errorUntil } = stored.times;
    const now = store.now();
    if (now < freshUntil) return serve(stored, request, hit);
    if (now < staleUntil) {
      void refresh(operation, request, stored);
      if (failures.isMet(stored)) return serveInOutage(operation, stored, request);
      return serve(stored, request, { source: 'stale', staleFor: 'revalidation' });
    }
    if (now >= errorUntil || !failures.isRecent(stored)) return undefined;
    void refresh(operation, request, stored);
    return serveInOutage(operation, stored, request);
  }

  async function answerFromAfar(operation: Operation, request: CachedRequest): Promise<CachedAnswer> {
    await store.reach?.(operation.key);
    const stored = store.get(operation.key);
    return (stored && answerKept(operation, request, stored)) ?? answerAnew(operation, request, stored);
  }

  return {
    answer(operation, request) {
      const stored = store.get(operation.key);
      // Nothing is kept that could be served in its place, here or elsewhere, and nobody else makes it.
      if (
        !stored &&
        turnAway &&
        !store.reach &&
        !flight.has(toFlightKey(operation, request.media, !request.wantsNew))
      ) {
        const refusal = turnAway(request);
        if (refusal) return refusal;
      }
      if (request.wantsNew) return answerAnew(operation, request, stored);
      const kept = stored && answerKept(operation, request, stored);
      if (kept) return kept;
      return store.reach ? answerFromAfar(operation, request) : answerAnew(operation, request, stored);
    },
  };
}

/**
 * Whether an answer has something that one with these times has not, though another part of it may be older. Without any,
 * what another process made may be newer in all parts.
 */
function hasNews({ footprint }: Made['outcome'], { storedAt, isPurged }: Times): boolean {
  if (!footprint) return false;
  return footprint.isAnswered || (isPurged === true && footprint.newestAt > storedAt);
}

function tellReads(cached: CachedAnswer, reads: number): CachedAnswer {
  return reads === 0 ? cached : { ...cached, answer: { ...cached.answer, reads } };
}
