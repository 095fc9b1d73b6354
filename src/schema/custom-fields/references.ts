// Owns what custom fields refer to: media by their id, everything else by the links that ACF puts beside the ids.

import { isRestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { FieldError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import { decodeUri, type FieldsOf } from '../../loaders/lookup.ts';
import type { Resource, Resources } from '../../wordpress/resources.ts';

/** Loads what an id in a custom field of an entity refers to. */
export type LoadReference = (
  entity: Entity,
  id: number,
  context: GatewayContext,
  fieldsOf: FieldsOf,
) => Promise<Entity | null>;

/** A media item. */
export const loadMedia: LoadReference = async (_, id, { loaders, resources }, fieldsOf) => {
  const media = resources.get('attachment');
  return media ? loaders.load(media, id, fieldsOf(media)) : null;
};

/**
 * Content, a term or a user: the id alone does not tell, but the route in ACF's link to it does. Rejects with a
 * `FieldError` where the object links to several that have this id.
 */
export const loadLinked: LoadReference = async ({ data }, id, { loaders, resources }, fieldsOf) => {
  const resource = resourceOf(data['_links'], id, resources);
  return resource ? loaders.load(resource, id, fieldsOf(resource)) : null;
};

function resourceOf(links: unknown, id: number, resources: Resources): Resource | null {
  if (!isRestObject(links)) return null;
  const found = new Set<Resource>();
  for (const [rel, targets] of Object.entries(links)) {
    if (!rel.startsWith('acf:') || !Array.isArray(targets)) continue;
    for (const target of targets) {
      const href = isRestObject(target) && typeof target['href'] === 'string' ? decodeUri(target['href']) : '';
      const resource = [...resources.values()].find(({ route }) => href.endsWith(`/${route}/${id}`));
      if (resource) found.add(resource);
    }
  }
  // Content, terms and users count their ids apart, and a link does not tell its field: either may be meant.
  if (found.size > 1) throw new FieldError('_links', `one link of ACF to an object ${id}`, links);
  return [...found][0] ?? null;
}
