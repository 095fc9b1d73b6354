// Owns what every source of SEO metadata has in common.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { FieldPath } from '../../planner/fields.ts';
import type { Head, HeadPart } from './head.ts';

/** What SEO metadata is of. */
export type SeoKind = 'content' | 'term' | 'user';

/** A place where SEO metadata comes from: a plugin, or the content itself. */
export interface SeoSource {
  /** REST fields of an entity that parts of its head are made of; without a part, those that tell whether there is one. */
  needs(parts: readonly HeadPart[], kind: SeoKind): readonly FieldPath[];
  /** These parts of the head of an entity that has at least its needs; null where this source has none. */
  readHead(entity: Entity, parts: readonly HeadPart[], context: GatewayContext): Promise<Head | null> | Head | null;
}
