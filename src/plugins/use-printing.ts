// Owns the text of a result, and what comes in its place where it would be too long.

import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../limits.ts';
import type { AnswerShare } from '../loaders/answer-budget.ts';
import type { Metrics } from '../metrics.ts';
import type { Outcome } from '../responses/outcome.ts';
import { printInTurns } from './print-in-turns.ts';
import type { RunContext } from './use-outcome.ts';

/** Of what nothing is counted, such as introspection, there is no more. */
const uncountedBytes = 4 * 1024 * 1024;

/** What weighs more takes milliseconds to print. */
const atOnceBytes = 1024 * 1024;

/** The text of a result; null where it is far longer than what was counted, or than a text can be. */
export async function printResult(
  result: ExecutionResult,
  maxBytes: number,
  share: AnswerShare | undefined,
): Promise<string | null> {
  return print(result, maxBytes, await printLarge(result, maxBytes, share));
}

/** A character that is escaped was counted as one, and prints as up to six. */
const longest = (maxBytes: number) => Math.max(2 * maxBytes, uncountedBytes);

/** The text of the data where that is large, null where it is too large; undefined where it is neither. */
async function printLarge({ data }: ExecutionResult, maxBytes: number, share: AnswerShare | undefined) {
  return share && share.bytes > atOnceBytes ? await printInTurns(data ?? null, longest(maxBytes)) : undefined;
}

function print(result: ExecutionResult, maxBytes: number, data: string | null | undefined): string | null {
  if (data === null) return null;
  try {
    const text = data === undefined ? JSON.stringify(result) : printAround(result, data);
    return text.length > longest(maxBytes) ? null : text;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The text of a result by that of its data. */
function printAround(result: ExecutionResult, data: string): string {
  const parts = Object.entries(result).flatMap(([key, value]) => {
    const text = key === 'data' ? data : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${parts.join(',')}}`;
}

/** The last guard: resolvers count what they give, but not what becomes of it in print. */
export function usePrinting(limits: Limits, metrics?: Metrics): Plugin<RunContext, RunContext> {
  const maxBytes = limits.max('resultBytes');
  const withPrinter = (result: ExecutionResult, outcome: Outcome, data?: string | null) => ({
    ...result,
    stringify(printed: ExecutionResult): string {
      const text = print(printed, maxBytes, data);
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
    async onResultProcess({ result, setResult, serverContext: { outcome, share } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      setResult(withPrinter(result, outcome, await printLarge(result, maxBytes, share)));
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext: ({ result, setResult }) => setResult(withPrinter(result, args.contextValue.outcome)),
      }),
    }),
  };
}
