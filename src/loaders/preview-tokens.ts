// Owns tokens that show one piece of content before it is published: signed, short-lived, and without anybody's credentials.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Makes tokens, and reads those that it has made. */
export interface PreviewTokens {
  /** A token for content by its database id. */
  sign(id: number, seconds: number): string;
  /** The id in a token; null where it is not one of these, or its time is over. */
  read(token: string): number | null;
}

/** Tokens of whoever knows a secret: all processes of a gateway, and no others. */
export function createPreviewTokens(secret: string, now: () => number = () => Date.now()): PreviewTokens {
  const mac = (text: string) => createHmac('sha256', secret).update(`headgate preview ${text}`).digest();
  return {
    sign(id, seconds) {
      const claims = `${id}.${Math.floor(now() / 1000) + seconds}`;
      return `${claims}.${mac(claims).toString('base64url')}`;
    },
    read(token) {
      const [, claims, id, until, signature] = /^((\d{1,15})\.(\d{1,15}))\.([\w-]{43})$/.exec(token) ?? [];
      if (claims === undefined || signature === undefined) return null;
      if (!timingSafeEqual(mac(claims), Buffer.from(signature, 'base64url'))) return null;
      return Number(until) * 1000 > now() ? Number(id) : null;
    },
  };
}
