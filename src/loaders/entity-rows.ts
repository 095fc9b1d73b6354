// Owns reading of entities by their ids: as the public sees them, or as a viewer with rights does.

import { isRestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import { isOwnRefusal } from '../wordpress/failures.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { RestResponse } from '../wordpress/rest.ts';
import type { Query, Read } from './reader.ts';
import { hiddenStatus, isEditField, mayEdit, toAskedField, withoutEditFields, withRawFields } from './rights.ts';
import type { Viewer } from './viewer.ts';

/** Reads the rows of some entities; `body` is a list as REST gave it, without those that are not shown. */
export type ReadRowsById = (
  resource: Resource,
  ids: readonly number[],
  fields: readonly FieldPath[],
) => Promise<Pick<RestResponse, 'body' | 'bytes' | 'isPartial'>>;

/** Rows as the public sees them. */
export function createPublicRows(read: Read): ReadRowsById {
  return (resource, ids, fields) => read(resource.route, toQuery(ids, fields));
}

function toQuery(ids: readonly number[], fields: readonly FieldPath[], filters: Query = {}): Query {
  return { include: ids, per_page: maxPerPage, ...filters, _fields: fields };
}

interface Rows extends Pick<RestResponse, 'bytes' | 'isPartial'> {
  readonly body: readonly unknown[];
}

const none: Rows = { body: [], bytes: 0 };

/**
 * Rows as a viewer sees them: what is not published too, and the fields of `context=edit` where the viewer may edit the
 * entity. Where not, the entity comes without them.
 */
export function createViewerRows(read: Read, viewer: Viewer): ReadRowsById {
  /** What WordPress has refused to this viewer. */
  const refused = new Set<string>();

  async function readList(resource: Resource, query: Query): Promise<Rows> {
    const { body, bytes, isPartial = false } = await read(resource.route, query);
    if (!Array.isArray(body)) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${resource.route}: not a list`);
    return { body, bytes, isPartial };
  }

  /** The answer to the first query, or to the second one where this viewer may not ask the first. */
  async function readAllowed(name: string, first: () => Promise<Rows>, second: () => Promise<Rows>): Promise<Rows> {
    if (refused.has(name)) return second();
    try {
      return await first();
    } catch (error) {
      if (!isNotAllowed(error)) throw error;
      const rows = await second();
      // What is refused either way is so for its own sake: of others more may be shown.
      refused.add(name);
      return rows;
    }
  }

  function readShown(resource: Resource, ids: readonly number[], fields: readonly FieldPath[]): Promise<Rows> {
    const status = hiddenStatus(viewer, resource);
    const plain = () => readList(resource, toQuery(ids, fields));
    if (Object.keys(status).length === 0) return plain();
    return readAllowed(`${resource.name} status`, () => readList(resource, toQuery(ids, fields, status)), plain);
  }

  /** A list in `context=edit` has those that the viewer may edit. */
  async function readEditable(resource: Resource, ids: readonly number[], fields: readonly FieldPath[]): Promise<Rows> {
    const asked = toMinimalFields(fields.map(toAskedField));
    const query = toQuery(ids, asked, { ...hiddenStatus(viewer, resource), context: 'edit' });
    const { body, ...told } = await readList(resource, query);
    return { ...told, body: body.map((row) => withRawFields(row, fields)) };
  }

  async function readMany(resource: Resource, ids: readonly number[], fields: readonly FieldPath[]): Promise<Rows> {
    if (ids.length === 0) return none;
    const shown = withoutEditFields(resource, fields);
    if (shown === fields || !mayEdit(viewer, resource)) return readShown(resource, ids, shown);
    let isEdited = true;
    const unedited = () => {
      isEdited = false;
      return readShown(resource, ids, shown);
    };
    const rows = await readAllowed(`${resource.name} edit`, () => readEditable(resource, ids, fields), unedited);
    // What is missing may be what cannot be read, and not what this viewer may not edit.
    if (!isEdited || !rows.body.every(isRestObject)) return rows;
    const found = new Set(rows.body.filter(isRestObject).map((row) => Number(row['id'])));
    const others = ids.filter((id) => !found.has(id));
    return others.length === 0 ? rows : both(rows, await readShown(resource, others, shown));
  }

  /** Everybody may see all of oneself, and nobody is in a list without having published something. */
  async function readSelf(resource: Resource, fields: readonly FieldPath[]): Promise<Rows> {
    const needsEdit = fields.some((path) => isEditField(resource, path));
    const query = { ...(needsEdit ? { context: 'edit' } : {}), _fields: fields };
    const { body, bytes } = await read(`${resource.route}/${viewer.id}`, query);
    return { body: [body], bytes };
  }

  return async (resource, ids, fields) => {
    if (resource.kind !== 'user' || !ids.includes(viewer.id)) return readMany(resource, ids, fields);
    const others = ids.filter((id) => id !== viewer.id);
    const [self, rest] = await Promise.all([readSelf(resource, fields), readMany(resource, others, fields)]);
    return both(self, rest);
  };
}

function both(first: Rows, second: Rows): Rows {
  return {
    body: [...first.body, ...second.body],
    bytes: first.bytes + second.bytes,
    isPartial: first.isPartial || second.isPartial || false,
  };
}

/**
 * Whether WordPress itself does not let this viewer ask: it calls a status that needs rights an invalid parameter. Somebody
 * else's word is none of the viewer's rights, which a page would take away without an error.
 */
export function isNotAllowed(error: unknown): boolean {
  return error instanceof UpstreamError && isOwnRefusal(error);
}
