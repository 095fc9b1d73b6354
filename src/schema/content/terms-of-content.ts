// Owns the terms of content: ids that content carries, loaded together for a whole page of it.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import type { ContentResource, TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { compareNames, termWhere, toTermList } from '../lists/terms.ts';
import { isObject, readIds } from '../read.ts';
import { connectionField, nodePaths, resolveConnection, resolveNodes } from '../relay/connection.ts';

/** The field of a type of content that leads to its terms of one taxonomy. */
export function termsField(
  builder: Builder,
  type: ContentResource,
  taxonomy: TermResource,
): readonly [string, FieldDeclaration] {
  const field = connectionField(builder, {
    name: `${type.typeName}To${taxonomy.typeName}`,
    node: taxonomy.typeName,
    where: termWhere,
    edgeFields: {
      isPrimary: { type: 'Boolean', description: 'Always null: REST does not tell the primary term.' },
    },
    needs: [taxonomy.restBase],
    resolve: (entity, args, context, info) => resolveTerms(entity, taxonomy, args, context, info),
  });
  return [taxonomy.plural, field];
}

async function resolveTerms(
  { data }: Entity,
  taxonomy: TermResource,
  args: Args,
  context: GatewayContext,
  info: GraphQLResolveInfo,
) {
  const ids = readIds(data, taxonomy.restBase);
  if (ids.length === 0) return resolveConnection(null, args, context, info);
  const where = args['where'];
  if (isObject(where) && Object.keys(where).some((name) => name !== 'offsetPagination')) {
    const list = await toTermList(taxonomy, where, context, { include: ids });
    return resolveConnection(list, args, context, info);
  }
  const fields = [...planFields(info, taxonomy.typeName, nodePaths), 'name'];
  const terms = await Promise.all(ids.map((id) => context.loaders.load(taxonomy, id, fields)));
  return resolveNodes(terms.filter((term) => term !== null).sort(compareNames), args);
}
