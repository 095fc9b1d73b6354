// Owns what a write touches: the tags by which everything that has become stale is found.

import type { RestObject } from '../../cache/fields-record.ts';
import type { ContentResource, Resource, Resources } from '../../wordpress/resources.ts';
import { globalIdPrefix } from '../../wordpress/resources.ts';
import { readId, readIds } from '../read.ts';

/** The tag of the settings of the site. */
export const settingsTag = 'settings';

/** The tag of an entity, such as `post:12`: the kind of its global id, and its id. */
export function entityTag(resource: Resource, id: number): string {
  return `${globalIdPrefix(resource)}:${id}`;
}

/** The tag of all lists of a resource, such as `list:post`. */
export function listTag({ name }: Pick<Resource, 'name'>): string {
  return `list:${name}`;
}

/**
 * Tags of content before or after a write: itself, lists of its type, its terms, whose counts change with it, its author,
 * who is public as long as something is published, and what media are attached to.
 */
export function contentTags(resource: ContentResource, data: RestObject, resources: Resources): string[] {
  const taxonomies = resource.taxonomies.flatMap((name) => resources.get(name) ?? []);
  const terms = taxonomies.flatMap((taxonomy) => [
    listTag(taxonomy),
    ...(taxonomy.kind === 'term' ? readIds(data, taxonomy.restBase).map((id) => entityTag(taxonomy, id)) : []),
  ]);
  const author = readId(data, 'author');
  const attachedTo = resource.name === 'attachment' ? readId(data, 'post') : null;
  return [
    listTag(resource),
    ...entityTags('post', readId(data, 'id')),
    ...terms,
    ...(author === null ? [] : [listTag({ name: 'user' }), `user:${author}`]),
    ...entityTags('post', attachedTo),
  ];
}

/** REST fields that {@link contentTags} reads. */
export function contentTagFields(resource: ContentResource, resources: Resources): string[] {
  const taxonomies = resource.taxonomies.flatMap((name) => resources.get(name) ?? []);
  const bases = taxonomies.flatMap((taxonomy) => (taxonomy.kind === 'term' ? [taxonomy.restBase] : []));
  return ['id', 'author', ...(resource.name === 'attachment' ? ['post'] : []), ...bases];
}

/** Tags of a term: itself, lists of its taxonomy, and of the content that it classifies. */
export function termTags(resource: Resource, id: number | null): string[] {
  const types = resource.kind === 'term' ? resource.contentTypes : [];
  return [listTag(resource), ...entityTags('term', id), ...types.map((name) => listTag({ name }))];
}

/** Tags of a comment: itself, lists of comments, and the content that counts it. */
export function commentTags(id: number | null, content: number | null): string[] {
  return [listTag({ name: 'comment' }), ...entityTags('comment', id), ...entityTags('post', content)];
}

/** Tags of a user who was deleted: all content may have been another's before. */
export function userTags(id: number | null): string[] {
  return [listTag({ name: 'user' }), ...entityTags('user', id)];
}

function entityTags(kind: string, id: number | null): string[] {
  return id === null ? [] : [`${kind}:${id}`];
}
