// Owns how GraphQL is told that a request is refused before it is executed: with a status of its own, whatever the client
// accepts.

import { GraphQLError } from 'graphql';
import { UserError } from '../errors.ts';

/** The error to throw where GraphQL reads a request, so that the client gets status 400. */
export function refuse(reason: UserError): GraphQLError {
  return new GraphQLError(reason.message, { originalError: reason, extensions: { http: { status: 400 } } });
}

/** Runs a check; a {@link UserError} becomes what {@link refuse} makes of it. */
export function orRefuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof UserError ? refuse(error) : error;
  }
}
