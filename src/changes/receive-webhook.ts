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
import { purgeShown } from './told-addresses.ts';
import { type ToldSite, toChanges } from './told-changes.ts';

/** Where webhooks are sent. */
export const webhookPath = '/webhooks/purge';

/** Bound of the body of a webhook: some plugins send whole posts. */
export const webhookMaxBytes: number = 1024 * 1024;

/** What whoever sent a webhook is told to wait before it is sent again. */
const retryMs = 5000;

/** Senders give up after five seconds or ten; until then WordPress may say what is at the addresses that they named. */
const patienceMs = 4000;

const untold: BusyReason = {
  status: 503,
  code: 'OVERLOADED',
  message: 'This gateway has forgotten it; others cannot be told now, and will be.',
};

const unknown: BusyReason = {
  status: 503,
  code: 'UPSTREAM_UNAVAILABLE',
  message: 'WordPress does not say what is at some of the addresses, of which nothing is known; all else is forgotten.',
};

/** What receiving stands on. */
export interface WebhookOptions extends WebhookCheckOptions {
  readonly served: () => Omit<ToldSite, 'typeOf'>;
  readonly typeOf: ToldSite['typeOf'];
  /** What is known to have been at addresses, as tags: whoever names an address means what is or was there. */
  readonly knownAt: (uris: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** What an address shows now, as tags; rejects where WordPress does not say. */
  readonly tagsAt: (uri: string, signal: AbortSignal) => Promise<readonly string[]>;
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
  const { served, typeOf, knownAt, tagsAt, publish, told, logger, metrics, rateLimit } = options;
  if (options.secret === null && options.token === null) return null;
  const { check, forget } = createWebhookCheck(options);
  /** What is being answered, by its signature. */
  const underWay = new Map<string, Promise<Answer>>();

  function refuse(status: number, code: ErrorCode, message: string): Answer {
    metrics.heard('refused');
    // The address may have a token in it.
    logger.warn({ status }, `a webhook was refused: ${message}`);
    return toErrorAnswer(status, code, message);
  }

  async function act(said: Told): Promise<Answer> {
    const endsAt = performance.now() + patienceMs;
    const uris = said.everything ? [] : said.uris;
    const known = await knownAt(uris);
    const changes = toChanges(said, { ...served(), typeOf });
    const was = [...known.values()].flat();
    await publish(was.length > 0 ? [...changes, toChange(was)] : changes);
    // Those of which nothing is known first: all that there is to purge is what WordPress says.
    const shown = await purgeShown([...uris.filter((uri) => !known.has(uri)), ...known.keys()], {
      ...{ tagsAt, logger, purge: (tags) => publish([toChange(tags)]) },
      waitMs: Math.max(0, endsAt - performance.now()),
    });
    metrics.heard('taken');
    logger.info({ changes: changes.length, everything: said.everything }, 'a webhook told of changes');
    if (shown.unanswered.some((uri) => !known.has(uri))) return toBusyAnswer(unknown, retryMs, 'application/json');
    if (!(await told())) return toBusyAnswer(untold, retryMs, 'application/json');
    const tags = [...changes.flatMap((change) => change.tags ?? []), ...was, ...shown.tags];
    return toJson({ status: 'purged', tags: said.everything ? null : [...new Set(tags)] });
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
    const signature = header('webhook-signature') ?? '';
    if (typeof checked === 'object') return refuse(401, 'UNAUTHENTICATED', checked.refusal);
    if (checked === 'known') {
      metrics.heard('known');
      // Whether the first one is to be sent again is not said yet.
      return (await underWay.get(signature)) ?? toJson({ status: 'known', tags: [] });
    }
    try {
      const acting = act(parseWebhook(body, header));
      underWay.set(signature, acting);
      const answered = await acting;
      // The same again is no repetition: its sender is to send it until all is forgotten, and all gateways know.
      if (answered.status === 503) await forget(request);
      return answered;
    } catch (error) {
      await forget(request);
      if (error instanceof UserError) return refuse(400, error.code, error.message);
      throw error;
    } finally {
      underWay.delete(signature);
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

/** What changed, of which no more is known than its tags. */
function toChange(tags: readonly string[]): Change {
  return { type: null, id: null, action: 'updated', tags, source: 'webhook' };
}

function toJson(body: object): Answer {
  return toOwnAnswer(200, [['content-type', 'application/json']], Buffer.from(JSON.stringify(body)));
}
