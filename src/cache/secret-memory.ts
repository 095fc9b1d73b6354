// Owns what is remembered of secrets: by a keyed hash whose key ends with the process, for a short time, in a bounded number.

import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Remembers a value for each of some secrets without keeping the secrets. */
export interface SecretMemory<Value extends object> {
  get(secret: string): Value | undefined;
  set(secret: string, value: Value, seconds: number): void;
  forget(secret: string): void;
}

/** Bounds of a memory. */
export interface SecretMemoryOptions {
  readonly maxEntries: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** A memory whose hashes mean nothing to another process. */
export function createSecretMemory<Value extends object>(options: SecretMemoryOptions): SecretMemory<Value> {
  const now = options.now ?? (() => performance.now());
  const key = randomBytes(32);
  const hash = (secret: string) => createHmac('sha256', key).update(secret).digest('base64');
  const entries = new LRUCache<string, { readonly value: Value; readonly until: number }>({ max: options.maxEntries });
  return {
    get(secret) {
      const entry = entries.get(hash(secret));
      return entry && entry.until > now() ? entry.value : undefined;
    },
    set: (secret, value, seconds) => void entries.set(hash(secret), { value, until: now() + 1000 * seconds }),
    forget: (secret) => void entries.delete(hash(secret)),
  };
}
