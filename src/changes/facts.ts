// Owns what the watcher remembers of an entity: where it stands in lists, and nothing of its content.

import type { RestObject } from '../cache/fields-record.ts';
import { entityTag, listTag, termsTag } from '../loaders/tags.ts';
import type { FieldPath } from '../planner/fields.ts';
import type { Resource, Resources } from '../wordpress/resources.ts';

/** A value by which lists filter and sort. */
export type Fact = string | number | boolean | readonly number[];

/** Values by the path of their REST field; those that WordPress does not show are not there. */
export type Facts = Readonly<Record<string, Fact>>;

/** An entity before and after a change: null where the public does not see it, undefined where that is not known. */
export interface Edit {
  /** WordPress's name of its type, such as `post` or `category`. */
  readonly type: string;
  /** Tag of the lists of its type. */
  readonly list: string;
  /** Tag of the entity; absent where it is not known which one it is. */
  readonly entity?: string;
  /** Tag of terms of its type; absent where it has none. */
  readonly terms?: string;
  readonly id: number;
  readonly before: Facts | null | undefined;
  readonly after: Facts | null | undefined;
  /** Somebody has told of it: what it makes stale is forgotten once more, and nobody hears of it again. */
  readonly isTold?: boolean;
}

const contentFields = [
  ...['id', 'date', 'modified', 'modified_gmt', 'slug', 'link', 'title.rendered', 'author', 'parent', 'menu_order'],
  ...['sticky', 'format', 'featured_media', 'comment_status', 'content.protected', 'excerpt.protected'],
];
const mediaFields = [
  ...['id', 'date', 'modified', 'modified_gmt', 'slug', 'link', 'title.rendered', 'author', 'post'],
  ...['media_type', 'mime_type'],
];
const termFields = ['id', 'name', 'slug', 'link', 'parent', 'count', 'description'];
const userFields = ['id', 'name', 'slug', 'link', 'description', 'url'];
const commentFields = ['id', 'post', 'parent', 'author', 'date', 'date_gmt', 'link', 'type'];

/** The fields that {@link toFacts} reads. */
export function factFields(resource: Resource, resources: Resources): FieldPath[] {
  if (resource.kind === 'term') return termFields;
  if (resource.kind === 'user') return userFields;
  if (resource.kind === 'comment') return commentFields;
  if (resource.name === 'attachment') return mediaFields;
  const taxonomies = resource.taxonomies.flatMap((name) => {
    const taxonomy = resources.get(name);
    return taxonomy?.kind === 'term' && !taxonomy.isHidden ? [taxonomy.restBase] : [];
  });
  return [...contentFields, ...taxonomies.filter((name) => !contentFields.includes(name))];
}

/** What a row of REST tells; fields of a kind that no list compares are left out. */
export function toFacts(row: RestObject, fields: readonly FieldPath[]): Facts {
  const facts: Record<string, Fact> = {};
  for (const path of fields) {
    const value = valueAt(row, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts[path] = value;
    else if (Array.isArray(value)) facts[path] = value.map(Number).filter(Number.isSafeInteger);
  }
  // Filters of media call what they are attached to their parent, as those of pages do.
  if (facts['parent'] === undefined && typeof facts['post'] === 'number' && facts['mime_type'] !== undefined) {
    facts['parent'] = facts['post'];
  }
  return facts;
}

function valueAt(row: RestObject, path: FieldPath): unknown {
  let value: unknown = row;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
  }
  return value;
}

/** Names of the facts in which two states differ. */
export function differences(before: Facts, after: Facts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => String(before[name]) !== String(after[name]));
}

/** Stands for all of a type, where it is not known which of it changed. */
export const anyId = 0;

/** The change of an entity. */
export function toEdit(resource: Resource, id: number, before: Edit['before'], after: Edit['after']): Edit {
  return {
    ...{ type: resource.name, list: listTag(resource), id, before, after },
    ...(id === anyId ? {} : { entity: entityTag(resource, id) }),
    ...(resource.kind === 'content' ? { terms: termsTag(resource) } : {}),
  };
}

/** Whether nothing is different but the order of terms, which is that of their names. */
export function isReordering({ before, after }: Edit): boolean {
  if (!before || !after) return false;
  const different = differences(before, after);
  const isSameSet = (name: string) => {
    const [was, is] = [idsIn(before, name), idsIn(after, name)];
    return was.length > 1 && was.length === is.length && was.every((id) => is.includes(id));
  };
  return different.length > 0 && different.every(isSameSet);
}

/** Whether the public sees an entity after a change as it saw it before, or more of it. */
export function isShownAfter({ after }: Edit): boolean {
  if (!after) return false;
  // With a password, its text is not for everybody any more.
  return after['content.protected'] !== true && after['excerpt.protected'] !== true;
}

/** The ids in a fact, such as the terms of a taxonomy. */
export function idsIn(facts: Facts | null | undefined, name: string): readonly number[] {
  const value = facts?.[name];
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? value.filter((id): id is number => typeof id === 'number') : [];
}

/** Bytes that facts take in memory, about (measured on the demo's posts). */
export function bytesOfFacts(facts: Facts): number {
  let bytes = 200;
  for (const value of Object.values(facts)) bytes += 16 + (typeof value === 'string' ? value.length : 8);
  return bytes;
}
