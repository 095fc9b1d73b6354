// Owns the entity: one object of WordPress as far as its fields have been asked for.

import type { RestObject } from '../cache/fields-record.ts';
import type { Resource } from '../wordpress/resources.ts';

/** An object of WordPress: what resolvers read. */
export interface Entity {
  readonly resource: Resource;
  readonly id: number;
  /** As REST shows it, with at least the fields that were asked for, where WordPress has them. */
  readonly data: RestObject;
  /** Set where it is a revision: of which content, and whether it stands for that content's preview. */
  readonly revision?: { readonly of: number; readonly isPreview: boolean };
}

/** The id of the content that an entity is, or is a revision of: comments and children belong to that. */
export function contentIdOf({ id, revision }: Entity): number {
  return revision?.of ?? id;
}
