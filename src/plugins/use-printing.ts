// Owns the text of a result, and what comes in its place where it would be too long.

import type { ExecutionResult } from 'graphql';
import { type Plugin, processRegularResult } from 'graphql-yoga';
import type { Limits } from '../limits.ts';
import type { AnswerShare } from '../loaders/answer-budget.ts';
import type { Metrics } from '../metrics.ts';
import type { Outcome } from '../responses/outcome.ts';
import { withLocations } from './error-locations.ts';
import { printInTurns } from './print-in-turns.ts';
import type { RunContext } from './use-outcome.ts';
import { toWrap } from './wrap-text.ts';

/** Of what nothing is counted there is no more. */
const uncountedBytes = 4 * 1024 * 1024;

/** What weighs more takes milliseconds to print. */
const atOnceBytes = 1024 * 1024;

/** A character that is escaped was counted as one, and prints as up to six. */
const longest = (maxBytes: number) => Math.max(2 * maxBytes, uncountedBytes);

/** A result in print; null where it is far longer than what was counted, or than a text can be. */
export async function printResult(
  result: ExecutionResult,
  maxBytes: number,
  share: AnswerShare | undefined,
): Promise<Buffer | null> {
  const data = await printLarge(result, maxBytes, share);
  if (data !== undefined) return data && printAround(result, data);
  const text = print(result, maxBytes);
  return text === null ? null : Buffer.from(text);
}

/** The data where it is large, null where it is too large; undefined where it is neither. */
async function printLarge({ data }: ExecutionResult, maxBytes: number, share: AnswerShare | undefined) {
  return share && share.bytes > atOnceBytes ? await printInTurns(data ?? null, longest(maxBytes)) : undefined;
}

/** A result by its data in print. */
function printAround(result: ExecutionResult, data: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (const [key, value] of Object.entries(withLocations(result))) {
    const text = key === 'data' ? data : JSON.stringify(value);
    if (text === undefined) continue;
    pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`));
    pieces.push(typeof text === 'string' ? Buffer.from(text) : text);
  }
  return Buffer.concat([...pieces, Buffer.from('}')]);
}

function print(result: ExecutionResult, maxBytes: number): string | null {
  try {
    const text = JSON.stringify(withLocations(result));
    return text.length > longest(maxBytes) ? null : text;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The last guard: resolvers count what they give, but not what becomes of it in print. */
export function usePrinting(limits: Limits, metrics?: Metrics): Plugin<RunContext, RunContext> {
  const maxBytes = limits.max('resultBytes');
  const eventTexts = new WeakMap<object, string>();

  /** Data alone is printed once for all who are told it; errors tell of the request that they came of. */
  function printEvent({ data, errors, extensions }: ExecutionResult): string | null {
    if (!data || errors || extensions) return null;
    const text = eventTexts.get(data) ?? print({ data }, maxBytes);
    if (text !== null) eventTexts.set(data, text);
    return text;
  }

  const withPrinter = (result: ExecutionResult, outcome: Outcome, data?: Buffer | null) => ({
    ...result,
    stringify(printed: ExecutionResult): string {
      if (data) {
        outcome.body = printAround(printed, data);
        return '';
      }
      const text = data === undefined ? print(printed, maxBytes) : null;
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
    async onResultProcess({ request, result, setResult, setResultProcessor, serverContext: { outcome, share } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const data = await printLarge(result, maxBytes, share);
      setResult(withPrinter(result, outcome, data));
      const wrap = data ? toWrap(request.headers.get('accept') ?? '') : null;
      if (!wrap) return;
      // Yoga would make a text of it, and bytes of that again, all at once.
      setResultProcessor((printed, fetchAPI) => {
        const response = processRegularResult(printed, fetchAPI, 'application/json');
        response.headers.set('content-type', wrap.type);
        if (outcome.body) outcome.body = wrap.around(outcome.body);
        return response;
      }, wrap.accepted);
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext({ result, setResult }) {
          const text = printEvent(result);
          const printed = { ...result, stringify: () => text };
          setResult(text === null ? withPrinter(result, args.contextValue.outcome) : printed);
        },
      }),
    }),
  };
}
