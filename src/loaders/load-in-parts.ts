// Owns loading of all that one argument names: so many at a time, and none after one that failed.

import type { Pace } from '../pace.ts';

/** Forty requests of slugs, or ten of ids: as many as a site is asked at once. */
const itemsPerPart = 1000;

/**
 * Loads each item, in the order of the items. Rejects at the first part of which one fails: an operation that may ask for
 * no more finds so before anything is made of the rest.
 */
export async function loadInParts<Item, Found>(
  pace: Pick<Pace, 'pause'>,
  items: readonly Item[],
  load: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < items.length; start += itemsPerPart) {
    const part = items.slice(start, start + itemsPerPart);
    const paused = pace.pause(part.length);
    if (paused) await paused;
    found.push(...(await Promise.all(part.map(load))));
  }
  return found;
}
