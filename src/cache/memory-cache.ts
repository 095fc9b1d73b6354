// Owns the cache in this process: entities by key and field, lists by request, addresses, within one bound of bytes.

import { LRUCache } from 'lru-cache';
import { withAnyList } from './any-list.ts';
import {
  absentRecord,
  type FieldsRecord,
  joinRecords,
  mergeRecord,
  type RestObject,
  toGoneRecord,
  toOldRecord,
} from './fields-record.ts';
import { type Gone, isGone, toOldTimes } from './old.ts';
import { createPurgeLog, type Mark } from './purge-log.ts';
import { createTagIndex } from './tag-index.ts';
import { never, type TimeSettings, type Times, toTimes } from './times.ts';

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

/** Something that is known, until when, and what purges it. */
export interface Known<Value> {
  readonly value: Value;
  readonly times: Times;
  readonly tags: readonly string[];
}

/** What something that WordPress said is, beside its value. */
export interface Said {
  /** Kind of content by WordPress's name, such as `post`: its times may be its own. */
  readonly kind: string;
  /** What purges it. */
  readonly tags: readonly string[];
  /** Taken before WordPress was asked: what was purged since then is not kept. */
  readonly since: Mark;
}

/** Fields of an entity; `data` null: WordPress does not show it. */
export interface SaidFields extends Said {
  readonly fields: readonly string[];
  readonly data: RestObject | null;
  readonly bytes: number;
}

/** What is kept of one kind by its key. */
export type Shelf = 'entity' | 'list' | 'address';

/**
 * Where what WordPress said is kept. Keys are made by the loaders. What is found may be of any age: whoever asks looks at
 * its times. Each put gives the times of what it was given, kept or not.
 */
export interface Cache {
  entity(key: string): FieldsRecord | undefined;
  /** Puts fields of an entity over what is known of it. */
  putEntity(key: string, said: SaidFields): Times;
  /** Takes over what another cache knows of an entity; of each field what was said last. What was purged since stays out. */
  adoptEntity(key: string, record: FieldsRecord, since?: Mark): void;
  list(key: string): Known<ListRecord> | undefined;
  putList(key: string, list: ListRecord, said: Said): Times;
  adoptList(key: string, list: Known<ListRecord>, since?: Mark): void;
  address(key: string): Known<AddressRecord> | undefined;
  putAddress(key: string, address: AddressRecord, said: Said): Times;
  adoptAddress(key: string, address: Known<AddressRecord>, since?: Mark): void;
  /** Brings in what farther caches know of some keys; a cache without it has none behind it. */
  reach?: (shelf: Shelf, keys: readonly string[]) => Promise<void>;
  mark(): Mark;
  /**
   * Forgets what carries one of some tags, null everything. All of it is gone unless told; the rest stays as old, and of
   * entities that are known to be absent, that they are.
   */
  purge(tags: readonly string[] | null, gone?: Gone): void;
  /** The time by which times are read, in ms. */
  now(): number;
}

/** Bounds and times of a cache. */
export interface CacheOptions extends Pick<TimeSettings, 'freshSeconds'>, Partial<Omit<TimeSettings, 'freshSeconds'>> {
  /** Most bytes that are kept; the least recently used go first. */
  readonly maxBytes: number;
  /** Seconds for which "WordPress does not show this" is believed; it is not used while that is asked anew. */
  readonly negativeSeconds: number;
  /** Times of kinds of content that are not like the others. */
  readonly kinds?: ReadonlyMap<string, Partial<TimeSettings>>;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** All that a cache keeps, the least recently used first. */
export interface CacheContent {
  readonly entities: Iterable<readonly [string, FieldsRecord]>;
  readonly lists: Iterable<readonly [string, Known<ListRecord>]>;
  readonly addresses: Iterable<readonly [string, Known<AddressRecord>]>;
}

/** A cache that shows what it keeps. */
export interface MemoryCache extends Cache {
  content(): CacheContent;
}

/**
 * What a process grows by for each byte of JSON that it keeps: objects take more than their text, what is made and
 * dropped on the way takes as much again, and the garbage collector leaves room. Measured over 18,000 distinct queries:
 * full at 134 MB, answers among them, the process grew by 138 MB.
 */
const residentPerByte = 5;

/** Bytes a record costs beyond its JSON: keys, maps, objects. */
const overheadBytes = 256;
const bytesPerId = 16;
const bytesPerField = 48;

/** A cache that lives as long as the process. */
export function createMemoryCache(options: CacheOptions): MemoryCache {
  const now = options.now ?? (() => performance.now());
  const log = createPurgeLog();
  const timesOf = createTimesOf(options);
  const entities = createShelf<FieldsRecord>(options.maxBytes * 0.85, bytesOfRecord);
  const addresses = createShelf<Known<AddressRecord>>(
    options.maxBytes * 0.05,
    (_, key) => overheadBytes + 2 * key.length,
  );
  const lists = createShelf<Known<ListRecord>>(
    options.maxBytes * 0.1,
    ({ value }, key) => overheadBytes + 2 * key.length + bytesPerId * value.ids.length,
  );
  const isOvertaken = ({ tags }: { readonly tags: readonly string[] }, since: Mark | undefined) =>
    since !== undefined && log.isOvertaken(tags, since);
  const isKept = ({ tags, since }: Said, times: Times) => times.freshUntil > now() && !log.isOvertaken(tags, since);

  return {
    now,
    mark: log.mark,
    entity: entities.get,
    putEntity(key, said) {
      const { fields, data, bytes, tags } = said;
      const times = timesOf(said.kind, data === null, now());
      if (!isKept(said, times)) return times;
      const state = { times, bytes: Math.ceil(bytes / Math.max(1, fields.length)) };
      const record =
        data === null
          ? absentRecord(times, tags)
          : // Peek: writing must not make an entity look used.
            mergeRecord(toExtend(entities.peek(key)), { fields, data, state, tags });
      entities.set(key, record);
      return times;
    },
    adoptEntity(key, record, since) {
      if (!isOvertaken(record, since)) entities.set(key, joinRecords(entities.peek(key), record));
    },
    list: lists.get,
    putList(key, value, said) {
      const times = timesOf(said.kind, false, now());
      if (isKept(said, times)) lists.set(key, { value, times, tags: said.tags });
      return times;
    },
    adoptList(key, list, since) {
      if (!isOvertaken(list, since)) lists.set(key, newer(lists.peek(key), list));
    },
    address: addresses.get,
    putAddress(key, value, said) {
      const times = timesOf(said.kind, value.kind === 'nothing', now());
      if (isKept(said, times)) addresses.set(key, { value, times, tags: said.tags });
      return times;
    },
    adoptAddress(key, address, since) {
      if (!isOvertaken(address, since)) addresses.set(key, newer(addresses.peek(key), address));
    },
    purge(given, gone = 'all') {
      const tags = given && withAnyList(given);
      log.note(tags);
      entities.purge(tags, (record) => toOld(record, gone, now()));
      lists.purge(tags, (known) => toOldKnown(known, gone, now()));
      addresses.purge(tags, (known) => toOldKnown(known, gone, now()));
    },
    content: () => ({ entities: entities.entries(), lists: lists.entries(), addresses: addresses.entries() }),
  };
}

/** Fields come by any name that clients ask for: of what has this many, only the new ones are kept. */
const mostFields = 500;

function toExtend(record: FieldsRecord | undefined): FieldsRecord | undefined {
  return record && record.fields.size >= mostFields ? undefined : record;
}

function toOld(record: FieldsRecord, gone: Gone, now: number): FieldsRecord | undefined {
  if (!isGone(record.tags, gone)) return toOldRecord(record, now);
  const isAbsent = gone !== 'all' && record.tags.every((tag) => gone.get(tag) !== 'doubtful');
  return isAbsent ? toGoneRecord(record, now) : undefined;
}

function toOldKnown<Value>(known: Known<Value>, gone: Gone, now: number): Known<Value> | undefined {
  const times = isGone(known.tags, gone) ? null : toOldTimes(known.times, now);
  return times ? { ...known, times } : undefined;
}

function newer<Value>(known: Known<Value> | undefined, found: Known<Value>): Known<Value> {
  return known && known.times.storedAt >= found.times.storedAt ? known : found;
}

function createTimesOf(options: CacheOptions): (kind: string, isNegative: boolean, now: number) => Times {
  const { freshSeconds, staleSeconds = 0, staleIfErrorSeconds = 0, negativeSeconds, kinds } = options;
  const usual: TimeSettings = { freshSeconds, staleSeconds, staleIfErrorSeconds };
  return (kind, isNegative, now) => {
    if (freshSeconds <= 0) return { ...never, storedAt: now, freshUntil: now };
    const own = kinds?.get(kind);
    const settings = own ? { ...usual, ...own } : usual;
    if (!isNegative) return toTimes(now, settings);
    return toTimes(now, {
      ...settings,
      freshSeconds: Math.min(negativeSeconds, settings.freshSeconds),
      staleSeconds: 0,
    });
  };
}

function createShelf<Value extends { readonly tags: readonly string[] }>(
  maxBytes: number,
  sizeCalculation: (value: Value, key: string) => number,
) {
  const index = createTagIndex();
  const entries = new LRUCache<string, Value>({
    maxSize: Math.max(1, Math.floor(maxBytes)),
    sizeCalculation,
    dispose: ({ tags }, key) => index.remove(key, tags),
  });
  return {
    get: (key: string) => entries.get(key),
    peek: (key: string) => entries.peek(key),
    set(key: string, value: Value) {
      entries.set(key, value);
      // What is larger than the shelf is not kept.
      if (entries.has(key)) index.add(key, value.tags);
    },
    /** Puts something in the place of what carries one of some tags; null: of everything. */
    purge(tags: readonly string[] | null, toRest: (value: Value) => Value | undefined) {
      for (const key of tags ? index.find(tags) : [...entries.keys()]) {
        const value = entries.peek(key);
        const rest = value && toRest(value);
        if (rest) this.set(key, rest);
        else entries.delete(key);
      }
    },
    *entries(): Generator<readonly [string, Value]> {
      for (const key of entries.rkeys()) {
        const value = entries.peek(key);
        if (value) yield [key, value];
      }
    },
  };
}

function bytesOfRecord({ fields }: FieldsRecord, key: string): number {
  let bytes = overheadBytes + 2 * key.length;
  for (const [path, state] of fields) bytes += bytesPerField + path.length + state.bytes;
  return Math.ceil(residentPerByte * bytes);
}
