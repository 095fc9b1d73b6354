// Owns the text of a result, and what comes in its place where it would be longer than a text can be.

import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Outcome } from '../responses/outcome.ts';
import type { RunContext } from './use-outcome.ts';

/** The text of a result; null where it is longer than a text can be. */
export function printResult(result: ExecutionResult): string | null {
  try {
    return JSON.stringify(result);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The last guard: resolvers count what they give, but not what becomes of it in print. */
export function usePrinting(limits: Limits, metrics?: Metrics): Plugin<RunContext, RunContext> {
  const withPrinter = (result: ExecutionResult, outcome: Outcome) => ({
    ...result,
    stringify(printed: ExecutionResult): string {
      const text = printResult(printed);
      if (text !== null) return text;
      const { message, code, limit } = limits.excess('resultBytes');
      outcome.errors = 1;
      outcome.codes = [code];
      metrics?.limited(limit.name);
      metrics?.failed(code);
      return JSON.stringify({ errors: [{ message, extensions: { code, limit } }] });
    },
  });

  return {
    onResultProcess({ result, setResult, serverContext: { outcome } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      setResult(withPrinter(result, outcome));
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext: ({ result, setResult }) => setResult(withPrinter(result, args.contextValue.outcome)),
      }),
    }),
  };
}
