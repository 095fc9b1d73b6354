// Owns requests and answers in the terms of the Fetch standard.

import type { Operation } from '../operations/read-operation.ts';
import type { Answer } from './answer.ts';
import { type HttpRequest, textOf } from './public-request.ts';
import type { Run } from './response-cache.ts';

/** Headers of a request as the Fetch standard takes them. */
export function toHeaders(headers: HttpRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => [[name, textOf(value) ?? '']]));
}

/** Headers of an answer in pairs. */
export function toPairs(headers: Answer['headers']): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  return pairs;
}

/** An answer as the Fetch standard has it. */
export function toResponse({ status, headers, body }: Answer): Response {
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: toPairs(headers) });
}

/** Whether an answer is GraphiQL or one of its files, which are no operations. */
export function isPage(status: number, headers: Run['headers']): boolean {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return status < 400 && !/json|event-stream|multipart/.test(type);
}

/** An operation as the query of a GET. */
export function toSearch({ query, variables, operationName }: Operation): URLSearchParams {
  return new URLSearchParams({
    query,
    ...(variables ? { variables: JSON.stringify(variables) } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
}
