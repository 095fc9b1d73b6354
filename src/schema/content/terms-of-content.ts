// Owns the terms of content: ids that content carries, loaded together for a whole page of it.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { compareBy, pathsOf } from '../../loaders/order.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import type { ContentResource, Resources, TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { filterFormats, formatsOfPost, postFormats } from '../lists/post-formats.ts';
import { termConditions } from '../lists/term-match.ts';
import { termWhere, toTermList, toTermOrder } from '../lists/terms.ts';
import { whereOf } from '../lists/where.ts';
import { readIds } from '../read.ts';
import { connectionField, nodePaths, resolveNodes } from '../relay/connection.ts';

/** The fields of a type of content that lead to its terms: of each taxonomy, and of all. */
export function termsOfContent(builder: Builder, type: ContentResource, resources: Resources): FieldDeclarations {
  const taxonomies = [
    ...type.taxonomies.flatMap((name) => {
      const taxonomy = resources.get(name);
      return taxonomy?.kind === 'term' ? [taxonomy] : [];
    }),
    ...(postFormats.contentTypes.includes(type.name) ? [postFormats] : []),
  ];
  if (taxonomies.length === 0) return {};
  const fields = taxonomies.map((taxonomy) => {
    const field = connectionField(builder, {
      name: `${type.typeName}To${taxonomy.typeName}`,
      node: taxonomy.typeName,
      where: termWhere,
      edgeFields: {
        isPrimary: { type: 'Boolean', description: 'Always null: REST does not tell the primary term.' },
      },
      needs: [fieldOf(taxonomy)],
      resolve: async (entity, args, context, info) =>
        resolveNodes(await loadTerms(entity, taxonomy, args, context, info), args),
    });
    return [taxonomy.plural, field] as const;
  });
  return { ...Object.fromEntries(fields), terms: allTermsField(builder, type, taxonomies) };
}

function allTermsField(builder: Builder, type: ContentResource, taxonomies: readonly TermResource[]) {
  return connectionField(builder, {
    name: `${type.typeName}ToTermNode`,
    node: 'TermNode',
    where: { taxonomies: '[TaxonomyEnum]', ...termWhere },
    description: 'Its terms of all taxonomies, by name.',
    needs: taxonomies.map(fieldOf),
    resolve: async (entity, args, context, info) => {
      const asked = whereOf(args['where']).list('taxonomies');
      const shown = taxonomies.filter(({ name }) => !asked?.length || asked.includes(name));
      const terms = await Promise.all(shown.map((taxonomy) => loadTerms(entity, taxonomy, args, context, info)));
      const order = toTermOrder(whereOf(args['where']));
      return resolveNodes('by' in order ? terms.flat().sort(compareBy(order.by)) : terms.flat(), args);
    },
  });
}

/** The field in which content names its terms. */
function fieldOf({ name, restBase }: TermResource): string {
  return name === postFormats.name ? 'format' : restBase;
}

/** All terms that content has of a taxonomy and `where` asks for. */
async function loadTerms(
  entity: Entity,
  taxonomy: TermResource,
  { where }: Args,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<Entity[]> {
  const { loaders, site } = context;
  if (taxonomy.name === postFormats.name) return filterFormats(formatsOfPost(site, entity), where, context);
  const ids = readIds(entity.data, fieldOf(taxonomy));
  if (ids.length === 0) return [];
  const list = await toTermList(taxonomy, where, context);
  if (!list) return [];
  const conditions = termConditions(list);
  const sorts = 'by' in list.order ? list.order.by : [];
  const needed = [...conditions.flatMap(({ fields }) => fields), ...pathsOf(sorts)];
  const fields = [...planFields(info, taxonomy.typeName, nodePaths), ...needed];
  const terms = await Promise.all(ids.map((id) => loaders.load(taxonomy, id, fields)));
  return terms
    .filter((term) => term !== null)
    .filter((term) => conditions.every(({ test }) => test(term)))
    .sort(compareBy(sorts));
}
