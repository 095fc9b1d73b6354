// Owns what every node with an address shares.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { decodeUri, toUri } from '../../loaders/lookup.ts';
import { globalIdPrefix } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { readString } from '../read.ts';
import { toGlobalId } from './ids.ts';

/** Fields of every entity: its ids. */
export const idFields: FieldDeclarations = {
  id: { type: 'ID!', resolve: ({ resource, id }) => toGlobalId(globalIdPrefix(resource), id) },
  databaseId: { type: 'Int!', resolve: ({ id }) => id },
};

/** Declares the interface of nodes with an address, and how each kind of entity answers it. */
export function defineUniformResourceIdentifiable(builder: Builder): void {
  builder.interface('UniformResourceIdentifiable', {
    description: 'A node with an address on the site.',
    interfaces: ['Node'],
    fields: {
      id: { type: 'ID!', resolve: ({ resource, id }) => toGlobalId(globalIdPrefix(resource), id) },
      isComment: { type: 'Boolean!', resolve: ({ resource }) => resource.kind === 'comment' },
      isContentNode: { type: 'Boolean!', resolve: ({ resource }) => resource.kind === 'content' },
      isFrontPage: {
        type: 'Boolean!',
        description: 'Whether this is the static front page.',
        resolve: (entity, _, { site }) => isFrontPage(entity, site),
      },
      isPostsPage: {
        type: 'Boolean!',
        description: 'Whether this is the page that shows the posts.',
        resolve: (entity, _, { site }) => isPostsPage(entity, site),
      },
      isTermNode: { type: 'Boolean!', resolve: ({ resource }) => resource.kind === 'term' },
      uri: {
        type: 'String',
        description: 'Address on the site, without its host.',
        needs: ['link'],
        resolve: uriOf,
      },
    },
  });
}

/** Whether an entity is the static front page. */
export function isFrontPage({ resource, id }: Entity, site: GatewayContext['site']): boolean {
  return resource.name === 'page' && site.showOnFront === 'page' && site.pageOnFront === id;
}

/** Whether an entity is the page that shows the posts. */
export function isPostsPage({ resource, id }: Entity, site: GatewayContext['site']): boolean {
  return resource.name === 'page' && site.showOnFront === 'page' && site.pageForPosts === id;
}

/** An entity's address; WPGraphQL decodes that of content and comments, and gives none for the posts page. */
export function uriOf(entity: Entity, _: unknown, { site }: GatewayContext): string | null {
  const link = readString(entity.data, 'link');
  if (link === null || isPostsPage(entity, site)) return null;
  const uri = toUri(site, link);
  return uri !== null && ['content', 'comment'].includes(entity.resource.kind) ? decodeUri(uri) : uri;
}
