// Owns `POST /webhooks/purge`: who may say that something changed, what was said, and the answer to it.

import type { RateLimit } from '../clients/rate-limit.ts';
import { type ErrorCode, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type Answer, toOwnAnswer } from '../responses/answer.ts';
import { type BusyReason, toBusyAnswer } from '../responses/busy-answer.ts';
import { toErrorAnswer } from '../responses/error-answer.ts';
import { type RequestHeaders, textOf } from '../responses/public-request.ts';
import type { Change } from './change-stream.ts';
import { createWebhookCheck, type WebhookCheckOptions } from './check-webhook.ts';
import { parseWebhook } from './parse-webhook.ts';
import type { Told } from './told.ts';
import { type ToldSite, toChanges } from './told-changes.ts';

/** Where webhooks are sent. */
export const webhookPath = '/webhooks/purge';

/** Bound of the body of a webhook: some plugins send whole posts. */
export const webhookMaxBytes: number = 1024 * 1024;

/** What whoever sent a webhook is told to wait where others cannot be told. */
const retryMs = 5000;

const untold: BusyReason = {
  status: 503,
  code: 'OVERLOADED',
  message: 'This gateway has forgotten it; others cannot be told now, and will be.',
};

/** What receiving stands on. */
export interface WebhookOptions extends WebhookCheckOptions {
  readonly served: () => Omit<ToldSite, 'typeOf'>;
  readonly typeOf: ToldSite['typeOf'];
  /** What the addresses show now, as tags: whoever names an address means what is there. */
  readonly tagsAt: (uris: readonly string[]) => Promise<readonly string[]>;
  /** Purges what changed, and tells it on. */
  readonly publish: (changes: readonly Change[]) => Promise<void>;
  /** Waits until the other gateways are told; false where they cannot be. */
  readonly told: () => Promise<boolean>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bounds how often one may try to prove that one may send webhooks; those that are valid cost nothing. */
  readonly rateLimit?: RateLimit | undefined;
}

/** A webhook as the listener passes it. */
export interface ReceivedWebhook {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** Address of the other end of its connection. */
  readonly address?: string | undefined;
}

/** Answers webhooks; null where neither signatures nor tokens are taken. */
export function createWebhookReceiver(options: WebhookOptions): ((webhook: ReceivedWebhook) => Promise<Answer>) | null {
  const { served, typeOf, tagsAt, publish, told, logger, metrics, rateLimit } = options;
  if (options.secret === null && options.token === null) return null;
  const { check, forget } = createWebhookCheck(options);

  function refuse(status: number, code: ErrorCode, message: string): Answer {
    metrics.heard('refused');
    // The address may have a token in it.
    logger.warn({ status }, `a webhook was refused: ${message}`);
    return toErrorAnswer(status, code, message);
  }

  async function act(said: Told): Promise<Answer> {
    const changes = toChanges(said, { ...served(), typeOf });
    await publish(changes);
    const shown = said.uris.length > 0 ? await tagsAt(said.uris) : [];
    const there: Change = { type: null, id: null, action: 'updated', tags: shown, source: 'webhook' };
    const all = shown.length > 0 ? [...changes, there] : changes;
    if (shown.length > 0) await publish([there]);
    metrics.heard('taken');
    logger.info({ changes: all.length, everything: said.everything }, 'a webhook told of changes');
    if (!(await told())) return toBusyAnswer(untold, retryMs, 'application/json');
    return toJson({
      status: 'purged',
      tags: said.everything ? null : [...new Set(all.flatMap(({ tags }) => tags ?? []))],
    });
  }

  async function answer({ method, url, headers, body }: ReceivedWebhook): Promise<Answer> {
    const header = (name: string) => textOf(headers[name]);
    if (method !== 'POST') {
      const answer = refuse(405, 'BAD_USER_INPUT', 'Webhooks are sent by POST.');
      return { ...answer, headers: [...answer.headers, 'allow', 'POST'] };
    }
    // WooCommerce asks so whether somebody is there, without a signature, when a webhook is saved.
    if (/^webhook_id=\d+$/.test(body.toString('utf8', 0, 100))) return toJson({ status: 'listening' });
    const request = { method, url, header, body };
    const checked = await check(request);
    if (typeof checked === 'object') return refuse(401, 'UNAUTHENTICATED', checked.refusal);
    if (checked === 'known') {
      metrics.heard('known');
      return toJson({ status: 'known', tags: [] });
    }
    try {
      const answered = await act(parseWebhook(body, header));
      // The same again is no repetition: its sender is to send it until all gateways know.
      if (answered.status === untold.status) await forget(request);
      return answered;
    } catch (error) {
      if (error instanceof UserError) return refuse(400, error.code, error.message);
      throw error;
    }
  }

  if (!rateLimit) return answer;
  return async (webhook) => {
    const waitMs = await rateLimit.takeProof(webhook);
    if (waitMs > 0) {
      metrics.limited('rate');
      return toBusyAnswer({ status: 429, code: 'RATE_LIMITED' }, waitMs, 'application/json');
    }
    const answered = await answer(webhook);
    rateLimit.settle(webhook, { status: answered.status, reads: 0 });
    return answered;
  };
}

function toJson(body: object): Answer {
  return toOwnAnswer(200, [['content-type', 'application/json']], Buffer.from(JSON.stringify(body)));
}
