// Owns writing an operation down as the parameters of a request, where its client named its document by an id.

import type { Operation } from './read-operation.ts';

/** The body of a POST. */
export function printOperation({ query, variables, operationName }: Operation): string {
  return JSON.stringify({ query, variables, operationName });
}

/** The query of a GET. */
export function printSearch({ query, variables, operationName }: Operation): URLSearchParams {
  return new URLSearchParams({
    query,
    ...(variables ? { variables: JSON.stringify(variables) } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
}
