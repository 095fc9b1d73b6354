// Owns a schema that is not told to anybody: no introspection, and no names in errors that a client did not give.

import { NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Refuses introspection, except for `__typename`, which clients need for their caches. */
export function useClosedSchema(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    // Variables are checked here, and an enum has values to suggest.
    onExecute: ({ executeFn, setExecuteFn }) => setExecuteFn((args) => executeFn(quieten(args))),
    onSubscribe: ({ subscribeFn, setSubscribeFn }) => setSubscribeFn((args) => subscribeFn(quieten(args))),
  };
}

const quieten = <Args extends object>(args: Args): Args => ({ ...args, hideSuggestions: true });
