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
  return putOver(known, { data, fields: new Map(fields.map((path) => [path, state])), tags });
}

/** What two caches know of an entity: of each field what was said last. */
export function joinRecords(known: FieldsRecord | undefined, found: FieldsRecord): FieldsRecord {
  if (!known) return found;
  if (!known.data || !found.data) return lastSaid(found) >= lastSaid(known) ? found : known;
  const newer = [...found.fields].filter(([path, { times }]) => {
    const own = known.fields.get(path);
    return !own || own.times.storedAt < times.storedAt;
  });
  if (newer.length === 0) return known;
  return putOver(known, { data: found.data, fields: new Map(newer), tags: known.tags });
}

function putOver(known: FieldsRecord | undefined, { data, fields, tags }: FieldsRecord): FieldsRecord {
  const states = new Map(known?.data ? known.fields : []);
  // What was known below a path is replaced with it.
  for (const old of states.keys()) if (isBelow(old, fields)) states.delete(old);
  for (const [path, state] of fields) states.set(path, state);
  const paths = Array.from(fields.keys(), (path) => path.split('.'));
  return { data: copyPaths(known?.data ?? {}, data ?? {}, paths), fields: states, tags };
}

function isBelow(path: FieldName, fields: ReadonlyMap<FieldName, FieldState>): boolean {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    if (fields.has(path.slice(0, dot))) return true;
  }
  return false;
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

/** `to` with the values at `paths` as they are in `from`, without changing either. */
function copyPaths(to: RestObject, from: RestObject, paths: readonly (readonly string[])[]): RestObject {
  const pathsBelow = new Map<string, string[][]>();
  for (const [key = '', ...rest] of paths) {
    const below = pathsBelow.get(key) ?? [];
    pathsBelow.set(key, below);
    below.push(rest);
  }
  const copy = new Map(Object.entries(to));
  for (const [key, below] of pathsBelow) {
    const value = copyBelow(copy.get(key), Object.hasOwn(from, key) ? from[key] : undefined, below);
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return Object.fromEntries(copy);
}

function copyBelow(to: unknown, from: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some(({ length }) => length === 0)) return from;
  // What has nothing of the fields that were asked for below it comes as PHP's empty array.
  const value = Array.isArray(from) && from.length === 0 ? {} : from;
  return isRestObject(value) ? copyPaths(isRestObject(to) ? to : {}, value, paths) : value;
}

/** Whether a value is a JSON object (not an array). */
export function isRestObject(value: unknown): value is RestObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
