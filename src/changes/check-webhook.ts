// Owns whether a webhook comes from somebody who may send one: a signature that is new, or a token.

import { createHash } from 'node:crypto';
import type { SharedMarks } from '../cache/redis/shared-marks.ts';
import { createSecretMemory } from '../cache/secret-memory.ts';
import { isSameSecret, isSignedBy, isSignedByWooCommerce, signWebhook, toSigningKey } from './webhook-signature.ts';

/** What senders prove that they know. */
export interface WebhookSecrets {
  /** What webhooks are signed with; null where none are taken by it. */
  readonly secret: string | null;
  /** What senders that cannot sign put into the address, or send as a bearer token; null where none may. */
  readonly token: string | null;
}

/** A webhook as it came. */
export interface WebhookRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

/** `known`: the same request came before, and nothing needs doing; otherwise why it is refused, for the sender. */
export type WebhookCheck = 'new' | 'known' | { readonly refusal: string };

/** How far the time of a signature may be from ours. */
export const toleranceSeconds = 300;

/** Some ten thousand signatures are remembered; only who has the secret makes new ones. */
const rememberedBytes = 3 * 1024 * 1024;
const rememberedSeconds = 2 * toleranceSeconds;

/** Checks webhooks, and remembers what it has seen for as long as that would pass again. */
export interface WebhookChecker {
  check(request: WebhookRequest): WebhookCheck | Promise<WebhookCheck>;
  /** Makes the same request count as new again. */
  forget(request: WebhookRequest): Promise<void>;
}

/** What a check stands on. */
export interface WebhookCheckOptions extends WebhookSecrets {
  /** Where processes tell each other what they have seen. */
  readonly marks?: SharedMarks | undefined;
}

/** A checker that has seen nothing. `now` is in ms since 1970. */
export function createWebhookCheck(
  { secret, token, marks }: WebhookCheckOptions,
  now: () => number = Date.now,
): WebhookChecker {
  const seen = createSecretMemory<object>({ maxBytes: rememberedBytes, bytesOf: () => 0 });
  const key = secret === null ? null : toSigningKey(secret);

  function checkSignature({ header, body }: WebhookRequest, signature: string): WebhookCheck | Promise<WebhookCheck> {
    const id = header('webhook-id') ?? '';
    const timestamp = header('webhook-timestamp') ?? '';
    if (key === null) return { refusal: 'Signatures are not taken here: WEBHOOK_SECRET is not set.' };
    if (id === '' || !/^\d{1,12}$/.test(timestamp)) {
      return { refusal: 'A signature goes with webhook-id and webhook-timestamp, which is in seconds.' };
    }
    const timestampSeconds = Number(timestamp);
    const webhook = { id, timestampSeconds, body };
    if (!isSignedBy(key, webhook, signature))
      return { refusal: 'The signature is not that of this body, id and time.' };
    if (Math.abs(now() / 1000 - timestampSeconds) > toleranceSeconds) {
      return { refusal: `The signature is of more than ${toleranceSeconds / 60} minutes ago, or of a time to come.` };
    }
    // Ours, not the header: that may have others beside it.
    const own = signWebhook(key, webhook);
    if (seen.get(own)) return 'known';
    seen.set(own, {}, rememberedSeconds);
    return marks ? leaveMark(marks, own) : 'new';
  }

  function check(request: WebhookRequest): WebhookCheck | Promise<WebhookCheck> {
    const { url, header, body } = request;
    const given = tokenOf(url, header('authorization'));
    if (token !== null && given !== null && isSameSecret(given, token)) return 'new';
    const signature = header('webhook-signature');
    if (signature !== undefined) return checkSignature(request, signature);
    const shop = header('x-wc-webhook-signature');
    if (shop !== undefined && secret !== null) {
      // It has no time: whoever reads one can send it again, and gets nothing but the same purge.
      return isSignedByWooCommerce(secret, body, shop) ? 'new' : { refusal: 'The signature is not that of this body.' };
    }
    return { refusal: given === null ? 'A webhook needs a signature or a token.' : 'The token is not valid.' };
  }

  return {
    check,
    async forget({ header, body }) {
      if (key === null || header('webhook-signature') === undefined) return;
      const timestampSeconds = Number(header('webhook-timestamp'));
      const own = signWebhook(key, { id: header('webhook-id') ?? '', timestampSeconds, body });
      seen.forget(own);
      await marks?.remove(markOf(own));
    },
  };
}

function markOf(signature: string): string {
  return `webhook:${createHash('sha256').update(signature).digest('base64url')}`;
}

/** Where Redis does not say, no other process has seen it: to purge twice is better than not at all. */
async function leaveMark(marks: SharedMarks, signature: string): Promise<WebhookCheck> {
  return (await marks.leave(markOf(signature), Buffer.from('seen'), rememberedSeconds)) ? 'known' : 'new';
}

function tokenOf(url: string, authorization: string | undefined): string | null {
  const [, bearer] = /^bearer +(.+)$/i.exec(authorization ?? '') ?? [];
  const at = url.indexOf('?');
  return bearer ?? (at === -1 ? null : new URLSearchParams(url.slice(at)).get('token'));
}
