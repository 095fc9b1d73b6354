// Owns what is done to all rows of a list: lists are long, and all else has its turn meanwhile.

import type { Pace } from '../pace.ts';
import type { Entity } from './entity.ts';
import type { Keep } from './list-spec.ts';
import type { Comparator } from './order.ts';

/** To look at so many takes about as long as an object of an answer does. */
const rowsPerPart = 25;

/** To be awaited before so many rows are looked at in one turn; undefined where that can be done at once. */
export function pauseForRows(pace: Pace, rows: readonly Entity[]): Promise<void> | undefined {
  return pace.pause(Math.ceil(rows.length / rowsPerPart));
}

/** The rows that all conditions leave. */
export async function keepRows(pace: Pace, rows: readonly Entity[], keep: readonly Keep[]): Promise<Entity[]> {
  if (keep.length === 0) return [...rows];
  const kept: Entity[] = [];
  for (const part of chunk(rows, rowsPerPart)) {
    const paused = pace.pause();
    if (paused) await paused;
    kept.push(...part.filter((row) => keep.every(({ test }) => test(row))));
  }
  return kept;
}

/** The rows in an order, as `sort` has them: those that tie stay as they were. */
export async function sortRows(pace: Pace, rows: readonly Entity[], compare: Comparator): Promise<Entity[]> {
  const sorted: Entity[][] = [];
  for (const part of chunk(rows, rowsPerPart)) {
    const paused = pace.pause();
    if (paused) await paused;
    sorted.push(part.sort(compare));
  }
  while (sorted.length > 1) {
    for (const [first = [], second = []] of chunk(sorted.splice(0), 2)) {
      const paused = pace.pause(Math.ceil((first.length + second.length) / rowsPerPart));
      if (paused) await paused;
      sorted.push(merge(first, second, compare));
    }
  }
  return sorted[0] ?? [];
}

function merge(first: readonly Entity[], second: readonly Entity[], compare: Comparator): Entity[] {
  const merged: Entity[] = [];
  let next = 0;
  for (const row of first) {
    for (let other = second[next]; other && compare(other, row) < 0; other = second[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(row);
  }
  return merged.concat(second.slice(next));
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
