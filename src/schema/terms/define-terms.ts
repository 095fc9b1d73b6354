// Owns the types of terms: one object type for each taxonomy, and the root fields that lead to it.

import type { GatewayContext } from '../../context.ts';
import { loadAtAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { decodeUri } from '../../loaders/lookup.ts';
import { loadWindow } from '../../loaders/window.ts';
import { planFields } from '../../planner/needs.ts';
import { type ContentResource, ownName, type Resources, type TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { contentWhere, toContentList } from '../lists/content.ts';
import { contentNodesOfTerm, siblingsOfTerm } from '../lists/content-nodes.ts';
import { defineTermOrder, termWhere, toTermList } from '../lists/terms.ts';
import { readId, readInt, readString, readText } from '../read.ts';
import {
  connectionField,
  defineNodeConnection,
  defineOneToOneEdge,
  nodePaths,
  resolveConnection,
  resolveNodes,
} from '../relay/connection.ts';
import { requireDatabaseId, toGlobalId } from '../relay/ids.ts';
import { toTaxonomyNode } from '../relay/site-types.ts';
import { idFields } from '../relay/uri.ts';

const termInterfaces = ['Node', 'UniformResourceIdentifiable'];

/** What other domains add to terms. */
export interface TermParts {
  readonly seo: FieldDeclaration;
  /** Fields of all terms. */
  readonly nodeFields: FieldDeclarations;
  /** Fields that one taxonomy has beside. */
  readonly fieldsOf: (taxonomy: TermResource) => FieldDeclarations;
}

/** Declares terms: their interfaces, their types, and the root fields that lead to them. */
export function defineTerms(builder: Builder, resources: Resources, parts: TermParts): void {
  defineTermOrder(builder);
  builder.interface('TermNode', {
    description: 'A term of any taxonomy.',
    interfaces: termInterfaces,
    fields: { ...termFields, ...parts.nodeFields },
  });
  builder.interface('HierarchicalTermNode', {
    description: 'A term that may have a parent.',
    interfaces: ['DatabaseIdentifier', 'HierarchicalNode', 'Node', 'TermNode', 'UniformResourceIdentifiable'],
    fields: parentFields,
  });
  const taxonomies = [...resources.values()].filter((resource) => resource.kind === 'term');
  for (const taxonomy of taxonomies) {
    defineNodeConnection(builder, taxonomy.typeName);
    defineTaxonomy(builder, taxonomy, resources, parts);
    builder.query(termQueries(builder, taxonomy));
  }
}

const termFields: FieldDeclarations = {
  count: {
    type: 'Int',
    description: 'How much content has the term; null for none.',
    needs: ['count'],
    resolve: ({ data }) => readInt(data, 'count') || null,
  },
  databaseId: { type: 'Int!', resolve: ({ id }) => id },
  description: {
    type: 'String',
    needs: ['description'],
    // WordPress stores it escaped, and WPGraphQL leaves it so; none is null there.
    resolve: ({ data }) => readString(data, 'description') || null,
  },
  isRestricted: { type: 'Boolean', resolve: () => false },
  link: { type: 'String', needs: ['link'], resolve: ({ data }) => readString(data, 'link') },
  name: { type: 'String', needs: ['name'], resolve: ({ data }) => readText(data, 'name') },
  slug: {
    type: 'String',
    needs: ['slug'],
    resolve: ({ data }) => {
      const slug = readString(data, 'slug');
      return slug === null ? null : decodeUri(slug);
    },
  },
  taxonomyName: { type: 'String', resolve: ({ resource }) => ownName(resource.name) },
  termGroupId: { type: 'Int', description: 'Always null: REST does not show it.', resolve: () => null },
  termTaxonomyId: {
    type: 'Int',
    description: 'The same as databaseId, unless the site is older than WordPress 4.2 and still shares terms.',
    resolve: ({ id }) => id,
  },
};

const parentFields: FieldDeclarations = {
  parentDatabaseId: { type: 'Int', needs: ['parent'], resolve: ({ data }) => readId(data, 'parent') },
  parentId: {
    type: 'ID',
    needs: ['parent'],
    resolve: ({ data }) => {
      const parent = readId(data, 'parent');
      return parent === null ? null : toGlobalId('term', parent);
    },
  },
};

function defineTaxonomy(builder: Builder, taxonomy: TermResource, resources: Resources, parts: TermParts): void {
  const { typeName, singular, hierarchical } = taxonomy;
  const types = taxonomy.contentTypes.flatMap((name) => resources.get(name) ?? []).filter(isContent);
  defineOneToOneEdge(builder, `${typeName}ToTaxonomyConnectionEdge`, 'Taxonomy');
  builder.object(typeName, {
    interfaces: [
      ...['DatabaseIdentifier', 'MenuItemLinkable', 'Node', 'TermNode', 'UniformResourceIdentifiable'],
      ...(hierarchical ? ['HierarchicalNode', 'HierarchicalTermNode'] : []),
    ],
    fields: {
      ...idFields,
      [`${singular}Id`]: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
      seo: parts.seo,
      taxonomy: {
        type: `${typeName}ToTaxonomyConnectionEdge`,
        resolve: () => ({ node: toTaxonomyNode(taxonomy), cursor: null }),
      },
      ...(hierarchical ? hierarchyFields(builder, taxonomy) : {}),
      ...Object.fromEntries(types.map((type) => [type.plural, contentField(builder, taxonomy, type)])),
      contentNodes: contentNodesOfTerm(builder, taxonomy),
      ...parts.fieldsOf(taxonomy),
    },
  });
}

function isContent(resource: { readonly kind: string }): resource is ContentResource {
  return resource.kind === 'content';
}

function contentField(builder: Builder, taxonomy: TermResource, type: ContentResource): FieldDeclaration {
  return connectionField(builder, {
    name: `${taxonomy.typeName}To${type.typeName}`,
    node: type.typeName,
    where: contentWhere(type),
    description: 'Content that has this very term; that of its children is theirs.',
    resolve: async ({ id }, args, context, info) => {
      const list = await toContentList(type, args['where'], context, { [taxonomy.restBase]: [id] });
      return resolveConnection(list && { ...list, siblings: siblingsOfTerm(taxonomy) }, args, context, info);
    },
  });
}

function hierarchyFields(builder: Builder, taxonomy: TermResource): FieldDeclarations {
  const { typeName } = taxonomy;
  defineOneToOneEdge(builder, `${typeName}ToParent${typeName}ConnectionEdge`, typeName);
  return {
    parent: {
      type: `${typeName}ToParent${typeName}ConnectionEdge`,
      needs: ['parent'],
      resolve: async ({ data }, _, { loaders }, info) => {
        const id = readId(data, 'parent');
        const node = id === null ? null : await loaders.load(taxonomy, id, planFields(info, typeName, [['node']]));
        return node && { node };
      },
    },
    ancestors: connectionField(builder, {
      name: `${typeName}ToAncestors${typeName}`,
      node: typeName,
      description: 'Its parents, the nearest first; null where there are none.',
      needs: ['parent'],
      resolve: async (term, args, context, info) => {
        const ancestors = await loadAncestors(term, context, planFields(info, typeName, nodePaths));
        return ancestors.length > 0 ? resolveNodes(ancestors, args) : null;
      },
    }),
    children: connectionField(builder, {
      name: `${typeName}To${typeName}`,
      node: typeName,
      where: termWhere,
      resolve: async ({ id }, args, context, info) => {
        const list = await toTermList(taxonomy, args['where'], context, { parent: [id] });
        // REST lists the children of one term at a time, and a whole taxonomy as soon.
        const siblings = { filter: 'parent', path: 'parent', takesMany: false };
        return resolveConnection(list && { ...list, siblings }, args, context, info);
      },
    }),
  };
}

async function loadAncestors(term: Entity, { loaders }: GatewayContext, fields: readonly string[]): Promise<Entity[]> {
  const ancestors: Entity[] = [];
  const seen = new Set([term.id]);
  let id = readId(term.data, 'parent');
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const parent = await loaders.load(term.resource, id, [...fields, 'parent']);
    if (!parent) break;
    ancestors.push(parent);
    id = readId(parent.data, 'parent');
  }
  return ancestors;
}

function termQueries(builder: Builder, taxonomy: TermResource): FieldDeclarations<unknown> {
  const { typeName, singular, plural } = taxonomy;
  builder.enum(`${typeName}IdType`, {
    DATABASE_ID: 'database_id',
    ID: 'id',
    NAME: 'name',
    SLUG: 'slug',
    URI: 'uri',
  });
  return {
    [singular]: {
      type: typeName,
      args: { id: 'ID!', idType: `${typeName}IdType` },
      resolve: (_, { id, idType }, context, info) =>
        findTerm(taxonomy, String(id), idType, context, planFields(info, typeName)),
    },
    [plural]: connectionField<unknown>(builder, {
      name: `RootQueryTo${typeName}`,
      node: typeName,
      where: termWhere,
      resolve: async (_, args, context, info) =>
        resolveConnection(await toTermList(taxonomy, args['where'], context), args, context, info),
    }),
  };
}

async function findTerm(
  taxonomy: TermResource,
  id: string,
  idType: unknown,
  context: GatewayContext,
  fields: readonly string[],
): Promise<Entity | null> {
  const { loaders } = context;
  if (idType === 'uri') return loadAtAddress(context, taxonomy, id, fields);
  if (idType === 'slug') return (await loaders.loadBySlug(taxonomy, id, fields))[0] ?? null;
  if (idType === 'name') {
    const list = await toTermList(taxonomy, { name: [id] }, context);
    const page = { size: 1, direction: 'forward' } as const;
    return list ? ((await loadWindow(loaders, list, page, fields)).entities[0] ?? null) : null;
  }
  const databaseId = requireDatabaseId(id);
  return databaseId > 0 ? loaders.load(taxonomy, databaseId, fields) : null;
}
