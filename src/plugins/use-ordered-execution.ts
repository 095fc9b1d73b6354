// Owns which executor runs operations: graphql-js, whose answers have their fields in the order of the query.

import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Yoga's own executor puts fields in the order in which they are resolved, so that equal answers differ as text. */
export function useOrderedExecution(): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute);
    },
  };
}
