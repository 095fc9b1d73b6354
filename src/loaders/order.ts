// Owns orders of lists: by what REST sorts, what can be compared here, and how ties are broken.

import { decodeHTMLStrict } from 'entities';
import type { Entity } from './entity.ts';

/** Ascending or descending, as REST's `order` says it. */
export type Direction = 'asc' | 'desc';

/** What a list is sorted by. */
export interface SortKey {
  /** REST's `orderby`, or null where REST has none and the rows are sorted here. */
  readonly orderby: string | null;
  /** The field of a row that holds the key. */
  readonly path: string;
  /**
   * How keys compare. `time`: REST can page by them through bounds. `number`: can be compared here.
   * `collated`: only the database knows the order.
   */
  readonly kind: 'time' | 'number' | 'collated';
  /** For `time`: the exclusive bounds that REST takes. */
  readonly bounds?: { readonly before: string; readonly after: string };
}

/** A sort key and its direction. */
export interface Sort {
  readonly key: SortKey;
  readonly direction: Direction;
  /** How entities of equal keys follow each other by id: descending unless told. */
  readonly ties?: Direction;
}

/** Sorts in turn: each one breaks the ties of those before it. */
export type Sorts = readonly [Sort, ...Sort[]];

/** The order of a list: sorts in turn, or the order in which ids were given. */
export type Order = { readonly by: Sorts } | { readonly given: readonly number[] };

/** Compares two entities. */
export type Comparator = (a: Entity, b: Entity) => number;

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** The key of an entity as it can be compared with others. */
export function keyOfEntity({ path }: SortKey, entity: Entity): string {
  let value: unknown = entity.data;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Compares entities by their keys in one direction; 0 where they tie. */
export function compareKeys({ key, direction }: Sort): Comparator {
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => {
    const [left, right] = [keyOfEntity(key, a), keyOfEntity(key, b)];
    if (key.kind === 'number') return sign * (Number(left) - Number(right));
    if (key.kind === 'time') return left === right ? 0 : left < right ? -sign : sign;
    return sign * collator.compare(decodeHTMLStrict(left), decodeHTMLStrict(right));
  };
}

/** Compares entities by every sort in turn, then by id. */
export function compareBy(sorts: readonly Sort[]): Comparator {
  const comparators = sorts.map(compareKeys);
  const sign = sorts.at(-1)?.ties === 'asc' ? -1 : 1;
  return (a, b) => {
    for (const compare of comparators) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return sign * (b.id - a.id);
  };
}

/** The same order from its end. */
export function reversed(compare: Comparator): Comparator {
  return (a, b) => compare(b, a);
}

/** How ties follow each other by id, from a list's start or from its end. */
export function tiesOf({ ties = 'desc' }: Sort, isForward = true): Direction {
  return isForward ? ties : opposite(ties);
}

/** The fields that hold the keys of sorts. */
export function pathsOf(sorts: readonly Sort[]): string[] {
  return sorts.map(({ key }) => key.path);
}

/** The other direction. */
export function opposite(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}

/**
 * Rows in the order the database gave them by the first sort, with ties (neighbours of equal key) by the others and id.
 * Sorting them by {@link compareKeys} instead would put our collation in the place of the database's.
 */
export function breakTies(rows: readonly Entity[], sorts: Sorts, isForward = true): Entity[] {
  const isTie = compareKeys(sorts[0]);
  const compare = isForward ? compareBy(sorts) : reversed(compareBy(sorts));
  const result: Entity[] = [];
  let run: Entity[] = [];
  const flush = () => {
    run.sort(compare);
    result.push(...run);
    run = [];
  };
  for (const row of rows) {
    const [first] = run;
    if (first && isTie(first, row) !== 0) flush();
    run.push(row);
  }
  flush();
  return result;
}
