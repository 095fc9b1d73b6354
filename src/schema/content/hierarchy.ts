// Owns parents, ancestors and children of content.

import { contentIdOf } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import type { ArgDeclaration, Builder, FieldDeclarations } from '../builder.ts';
import { toContentList } from '../lists/content.ts';
import { whereOf } from '../lists/where.ts';
import {
  connectionField,
  defineOneToOneEdge,
  nodePaths,
  resolveConnection,
  resolveNodes,
} from '../relay/connection.ts';
import { loadAncestors, parentNeeds, resolveParentEdge } from './interfaces.ts';

/** The fields of hierarchical content that lead up and down its tree. */
export function hierarchyFields(builder: Builder, where: Readonly<Record<string, ArgDeclaration>>): FieldDeclarations {
  defineOneToOneEdge(builder, 'HierarchicalContentNodeToParentContentNodeConnectionEdge', 'ContentNode');
  return {
    parent: {
      type: 'HierarchicalContentNodeToParentContentNodeConnectionEdge',
      needs: parentNeeds,
      resolve: resolveParentEdge,
    },
    ancestors: connectionField(builder, {
      name: 'HierarchicalContentNodeToContentNodeAncestors',
      node: 'ContentNode',
      where,
      description: 'Its parents, the nearest first; null where one of them is not shown.',
      needs: parentNeeds,
      resolve: async (entity, args, context, info) => {
        const { resource } = entity;
        if (resource.kind !== 'content') return null;
        const ancestors = await loadAncestors(entity, context, planFields(info, resource.typeName, nodePaths));
        if (!ancestors || ancestors.length === 0) return null;
        if (!args['where']) return resolveNodes(ancestors, args);
        const include = ancestors.map(({ id }) => id);
        const list = hasType(args['where'], resource.name)
          ? await toContentList(resource, args['where'], context, { include })
          : null;
        return resolveConnection(list, args, context, info);
      },
    }),
    children: connectionField(builder, {
      name: 'HierarchicalContentNodeToContentNodeChildren',
      node: 'ContentNode',
      where,
      resolve: async (entity, args, context, info) => {
        const { resource } = entity;
        const isShown = resource.kind === 'content' && hasType(args['where'], resource.name);
        const list = isShown
          ? await toContentList(resource, args['where'], context, { parent: [contentIdOf(entity)] })
          : null;
        // Media name what they are attached to as `post`.
        const path = resource.name === 'attachment' ? 'post' : 'parent';
        const siblings = { filter: 'parent', path, takesMany: true };
        return resolveConnection(list && { ...list, siblings }, args, context, info);
      },
    }),
  };
}

/** Content has relatives of its own type; `where.contentTypes` may ask for others. */
function hasType(where: unknown, name: string): boolean {
  const contentTypes = whereOf(where).list('contentTypes');
  return !contentTypes?.length || contentTypes.includes(name);
}
