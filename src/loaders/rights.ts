// Owns what of WordPress needs rights: fields that only `context=edit` shows, and entities that a plain list leaves out.

import { isRestObject } from '../cache/fields-record.ts';
import type { FieldPath } from '../planner/fields.ts';
import { ownName, type Resource } from '../wordpress/resources.ts';
import type { Query } from './reader.ts';
import type { Viewer } from './viewer.ts';

/** Fields that WordPress shows in `context=edit` only, by kind of entity. Terms have none. */
const editFields: Readonly<Record<Resource['kind'], ReadonlySet<FieldPath>>> = {
  content: new Set([
    ...['title.raw', 'content.raw', 'excerpt.raw', 'caption_raw', 'description_raw'],
    ...['password', 'generated_slug', 'permalink_template'],
  ]),
  term: new Set(),
  user: new Set([
    ...['capabilities', 'email', 'extra_capabilities', 'first_name', 'last_name', 'locale', 'nickname'],
    ...['registered_date', 'roles', 'username'],
  ]),
  comment: new Set(['content_raw', 'author_email', 'author_ip', 'author_user_agent']),
};

/** Whether a field of an entity is for those who may edit it. */
export function isEditField({ kind }: Resource, path: FieldPath): boolean {
  return editFields[kind].has(path);
}

/** Some controllers know no paths below these fields: their stored texts have names of their own here. */
const rawFields: ReadonlyMap<FieldPath, string> = new Map(
  ['caption', 'content', 'description'].map((name) => [`${name}_raw`, name]),
);

/** A field as `_fields` must name it. */
export function toAskedField(path: FieldPath): FieldPath {
  return rawFields.get(path) ?? path;
}

/** A row of `context=edit` with those of its stored texts that were asked for. */
export function withRawFields(row: unknown, fields: readonly FieldPath[]): unknown {
  if (!isRestObject(row)) return row;
  const texts = fields.flatMap((path) => {
    const text = row[rawFields.get(path) ?? ''];
    return isRestObject(text) ? [[path, text['raw']] as const] : [];
  });
  return texts.length > 0 ? { ...row, ...Object.fromEntries(texts) } : row;
}

/** The fields that everybody may see. */
export function withoutEditFields(resource: Resource, fields: readonly FieldPath[]): readonly FieldPath[] {
  return fields.some((path) => isEditField(resource, path))
    ? fields.filter((path) => !isEditField(resource, path))
    : fields;
}

/** Whether the viewer may edit anything of a kind: only then WordPress lets drafts and `context=edit` be asked for. */
export function mayEdit({ can }: Viewer, resource: Resource): boolean {
  switch (resource.kind) {
    case 'user':
      return can('list_users');
    case 'comment':
      return can('moderate_comments');
    case 'term':
      return false;
    case 'content':
      // REST does not tell which capabilities a type of the site has; most have those of posts.
      return can(resource.name === 'page' ? 'edit_pages' : 'edit_posts') || can(`edit_${ownName(resource.name)}s`);
  }
}

/** Filters without which a list of REST leaves out what its viewer may see: drafts, what is private, what waits. */
export function hiddenStatus(viewer: Viewer, resource: Resource): Query {
  if (resource.kind === 'comment') return viewer.can('edit_posts') ? { status: 'any' } : {};
  if (resource.kind !== 'content' || !mayEdit(viewer, resource)) return {};
  return { status: resource.name === 'attachment' ? ['inherit', 'private', 'trash'] : ['any', 'trash'] };
}
