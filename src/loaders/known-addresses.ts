// Owns what is known of addresses without asking WordPress, as tags.

import type { AddressRecord, Cache } from '../cache/memory-cache.ts';
import type { Resources } from '../wordpress/resources.ts';
import { addressKey, type OwnSite, parseAddress } from './lookup.ts';
import { entityTag, listTag } from './tags.ts';

/** Where it is looked up. */
export interface KnownAddresses extends OwnSite {
  readonly cache: Pick<Cache, 'address' | 'reach'>;
}

/** Tags of what was found at addresses, however long ago; without those at which nothing was found. */
export async function knownTagsAt(
  { cache, ...own }: KnownAddresses,
  uris: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = new Map<string, readonly string[]>();
  for (const uri of uris) {
    const address = parseAddress(own, uri);
    // Whoever names an address may write it in another case than links have it, which is the lower one nearly always.
    if (address) keys.set(uri, [addressKey(address), addressKey({ ...address, asGiven: address.path })]);
  }
  await cache.reach?.('address', [...new Set([...keys.values()].flat())]);
  const known = new Map<string, readonly string[]>();
  for (const [uri, spellings] of keys) {
    const records = [...new Set(spellings)].flatMap((key) => cache.address(key) ?? []);
    const tags = new Set(records.flatMap(({ value }) => tagsOfRecord(own.resources, value)));
    if (tags.size > 0) known.set(uri, [...tags]);
  }
  return known;
}

/** Tags of what an address shows: an entity and the lists that it may be in, or an archive. */
export function tagsOfRecord(resources: Resources, record: AddressRecord): string[] {
  if (record.kind === 'nothing') return [];
  const resource = resources.get(record.kind === 'entity' ? record.resource : record.type);
  if (!resource) return [];
  return record.kind === 'entity' ? [entityTag(resource, record.id), listTag(resource)] : [listTag(resource)];
}
