// Owns the text of a result, and what comes in its place where it would be too long.

import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Outcome } from '../responses/outcome.ts';
import type { RunContext } from './use-outcome.ts';

/** Of what nothing is counted, such as introspection, there is no more. */
const uncountedBytes = 4 * 1024 * 1024;

/** The text of a result; null where it is far longer than what was counted, or than a text can be. */
export function printResult(result: ExecutionResult, maxBytes: number): string | null {
  try {
    const text = JSON.stringify(result);
    // A character that is escaped was counted as one, and prints as up to six.
    return text.length > Math.max(2 * maxBytes, uncountedBytes) ? null : text;
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
      const text = printResult(printed, limits.max('resultBytes'));
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
