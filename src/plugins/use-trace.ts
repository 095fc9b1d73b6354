// Owns `extensions.headgate`: what a query read of WordPress, for those who tune one. Off unless it is asked for.

import type { Plugin } from 'graphql-yoga';
import type { Trace } from '../loaders/trace.ts';

/** Adds to each answer the REST requests it took, their time and size, and how often a cache knew. */
export function useTrace(): Plugin<{ trace?: Trace }> {
  return {
    onExecute({ args }) {
      return {
        onExecuteDone({ result, setResult }) {
          const { trace } = args.contextValue;
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
