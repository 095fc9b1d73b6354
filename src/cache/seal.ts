// Owns what is left in shared places for those alone who know a secret: sealed by it, under a name that does not tell it.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Seals and opens values. */
export interface Seal {
  /** Where its values are found. */
  readonly name: string;
  close(value: unknown): Buffer;
  /** Undefined for what was sealed by another secret, or is damaged. */
  open(bytes: Buffer): unknown;
}

const algorithm = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

/** The seal of a secret. */
export function createSeal(secret: string): Seal {
  const derive = (purpose: string) => createHmac('sha256', secret).update(`headgate ${purpose}`).digest();
  const key = derive('seal');
  return {
    name: derive('name').toString('base64url'),
    close(value) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, key, iv);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
    },
    open(bytes) {
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
        return JSON.parse(text.toString());
      } catch {
        return undefined;
      }
    },
  };
}
