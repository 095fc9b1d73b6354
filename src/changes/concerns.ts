// Owns which kept answers a purge drops: of those that have a tag, the ones that were made from what changed.

import { anyList } from '../cache/any-list.ts';
import type { StoredResponse } from '../cache/stored-response.ts';
import type { ListUse } from '../loaders/list-use.ts';
import { isAffected } from './affected-list.ts';
import { differences, type Edit, isReordering } from './facts.ts';

const usesOf = new WeakMap<StoredResponse, readonly ListUse[]>();

/** Whether a kept answer that has a tag is concerned by some edits. */
export function createConcerns(edits: readonly Edit[]): (response: StoredResponse, tag: string) => boolean {
  return (response, tag) => {
    if (!response.lists) return true;
    if (!tag.startsWith('list:')) {
      const own = edits.filter(({ entity }) => entity === tag);
      const isOrder = own.length > 0 && own.every(isReordering);
      return !isOrder || readUses(response).some((use) => own.some((edit) => showsOrder(use, edit)));
    }
    // What has appeared tells its address by itself.
    if (tag === anyList) return false;
    const uses = readUses(response).filter((use) => use.tag === tag);
    // What is not known to be made of some lists may be made of any.
    return uses.length === 0 || uses.some((use) => edits.some((edit) => isAffected(use, edit)));
  };
}

/** Whether a use is of terms whose order is different now; fields that are not remembered may show any. */
function showsOrder({ tag, reads = [] }: ListUse, { terms, before, after }: Edit): boolean {
  if (terms !== tag || !before || !after) return false;
  const different = differences(before, after);
  return reads.some((name) => different.includes(name) || after[name] === undefined);
}

function readUses(response: StoredResponse): readonly ListUse[] {
  const known = usesOf.get(response);
  if (known) return known;
  const uses = (response.lists ?? []).map((text): ListUse => JSON.parse(text));
  usesOf.set(response, uses);
  return uses;
}
