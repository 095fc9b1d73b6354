// Owns the names by which purges find what they make stale: in WPGraphQL's words where it has some.

import { globalIdPrefix, type Resource } from '../wordpress/resources.ts';

/** `post:12`: an entity, by what its global id is made of. */
export function entityTag(resource: Resource, id: number): string {
  return `${globalIdPrefix(resource)}:${id}`;
}

/** `term:3:count`: how many have a term, which changes with them and not with the term. */
export function countTag(resource: Resource, id: number): string {
  return `${entityTag(resource, id)}:count`;
}

/** Tags of what is kept of an entity; how many have a term is kept with the rest of it. */
export function keptTags(resource: Resource, id: number): string[] {
  return [entityTag(resource, id), ...(resource.kind === 'term' ? [countTag(resource, id)] : [])];
}

/** `list:post`, `list:mediaitem`: the lists of a type, as WPGraphQL's `X-GraphQL-Keys` names them. */
export function listTag({ typeName }: Pick<Resource, 'typeName'>): string {
  return `list:${typeName.toLowerCase()}`;
}

/** `terms:post`: the terms of some content of a type. Only what is kept knows of it, and no header. */
export function termsTag({ typeName }: Pick<Resource, 'typeName'>): string {
  return `terms:${typeName.toLowerCase()}`;
}

/** `route:wp/v2/settings`: the object of a route. */
export function routeTag(route: string): string {
  return `route:${route}`;
}

/** `uri:about?`: what an address of the site shows in all of its spellings, by the key that `lookup.ts` makes of it. */
export function uriTag(uri: string): string {
  return `uri:${encodeURI(uri.toLowerCase())}`;
}
