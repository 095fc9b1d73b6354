// Owns the payload of a mutation: what was written, read anew; or what was deleted, as it was before.

import type { Entity } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import { globalIdPrefix, type Resource } from '../../wordpress/resources.ts';
import type { FieldDeclarations } from '../builder.ts';
import { toGlobalId } from '../relay/ids.ts';

/** An object that was written, by its id; or, where it is gone, as it was before. */
export interface Written {
  readonly id: number;
  readonly before?: Entity | null;
}

/** The field of a payload that has the object. */
export function writtenField(
  resource: Pick<Resource, 'singular' | 'typeName'>,
  row: Resource,
): FieldDeclarations<Written> {
  const { singular, typeName } = resource;
  return {
    [singular]: {
      type: typeName,
      resolve: ({ id, before }, _, { loaders }, info) =>
        before === undefined ? loaders.load(row, id, ['id', ...planFields(info, typeName)]) : before,
    },
  };
}

/** The field of a payload that has the global id of what was deleted. */
export function deletedIdField(resource: Resource, name = 'deletedId'): FieldDeclarations<Written> {
  return { [name]: { type: 'ID', resolve: ({ id }) => toGlobalId(globalIdPrefix(resource), id) } };
}
