// Owns looking at what somebody else has told of: as precisely as what the watcher notices by itself, and noticed once.

import type { Change } from './change-stream.ts';
import { type Edit, toEdit } from './facts.ts';
import { type FollowOptions, followEdits, type Purge } from './follow-edits.ts';
import type { TypeState } from './type-state.ts';

/** What looking stands on. */
export interface LookOptions extends FollowOptions {
  /** What was noticed and not yet handed on. */
  readonly journal: Edit[];
}

/**
 * What follows from changes of entities, by what WordPress shows of them now; null where one of them is not known well
 * enough. What is seen is remembered, so that no turn of the watcher shows it again.
 */
export async function lookAt(changes: readonly Change[], options: LookOptions): Promise<Purge | null> {
  const { states, journal } = options;
  const wanted = new Map<TypeState, Set<number>>();
  for (const { type, id } of changes) {
    const state = [...states.values()].find(({ resource }) => resource.typeName === type);
    if (!state?.known.isComplete || id === null) return null;
    wanted.set(state, (wanted.get(state) ?? new Set()).add(id));
  }
  const left = journal.splice(0);
  try {
    const edits: Edit[] = [];
    for (const [state, ids] of wanted) {
      const different = await state.reread([...ids]);
      edits.push(...different);
      const seen = new Set(different.map(({ id }) => id));
      for (const id of ids) {
        const facts = state.known.facts.get(id);
        // Something is different that is not remembered, such as its text.
        if (facts && !seen.has(id)) edits.push(toEdit(state.resource, id, facts, facts));
      }
    }
    const purge = await followEdits(edits, options);
    journal.length = 0;
    return purge;
  } finally {
    // What was noticed before it, and by it where it failed, is for the next turn.
    journal.unshift(...left);
  }
}
