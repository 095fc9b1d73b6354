// Owns the tree of a taxonomy: REST knows direct parents only, so the lean tree is read and followed here.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import { readAll } from '../../loaders/ranked.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import { readId } from '../read.ts';

/** All terms of a taxonomy with their parents; `argument` is what needs them, to be named where there are too many. */
export async function readTree(
  resource: TermResource,
  argument: string,
  { loaders, scanLimit }: GatewayContext,
): Promise<readonly Entity[]> {
  const keep = [{ argument, fields: [], test: () => true }];
  const tree: ListSpec = { resource, filters: {}, order: { given: [] }, keep, scanLimit };
  return readAll(loaders, tree, 'id', 'desc', ['parent']);
}

/** The ids of all terms below some. */
export function descendants(terms: readonly Entity[], of: readonly number[]): number[] {
  const found = new Set<number>(of);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, data } of terms) if (found.has(readId(data, 'parent') ?? 0)) found.add(id);
  }
  for (const id of of) found.delete(id);
  return [...found];
}
