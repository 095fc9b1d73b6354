// Owns turning away queries whose answers there was no room for: a part of one is printed for nobody.

import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { noRoom } from '../loaders/trace.ts';
import type { RunContext } from './use-outcome.ts';

/** Puts the error in the place of the result, which is let go. */
export function useAnswerBudget(): Plugin<RunContext, RunContext> {
  return {
    onExecute({ args }) {
      const { share } = args.contextValue;
      return {
        onExecuteDone({ setResult }) {
          if (!share?.isOver) return;
          const originalError = noRoom();
          setResult({ data: null, errors: [new GraphQLError(originalError.message, { originalError })] });
        },
      };
    },
  };
}
