// Owns running each event of a subscription as an operation of its own: with loaders, limits and a memory of its own.

import type { ExecutionArgs, ExecutionResult, GraphQLError, SubscriptionArgs } from 'graphql';
import * as graphql from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';
import type { InTime } from '../operations/in-time.ts';
import { createEventRuns, toKey } from './event-runs.ts';
import { createTurns } from './event-turns.ts';
import { executeBounded, withBounds } from './execute-bounded.ts';

/** What a request has in its context, if the context is one of the gateway's. */
interface EventContext extends Partial<Pick<GatewayContext, 'renew' | 'viewer'>> {
  readonly request?: Request;
}

/** What events are run with. */
export interface SubscriptionsOptions {
  /** How long each of them may take. */
  readonly inTime: InTime;
  readonly metrics?: Metrics | undefined;
}

/**
 * Runs events of subscriptions. A context serves one request: what it has read would be shown again and again, and its
 * limits would be used up. What follows is read as by anybody, whoever subscribed.
 */
export function useSubscriptions({ inTime, metrics }: SubscriptionsOptions): Plugin<EventContext> {
  const enter = createTurns();
  const resultOf = createEventRuns(enter);

  async function runEvent(args: SubscriptionArgs, payload: unknown, signal: AbortSignal): Promise<ExecutionResult> {
    const before = contextOf(args);
    const fresh = before.renew?.(signal);
    // Nothing of the request that subscribed: others may be told the same.
    const event: ExecutionArgs = { ...args, rootValue: payload, contextValue: fresh ?? before };
    const result = await executeBounded(event);
    if (fresh) metrics?.lookedUp('memory', fresh.trace.hits, fresh.trace.misses);
    return result;
  }

  async function subscribe(args: SubscriptionArgs) {
    const source = await openSource(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const { renew, viewer, request } = contextOf(args);
    // Whoever has credentials shares nothing, though events are read without them.
    const key = renew && viewer === null ? toKey(args) : null;
    const asked = { schema: args.schema, document: args.document, key };
    const tell: Tell = async (payload, left) => {
      const run = (left: AbortSignal) => inTime(left, (signal) => runEvent(args, payload, signal));
      const result = await resultOf(asked, payload, run, left);
      // To write it out takes as long as to make it.
      if (result && !left.aborted) await enter(left);
      return result;
    };
    return mapEvents(source, tell, request?.signal);
  }

  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  };
}

const validateArgs: unknown = Reflect.get(graphql, 'validateSubscriptionArgs');

/** What a subscription follows, or why it cannot: graphql 17 wants its arguments validated before. */
function openSource(given: SubscriptionArgs): ReturnType<typeof graphql.createSourceEventStream> | ExecutionResult {
  const args = withBounds(given);
  if (typeof validateArgs !== 'function') return graphql.createSourceEventStream(args);
  const validated: SubscriptionArgs | GraphQLError[] = validateArgs(args);
  return Array.isArray(validated) ? { errors: validated } : graphql.createSourceEventStream(validated);
}

/** The result of an event; undefined where its subscriber has left. */
type Tell = (payload: unknown, left: AbortSignal) => Promise<ExecutionResult | undefined>;

/** Each event is run when the client has room for its result, and not any more when the client has left. */
function mapEvents(
  source: AsyncIterable<unknown>,
  tell: Tell,
  client: AbortSignal | undefined,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  const own = new AbortController();
  const leave = () => {
    client?.removeEventListener('abort', leave);
    own.abort(client?.reason);
  };
  client?.addEventListener('abort', leave, { once: true });
  return {
    async next() {
      const { done, value } = await events.next();
      const result = done || own.signal.aborted ? undefined : await tell(value, own.signal);
      if (result && !own.signal.aborted) return { done: false, value: result };
      leave();
      return { done: true, value: undefined };
    },
    async return() {
      leave();
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function contextOf({ contextValue }: SubscriptionArgs): EventContext {
  return typeof contextValue === 'object' && contextValue !== null ? contextValue : {};
}
