// Owns the signature of webhooks, in and out, as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, time and body.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** What is signed. */
export interface SignedWebhook {
  /** The same for every attempt to deliver it. */
  readonly id: string;
  /** Of this attempt. */
  readonly timestampSeconds: number;
  readonly body: string | Buffer;
}

/** The key of a secret: `whsec_…` is base64, as the libraries of Standard Webhooks take it; anything else is text. */
export function toSigningKey(secret: string): Buffer {
  const [, encoded] = /^whsec_(.+)$/.exec(secret) ?? [];
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
}

/** The value of `Webhook-Signature`. */
export function signWebhook(key: Buffer, { id, timestampSeconds, body }: SignedWebhook): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64')}`;
}

/** So many signatures of a header are looked at: one for each secret that is in use while they change. */
const maxSignatures = 10;

/** Whether one of the first signatures in a header, which spaces separate, is that of the webhook. */
export function isSignedBy(key: Buffer, webhook: SignedWebhook, header: string): boolean {
  const isExpected = compareSecrets(signWebhook(key, webhook));
  const signatures = header.split(' ').filter((piece) => piece !== '');
  // All of these are compared: the time that it takes tells nothing.
  return signatures.slice(0, maxSignatures).reduce((found, signature) => isExpected(signature) || found, false);
}

/** WooCommerce's `X-WC-Webhook-Signature`: base64 of HMAC-SHA256 over the body alone, with the secret as it is. */
export function isSignedByWooCommerce(secret: string, body: Buffer, header: string): boolean {
  return isSameSecret(header, createHmac('sha256', secret).update(body).digest('base64'));
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
export function isSameSecret(given: string, expected: string): boolean {
  return compareSecrets(expected)(given);
}

function compareSecrets(expected: string): (given: string) => boolean {
  // Hashes of equal length stand for texts of any.
  const hash = (text: string) => createHmac('sha256', 'headgate').update(text).digest();
  const hashed = hash(expected);
  return (given) => timingSafeEqual(hash(given), hashed);
}
