// Owns changes that wait to be told: what comes twice is one, and too many to list are everything.

import type { Change, ChangeAction } from './change-stream.ts';

/** Changes that are kept one by one, and tags that one of them gathers. */
export const maxListed = 1000;

/** Changes in the order in which they came, each entity once for each of its addresses. */
export interface Backlog {
  readonly size: number;
  add(changes: readonly Change[]): void;
  /** Takes the first. */
  shift(): Change | undefined;
  /** Takes all. */
  take(): readonly Change[];
}

/** An empty backlog; adding costs the same however much waits. */
export function createBacklog(): Backlog {
  let waiting = new Map<string, Change>();
  let isEverything = false;

  function put(change: Change): void {
    if (isEverything) return;
    const key = `${change.type} ${change.id} ${change.uri ?? ''}`;
    const before = waiting.get(key);
    const merged = before ? merge(before, change) : change;
    const isTooMuch = before ? (merged.tags?.length ?? 0) > maxListed : waiting.size >= maxListed;
    isEverything = change.tags === null || isTooMuch;
    if (isEverything) {
      const everything: Change = { type: null, id: null, action: 'updated', tags: null, source: change.source };
      waiting = new Map([['', everything]]);
    } else waiting.set(key, merged);
  }

  return {
    get size() {
      return waiting.size;
    },
    add(changes) {
      for (const change of changes) put(change);
    },
    shift() {
      const [first] = waiting;
      if (!first) return undefined;
      waiting.delete(first[0]);
      isEverything = false;
      return first[1];
    },
    take() {
      const all = [...waiting.values()];
      waiting = new Map();
      isEverything = false;
      return all;
    },
  };
}

function merge(before: Change, after: Change): Change {
  const tags = [...new Set([...(before.tags ?? []), ...(after.tags ?? [])])];
  return { ...after, action: mergeActions(before.action, after.action), tags };
}

/** What is new stays new when it is edited. */
function mergeActions(before: ChangeAction, after: ChangeAction): ChangeAction {
  return before === 'created' && after === 'updated' ? before : after;
}
