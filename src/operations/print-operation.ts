// Owns writing down what was read of a request as the parameters of another one: what was looked at is what is executed.

import type { AskedDocument } from './read-operation.ts';

/** The body of a POST. */
export function printOperation({ query, variables, operationName }: AskedDocument): string {
  return JSON.stringify({ query, variables, operationName });
}

/** The query of a GET. */
export function printSearch({ query, variables, operationName }: AskedDocument): URLSearchParams {
  return new URLSearchParams({
    query,
    ...(variables ? { variables: JSON.stringify(variables) } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
}
