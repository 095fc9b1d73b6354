// Owns what wrong variables cost: each error about one of them repeats what was given.

import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';

/** With the one that says that there are more, as many as errors of validation. */
const maxCoercionErrors = 4;

/** Compiled operations tell each error of their variables, and each with all that was given. */
const mostCompiledValues = 200;
const mostCompiledCharacters = 10_000;

/** Executes an operation as graphql-js does, and tells a few errors of its variables. */
export function executeBounded(args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  return execute({ ...args, options: { ...args.options, maxCoercionErrors } });
}

/** Whether variables are so few and short that it does not matter how many of them are wrong. */
export function areSmall(variables: unknown): boolean {
  let values = 0;
  let characters = 0;
  function fits(value: unknown): boolean {
    values += 1;
    if (typeof value === 'string') characters += value.length;
    if (values > mostCompiledValues || characters > mostCompiledCharacters) return false;
    if (typeof value !== 'object' || value === null) return true;
    for (const [key, item] of Object.entries(value)) {
      characters += key.length;
      if (!fits(item)) return false;
    }
    return true;
  }
  return fits(variables);
}

type PromiseOrValue<Value> = Value | Promise<Value>;
