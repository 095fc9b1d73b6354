// Owns the terms of content: ids that content carries, loaded together for a whole page of it.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { compareBy } from '../../loaders/order.ts';
import { loadWindow } from '../../loaders/window.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import { type ContentResource, maxPerPage, type Resources, type TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { filterFormats, formatsOfPost, postFormats } from '../lists/post-formats.ts';
import { compareNames, termWhere, toTermList, toTermOrder } from '../lists/terms.ts';
import { whereOf } from '../lists/where.ts';
import { isObject, readIds } from '../read.ts';
import { connectionField, nodePaths, resolveConnection, resolveNodes } from '../relay/connection.ts';

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
      resolve: (entity, args, context, info) => resolveTerms(entity, taxonomy, args, context, info),
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

async function resolveTerms(
  entity: Entity,
  taxonomy: TermResource,
  args: Args,
  context: GatewayContext,
  info: GraphQLResolveInfo,
) {
  const where = args['where'];
  const ids = taxonomy.name !== postFormats.name && isNarrow(where) ? readIds(entity.data, fieldOf(taxonomy)) : [];
  if (ids.length === 0) return resolveNodes(await loadTerms(entity, taxonomy, args, context, info), args);
  const list = await toTermList(taxonomy, where, context, { include: ids });
  return resolveConnection(list, args, context, info);
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
  const fields = [...planFields(info, taxonomy.typeName, nodePaths), 'name'];
  if (!isNarrow(where)) {
    const terms = await Promise.all(ids.map((id) => loaders.load(taxonomy, id, fields)));
    return terms.filter((term) => term !== null).sort(compareNames);
  }
  const list = await toTermList(taxonomy, where, context, { include: ids });
  if (!list) return [];
  const keys = 'by' in list.order ? list.order.by.map(({ key }) => key.path) : [];
  const all = { size: maxPerPage, direction: 'forward' } as const;
  return [...(await loadWindow(loaders, list, all, [...fields, ...keys])).entities];
}

/** Whether `where` says more than which part of which taxonomies is asked for. */
function isNarrow(where: unknown): boolean {
  return isObject(where) && Object.keys(where).some((name) => !['offsetPagination', 'taxonomies'].includes(name));
}
