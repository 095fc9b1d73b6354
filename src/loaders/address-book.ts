// Owns what a request knows of the addresses of the site.

import { anyList } from '../cache/any-list.ts';
import type { AddressRecord, Cache, Known } from '../cache/memory-cache.ts';
import type { Shared } from './shared-cache.ts';
import { isUsable, isUsableInOutage, meetOutage, useKnown } from './staleness.ts';
import { uriTag } from './tags.ts';
import { learn, type Trace } from './trace.ts';

/** Finds out what an address shows. Told whether there is something to go by where WordPress fails. */
export type FindOut = (isKnown: boolean) => Promise<AddressRecord>;

/** Gives what an address shows: what is known of it, else what is found out. */
export type AddressBook = (key: string, findOut: FindOut) => Promise<AddressRecord>;

/** Whose times addresses have. */
const kind = 'address';

/** The addresses of a request. */
export function createAddressBook(own: Cache, shared: Shared | null, trace: Trace): AddressBook {
  function find(key: string): AddressRecord | undefined {
    const mine = own.address(key);
    if (mine) return mine.value;
    const found = shared?.cache.address(key);
    if (!shared || !found || !isUsable(found.times, trace, shared.cache.now())) return undefined;
    useKnown(trace, found.times, shared.cache.now());
    return found.value;
  }

  function peekOld(key: string): Known<AddressRecord> | undefined {
    const found = shared?.cache.address(key);
    return shared && found && isUsableInOutage(found.times, trace, shared.cache.now()) ? found : undefined;
  }

  function findOld(key: string): AddressRecord | undefined {
    const found = peekOld(key);
    if (shared && found) useKnown(trace, found.times, shared.cache.now());
    return found?.value;
  }

  async function bring(key: string, findOut: FindOut): Promise<AddressRecord> {
    if (shared?.cache.reach) await shared.cache.reach('address', [key]);
    const found = find(key);
    if (found) return found;
    const isKnown = peekOld(key) !== undefined;
    try {
      const address = await findOut(isKnown);
      // What was found out with parts of an outage is not news.
      if (!trace.isOutage) put(key, address);
      return address;
    } catch (error) {
      const old = meetOutage(trace, error) ? findOld(key) : undefined;
      if (!old) throw error;
      return old;
    }
  }

  function put(key: string, address: AddressRecord): void {
    const said = { kind, tags: tagsOf(key, address) };
    own.putAddress(key, address, { ...said, since: 0 });
    if (shared) learn(trace, shared.cache.putAddress(key, address, { ...said, since: shared.since }));
  }

  return async (key, findOut) => {
    trace.tags.add(uriTag(key));
    const address = find(key) ?? (await bring(key, findOut));
    if (address.kind === 'nothing') trace.tags.add(anyList);
    return address;
  };
}

/** Where there is nothing, there may be something once anything appears. */
function tagsOf(key: string, address: AddressRecord): string[] {
  return address.kind === 'nothing' ? [uriTag(key), anyList] : [uriTag(key)];
}
