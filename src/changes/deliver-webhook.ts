// Owns one attempt to deliver a webhook: its body and signature, and what the answer means.

import { randomUUID } from 'node:crypto';
import type { Transport } from '../wordpress/transport.ts';
import type { Change } from './change-stream.ts';
import { signWebhook } from './webhook-signature.ts';

/** A webhook that is to be delivered. */
export interface Delivery {
  /** The same for all attempts. */
  readonly id: string;
  readonly body: string;
}

/** What became of an attempt; one that may go better later says after how long at least, where it was told. */
export type Attempt =
  | { readonly is: 'delivered' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'failed'; readonly why: string; readonly retryAfterMs?: number };

/** A delivery of changes, in the envelope of Standard Webhooks. */
export function toDelivery(changes: readonly Change[]): Delivery {
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  const data = {
    everything: changes.some(({ tags }) => tags === null),
    tags: unique(changes.flatMap(({ tags }) => tags ?? [])),
    paths: unique(changes.flatMap(({ uri }) => uri ?? [])),
    changes: changes.flatMap(({ type, id, action, uri = null, tags }) =>
      tags === null ? [] : { type, databaseId: id, action, uri, tags },
    ),
  };
  const body = JSON.stringify({ type: 'content.changed', timestamp: new Date().toISOString(), data });
  return { id: `msg_${randomUUID()}`, body };
}

/** Where a delivery goes, and how. */
interface DeliveryWay {
  readonly transport: Transport;
  /** Path and query. */
  readonly target: string;
  readonly key: Buffer;
  readonly signal: AbortSignal;
}

/** Tries once; never rejects. */
export async function deliver({ id, body }: Delivery, way: DeliveryWay): Promise<Attempt> {
  const { transport, target, key, signal } = way;
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'headgate',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook(key, { id, timestampSeconds, body }),
  };
  try {
    const answer = await transport.exchange({
      ...{ method: 'POST', target, headers, body, signal, maxBytes: maxAnswerBytes, beyond: 'cut' },
    });
    return toAttempt(answer.status, answer.headers.get('retry-after'));
  } catch (error) {
    return { is: 'failed', why: error instanceof Error ? codeOf(error) : String(error) };
  }
}

/** Nobody reads it. */
const maxAnswerBytes = 64 * 1024;

const longestRetryAfterMs = 300_000;

/** Statuses below 500 that another attempt may change. */
const temporary: ReadonlySet<number> = new Set([408, 409, 425, 429]);

function toAttempt(status: number, retryAfter: string | undefined): Attempt {
  if (status >= 200 && status < 300) return { is: 'delivered' };
  const why = `it answered ${status}`;
  // Where it leads is not where the operator wanted it to go.
  if (status >= 300 && status < 400) return { is: 'refused', why: `${why}, and redirects are not followed` };
  if (status < 500 && !temporary.has(status)) return { is: 'refused', why };
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  if (seconds === undefined) return { is: 'failed', why };
  return { is: 'failed', why, retryAfterMs: Math.min(longestRetryAfterMs, 1000 * seconds) };
}

/** The code says what is wrong; the message may quote addresses. */
function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
