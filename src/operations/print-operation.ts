// Owns an operation as the parameters of a request, where its document was named by an id.

import type { Operation } from './read-operation.ts';

/** The parameters of an operation whose document was named by an id. */
export function toBody({ query, variables, operationName }: Operation): string {
  return JSON.stringify({ query, variables, operationName });
}

/** The same for the query of a GET. */
export function toSearch({ query, variables, operationName }: Operation): URLSearchParams {
  return new URLSearchParams({
    query,
    ...(variables ? { variables: JSON.stringify(variables) } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
}
