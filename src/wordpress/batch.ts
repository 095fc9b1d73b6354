// Owns several writes in one request (`/batch/v1`, WordPress 5.6): in their order, each with an outcome of its own.

import { UpstreamError } from '../errors.ts';
import { isHidden, isOwnRefusal, toStatusError } from './failures.ts';
import type { QueryValue, WordPressClient } from './rest.ts';
import { printQuery } from './url.ts';
import { toWriteError } from './write-identity.ts';

/** One write of a batch. */
export interface BatchPart {
  readonly method: 'POST' | 'DELETE';
  readonly route: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** JSON of an object. */
  readonly body: string;
}

/** Most writes that WordPress takes at once. */
export const maxBatch = 25;

/** The outcome of each part: its body, or why it failed. */
export type BatchOutcome = { readonly body: unknown } | { readonly error: UpstreamError };

/**
 * Sends writes together. Null where WordPress takes them one by one only: then none of them was carried out. Rejects with
 * `UpstreamError` where it is not known what became of them.
 */
export async function sendBatch(
  client: WordPressClient,
  authorization: string,
  parts: readonly BatchPart[],
): Promise<readonly BatchOutcome[] | null> {
  const requests = parts.map(({ method, route, query, body }) => ({
    method,
    path: `/${route}${query ? `?${printQuery(query)}` : ''}`,
    body: JSON.parse(body),
  }));
  const data = JSON.stringify({ requests });
  try {
    const answer = await client.request({
      ...{ method: 'POST', route: 'batch/v1', authorization },
      body: { type: 'application/json', data },
    });
    const outcomes = toOutcomes(answer.body, parts);
    return outcomes.every(isRefusedInBatch) ? null : outcomes;
  } catch (error) {
    if (!(error instanceof UpstreamError) || !isHidden(error) || error.details.status === 401) throw error;
    // Nothing has run: there is no such route, or who asks may not use it.
    if (isOwnRefusal(error) || (await isWalledOff(client, authorization, error))) return null;
    throw error;
  }
}

/** Whether a page stands before the route, whatever is sent there; else it may have come after all was carried out. */
async function isWalledOff(client: WordPressClient, authorization: string, page: UpstreamError): Promise<boolean> {
  try {
    await client.request({ route: 'batch/v1', authorization });
    return false;
  } catch (error) {
    return error instanceof UpstreamError && !isOwnRefusal(error) && error.details.status === page.details.status;
  }
}

function toOutcomes(body: unknown, parts: readonly BatchPart[]): BatchOutcome[] {
  const responses = isRecord(body) ? body['responses'] : null;
  if (!Array.isArray(responses) || responses.length !== parts.length) {
    throw new UpstreamError('UPSTREAM_BAD_RESPONSE', 'POST /batch/v1: not one answer for each write');
  }
  return parts.map((part, at) => toOutcome(part, responses[at]));
}

function toOutcome(part: BatchPart, response: unknown): BatchOutcome {
  const label = `${part.method} /${part.route}`;
  const status = isRecord(response) ? Number(response['status']) : Number.NaN;
  if (!isRecord(response) || !(status >= 200 && status < 600)) {
    return { error: new UpstreamError('UPSTREAM_BAD_RESPONSE', `${label}: no status in a batch`) };
  }
  const { body, headers } = response;
  if (status < 300) {
    const location = isRecord(headers) ? headers['Location'] : undefined;
    const error = toWriteError(label, part, { status, body, location });
    return error ? { error } : { body };
  }
  const answer = { status, headers: new Map<string, string>(), body: Buffer.from(JSON.stringify(body ?? null)) };
  return { error: toStatusError(label, { ...answer, isPrivate: true }) };
}

/** Some routes take no part in batches; WordPress says so for each request to one. */
function isRefusedInBatch(outcome: BatchOutcome): boolean {
  return 'error' in outcome && outcome.error.details.restCode === 'rest_batch_not_allowed';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
