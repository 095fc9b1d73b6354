// Owns what an item of a menu leads to: a node that everybody may see, or none.

import type { GatewayContext } from '../../context.ts';
import { resolveAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { type FieldsOf, loadByUri, parseAddress } from '../../loaders/lookup.ts';
import type { MenuItem } from '../../wordpress/menu.ts';
import { findByOwnName, type Resource, type Resources } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { postFormats } from '../lists/post-formats.ts';

/** Interfaces of the types of content and of terms that a menu may lead to. */
export const linkableInterfaces: readonly string[] = ['MenuItemLinkable'];

/** Whether a menu may lead to entities of this type, by WPGraphQL's rule. */
export function isLinkable({ kind, name }: Resource): boolean {
  return kind === 'term' || (kind === 'content' && name !== 'attachment');
}

/** Declares what items lead to. */
export function defineLinkable(builder: Builder, resources: Resources): void {
  builder.interface('MenuItemLinkable', {
    description: 'What an item of a menu may lead to.',
    interfaces: ['DatabaseIdentifier', 'Node', 'UniformResourceIdentifiable'],
    fields: { databaseId: { type: 'Int!', resolve: ({ id }) => id } },
  });
  builder.interface('MenuItemLinkableConnectionEdge', {
    interfaces: ['Edge'],
    fields: { node: { type: 'MenuItemLinkable!' } },
  });
  const types = [...resources.values(), postFormats].filter(isLinkable).map(({ typeName }) => typeName);
  builder.union('MenuItemObjectUnion', [...new Set(types)], 'What an item of a menu may lead to.');
}

/** Read as everybody reads it, whoever read the menu: a draft in a menu stays one. */
export async function loadLinked(
  { object, url }: MenuItem,
  context: GatewayContext,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  const { loaders, resources } = context;
  if (object.type === null) {
    // A fragment alone opens a sub-menu, or leads to a place on whatever page shows the menu.
    const shown =
      url && !url.trim().startsWith('#') && parseAddress(context, url)
        ? await resolveAddress(context, url, fieldsOf)
        : null;
    return shown && 'entity' in shown && isLinkable(shown.entity.resource) ? shown.entity : null;
  }
  if (object.type !== 'post_type' && object.type !== 'taxonomy') return null;
  const kind = object.type === 'post_type' ? 'content' : 'term';
  const resource = object.name === null ? undefined : findByOwnName(resources, kind, object.name);
  if (!resource || resource.isHidden || !isLinkable(resource)) return null;
  if (object.id !== null) return loaders.load(resource, object.id, fieldsOf(resource));
  return url === null ? null : loadByUri(context, resource, url, fieldsOf(resource));
}
