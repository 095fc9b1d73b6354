// Owns the cache in this process: entities by key and field, lists by request, within one bound of bytes.

import { LRUCache } from 'lru-cache';
import { absentRecord, type FieldsRecord, mergeRecord, type RestObject } from './fields-record.ts';

/** The ids that a list request found, in its order. */
export interface ListRecord {
  readonly ids: readonly number[];
  /** How many there are in all (`X-WP-Total`), or null where WordPress did not say. */
  readonly total: number | null;
}

/** What an address of the site shows. */
export type AddressRecord =
  | { readonly kind: 'entity'; readonly resource: string; readonly id: number }
  | { readonly kind: 'archive'; readonly type: string }
  | { readonly kind: 'nothing' };

/** Where what WordPress said is kept. Keys are made by the loaders. */
export interface Cache {
  entity(key: string): FieldsRecord | undefined;
  /** Puts fields of an entity over what is known of it; `data` null: WordPress does not show it. */
  putEntity(key: string, fields: readonly string[], data: RestObject | null, bytes: number): void;
  list(key: string): ListRecord | undefined;
  putList(key: string, list: ListRecord): void;
  address(key: string): AddressRecord | undefined;
  putAddress(key: string, address: AddressRecord): void;
  /** Forgets everything. */
  clear(): void;
  /** The time by which `freshUntil` is read, in ms. */
  now(): number;
}

/** Bounds of a cache. */
export interface CacheOptions {
  /** Most bytes that are kept; the least recently used go first. */
  readonly maxBytes: number;
  /** Seconds for which what WordPress said is used without asking again; 0 keeps nothing. */
  readonly freshSeconds: number;
  /** Seconds for which "WordPress does not show this" is believed. */
  readonly negativeSeconds: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** Bytes a record costs beyond its JSON: keys, maps, objects. */
const overheadBytes = 256;
const bytesPerId = 16;
const bytesPerField = 48;

/** A cache that lives as long as the process. */
export function createMemoryCache(options: CacheOptions): Cache {
  const now = options.now ?? (() => performance.now());
  const entities = new LRUCache<string, FieldsRecord>({
    maxSize: Math.max(1, Math.floor(options.maxBytes * 0.85)),
    sizeCalculation: bytesOf,
  });
  const addresses = new LRUCache<string, { readonly address: AddressRecord; readonly freshUntil: number }>({
    maxSize: Math.max(1, Math.floor(options.maxBytes * 0.05)),
    sizeCalculation: (_, key) => overheadBytes + 2 * key.length,
  });
  const lists = new LRUCache<string, ListRecord & { readonly freshUntil: number }>({
    maxSize: Math.max(1, Math.floor(options.maxBytes * 0.1)),
    sizeCalculation: ({ ids }, key) => overheadBytes + 2 * key.length + bytesPerId * ids.length,
  });
  return {
    now,
    entity: (key) => entities.get(key),
    putEntity(key, fields, data, bytes) {
      if (options.freshSeconds <= 0) return;
      const record =
        data === null
          ? absentRecord(now() + 1000 * options.negativeSeconds)
          : // Peek: writing must not make an entity look used.
            mergeRecord(entities.peek(key), fields, data, stateOf(fields, bytes, now() + 1000 * options.freshSeconds));
      entities.set(key, record);
    },
    list(key) {
      const list = lists.get(key);
      return list && list.freshUntil > now() ? list : undefined;
    },
    putList(key, { ids, total }) {
      if (options.freshSeconds <= 0) return;
      lists.set(key, { ids, total, freshUntil: now() + 1000 * options.freshSeconds });
    },
    address(key) {
      const known = addresses.get(key);
      return known && known.freshUntil > now() ? known.address : undefined;
    },
    putAddress(key, address) {
      if (options.freshSeconds <= 0) return;
      const seconds = address.kind === 'nothing' ? options.negativeSeconds : options.freshSeconds;
      addresses.set(key, { address, freshUntil: now() + 1000 * seconds });
    },
    clear: () => [entities, lists, addresses].forEach((kept) => void kept.clear()),
  };
}

/** A cache for one request: it forgets nothing, and nobody else sees it. */
export function createRequestCache(): Cache {
  const entities = new Map<string, FieldsRecord>();
  const lists = new Map<string, ListRecord>();
  const addresses = new Map<string, AddressRecord>();
  return {
    now: () => 0,
    entity: (key) => entities.get(key),
    putEntity(key, fields, data, bytes) {
      const forever = Number.POSITIVE_INFINITY;
      const known = entities.get(key);
      entities.set(
        key,
        data ? mergeRecord(known, fields, data, stateOf(fields, bytes, forever)) : absentRecord(forever),
      );
    },
    list: (key) => lists.get(key),
    putList: (key, list) => void lists.set(key, list),
    address: (key) => addresses.get(key),
    putAddress: (key, address) => void addresses.set(key, address),
    clear: () => [entities, lists, addresses].forEach((kept) => void kept.clear()),
  };
}

function stateOf(fields: readonly string[], bytes: number, freshUntil: number) {
  return { freshUntil, bytes: Math.ceil(bytes / Math.max(1, fields.length)) };
}

function bytesOf({ fields }: FieldsRecord, key: string): number {
  let bytes = overheadBytes + 2 * key.length;
  for (const [path, state] of fields) bytes += bytesPerField + path.length + state.bytes;
  return bytes;
}
