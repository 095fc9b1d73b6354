// Owns making few changes of many: what was told twice is one, and too many to list are everything.

import type { Change, ChangeAction } from './change-stream.ts';

/** Changes that are listed one by one. */
export const maxListed = 1000;

/** The changes in the order in which they were first told, each entity once for each of its addresses. */
export function mergeChanges(changes: readonly Change[]): readonly Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    if (change.tags === null) return [toEverything(change)];
    const key = JSON.stringify([change.type, change.id, change.uri]);
    const before = merged.get(key);
    merged.set(key, before ? mergeTwo(before, change) : change);
    if (merged.size > maxListed) return [toEverything(change)];
  }
  return [...merged.values()];
}

function mergeTwo(before: Change, after: Change): Change {
  const tags = [...new Set([...(before.tags ?? []), ...(after.tags ?? [])])];
  return { ...after, action: mergeActions(before.action, after.action), tags };
}

/** What is new stays new when it is edited. */
function mergeActions(before: ChangeAction, after: ChangeAction): ChangeAction {
  return before === 'created' && after === 'updated' ? before : after;
}

function toEverything({ source }: Change): Change {
  return { type: null, id: null, action: 'updated', tags: null, source };
}
