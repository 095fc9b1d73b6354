// Owns texts that a password protects, as those see them who may edit what holds them.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import type { GatewayContext } from '../context.ts';
import type { Entity } from '../loaders/entity.ts';
import { contentIdOf } from '../loaders/entity.ts';
import { isNotAllowed } from '../loaders/entity-rows.ts';
import { mayEdit } from '../loaders/rights.ts';
import { readString } from './read.ts';

/** A text that a password protects, as it is shown to those who may edit its content; null for others. */
export async function readProtected(entity: Entity, field: string, context: GatewayContext): Promise<string | null> {
  return readString(await loadText(entity, field, context), 'rendered') || null;
}

async function loadText(
  entity: Entity,
  field: string,
  { loaders, viewer }: GatewayContext,
): Promise<RestObject | null> {
  const { resource } = entity;
  if (viewer === null || !mayEdit(viewer, resource)) return null;
  try {
    const route = `${resource.route}/${contentIdOf(entity)}`;
    const object = await loaders.object(route, [field], { context: 'edit' });
    const text = object[field];
    return isRestObject(text) ? text : null;
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    return null;
  }
}
