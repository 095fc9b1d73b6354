// Owns what happened to a type before the watcher knew it: while it was read for the first time, or shortly before.

import type { Resource } from '../wordpress/resources.ts';
import { type Edit, toEdit } from './facts.ts';
import type { Whole } from './read-whole.ts';
import type { TypeState } from './type-state.ts';

/** What was kept before there was somebody to watch. */
export interface Before {
  /** For how long something may have been kept that nobody watched, in ms. */
  ageMs(): number;
  /** Ids of what is kept of a type. */
  keptOf(resource: Resource): Iterable<number>;
}

/** Nothing was kept. */
export const nothingBefore: Before = { ageMs: () => 0, keptOf: () => [] };

/** What was cached before that is no older, or it was stale before. */
const graceMs = 10_000;
/** WordPress tells times by the second, and its clock by another. */
const secondsMs = 2000;

/** What came or was modified meanwhile, and what is kept here and not shown any more; `whole` as it was read first. */
export function missedEdits({ resource, known }: TypeState, whole: Whole, ageMs: number, before: Before): Edit[] {
  const time = resource.kind === 'comment' ? 'date_gmt' : 'modified_gmt';
  const sinceMs = whole.startedMs - Math.max(graceMs, ageMs + secondsMs);
  const recent = whole.edits.filter(({ after }) => Date.parse(`${after?.[time]}Z`) >= sinceMs);
  // Comments of other types are not among those that are read.
  if (!known.isComplete || resource.kind === 'comment') return recent;
  const gone = [...before.keptOf(resource)].filter((id) => !known.facts.has(id));
  return [...recent, ...gone.map((id) => toEdit(resource, id, undefined, null))];
}
