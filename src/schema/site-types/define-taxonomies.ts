// Owns Taxonomy: what a site says of its taxonomies themselves, and the enums that name them.

import { coreResources, ownName, type Resources } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { toEnumValues, toKindEnum } from '../enum-names.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import type { TaxonomyNode } from '../relay/site-types.ts';
import { allTaxonomiesOf, closed, contentTypesOf, findByNameOrId, taxonomiesOf } from './site-lists.ts';

/** Declares Taxonomy and the root fields that lead to it; `more` are fields of other domains. */
export function defineTaxonomies(
  builder: Builder,
  resources: Resources,
  more: FieldDeclarations<TaxonomyNode> = {},
): void {
  const taxonomies = taxonomiesOf(resources);
  defineNodeConnection(builder, 'Taxonomy');
  builder.object<TaxonomyNode>('Taxonomy', {
    description: 'A way to classify content, such as categories, tags and what the site adds.',
    interfaces: ['Node'],
    fields: {
      ...taxonomyFields,
      connectedContentTypes: connectionField<TaxonomyNode>(builder, {
        name: 'TaxonomyToContentType',
        node: 'ContentType',
        description: 'The types of content it classifies; null where there is none.',
        resolve: ({ taxonomy }, args) => {
          const types = contentTypesOf(resources).filter(({ type }) => taxonomy.contentTypes.includes(type.name));
          return types.length > 0 ? resolveNodes(types, args) : null;
        },
      }),
      ...more,
    },
  });
  const all = allTaxonomiesOf(resources);
  // WPGraphQL makes these of the names for GraphQL, in contrast to those of types.
  const bySingular = new Map(all.map(({ taxonomy }) => [taxonomy.name, taxonomy.singular.toUpperCase()]));
  builder.enum(
    'TaxonomyEnum',
    toEnumValues(bySingular.keys(), (name) => bySingular.get(name) ?? ''),
  );
  for (const { taxonomy } of all) {
    const { singular, contentTypes } = taxonomy;
    const name = `ContentTypesOf${singular.charAt(0).toUpperCase()}${singular.slice(1)}Enum`;
    if (contentTypes.length > 0) builder.enum(name, toKindEnum(contentTypes));
  }
  builder.enum('TaxonomyIdTypeEnum', { ID: 'id', NAME: 'name' });
  builder.query({
    taxonomy: {
      type: 'Taxonomy',
      args: { id: 'ID!', idType: 'TaxonomyIdTypeEnum' },
      resolve: (_, args) => findByNameOrId(taxonomies, 'taxonomy', args),
    },
    taxonomies: connectionField<unknown>(builder, {
      name: 'RootQueryToTaxonomy',
      node: 'Taxonomy',
      resolve: (_, args) => resolveNodes(taxonomies, args),
    }),
  });
}

const taxonomyFields: FieldDeclarations<TaxonomyNode> = {
  id: { type: 'ID!', resolve: ({ taxonomy }) => toGlobalId('taxonomy', ownName(taxonomy.name)) },
  description: { type: 'String', resolve: ({ taxonomy }) => taxonomy.description ?? '' },
  graphqlPluralName: { type: 'String', resolve: ({ taxonomy }) => registeredName(taxonomy.name, taxonomy.plural) },
  graphqlSingleName: { type: 'String', resolve: ({ taxonomy }) => registeredName(taxonomy.name, taxonomy.singular) },
  hierarchical: { type: 'Boolean', resolve: ({ taxonomy }) => taxonomy.hierarchical },
  isRestricted: { type: 'Boolean', description: 'True: the public sees a part of it.', resolve: () => true },
  label: closed('String'),
  name: { type: 'String', resolve: ({ taxonomy }) => ownName(taxonomy.name) },
  public: closed('Boolean'),
  restBase: {
    type: 'String',
    description: 'Base of its route in REST; null where it is just its name.',
    resolve: ({ taxonomy }) => (taxonomy.restBase === ownName(taxonomy.name) ? null : taxonomy.restBase),
  },
  restControllerClass: closed('String'),
  showCloud: closed('Boolean'),
  showInAdminColumn: closed('Boolean'),
  showInGraphql: { type: 'Boolean', resolve: () => true },
  showInMenu: closed('Boolean'),
  showInNavMenus: closed('Boolean'),
  showInQuickEdit: closed('Boolean'),
  showInRest: closed('Boolean'),
  showUi: closed('Boolean'),
};

/** Names of the core are written as fields; REST does not tell others, and most sites write them as types. */
function registeredName(name: string, field: string): string {
  const isCore = coreResources.has(name) || name === 'post_format';
  return isCore ? field : field.charAt(0).toUpperCase() + field.slice(1);
}
