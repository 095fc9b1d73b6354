// Owns what is remembered of secrets: by a keyed hash whose key ends with the process, for some time, in bounded memory.

import { createHmac, randomBytes } from 'node:crypto';
import { createBoundedMap } from '../bounded-map.ts';

/** Remembers a value for each of some secrets without keeping the secrets. */
export interface SecretMemory<Value extends object> {
  get(secret: string): Value | undefined;
  set(secret: string, value: Value, seconds: number): void;
  forget(secret: string): void;
}

/** Bounds of a memory. */
export interface SecretMemoryOptions<Value> {
  readonly maxBytes: number;
  /** What a value weighs, in bytes. */
  readonly bytesOf: (value: Value) => number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** What is kept of an entry beside its hash and its value. */
const entryBytes = 64;

/** A memory whose hashes mean nothing to another process. */
export function createSecretMemory<Value extends object>({
  maxBytes,
  bytesOf,
  now = () => performance.now(),
}: SecretMemoryOptions<Value>): SecretMemory<Value> {
  const key = randomBytes(32);
  const hash = (secret: string) => createHmac('sha256', key).update(secret).digest('base64');
  const entries = createBoundedMap<{ readonly value: Value; readonly until: number }>({
    maxBytes,
    bytesOf: ({ value }) => entryBytes + bytesOf(value),
  });
  return {
    get(secret) {
      const entry = entries.get(hash(secret));
      return entry && entry.until > now() ? entry.value : undefined;
    },
    set: (secret, value, seconds) => entries.set(hash(secret), { value, until: now() + 1000 * seconds }),
    forget: (secret) => entries.delete(hash(secret)),
  };
}
