// Owns the requests by which entities are created, changed and deleted, whatever their kind.

import type { RestObject } from '../../cache/fields-record.ts';
import { toJsonBody } from '../../loaders/write.ts';
import type { Resource } from '../../wordpress/resources.ts';
import { readId } from '../read.ts';
import type { Written } from './payload.ts';
import type { WriteContext } from './write-context.ts';

/** What is written of an entity. */
export interface EntityWrite {
  readonly resource: Pick<Resource, 'route'>;
  /** Null to create one. */
  readonly id: number | null;
  /** REST parameters. */
  readonly parameters: RestObject;
  /** Tags of what it touches: first by the id, then by the answer, of which `fields` are there. */
  readonly tagsOf: (written: RestObject) => readonly string[];
  readonly fields?: readonly string[];
}

/** The query of a deletion: WordPress answers with what is thrown into the trash, or with what was there. */
export function deletionQuery(force: boolean): { readonly force: boolean; readonly _fields: string } {
  return { force, _fields: force ? 'deleted,previous.id' : 'id' };
}

/** Creates or changes an entity; its id. */
export async function writeEntity(
  { resource: { route }, id, parameters, tagsOf, fields = ['id'] }: EntityWrite,
  { write }: WriteContext,
): Promise<Written> {
  const written = await write({
    method: 'POST',
    route: id === null ? route : `${route}/${id}`,
    query: { _fields: fields.join() },
    body: toJsonBody(parameters),
    tags: tagsOf(id === null ? {} : { id }),
    tagsOf,
  });
  return { id: readId(written, 'id') ?? id ?? 0 };
}
