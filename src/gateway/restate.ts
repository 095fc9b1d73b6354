// Owns telling GraphQL what was read of a request: who reads its text otherwise must not execute anything else.

import { printOperation, printSearch } from '../operations/print-operation.ts';
import type { AskedDocument } from '../operations/read-operation.ts';
import { withoutBody } from '../responses/fetch-form.ts';
import type { HttpRequest } from '../responses/public-request.ts';

/** A request of the endpoint. */
export interface Restated {
  readonly path: string;
  readonly request: HttpRequest;
  readonly body: string | null;
}

/** The request for a document and no more. */
export function restate({ headers, ...request }: HttpRequest, document: AskedDocument): Restated {
  const kept = withoutBody(headers);
  if (request.method === 'GET') {
    return { path: `/graphql?${printSearch(document)}`, request: { ...request, headers: kept }, body: null };
  }
  const typed = { ...kept, 'content-type': 'application/json' };
  return { path: '/graphql', request: { ...request, headers: typed }, body: printOperation(document) };
}
