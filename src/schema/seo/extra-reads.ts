// Owns the bounds of requests that are made for one entity each, where WordPress offers no batch.

import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import type { Loaders } from '../../loaders/loaders.ts';
import { isOwnRefusal } from '../../wordpress/failures.ts';

/**
 * Reads what `key` names for a GraphQL request: once, within the bounds; null where WordPress itself refuses it, or it is
 * beyond them. Rejects where WordPress fails: what stands in for something else would be taken for the whole truth.
 */
export type ReadExtra<Value> = (
  context: Pick<GatewayContext, 'loaders' | 'logger'>,
  key: string,
  read: () => Promise<Value>,
) => Promise<Value | null>;

/** Bounds of such requests. */
export interface ExtraReadsOptions {
  /** Most of them for one GraphQL request. */
  readonly maxPerRequest?: number;
  /** Most of them at a time for one GraphQL request: others wait for WordPress as well. */
  readonly maxConcurrent?: number;
  /** Time for which a route that refuses is not asked again. */
  readonly closedMs?: number;
  readonly now?: () => number;
}

interface RequestState<Value> {
  readonly reads: Map<string, Promise<Value | null>>;
  readonly inTurn: InTurn;
}

/** Makes a reader; what it learns of the route counts for all GraphQL requests. */
export function createExtraReads<Value>(options: ExtraReadsOptions = {}): ReadExtra<Value> {
  const { maxPerRequest = 100, maxConcurrent = 4, closedMs = 60_000, now = () => performance.now() } = options;
  const states = new WeakMap<Loaders, RequestState<Value>>();
  let isProven = false;
  let closed: { readonly error: UpstreamError; readonly until: number } | undefined;

  /** Until the route is known to answer, one asks for all: an option that is off costs one request, not one for each. */
  const limit = () => (isProven ? maxConcurrent : 1);

  async function readOnce(
    { logger }: Pick<GatewayContext, 'logger'>,
    key: string,
    read: () => Promise<Value>,
  ): Promise<Value | null> {
    if (closed && now() < closed.until) return toNothing(closed.error);
    try {
      const value = await read();
      isProven = true;
      return value;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      logger.debug({ err: error, key }, 'SEO metadata could not be read');
      if (!isProven && isClosed(error)) closed = { error, until: now() + closedMs };
      return toNothing(error);
    }
  }

  return (context, key, read) => {
    const state = states.get(context.loaders) ?? { reads: new Map(), inTurn: createTurns(limit) };
    states.set(context.loaders, state);
    const known = state.reads.get(key);
    if (known) return known;
    if (state.reads.size >= maxPerRequest) return Promise.resolve(null);
    const reading = state.inTurn(() => readOnce(context, key, read));
    state.reads.set(key, reading);
    return reading;
  };
}

/** Nothing, where WordPress says so. It would be wrong of one that is down, or of a page in its place. */
function toNothing(error: UpstreamError): null {
  if (isOwnRefusal(error)) return null;
  throw error;
}

/** Whether the route is closed, in contrast to one of its objects. */
function isClosed({ code, details }: UpstreamError): boolean {
  return code === 'UPSTREAM_FORBIDDEN' || details.restCode === 'rest_no_route';
}

type InTurn = <Value>(work: () => Promise<Value>) => Promise<Value>;

function createTurns(limit: () => number): InTurn {
  const waiting: (() => void)[] = [];
  let running = 0;
  const startNext = () => {
    while (running < limit() && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  return async (work) => {
    await new Promise<void>((start) => {
      waiting.push(start);
      startNext();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      startNext();
    }
  };
}
