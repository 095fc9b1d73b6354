// Owns the places of errors in a document on their way past Yoga, which would look for each of them once more.

import type { ExecutionResult, GraphQLError, GraphQLFormattedError, SourceLocation } from 'graphql';

type Locations = readonly SourceLocation[] | undefined;

/** JSON does not write it, and copies of extensions have it. */
const carried = Symbol('locations');

/** What extensions of an error carry with them. */
export function carryLocations(locations: Locations): object {
  return locations ? { [carried]: locations } : {};
}

/** A result as it is printed: its errors have the locations that they carry. */
export function withLocations(result: ExecutionResult): object {
  return result.errors ? { ...result, errors: result.errors.map(withLocation) } : result;
}

function withLocation(error: GraphQLError): GraphQLError | GraphQLFormattedError {
  const { message, path, extensions } = error;
  const locations: Locations = extensions && Reflect.get(extensions, carried);
  return locations ? { message, locations, ...(path ? { path } : {}), extensions } : error;
}
