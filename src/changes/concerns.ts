// Owns which kept answers a purge drops: of those that have a tag of a list, the ones that were made from a list that changed.

import type { StoredResponse } from '../cache/stored-response.ts';
import type { ListUse } from '../loaders/list-use.ts';
import { isAffected } from './affected-list.ts';
import type { Edit } from './facts.ts';

const usesOf = new WeakMap<StoredResponse, readonly ListUse[]>();

/** Whether a kept answer that has a tag is concerned by some edits. */
export function createConcerns(edits: readonly Edit[]): (response: StoredResponse, tag: string) => boolean {
  return (response, tag) => {
    if (!tag.startsWith('list:')) return true;
    const uses = readUses(response).filter((use) => use.tag === tag);
    // What is not known to be made of some lists may be made of any.
    return uses.length === 0 || uses.some((use) => edits.some((edit) => isAffected(use, edit)));
  };
}

function readUses(response: StoredResponse): readonly ListUse[] {
  const known = usesOf.get(response);
  if (known) return known;
  const uses = (response.lists ?? []).map((text): ListUse => JSON.parse(text));
  usesOf.set(response, uses);
  return uses;
}
