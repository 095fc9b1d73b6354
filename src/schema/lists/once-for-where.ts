// Owns what `where` arguments come to in WordPress: it is found out once for all lists that have the same one.

import type { GatewayContext } from '../../context.ts';
import { onceForObjects } from '../../long-lists.ts';
import type { Resource } from '../../wordpress/resources.ts';
import type { Where } from './where.ts';

/** Finds out what a `where` says of a resource. */
type FindOut<Of extends Resource, Found> = (resource: Of, where: Where, context: GatewayContext) => Promise<Found>;

/** The same function, called once for each `where` and resource by all that read through the same loaders, until they forget. */
export function onceForWhere<Of extends Resource, Found>(findOut: FindOut<Of, Found>): FindOut<Of, Found> {
  const foundOf = onceForObjects((_: object) => onceForObjects((_: Where) => new Map<Of, Promise<Found>>()));
  return (resource, where, context) => {
    const found = foundOf(context.loaders.reading())(where);
    const known = found.get(resource) ?? findOut(resource, where, context);
    found.set(resource, known);
    return known;
  };
}

/** The ids of what has one of some slugs, in the order of the slugs. */
export async function idsOfSlugs(
  resource: Resource,
  slugs: readonly string[],
  { loaders }: GatewayContext,
): Promise<readonly number[]> {
  const found = await Promise.all(slugs.map((slug) => loaders.loadBySlug(resource, slug, [])));
  return [...new Set(found.flat().map(({ id }) => id))];
}
