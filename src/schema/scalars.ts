// Owns the scalars beyond GraphQL's own.

import { asExtension, type Builder } from './builder.ts';

/** Declares `JSON`, for the open parts of the REST API: what plugins add, and metadata of any shape. */
export function defineScalars(builder: Builder): void {
  builder.scalar('JSON', asExtension('Any JSON value, as the REST API gives it.'));
}
