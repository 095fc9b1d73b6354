// Owns which schema an operation meets: that of the moment, which follows the site.

import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Asks for the schema at each operation. Yoga itself would ask while it reads an HTTP request, which not all come by. */
export function useCurrentSchema(schemaOf: () => GraphQLSchema): Plugin {
  return {
    onEnveloped({ setSchema }) {
      setSchema(schemaOf());
    },
  };
}
