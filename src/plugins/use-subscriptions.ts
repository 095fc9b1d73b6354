// Owns running each event of a subscription as an operation of its own: with loaders, limits and a memory of its own.

import * as graphql from 'graphql';
import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError, type SubscriptionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';

/** What a request has in its context, if the context is one of the gateway's. */
interface EventContext extends Partial<Pick<GatewayContext, 'renew' | 'trace'>> {
  readonly request?: Request;
}

/**
 * Runs events of subscriptions. A context serves one request: what it has read would be shown again and again, and its
 * limits would be used up. What follows is read as by anybody, whoever subscribed.
 */
export function useSubscriptions(metrics?: Metrics): Plugin<EventContext> {
  async function runEvent(args: SubscriptionArgs, payload: unknown): Promise<ExecutionResult> {
    const before: EventContext = isContext(args.contextValue) ? args.contextValue : {};
    const client = before.request?.signal;
    // Of its own, since the client's lives on with all that listens to it.
    const own = new AbortController();
    const abort = () => own.abort(client?.reason);
    client?.addEventListener('abort', abort, { once: true });
    try {
      const fresh = before.renew?.(own.signal);
      const event: ExecutionArgs = { ...args, rootValue: payload, contextValue: { ...before, ...fresh } };
      const result = await execute(event);
      if (fresh) metrics?.lookedUp('memory', fresh.trace.hits, fresh.trace.misses);
      return result;
    } finally {
      client?.removeEventListener('abort', abort);
    }
  }

  async function subscribe(args: SubscriptionArgs) {
    const source = await openSource(args);
    return Symbol.asyncIterator in source ? mapEvents(source, (payload) => runEvent(args, payload)) : source;
  }

  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  };
}

const validateArgs: unknown = Reflect.get(graphql, 'validateSubscriptionArgs');

/** What a subscription follows, or why it cannot: graphql 17 wants its arguments validated before. */
function openSource(args: SubscriptionArgs): ReturnType<typeof graphql.createSourceEventStream> | ExecutionResult {
  if (typeof validateArgs !== 'function') return graphql.createSourceEventStream(args);
  const validated: SubscriptionArgs | GraphQLError[] = validateArgs(args);
  return Array.isArray(validated) ? { errors: validated } : graphql.createSourceEventStream(validated);
}

/** Each event is run when the client has room for its result. */
function mapEvents(
  source: AsyncIterable<unknown>,
  run: (payload: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await events.next();
      return done ? { done: true, value: undefined } : { done: false, value: await run(value) };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function isContext(value: unknown): value is EventContext {
  return typeof value === 'object' && value !== null;
}
