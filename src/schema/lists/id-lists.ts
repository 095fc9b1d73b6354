// Owns what two lists of ids come to: either may be long, and the same for thousands of lists.

import { joinValues, type Query } from '../../loaders/reader.ts';
import { isLong, onceForLists } from '../../long-lists.ts';

type Ids = readonly number[];

/** The ids of a filter. */
export function idsOf(value: Query[string] | undefined): Ids {
  if (value === undefined) return [];
  return typeof value === 'object' ? numbersOf(value) : [Number(value)];
}

const numbersOf = onceForLists((values: readonly (string | number)[]): Ids => values.map(Number));

/** The ids of a filter as a set. */
export function idSetOf(value: Query[string] | undefined): ReadonlySet<number> {
  return typeof value === 'object' ? setOf(value) : new Set(idsOf(value));
}

const setOf = onceForLists((ids: readonly (string | number)[]) => new Set(ids.map(Number)));

/** Ids without those that come again. */
export const distinct = onceForLists((ids: Ids): Ids => [...new Set(ids)]);

/** Those of some ids that others have as well. */
export const inBoth = onceForPairs((ids, others) => {
  // The longer one may be the same for thousands of short ones: it is a set already.
  const [short, long] = ids.length < others.length ? [ids, others] : [others, ids];
  const known = idSetOf(long);
  return short.filter((id) => known.has(id));
});

/** Those of some ids that others have not. */
export const without = onceForPairs((ids, others) => {
  const unwanted = idSetOf(others);
  return ids.filter((id) => !unwanted.has(id));
});

/** All of both, each once. */
export const together = onceForPairs((ids, others) => [...new Set([...ids, ...others])]);

/** The same function, which keeps what it makes of two lists with the longer one. */
function onceForPairs(make: (ids: Ids, others: Ids) => Ids): (ids: Ids, others: Ids) => Ids {
  const madeOf = onceForLists((_: Ids) => new Map<string, Ids>());
  return (ids, others) => {
    const isFirst = ids.length >= others.length;
    const made = madeOf(isFirst ? ids : others);
    const key = `${isFirst} ${nameOf(isFirst ? others : ids)}`;
    const known = made.get(key) ?? make(ids, others);
    made.set(key, known);
    return known;
  };
}

let lastNumber = 0;

/** The ids of a list; a long one, which is the same for many lists, has a number. */
const nameOf = onceForLists((ids: Ids): string => {
  if (!isLong(ids)) return joinValues(ids);
  lastNumber += 1;
  return `#${lastNumber}`;
});
