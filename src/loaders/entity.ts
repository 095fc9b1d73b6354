// Owns the entity: one object of WordPress as far as its fields have been asked for.

import type { RestObject } from '../cache/fields-record.ts';
import type { Resource } from '../wordpress/resources.ts';

/** An object of WordPress: what resolvers read. */
export interface Entity {
  readonly resource: Resource;
  readonly id: number;
  /** As REST shows it, with at least the fields that were asked for, where WordPress has them. */
  readonly data: RestObject;
}
