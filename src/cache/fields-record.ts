// Owns what is known of one entity: its data, and until when each of its fields may be used.

import { toOldTimes } from './old.ts';
import type { Times } from './times.ts';

/** A JSON object of the REST API. */
export type RestObject = Readonly<Record<string, unknown>>;

/** What is known of one field of an entity. */
export interface FieldState {
  readonly times: Times;
  /** Its share of the bytes of the answer that brought it. */
  readonly bytes: number;
}

/** What a cache knows of an entity. `null` data: WordPress does not show it. */
export interface FieldsRecord {
  readonly data: RestObject | null;
  readonly fields: ReadonlyMap<FieldName, FieldState>;
  /** What purges it: `post:12`. */
  readonly tags: readonly string[];
}

type FieldName = string;

/** Fields of an answer. */
export interface AnsweredFields {
  readonly fields: readonly FieldName[];
  readonly data: RestObject;
  readonly state: FieldState;
  readonly tags: readonly string[];
}

/** A record with the fields of an answer put over what was known before; newer values win. */
export function mergeRecord(
  known: FieldsRecord | undefined,
  { fields, data, state, tags }: AnsweredFields,
): FieldsRecord {
  const states = new Map(known?.data ? known.fields : []);
  for (const path of fields) {
    // What was known below a path is replaced with it.
    for (const old of states.keys()) if (old.startsWith(`${path}.`)) states.delete(old);
    states.set(path, state);
  }
  let merged: RestObject = known?.data ?? {};
  for (const path of fields) merged = copyPath(merged, data, path.split('.'));
  return { data: merged, fields: states, tags };
}

/** What two caches know of an entity: of each field what was said last. */
export function joinRecords(known: FieldsRecord | undefined, found: FieldsRecord): FieldsRecord {
  if (!known) return found;
  if (!known.data || !found.data) return lastSaid(found) >= lastSaid(known) ? found : known;
  let joined = known;
  for (const [path, state] of found.fields) {
    const own = known.fields.get(path);
    if (own && own.times.storedAt >= state.times.storedAt) continue;
    joined = mergeRecord(joined, { fields: [path], data: found.data, state, tags: known.tags });
  }
  return joined;
}

function lastSaid({ fields }: FieldsRecord): number {
  let last = 0;
  for (const { times } of fields.values()) last = Math.max(last, times.storedAt);
  return last;
}

/** A record of an entity that WordPress does not show. */
export function absentRecord(times: Times, tags: readonly string[]): FieldsRecord {
  return { data: null, fields: new Map([['id', { times, bytes: 0 }]]), tags };
}

/** A record of what was true until now; undefined where nothing of it may be used any more. */
export function toOldRecord(record: FieldsRecord, now: number): FieldsRecord | undefined {
  // Fields that came together go on sharing their times.
  const oldOf = new Map<Times, Times | null>();
  const fields = new Map<FieldName, FieldState>();
  for (const [path, { times, bytes }] of record.fields) {
    const old = oldOf.get(times) ?? toOldTimes(times, now);
    oldOf.set(times, old);
    if (old) fields.set(path, { times: old, bytes });
  }
  return fields.size > 0 ? { ...record, fields } : undefined;
}

/** A record by which, while WordPress fails, an entity is known not to be shown any more. */
export function toGoneRecord(record: FieldsRecord, now: number): FieldsRecord | undefined {
  const errorUntil = Math.max(0, ...[...record.fields.values()].map(({ times }) => times.errorUntil));
  const times: Times = { storedAt: now, freshUntil: now, staleUntil: now, errorUntil, isPurged: true };
  return errorUntil > now ? absentRecord(times, record.tags) : undefined;
}

/** A record of what was not purged. */
export function withoutPurged(record: FieldsRecord): FieldsRecord {
  const fields = new Map([...record.fields].filter(([, { times }]) => !times.isPurged));
  return fields.size < record.fields.size ? { ...record, fields } : record;
}

/** `to` with the value at `path` as it is in `from`, without changing either. */
function copyPath(to: RestObject, from: unknown, [key, ...rest]: readonly string[]): RestObject {
  if (key === undefined || !isRestObject(from)) return to;
  const found = Object.hasOwn(from, key) ? from[key] : undefined;
  // What has nothing of the fields that were asked for below it comes as PHP's empty array.
  const value = rest.length > 0 && Array.isArray(found) && found.length === 0 ? {} : found;
  if (rest.length === 0 || !isRestObject(value)) {
    const { [key]: _, ...others } = to;
    return value === undefined ? others : { ...others, [key]: value };
  }
  const below = Object.hasOwn(to, key) ? to[key] : undefined;
  return { ...to, [key]: copyPath(isRestObject(below) ? below : {}, value, rest) };
}

/** Whether a value is a JSON object (not an array). */
export function isRestObject(value: unknown): value is RestObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
