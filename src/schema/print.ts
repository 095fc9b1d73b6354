// Owns the schema as text.

import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** A schema in the SDL, sorted by name so that two of them can be compared line by line. */
export function printSdl(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
