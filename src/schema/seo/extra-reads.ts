// Owns the bounds of requests that are made for one entity each, where WordPress offers no batch.

import { createBoundedMap } from '../../bounded-map.ts';
import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import type { Loaders } from '../../loaders/loaders.ts';
import { previewer } from '../../loaders/preview-loaders.ts';
import type { Viewer } from '../../loaders/viewer.ts';
import { isOwnRefusal } from '../../wordpress/failures.ts';

/**
 * Reads what `key` names for a GraphQL request: once, within the bounds; null where WordPress itself refuses it, or it is
 * beyond them. Rejects where WordPress fails: what stands in for something else would be taken for the whole truth.
 */
export type ReadExtra<Value> = (
  context: Pick<GatewayContext, 'loaders' | 'logger' | 'viewer'>,
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

/** What is known of the route. */
interface Learned {
  isProven: boolean;
  closed?: { readonly error: UpstreamError; readonly until: number };
}

interface RequestState<Value> {
  readonly reads: Map<string, Promise<Value | null>>;
  readonly learned: Learned;
  readonly inTurn: InTurn;
}

/** About a thousand viewers, with why they are refused. */
const viewersBytes = 1_000_000;
const refusalBytes = 1000;

/**
 * Makes a reader; what it learns of the route without credentials counts for all GraphQL requests, and what it learns with
 * a viewer's for those of that viewer.
 */
export function createExtraReads<Value>(options: ExtraReadsOptions = {}): ReadExtra<Value> {
  const { maxPerRequest = 100, maxConcurrent = 4, closedMs = 60_000, now = () => performance.now() } = options;
  const states = new WeakMap<Loaders, RequestState<Value>>();
  const everybody: Learned = { isProven: false };
  const viewers = createBoundedMap<Learned>({ maxBytes: viewersBytes, bytesOf: () => refusalBytes });

  function learnedBy(viewer: Viewer | null): Learned {
    if (viewer === null) return everybody;
    const known = viewers.get(String(viewer.id));
    if (known) return known;
    const learned = { isProven: false };
    // Who holds the token of a preview is nobody who could be told from others.
    if (viewer !== previewer) viewers.set(String(viewer.id), learned);
    return learned;
  }

  const isProven = (learned: Learned) => everybody.isProven || learned.isProven;

  /**
   * Why it is not asked. Who was answered is not kept from it by what others are told, and who asks with a name of their
   * own not by what is only kept from those without one.
   */
  function whyClosed(learned: Learned): UpstreamError | undefined {
    if (learned.isProven || learned === everybody) return whyNow(learned);
    const general = whyNow(everybody);
    return whyNow(learned) ?? (general && isMissing(general) ? general : undefined);
  }

  function whyNow({ closed }: Learned): UpstreamError | undefined {
    return closed && now() < closed.until ? closed.error : undefined;
  }

  async function readOnce(
    { logger }: Pick<GatewayContext, 'logger'>,
    learned: Learned,
    key: string,
    read: () => Promise<Value>,
  ): Promise<Value | null> {
    const refusal = whyClosed(learned);
    if (refusal) return toNothing(refusal);
    try {
      const value = await read();
      learned.isProven = true;
      return value;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      logger.debug({ err: error, key }, 'SEO metadata could not be read');
      if (!isProven(learned) && isClosed(error)) learned.closed = { error, until: now() + closedMs };
      return toNothing(error);
    }
  }

  function open(viewer: Viewer | null): RequestState<Value> {
    const learned = learnedBy(viewer);
    // Until the route is known to answer, one asks for all: an option that is off costs one request, not one for each.
    return { reads: new Map(), learned, inTurn: createTurns(() => (isProven(learned) ? maxConcurrent : 1)) };
  }

  return (context, key, read) => {
    const state = states.get(context.loaders) ?? open(context.viewer);
    states.set(context.loaders, state);
    const known = state.reads.get(key);
    if (known) return known;
    if (state.reads.size >= maxPerRequest) return Promise.resolve(null);
    const reading = state.inTurn(() => readOnce(context, state.learned, key, read));
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
function isClosed(error: UpstreamError): boolean {
  return error.code === 'UPSTREAM_FORBIDDEN' || isMissing(error);
}

/** Whether the route is not there, for anybody. */
function isMissing({ details }: UpstreamError): boolean {
  return details.restCode === 'rest_no_route';
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
