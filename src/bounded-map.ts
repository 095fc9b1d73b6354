// Owns maps that are bounded by what their entries weigh: a flood of distinct keys costs time, never memory.

import { LRUCache } from 'lru-cache';

/** A map that forgets what was least recently used. */
export interface BoundedMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Bounds of a map. */
export interface BoundedMapOptions<Value> {
  readonly maxBytes: number;
  /** What an entry weighs beside its key, in bytes. */
  readonly bytesOf: (value: Value) => number;
}

/** What lru-cache keeps of an entry beside key and value. */
const overheadBytes = 128;

/** A map of at most `maxBytes`; one entry may take an eighth of that, and is not kept beyond. */
export function createBoundedMap<Value extends object>(options: BoundedMapOptions<Value>): BoundedMap<Value> {
  const { maxBytes, bytesOf } = options;
  const entries = new LRUCache<string, Value>({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
    sizeCalculation: (value, key) => overheadBytes + 2 * key.length + bytesOf(value),
  });
  return {
    get: (key) => entries.get(key),
    set: (key, value) => void entries.set(key, value),
    delete: (key) => void entries.delete(key),
  };
}
