// Owns the type PostFormat, and the root fields that lead to it.

import type { GatewayContext } from '../../context.ts';
import type { ContentResource, Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { contentWhere, toContentList } from '../lists/content.ts';
import { contentNodesField, contentTypesOf } from '../lists/content-nodes.ts';
import {
  allFormats,
  countPosts,
  filterFormats,
  findFormat,
  formatIdReason,
  postFormats,
  withFormat,
} from '../lists/post-formats.ts';
import { termWhere } from '../lists/terms.ts';
import {
  connectionField,
  defineNodeConnection,
  defineOneToOneEdge,
  resolveConnection,
  resolveNodes,
} from '../relay/connection.ts';
import { toTaxonomyNode } from '../relay/site-types.ts';
import { idFields } from '../relay/uri.ts';

const { typeName, singular, plural } = postFormats;

/** Declares post formats. */
export function definePostFormats(builder: Builder, resources: Resources): void {
  const posts = resources.get('post');
  if (posts?.kind !== 'content') return;
  defineNodeConnection(builder, typeName);
  defineOneToOneEdge(builder, `${typeName}ToTaxonomyConnectionEdge`, 'Taxonomy');
  builder.object(typeName, {
    description:
      'A format of posts, such as a quote or a video. REST shows the formats of posts, but not the terms that WordPress keeps for them: these are made by the gateway.',
    interfaces: ['DatabaseIdentifier', 'MenuItemLinkable', 'Node', 'TermNode', 'UniformResourceIdentifiable'],
    fields: { ...idFields, ...formatFields, ...contentOfFormat(builder, posts) },
  });
  builder.enum(`${typeName}IdType`, { DATABASE_ID: 'database_id', ID: 'id', NAME: 'name', SLUG: 'slug', URI: 'uri' });
  builder.query({
    [singular]: {
      type: typeName,
      args: { id: 'ID!', idType: `${typeName}IdType` },
      resolve: (_, { id, idType }, context) => findFormat(context, String(id), idType),
    },
    [plural]: connectionField<unknown>(builder, {
      name: `RootQueryTo${typeName}`,
      node: typeName,
      where: termWhere,
      description: 'All formats that WordPress knows; those in use with `hideEmpty`.',
      resolve: async (_, args, context) =>
        resolveNodes(await filterFormats(allFormats(context.site), args['where'], context), args),
    }),
  });
}

/** The format with a global id. */
export function findFormatNode(id: string, context: GatewayContext) {
  return findFormat(context, id, 'database_id');
}

const formatFields: FieldDeclarations = {
  count: {
    type: 'Int',
    description: 'How many posts have it; null for none, and before WordPress 6.7, which cannot tell.',
    resolve: async (term, _, context) => (await countPosts(term, context)) || null,
  },
  databaseId: { type: 'Int!', description: formatIdReason, resolve: ({ id }) => id },
  name: {
    type: 'String',
    description: 'Its name in English: REST does not tell those of other languages.',
    resolve: ({ data }) => data['name'],
  },
  postFormatId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
  seo: { type: 'TaxonomySEO', description: 'Null: REST does not show it.', resolve: () => null },
  taxonomy: {
    type: `${typeName}ToTaxonomyConnectionEdge`,
    resolve: () => ({ node: toTaxonomyNode(postFormats), cursor: null }),
  },
  termTaxonomyId: { type: 'Int', description: 'Null: REST does not tell it.', resolve: () => null },
};

function contentOfFormat(builder: Builder, posts: ContentResource): FieldDeclarations {
  return {
    contentNodes: contentNodesField(builder, {
      name: `${typeName}ToContentNode`,
      contentTypes: contentTypesOf(postFormats),
      toLists: async (term, where, context) => {
        const list = await toContentList(posts, where, context);
        return list ? [await withFormat(list, term, context)] : [];
      },
    }),
    [posts.plural]: connectionField(builder, {
      name: `${typeName}To${posts.typeName}`,
      node: posts.typeName,
      where: contentWhere(posts),
      resolve: async (term, args, context, info) => {
        const list = await toContentList(posts, args['where'], context);
        return resolveConnection(list && (await withFormat(list, term, context)), args, context, info);
      },
    }),
  };
}
