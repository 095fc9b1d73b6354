// Owns telling the gateway what became of an operation that Yoga ran.

import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { MediaType } from '../responses/negotiate.ts';
import type { Footprint, Outcome } from '../responses/outcome.ts';

/** What the gateway passes with each request. */
export interface RunContext {
  readonly outcome: Outcome;
  /** Set where a whole answer is wanted as bytes, and no response around it. */
  readonly media?: MediaType;
}

/** Fills in the outcome of each run. */
export function useOutcome(): Plugin<RunContext & { readonly trace?: Footprint }, RunContext> {
  return {
    onParams({ params, context: { outcome } }) {
      const name: unknown = params.operationName;
      if (typeof name === 'string') outcome.operationName = name;
    },
    onExecute({ args }) {
      const { outcome, trace } = args.contextValue;
      outcome.operationName ??= getOperationAST(args.document, args.operationName)?.name?.value;
      // It grows until the answer is there.
      outcome.footprint = trace ?? { tags: new Set(), freshUntil: Number.POSITIVE_INFINITY, reads: [] };
    },
    onResultProcess({ result, setResultProcessor, serverContext: { outcome, media } }) {
      if ('errors' in result) outcome.errors = result.errors?.length ?? 0;
      if (media === undefined || outcome.errors > 0) return;
      // A text in a response would be measured, wrapped, unwrapped and turned into bytes: megabytes hold everybody up.
      setResultProcessor((whole, fetchAPI) => {
        outcome.body = Buffer.from(JSON.stringify(whole));
        return new fetchAPI.Response(null, { headers: { 'content-type': `${media}; charset=utf-8` } });
      }, media);
    },
  };
}
