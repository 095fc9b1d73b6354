// Owns revisions: what content was before, and what it will be, for viewers who may edit it.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { toRows } from './entity-loader.ts';
import { isNotAllowed } from './entity-rows.ts';
import type { Loaders } from './loaders.ts';
import { mayEdit } from './rights.ts';
import type { Viewer } from './viewer.ts';

/** What revisions are read with. */
export interface RevisionContext {
  readonly loaders: Loaders;
  readonly viewer: Viewer | null;
}

/** Fields that a revision has of its own; all others are those of its content. */
const ownFields = ['content', 'date', 'date_gmt', 'excerpt', 'guid', 'modified', 'modified_gmt', 'title'];
/** Fields of a revision that its preview has from the content: who saved it last does not make its author. */
const makerFields = ['author', 'slug'];

/** A page of 100 is one request; beyond this many pages the older ones are left out. */
const maxPages = 10;

/** The revisions of content, the newest first; null where the viewer may not see them. */
export async function loadRevisions(
  context: RevisionContext,
  content: Entity,
  fields: readonly FieldPath[],
): Promise<readonly Entity[] | null> {
  const wanted = fields.filter((path) => [...ownFields, ...makerFields].includes(rootOf(path)));
  const rows: RestObject[] = [];
  for (let page = 1; page <= maxPages; page++) {
    const found = await readRevisions(context, content.resource, content.id, wanted, { per_page: maxPerPage, page });
    if (found === null) return null;
    rows.push(...found);
    if (found.length < maxPerPage) break;
  }
  return rows.flatMap((row) => toRevision(content, row, false) ?? []);
}

/**
 * The newest revision of content, an autosave included, as its preview; the content itself where it has none, and null
 * where the viewer may not see it.
 */
export async function loadPreview(
  context: RevisionContext,
  content: Entity,
  fields: readonly FieldPath[],
): Promise<Entity | null> {
  const wanted = fields.filter((path) => ownFields.includes(rootOf(path)));
  const rows = await readRevisions(context, content.resource, content.id, wanted, { per_page: 1 });
  const [newest] = rows ?? [];
  if (newest) return toRevision(content, newest, true);
  return rows === null ? null : content;
}

/** Id and author of the newest revision; null where there is none to see. */
export async function loadNewest(context: RevisionContext, { resource, id }: Entity): Promise<RestObject | null> {
  const rows = await readRevisions(context, resource, id, ['author'], { per_page: 1 });
  return rows?.[0] ?? null;
}

async function readRevisions(
  { loaders, viewer }: RevisionContext,
  resource: Resource,
  id: number,
  fields: readonly FieldPath[],
  page: Readonly<Record<string, number>>,
): Promise<readonly RestObject[] | null> {
  if (viewer === null || resource.kind !== 'content' || !mayEdit(viewer, resource)) return null;
  const route = `${resource.route}/${id}/revisions`;
  try {
    const { body } = await loaders.read(route, {
      ...page,
      context: 'edit',
      _fields: toMinimalFields(['id', ...fields]),
    });
    return toRows(body, route);
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    // Some types keep no revisions, and some content the viewer may not edit.
    return error instanceof UpstreamError && error.code === 'UPSTREAM_NOT_FOUND' ? [] : null;
  }
}

function toRevision({ resource, id: of, data }: Entity, row: RestObject, isPreview: boolean): Entity | null {
  const id = Number(row['id']);
  if (!Number.isSafeInteger(id) || id <= 0) return null;
  const own = Object.fromEntries(
    [...ownFields, ...(isPreview ? [] : makerFields)]
      .filter((field) => row[field] !== undefined)
      .map((field) => [field, merged(data[field], row[field])]),
  );
  return { resource, id, data: { ...data, ...own, id, status: 'inherit' }, revision: { of, isPreview } };
}

/** Of an object with parts, such as `content`, the content tells what its revision does not: whether it is protected. */
function merged(known: unknown, own: unknown): unknown {
  return isRestObject(known) && isRestObject(own) ? { ...known, ...own } : own;
}

function rootOf(path: FieldPath): string {
  return path.split('.', 1)[0] ?? path;
}
