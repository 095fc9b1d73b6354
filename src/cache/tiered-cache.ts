// Owns the cache of a process with one behind it that all processes share.

import { hash } from 'node:crypto';
import { type FieldState, type FieldsRecord, isRestObject, withoutPurged } from './fields-record.ts';
import type { AddressRecord, Cache, Known, ListRecord, Shelf } from './memory-cache.ts';
import type { Mark } from './purge-log.ts';
import { fromShared, type Kept, toShared } from './redis/entry.ts';
import type { SharedTier } from './redis/redis-tier.ts';
import type { Times } from './times.ts';

/** Puts a tier behind a cache. Only for what everybody may see. */
export function createTieredCache<Memory extends Cache>(
  memory: Memory,
  tier: Pick<SharedTier, 'read' | 'write'>,
): Memory {
  // What was purged meanwhile is not kept, and what is known instead is from before: written now, it would pass for new.
  const writeKnown = (shelf: Shelf, key: string, known: Known<unknown> | undefined, times: Times) => {
    if (known?.times === times) tier.write(keyOf(shelf, key), known);
  };
  return {
    ...memory,
    async reach(shelf: Shelf, keys: readonly string[]) {
      const found = await tier.read(keys.map((key) => keyOf(shelf, key)));
      found.forEach((kept, index) => {
        const key = keys[index];
        if (kept && key !== undefined) adopt(memory, shelf, key, kept);
      });
    },
    putEntity(key, said) {
      const times = memory.putEntity(key, said);
      const record = memory.entity(key);
      const isKept = [...(record?.fields.values() ?? [])].some((state) => state.times === times);
      if (record && isKept) tier.write(keyOf('entity', key), toKept(withoutPurged(record)));
      return times;
    },
    putList(key, list, said) {
      const times = memory.putList(key, list, said);
      writeKnown('list', key, memory.list(key), times);
      return times;
    },
    putAddress(key, address, said) {
      const times = memory.putAddress(key, address, said);
      writeKnown('address', key, memory.address(key), times);
      return times;
    },
  } satisfies Cache & Memory;
}

/** Entities can be told by their key; requests and addresses may be of any length. */
function keyOf(shelf: Shelf, key: string): string {
  if (shelf === 'entity' && key.length <= 80) return `entity:${key}`;
  return `${shelf}:${hash('sha256', key, 'base64url')}`;
}

/**
 * Takes into a cache what was kept elsewhere, but for what was purged since; what is not of the form of its shelf is as good
 * as nothing.
 */
export function adopt(cache: Cache, shelf: Shelf, key: string, kept: Kept, since?: Mark): void {
  if (shelf === 'entity') {
    const record = toRecord(kept);
    if (record) cache.adoptEntity(key, record, since);
  } else if (shelf === 'list') {
    const { value, times, tags } = kept;
    if (isListRecord(value)) cache.adoptList(key, { value, times, tags }, since);
  } else {
    const { value, times, tags } = kept;
    if (isAddressRecord(value)) cache.adoptAddress(key, { value, times, tags }, since);
  }
}

/**
 * An entity in the form that is kept elsewhere: fields that came together share their times, which are told from when the
 * entity was stored, so that they are right by whatever clock that is.
 */
export function toKept({ data, fields, tags }: FieldsRecord): Kept {
  const groups = new Map<Times, (string | number)[]>();
  let last: Times | undefined;
  for (const [path, { times, bytes }] of fields) {
    const group = groups.get(times) ?? [];
    groups.set(times, group);
    group.push(path, bytes);
    if (!last || times.errorUntil > last.errorUntil) last = times;
  }
  const none = { storedAt: 0, freshUntil: 0, staleUntil: 0, errorUntil: 0 };
  const times = last ?? none;
  const value = { data, fields: [...groups].map(([own, group]) => [toShared(own, -times.storedAt), group]) };
  return { value, times, tags };
}

function toRecord({ value, times: { storedAt }, tags }: Kept): FieldsRecord | undefined {
  if (!isRestObject(value)) return undefined;
  const { data, fields: groups } = value;
  if (!(data === null || isRestObject(data)) || !Array.isArray(groups)) return undefined;
  const fields = new Map<string, FieldState>();
  for (const group of groups) {
    const [given, members]: unknown[] = Array.isArray(group) ? group : [];
    const times = fromShared(given, -storedAt);
    if (!times || !Array.isArray(members)) return undefined;
    for (let at = 0; at < members.length; at += 2) {
      const [path, bytes]: unknown[] = members.slice(at, at + 2);
      if (typeof path !== 'string' || typeof bytes !== 'number') return undefined;
      fields.set(path, { times, bytes });
    }
  }
  return { data, fields, tags };
}

function isListRecord(value: unknown): value is ListRecord {
  if (!isRestObject(value)) return false;
  const { ids, total } = value;
  return Array.isArray(ids) && ids.every(Number.isSafeInteger) && (total === null || typeof total === 'number');
}

function isAddressRecord(value: unknown): value is AddressRecord {
  if (!isRestObject(value)) return false;
  const { kind, resource, id, type } = value;
  if (kind === 'entity') return typeof resource === 'string' && Number.isSafeInteger(id);
  return kind === 'nothing' || (kind === 'archive' && typeof type === 'string');
}
