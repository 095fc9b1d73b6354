// Owns reading of single objects through the caches, whatever brings them: known ones first, old ones where that fails.

import type { FieldsRecord, RestObject } from '../cache/fields-record.ts';
import type { Cache } from '../cache/memory-cache.ts';
import type { Times } from '../cache/times.ts';
import type { FieldPath } from '../planner/fields.ts';
import { timesOf } from './entity-loader.ts';
import type { Shared } from './shared-cache.ts';
import { isUsable, isUsableInOutage, meetOutage, useKnown } from './staleness.ts';
import { learn, type Trace } from './trace.ts';

/** An object that can be kept. */
export interface KeptObject {
  readonly key: string;
  /** Whose times it has. */
  readonly kind: string;
  readonly tags: readonly string[];
  /** What is asked for of it, and what is known once it is read. */
  readonly fields: readonly FieldPath[];
}

/** Gives an object with all of its fields, and reads it where that is not known; what was known before is told then. */
export type Keep = (
  object: KeptObject,
  read: (old: RestObject | undefined) => Promise<{ readonly data: RestObject; readonly bytes: number }>,
) => Promise<RestObject>;

/** Keeps objects in the caches of a request. */
export function createKeeper(own: Cache, shared: Shared | null, trace: Trace): Keep {
  /** The times of all that is asked for of an object; undefined where some of it is not known, or may not be used. */
  function timesIn(record: FieldsRecord | undefined, { fields }: KeptObject, now: number, may: typeof isUsable) {
    const known: Times[] = [];
    for (const path of fields) {
      const times = record && timesOf(record, path);
      if (!times || !may(times, trace, now)) return undefined;
      known.push(times);
    }
    return known;
  }

  function take(record: FieldsRecord | undefined, object: KeptObject, now: number, may: typeof isUsable) {
    const known = timesIn(record, object, now, may);
    for (const times of known ?? []) useKnown(trace, times, now);
    return known && record?.data;
  }

  function find(object: KeptObject): RestObject | undefined {
    const mine = take(own.entity(object.key), object, 0, isUsable);
    if (mine || !shared) return mine ?? undefined;
    return take(shared.cache.entity(object.key), object, shared.cache.now(), isUsable) ?? undefined;
  }

  function findOld(object: KeptObject): RestObject | undefined {
    if (!shared) return undefined;
    return take(shared.cache.entity(object.key), object, shared.cache.now(), isUsableInOutage) ?? undefined;
  }

  function peekOld(object: KeptObject): RestObject | undefined {
    const record = shared?.cache.entity(object.key);
    const isKnown = shared && timesIn(record, object, shared.cache.now(), isUsableInOutage);
    return (isKnown && record?.data) ?? undefined;
  }

  return async (object, read) => {
    const { key, kind, tags, fields } = object;
    for (const tag of tags) trace.tags.add(tag);
    let known = find(object);
    if (!known && shared?.cache.reach) {
      await shared.cache.reach('entity', [key]);
      known = find(object);
    }
    if (known) return known;
    try {
      const { data, bytes } = await read(peekOld(object));
      const said = { kind, tags, fields, data, bytes };
      own.putEntity(key, { ...said, since: 0 });
      if (shared) learn(trace, shared.cache.putEntity(key, { ...said, since: shared.since }));
      return data;
    } catch (error) {
      const old = meetOutage(trace, error) ? findOld(object) : undefined;
      if (!old) throw error;
      return old;
    }
  };
}
