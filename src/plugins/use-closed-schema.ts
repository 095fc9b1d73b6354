// Owns a schema that is not told to anybody: no introspection, and no names in errors that a client did not give.

import { NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses introspection, except for `__typename`, which clients need for their caches. */
export function useClosedSchema(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute({ executeFn, setExecuteFn }) {
      // Variables are checked here, and an enum has values to suggest.
      setExecuteFn((args) => {
        const quiet = { ...args, hideSuggestions: true };
        return executeFn(quiet);
      });
    },
  };
}
