// Owns ContentType: what a site says of its types of content themselves.

import type { GatewayContext } from '../../context.ts';
import { loadPostsLink } from '../../loaders/address.ts';
import { archiveUri, decodeUri, toUri } from '../../loaders/lookup.ts';
import { type ContentResource, coreResources, ownName, type Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import type { ContentTypeNode } from '../relay/site-types.ts';
import { closed, contentTypesOf, findByNameOrId, taxonomiesOf } from './site-lists.ts';

/** Declares ContentType and the root fields that lead to it; `more` are fields of other domains. */
export function defineContentTypes(
  builder: Builder,
  resources: Resources,
  more: FieldDeclarations<ContentTypeNode> = {},
): void {
  defineNodeConnection(builder, 'ContentType');
  defineLabels(builder);
  builder.object<ContentTypeNode>('ContentType', {
    description: 'A type of content, such as posts, pages, media and what the site adds.',
    interfaces: ['Node', 'UniformResourceIdentifiable'],
    fields: {
      ...addressFields,
      ...contentTypeFields,
      connectedTaxonomies: connectionField<ContentTypeNode>(builder, {
        name: 'ContentTypeToTaxonomy',
        node: 'Taxonomy',
        description: 'The taxonomies that classify it; null where none does.',
        resolve: ({ type }, args) => {
          const taxonomies = taxonomiesOf(resources).filter(({ taxonomy }) =>
            taxonomy.contentTypes.includes(type.name),
          );
          return taxonomies.length > 0 ? resolveNodes(taxonomies, args) : null;
        },
      }),
      ...more,
    },
  });
  builder.enum('ContentTypeIdTypeEnum', { ID: 'id', NAME: 'name' });
  builder.query({
    contentType: {
      type: 'ContentType',
      args: { id: 'ID!', idType: 'ContentTypeIdTypeEnum' },
      resolve: (_, args) => findByNameOrId(contentTypesOf(resources), 'post_type', args),
    },
    contentTypes: connectionField<unknown>(builder, {
      name: 'RootQueryToContentType',
      node: 'ContentType',
      resolve: (_, args) => resolveNodes(contentTypesOf(resources), args),
    }),
  });
}

const addressFields: FieldDeclarations<ContentTypeNode> = {
  id: { type: 'ID!', resolve: ({ type }) => toGlobalId('post_type', ownName(type.name)) },
  isComment: { type: 'Boolean!', resolve: () => false },
  isContentNode: { type: 'Boolean!', resolve: () => false },
  isFrontPage: {
    type: 'Boolean!',
    description: 'Whether the front page shows it: that of posts does, unless a page is there.',
    resolve: ({ type }, _, { site }) => type.name === 'post' && !(site.showOnFront === 'page' && site.pageOnFront),
  },
  isPostsPage: {
    type: 'Boolean!',
    description: 'Whether its archive is the page of the posts.',
    resolve: ({ type }) => type.name === 'post',
  },
  isTermNode: { type: 'Boolean!', resolve: () => false },
  uri: { type: 'String', description: 'Address of its archive; null where it has none.', resolve: resolveUri },
};

async function resolveUri({ type }: ContentTypeNode, _: unknown, context: GatewayContext): Promise<string | null> {
  const uri = type.name === 'post' ? toUri(context.site, await loadPostsLink(context)) : archiveUri(type);
  if (uri === null) return null;
  return uri.includes('?') ? decodeUri(uri) : decodeUri(uri).replace(/\/?$/, '/');
}

const contentTypeFields: FieldDeclarations<ContentTypeNode> = {
  canExport: closed('Boolean'),
  deleteWithUser: closed('Boolean'),
  description: { type: 'String', resolve: ({ type }) => type.description ?? '' },
  excludeFromSearch: closed('Boolean'),
  graphqlPluralName: { type: 'String', resolve: ({ type }) => registeredName(type, type.plural) },
  graphqlSingleName: { type: 'String', resolve: ({ type }) => registeredName(type, type.singular) },
  hasArchive: closed('Boolean'),
  hierarchical: {
    type: 'Boolean',
    // Here media are hierarchical for what they are attached to; WordPress does not see it so.
    resolve: ({ type }) => type.hierarchical && type.name !== 'attachment',
  },
  isRestricted: { type: 'Boolean', description: 'True: the public sees a part of it.', resolve: () => true },
  label: { type: 'String', description: 'Its name for people.', resolve: ({ type }) => type.label ?? null },
  labels: closed('PostTypeLabelDetails'),
  menuIcon: closed('String'),
  menuPosition: closed('Int'),
  name: { type: 'String', resolve: ({ type }) => ownName(type.name) },
  public: closed('Boolean'),
  publiclyQueryable: closed('Boolean'),
  restBase: closed('String'),
  restControllerClass: closed('String'),
  showInAdminBar: closed('Boolean'),
  showInGraphql: { type: 'Boolean', resolve: () => true },
  showInMenu: closed('Boolean'),
  showInNavMenus: closed('Boolean'),
  showInRest: closed('Boolean'),
  showUi: closed('Boolean'),
};

/** Names of the core are written as fields; REST does not tell others, and most sites write them as types. */
function registeredName({ name }: ContentResource, field: string): string {
  return coreResources.has(name) ? field : field.charAt(0).toUpperCase() + field.slice(1);
}

/** In the order of WordPress's documentation. */
const labels = [
  'name',
  'singularName',
  'addNew',
  'addNewItem',
  'editItem',
  'newItem',
  'viewItem',
  'viewItems',
  'searchItems',
  'notFound',
  'notFoundInTrash',
  'parentItemColon',
  'allItems',
  'archives',
  'attributes',
  'insertIntoItem',
  'uploadedToThisItem',
  'featuredImage',
  'setFeaturedImage',
  'removeFeaturedImage',
  'useFeaturedImage',
  'menuName',
  'filterItemsList',
  'itemsListNavigation',
  'itemsList',
];

function defineLabels(builder: Builder): void {
  const field: FieldDeclaration<unknown> = { type: 'String', resolve: () => null };
  builder.object<unknown>('PostTypeLabelDetails', {
    description: 'What a type of content is called in the back end of WordPress, which REST shows to editors only.',
    fields: Object.fromEntries(labels.map((label) => [label, field])),
  });
}
