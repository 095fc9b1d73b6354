// Owns what wrong variables cost: each error about one of them repeats what was given.

import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';

/** With the one that says that there are more, as many as errors of validation. */
const maxCoercionErrors = 4;

/** Executes an operation as graphql-js does, and tells a few errors of its variables. */
export function executeBounded(args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  return execute(withBounds(args));
}

/** Arguments with which graphql-js tells a few errors of variables, whatever it does with them. */
export function withBounds<Args extends ExecutionArgs>(args: Args): Args {
  return { ...args, options: { ...args.options, maxCoercionErrors } };
}

type PromiseOrValue<Value> = Value | Promise<Value>;
