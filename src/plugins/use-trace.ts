// Owns `extensions.headgate`: what a query read of WordPress, for those who tune one. Off unless it is asked for.

import type { Plugin } from 'graphql-yoga';
import type { Trace } from '../loaders/trace.ts';

/** Header with which GraphiQL asks for the trace of one query. */
export const traceHeader = 'x-headgate-trace';

/** Adds to each answer, or to those that ask for it, the REST requests it took, their time and size, and how often a cache knew. */
export function useTrace({ always }: { readonly always: boolean }): Plugin<{ trace?: Trace; request: Request }> {
  return {
    onExecute({ args }) {
      const { trace, request } = args.contextValue;
      if (!always && request.headers.get(traceHeader) !== 'on') return;
      return {
        onExecuteDone({ result, setResult }) {
          if (!trace || Symbol.asyncIterator in result) return;
          const { reads, hits, misses, stale, isOutage } = trace;
          const old =
            stale > 0 ? { stale, ageSeconds: toAge(trace), reason: isOutage ? 'outage' : 'revalidation' } : {};
          const headgate = { requests: reads, cache: { hits, misses, ...old } };
          setResult({ ...result, extensions: { ...result.extensions, headgate } });
        },
      };
    },
  };
}

/** Of the oldest part. */
function toAge({ storedAt }: Trace): number {
  return Math.floor((performance.now() - storedAt) / 1000);
}
