// Owns telling the gateway what became of an operation that Yoga ran.

import { type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Prove } from '../clients/rate-limit.ts';
import type { AnswerShare } from '../loaders/answer-budget.ts';
import { type Charge, countReads, createFootprint, type Footprint, type Outcome } from '../responses/outcome.ts';

/** What the gateway passes with each request. */
export interface RunContext {
  readonly outcome: Outcome;
  /** Whether the gateway has read what is asked: by that its bounds know what runs, and nothing else is executed. */
  readonly isRead: boolean;
  /** What the operation came to, where it has run already and only its response is wanted. */
  readonly result?: ExecutionResult;
  /** It may be made of what is stale: whoever runs it sees to it that it is made anew. */
  readonly acceptsStale?: boolean;
  /** Ends it; the request's own without. */
  readonly signal?: AbortSignal;
  readonly isMutation?: boolean;
  /** What it has of the room for answers, until it is disposed of. */
  readonly share?: AnswerShare;
  readonly prove?: Prove | undefined;
  /** Is told how many requests to WordPress it made, when it ends, whether anybody waits for it or not. */
  readonly charge?: Charge | undefined;
  /** By what a client without credentials is known, where that can be told. */
  readonly client?: string | undefined;
}

/** A line of the log is no place for hundreds. */
const maxCodes = 5;

/** Fills in the outcome of each run. */
export function useOutcome(): Plugin<RunContext & { readonly trace?: Footprint }, RunContext> {
  return {
    onParams({ params, setResult, context: { outcome, result } }) {
      if (result) setResult(result);
      const name: unknown = params.operationName;
      if (typeof name === 'string') outcome.operationName = name;
    },
    onExecute({ args }) {
      const { outcome, trace, charge } = args.contextValue;
      outcome.operationName ??= getOperationAST(args.document, args.operationName)?.name?.value;
      // It grows until the answer is there.
      outcome.footprint = trace ?? createFootprint();
      return charge && { onExecuteDone: () => charge(countReads(outcome)) };
    },
    onResultProcess({ result, serverContext: { outcome } }) {
      if (!('errors' in result)) return;
      const { errors = [] } = result;
      outcome.errors = errors.length;
      outcome.codes = [...new Set(errors.map(({ extensions }) => String(extensions?.['code'])))].slice(0, maxCodes);
    },
  };
}
