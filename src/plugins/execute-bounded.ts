// Owns how graphql-js executes operations: what wrong variables cost, since each error about one repeats what was given, and
// what it takes of resolvers.

import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Trace } from '../loaders/trace.ts';

/** With the one that says that there are more, as many as errors of validation. */
const maxCoercionErrors = 4;

/** Executes an operation as graphql-js does, and tells a few errors of its variables. */
export function executeBounded(args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  const trace = traceOf(args);
  if (trace) trace.awaitsItems = true;
  return execute(withBounds(args));
}

/** The trace of the request that an operation came with. */
export function traceOf({ contextValue }: ExecutionArgs): Trace | undefined {
  const context: Partial<GatewayContext> =
    typeof contextValue === 'object' && contextValue !== null ? contextValue : {};
  return context.trace;
}

/** Arguments with which graphql-js tells a few errors of variables, whatever it does with them. */
export function withBounds<Args extends ExecutionArgs>(args: Args): Args {
  return { ...args, options: { ...args.options, maxCoercionErrors } };
}

type PromiseOrValue<Value> = Value | Promise<Value>;
