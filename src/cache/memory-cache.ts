// Owns the cache in this process: entities by key and field, lists by request, within one bound of bytes.

import { LRUCache } from 'lru-cache';
import { absentRecord, type FieldsRecord, mergeRecord, type RestObject } from './fields-record.ts';

/** The ids that a list request found, in its order. */
export interface ListRecord {
  readonly ids: readonly number[];
  /** How many there are in all (`X-WP-Total`), or null where WordPress did not say. */
  readonly total: number | null;
}

/** Something that is known, and until when, in ms of the cache's clock. */
export interface Known<Value> {
  readonly value: Value;
  readonly freshUntil: number;
}

/** What an address of the site shows. */
export type AddressRecord =
  | { readonly kind: 'entity'; readonly resource: string; readonly id: number }
  | { readonly kind: 'archive'; readonly type: string }
  | { readonly kind: 'nothing' };

/** Where what WordPress said is kept. Keys are made by the loaders. Each put says until when it is fresh. */
export interface Cache {
  entity(key: string): FieldsRecord | undefined;
  /** Puts fields of an entity over what is known of it; `data` null: WordPress does not show it. */
  putEntity(key: string, fields: readonly string[], data: RestObject | null, bytes: number): number;
  /** Takes over what another cache knows of an entity, as it is. */
  adopt(key: string, record: FieldsRecord): void;
  list(key: string): Known<ListRecord> | undefined;
  putList(key: string, list: ListRecord): number;
  address(key: string): Known<AddressRecord> | undefined;
  putAddress(key: string, address: AddressRecord): number;
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

/**
 * What a process grows by for each byte of JSON that it keeps: objects take more than their text, what is made and
 * dropped on the way takes as much again, and the garbage collector leaves room. Measured over 30,000 distinct queries:
 * with 13 MB of JSON and as much of answers the process grew by 115 to 140 MB.
 */
const residentPerByte = 4;

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
  const addresses = new LRUCache<string, Known<AddressRecord>>({
    maxSize: Math.max(1, Math.floor(options.maxBytes * 0.05)),
    sizeCalculation: (_, key) => overheadBytes + 2 * key.length,
  });
  const lists = new LRUCache<string, Known<ListRecord>>({
    maxSize: Math.max(1, Math.floor(options.maxBytes * 0.1)),
    sizeCalculation: ({ value }, key) => overheadBytes + 2 * key.length + bytesPerId * value.ids.length,
  });
  /** Until when something is fresh that WordPress has just said. */
  const untilOf = (seconds: number) => (options.freshSeconds > 0 ? now() + 1000 * seconds : now());
  const fresh = <Value>(known: Known<Value> | undefined) => (known && known.freshUntil > now() ? known : undefined);
  return {
    now,
    entity: (key) => entities.get(key),
    putEntity(key, fields, data, bytes) {
      const freshUntil = untilOf(data === null ? options.negativeSeconds : options.freshSeconds);
      if (options.freshSeconds <= 0) return freshUntil;
      const record =
        data === null
          ? absentRecord(freshUntil)
          : // Peek: writing must not make an entity look used.
            mergeRecord(entities.peek(key), fields, data, stateOf(fields, bytes, freshUntil));
      entities.set(key, record);
      return freshUntil;
    },
    adopt: (key, record) => void entities.set(key, record),
    list: (key) => fresh(lists.get(key)),
    putList(key, value) {
      const freshUntil = untilOf(options.freshSeconds);
      if (options.freshSeconds > 0) lists.set(key, { value, freshUntil });
      return freshUntil;
    },
    address: (key) => fresh(addresses.get(key)),
    putAddress(key, value) {
      const freshUntil = untilOf(value.kind === 'nothing' ? options.negativeSeconds : options.freshSeconds);
      if (options.freshSeconds > 0) addresses.set(key, { value, freshUntil });
      return freshUntil;
    },
    clear: () => [entities, lists, addresses].forEach((kept) => void kept.clear()),
  };
}

const forever = Number.POSITIVE_INFINITY;

/** A cache for one request: it forgets nothing, and nobody else sees it. */
export function createRequestCache(): Cache {
  const entities = new Map<string, FieldsRecord>();
  const lists = new Map<string, Known<ListRecord>>();
  const addresses = new Map<string, Known<AddressRecord>>();
  return {
    now: () => 0,
    entity: (key) => entities.get(key),
    putEntity(key, fields, data, bytes) {
      const record = data
        ? mergeRecord(entities.get(key), fields, data, stateOf(fields, bytes, forever))
        : absentRecord(forever);
      entities.set(key, record);
      return forever;
    },
    adopt: (key, record) => void entities.set(key, record),
    list: (key) => lists.get(key),
    putList(key, value) {
      lists.set(key, { value, freshUntil: forever });
      return forever;
    },
    address: (key) => addresses.get(key),
    putAddress(key, value) {
      addresses.set(key, { value, freshUntil: forever });
      return forever;
    },
    clear: () => [entities, lists, addresses].forEach((kept) => void kept.clear()),
  };
}

function stateOf(fields: readonly string[], bytes: number, freshUntil: number) {
  return { freshUntil, bytes: Math.ceil(bytes / Math.max(1, fields.length)) };
}

function bytesOf({ fields }: FieldsRecord, key: string): number {
  let bytes = overheadBytes + 2 * key.length;
  for (const [path, state] of fields) bytes += bytesPerField + path.length + state.bytes;
  return Math.ceil(residentPerByte * bytes);
}
