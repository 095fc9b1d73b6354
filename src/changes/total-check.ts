// Owns following a total: whether WordPress counts as many of a type as are known, and finding out what is different.

import type { RestObject } from '../cache/fields-record.ts';
import { anyId, type Edit, toEdit } from './facts.ts';
import type { ReadRows } from './read-rows.ts';
import { readWhole, type Whole } from './read-whole.ts';
import { reconcile } from './reconcile.ts';
import type { TypeState } from './type-state.ts';

/** Follows the total of one type. */
export interface TotalCheck {
  /** Reads all of the type for the first time. */
  first(): Promise<Whole>;
  /** What a total tells beside all that was noticed before. */
  check(total: number | null): Promise<readonly Edit[]>;
}

/** A check of a type; `take` takes in each row. */
export function createTotalCheck(
  state: TypeState,
  read: ReadRows,
  take: (row: RestObject, nowMs: number) => Edit | null = state.take,
): TotalCheck {
  const { resource, known } = state;
  const hasDates = resource.kind === 'content' || resource.kind === 'comment';
  let last: number | null = null;
  /** How many are counted and not shown, as media of private content are. */
  let unseen = 0;

  return {
    async first() {
      const whole = await readWhole(state, read, take);
      last = whole.total;
      unseen = last === null ? 0 : last - known.facts.size;
      return whole;
    },
    async check(total) {
      if (total === null) return [];
      const isAsBefore = total === last;
      last = total;
      if (!known.isComplete) return isAsBefore ? [] : [toEdit(resource, anyId, undefined, undefined)];
      if (total === known.facts.size + unseen) return [];
      // Where something is not shown, equal numbers prove nothing.
      const edits =
        unseen === 0 && hasDates ? await reconcile(state, read, total) : (await readWhole(state, read, take)).edits;
      unseen = total - known.facts.size;
      return edits;
    },
  };
}
