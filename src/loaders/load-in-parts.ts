// Owns loading of all that one argument names: so many at a time, and none after one that failed.

import { allThere, type MaybePromise } from '../at-once.ts';
import { onceForObjects } from '../long-lists.ts';
import type { Pace } from '../pace.ts';

/** Forty requests of slugs, or ten of ids: as many as a site is asked at once. */
const itemsPerPart = 1000;

/** How many are being loaded for an operation, and whatever waits until there are fewer. */
const loadingOf = onceForObjects((_: Pick<Pace, 'pause'>) => ({ items: 0, waiting: [] as (() => void)[] }));

/**
 * Loads each item, in the order of the items. Rejects at the first part of which one fails: an operation that may ask for
 * no more finds so before anything is made of the rest.
 */
export async function loadInParts<Item, Found>(
  pace: Pick<Pace, 'pause'>,
  items: readonly Item[],
  load: (item: Item) => MaybePromise<Found>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < items.length; start += itemsPerPart) {
    found.push(...(await loadPart(pace, items.slice(start, start + itemsPerPart), load)));
  }
  return found;
}

/** Parts of several arguments are loaded together where that makes no more than one large part. */
async function loadPart<Item, Found>(
  pace: Pick<Pace, 'pause'>,
  part: readonly Item[],
  load: (item: Item) => MaybePromise<Found>,
): Promise<Found[]> {
  const loading = loadingOf(pace);
  while (loading.items > 0 && loading.items + part.length > itemsPerPart)
    await new Promise<void>((resolve) => loading.waiting.push(resolve));
  loading.items += part.length;
  try {
    const paused = pace.pause(part.length);
    if (paused) await paused;
    return [...(await allThere(part.map(load)))];
  } finally {
    loading.items -= part.length;
    for (const goOn of loading.waiting.splice(0)) goOn();
  }
}
