// Owns what happened to a type before the watcher knew it: while it was read for the first time, or shortly before.

import type { Resource } from '../wordpress/resources.ts';
import { anyId, type Edit, toEdit } from './facts.ts';
import type { Whole } from './read-whole.ts';
import { digestOf, nothingRemembered, type Remembered } from './remembered.ts';
import type { TypeState } from './type-state.ts';

/** What was kept before there was somebody to watch. */
export interface Before {
  /** For how long something may have been kept that nobody watched, in ms. */
  ageMs(): number;
  /** Ids of what is kept of a type. */
  keptOf(resource: Resource): Iterable<number>;
  /** Whether it is kept that there are none of a type. */
  isKeptEmpty(resource: Resource): boolean;
  /** What there was when somebody watched last. */
  readonly remembered: Remembered;
}

/** Nothing was kept. */
export const nothingBefore: Before = {
  ageMs: () => 0,
  keptOf: () => [],
  isKeptEmpty: () => false,
  remembered: nothingRemembered,
};

/** What was cached before that is no older, or it was stale before. */
const graceMs = 10_000;
/** WordPress tells times by the second, and its clock by another. */
const secondsMs = 2000;

/**
 * What came or was modified meanwhile, and what is kept here and not shown any more; `whole` as it was read first. Where it
 * is known what there was before, all that is otherwise.
 */
export async function missedEdits(state: TypeState, whole: Whole, ageMs: number, before: Before): Promise<Edit[]> {
  const { resource, known } = state;
  const earlier = known.isComplete ? await before.remembered.of(state) : null;
  const time = resource.kind === 'comment' ? 'date_gmt' : 'modified_gmt';
  const sinceMs = whole.startedMs - Math.max(graceMs, ageMs + secondsMs);
  const isOther = ({ id, after }: Edit) => earlier !== null && !!after && earlier.get(id) !== digestOf(state, after);
  const recent = whole.edits.filter((edit) => Date.parse(`${edit.after?.[time]}Z`) >= sinceMs || isOther(edit));
  // A site that showed nothing for a while, as without its database, was not to be believed in anything.
  if (whole.edits.length > 0 && before.isKeptEmpty(resource))
    recent.push(toEdit(resource, anyId, undefined, undefined));
  if (!known.isComplete) return recent;
  // Comments of other types are not among those that are read.
  const kept = resource.kind === 'comment' ? [] : before.keptOf(resource);
  const gone = [...new Set([...kept, ...(earlier?.keys() ?? [])])].filter((id) => !known.facts.has(id));
  return [...recent, ...gone.map((id) => toEdit(resource, id, undefined, null))];
}
