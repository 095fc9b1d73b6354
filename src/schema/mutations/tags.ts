// Owns what a write touches: the tags by which everything that has become stale is found.

import type { RestObject } from '../../cache/fields-record.ts';
import { entityTag, listTag } from '../../loaders/tags.ts';
import type {
  CommentResource,
  ContentResource,
  Resources,
  TermResource,
  UserResource,
} from '../../wordpress/resources.ts';
import { readId, readIds } from '../read.ts';

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
  const users = resources.get('user');
  const attachedTo = resource.name === 'attachment' ? readId(data, 'post') : null;
  return [
    listTag(resource),
    ...entityTags('post', readId(data, 'id')),
    ...terms,
    ...(author === null || !users ? [] : [listTag(users), entityTag(users, author)]),
    ...entityTags('post', attachedTo),
  ];
}

/** REST fields that {@link contentTags} reads. */
export function contentTagFields(resource: ContentResource, resources: Resources): string[] {
  const taxonomies = resource.taxonomies.flatMap((name) => resources.get(name) ?? []);
  const bases = taxonomies.flatMap((taxonomy) => (taxonomy.kind === 'term' ? [taxonomy.restBase] : []));
  return ['id', 'author', ...(resource.name === 'attachment' ? ['post'] : []), ...bases];
}

/** REST fields of content that was written: those that {@link contentTags} reads, and whether and where it is shown. */
export function writtenContentFields(resource: ContentResource, resources: Resources): string[] {
  return [...contentTagFields(resource, resources), 'link', 'status'];
}

/** Tags of a term: itself, lists of its taxonomy, and of the content that it classifies. */
export function termTags(resource: TermResource, id: number | null, resources: Resources): string[] {
  const types = resource.contentTypes.flatMap((name) => resources.get(name) ?? []);
  return [listTag(resource), ...entityTags('term', id), ...types.map(listTag)];
}

/** Tags of a comment: itself, lists of comments, and the content that counts it. */
export function commentTags(comments: CommentResource, id: number | null, content: number | null): string[] {
  return [listTag(comments), ...entityTags('comment', id), ...entityTags('post', content)];
}

/** Tags of a user. */
export function userTags(users: UserResource, id: number | null): string[] {
  return [listTag(users), ...entityTags('user', id)];
}

function entityTags(kind: string, id: number | null): string[] {
  return id === null ? [] : [`${kind}:${id}`];
}
