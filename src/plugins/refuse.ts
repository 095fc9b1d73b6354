// Owns how a request is refused before it is executed: with a status of its own, whatever the client accepts.

import { GraphQLError } from 'graphql';
import type { UserError } from '../errors.ts';

/** The error to throw in a plugin's hook, so that the client gets this status. */
export function refuse(reason: UserError, status: number): GraphQLError {
  return new GraphQLError(reason.message, { originalError: reason, extensions: { http: { status } } });
}
