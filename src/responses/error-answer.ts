// Owns answers that tell only an error, made before GraphQL is asked.

import { type ErrorCode, errorCodes, LimitError, UserError } from '../errors.ts';
import type { RequestProblem } from '../operations/read-operation.ts';
import { type Answer, toOwnAnswer } from './answer.ts';
import type { MediaType, Offer } from './negotiate.ts';

/** What is told of an error beside its code. */
export interface ErrorDetails {
  readonly limit?: LimitError['limit'];
  /** Value of `WWW-Authenticate`, which each 401 has (RFC 9110, section 11.6.1). */
  readonly challenge?: string;
}

/** An error in GraphQL's form. */
export function toErrorAnswer(
  status: number,
  code: ErrorCode | undefined,
  message: string,
  media: MediaType = 'application/json',
  { challenge, ...known }: ErrorDetails = {},
): Answer {
  const error = { message, ...(code === undefined ? {} : { extensions: { code, ...known } }) };
  const headers: [string, string][] = [['content-type', `${media}; charset=utf-8`]];
  if (challenge !== undefined) headers.push(['www-authenticate', challenge]);
  const answer = toOwnAnswer(status, headers, Buffer.from(JSON.stringify({ errors: [error] })));
  return { ...answer, ...(code === undefined ? {} : { code }), ...(known.limit ? { limit: known.limit.name } : {}) };
}

/** To whoever accepts nothing that the answer could come as (RFC 9110, section 15.5.7). */
export function toUnfitAnswer(offers: readonly Offer[]): Answer {
  return toErrorAnswer(406, 'BAD_USER_INPUT', `"Accept" takes nothing that this is answered as: ${offers.join(', ')}.`);
}

/** Why a request is refused. Clients of Apollo's protocol know an unknown hash by its message. */
export function toProblemAnswer(problem: RequestProblem, media: MediaType | null): Answer {
  if (problem instanceof UserError) {
    const known = problem instanceof LimitError ? { limit: problem.limit } : {};
    return toErrorAnswer(400, problem.code, problem.message, media ?? undefined, known);
  }
  const message = problem === 'PERSISTED_QUERY_NOT_FOUND' ? 'PersistedQueryNotFound' : errorCodes[problem];
  // GraphQL over HTTP: what was understood is 200 for application/json.
  const status = media === 'application/graphql-response+json' || problem !== 'PERSISTED_QUERY_NOT_FOUND' ? 400 : 200;
  return toErrorAnswer(status, problem, message, media ?? undefined);
}
