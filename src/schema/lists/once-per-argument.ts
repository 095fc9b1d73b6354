// Owns what arguments come to in WordPress: it is found out once for all lists that have the same one.

import type { GatewayContext } from '../../context.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import { onceForObjects } from '../../long-lists.ts';
import type { Resource } from '../../wordpress/resources.ts';

/** Finds out what an argument says of a resource. */
type FindOut<Of extends Resource, Argument, Found> = (
  resource: Of,
  argument: Argument,
  context: GatewayContext,
) => Promise<Found>;

/** The same function, called once for each argument and resource by all that read through the same loaders, until they forget. */
export function oncePerArgument<Of extends Resource, Argument, Found>(
  findOut: FindOut<Of, Argument, Found>,
): FindOut<Of, Argument, Found> {
  const foundOf = onceForObjects((_: object) => onceForObjects((_: Of) => new Map<Argument, Promise<Found>>()));
  return (resource, argument, context) => {
    const found = foundOf(context.loaders.reading())(resource);
    const known = found.get(argument) ?? findOut(resource, argument, context);
    found.set(argument, known);
    return known;
  };
}

/** The ids of what has one of some slugs, in the order of the slugs. */
export const idsOfSlugs = oncePerArgument(
  async (resource: Resource, slugs: readonly string[], { loaders }): Promise<readonly number[]> => {
    const unique = [...new Set(slugs)];
    const found = await loadInParts(loaders.pace, unique, (slug) => loaders.loadBySlug(resource, slug, []));
    return [...new Set(found.flat().map(({ id }) => id))];
  },
);

/** The ids of what has a slug; of none for an empty one. */
export const idsOfSlug = oncePerArgument(
  async (resource: Resource, slug: string, { loaders }): Promise<readonly number[]> =>
    slug === '' ? [] : (await loaders.loadBySlug(resource, slug, [])).map(({ id }) => id),
);
