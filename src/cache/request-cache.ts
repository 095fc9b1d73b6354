// Owns the cache of one request: it forgets nothing, and nobody else sees it.

import { absentRecord, type FieldsRecord, mergeRecord } from './fields-record.ts';
import type { AddressRecord, Cache, Known, ListRecord } from './memory-cache.ts';
import { always } from './times.ts';

/** An empty cache whose content stands for as long as the request. */
export function createRequestCache(): Cache {
  const entities = new Map<string, FieldsRecord>();
  const lists = new Map<string, Known<ListRecord>>();
  const addresses = new Map<string, Known<AddressRecord>>();
  return {
    now: () => 0,
    mark: () => 0,
    entity: (key) => entities.get(key),
    putEntity(key, { fields, data, bytes, tags }) {
      const state = { times: always, bytes };
      entities.set(
        key,
        data ? mergeRecord(entities.get(key), { fields, data, state, tags }) : absentRecord(always, tags),
      );
      return always;
    },
    adoptEntity: (key, record) => void entities.set(key, record),
    list: (key) => lists.get(key),
    putList(key, value, { tags }) {
      lists.set(key, { value, times: always, tags });
      return always;
    },
    adoptList: (key, list) => void lists.set(key, list),
    address: (key) => addresses.get(key),
    putAddress(key, value, { tags }) {
      addresses.set(key, { value, times: always, tags });
      return always;
    },
    adoptAddress: (key, address) => void addresses.set(key, address),
    purge: () => [entities, lists, addresses].forEach((kept) => void kept.clear()),
  };
}
