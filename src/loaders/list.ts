// Owns the shapes of reading entities: one by its id, or many by a list.

import type { MaybePromise } from '../at-once.ts';
import type { FieldPath } from '../planner/fields.ts';
import type { Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import type { Decisive } from './list-use.ts';
import type { Query } from './reader.ts';

/** Reads the entity with at least these fields; null if WordPress does not show it. What is known is there at once. */
export type LoadEntity = (resource: Resource, id: number, fields: readonly FieldPath[]) => MaybePromise<Entity | null>;

/** A list of entities as one REST request gave it. */
export interface List {
  readonly entities: readonly Entity[];
  /** How many there are in all, or null where WordPress did not say. */
  readonly total: number | null;
  /** How many rows WordPress gave, those included that are no entities. */
  readonly asked: number;
  /** Which rows it has was known before: some may be gone since. */
  readonly isKnown: boolean;
}

/**
 * Makes one list request; `query` has filters, order and paging. All that is read of all rows decides on the answer unless
 * told; null: the caller says it with `use`.
 */
export type LoadList = (
  resource: Resource,
  query: Query,
  fields: readonly FieldPath[],
  decisive?: Decisive | null,
) => Promise<List>;
