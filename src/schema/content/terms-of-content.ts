// Owns the terms of content: ids that content carries, loaded together for a whole page of it.

import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { allThere, type MaybePromise, whenThere } from '../../at-once.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { Keep } from '../../loaders/list-spec.ts';
import { type Comparator, compareBy, type Order, pathsOf } from '../../loaders/order.ts';
import { onceForObjects } from '../../long-lists.ts';
import type { FieldPath } from '../../planner/fields.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import type { ContentResource, Resources, TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { oncePerArgument } from '../lists/once-per-argument.ts';
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
      resolve: (entity, args, context, info) =>
        whenThere(loadTerms(entity, taxonomy, args, context, info), (terms) => resolveNodes(terms, args)),
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

/** What `where` asks of terms. */
interface TermMatch {
  readonly conditions: readonly Keep[];
  readonly compare: Comparator;
  /** The fields that both of them read. */
  readonly reads: readonly FieldPath[];
}

/** What a field asks of the terms of whatever content it is of. */
interface TermsWanted extends TermMatch {
  readonly fields: readonly FieldPath[];
}

/** What the fields of one execution ask for, by their nodes, which all siblings share. */
const wantedOf = onceForObjects((_: GatewayContext) =>
  onceForObjects((_: readonly FieldNode[]) => new Map<TermResource, MaybePromise<TermsWanted | null>>()),
);

/** Made once for all content of a page. */
function termsWanted(
  taxonomy: TermResource,
  where: unknown,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): MaybePromise<TermsWanted | null> {
  const ofField = wantedOf(context)(info.fieldNodes);
  const wanted = ofField.get(taxonomy) ?? toTermsWanted(taxonomy, where, context, info);
  ofField.set(taxonomy, wanted);
  return wanted;
}

function toTermsWanted(
  taxonomy: TermResource,
  where: unknown,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): MaybePromise<TermsWanted | null> {
  const match = where ? matchOf(taxonomy, where, context) : toMatch([], toTermOrder(whereOf(undefined)));
  return whenThere(
    match,
    (found) => found && { ...found, fields: [...planFields(info, taxonomy.typeName, nodePaths), ...found.reads] },
  );
}

/** Many fields may have the same `where`; null where nothing can match. */
const matchOf = oncePerArgument(async (taxonomy: TermResource, where: unknown, context): Promise<TermMatch | null> => {
  const list = await toTermList(taxonomy, where, context);
  if (!list) return null;
  // Each alias may have a long text of its own.
  await context.trace.pace.pause(0);
  return toMatch(termConditions(list), list.order);
});

function toMatch(conditions: readonly Keep[], order: Order): TermMatch {
  const sorts = 'by' in order ? order.by : [];
  const reads = [...conditions.flatMap(({ fields }) => fields), ...pathsOf(sorts)];
  return { conditions, compare: compareBy(sorts), reads };
}

/** All terms that content has of a taxonomy and `where` asks for. */
function loadTerms(
  entity: Entity,
  taxonomy: TermResource,
  { where }: Args,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): MaybePromise<Entity[]> {
  if (taxonomy.name === postFormats.name) return filterFormats(formatsOfPost(context.site, entity), where, context);
  const ids = readIds(entity.data, fieldOf(taxonomy));
  if (ids.length === 0) return [];
  const wanted = termsWanted(taxonomy, where, context, info);
  return whenThere(wanted, (found) => (found ? loadWanted(taxonomy, ids, found, context) : []));
}

function loadWanted(
  taxonomy: TermResource,
  ids: readonly number[],
  { conditions, compare, fields }: TermsWanted,
  { loaders, trace }: GatewayContext,
): MaybePromise<Entity[]> {
  const choose = (terms: readonly (Entity | null)[]) =>
    terms.filter((term): term is Entity => term !== null && conditions.every(({ test }) => test(term))).sort(compare);
  const terms = allThere(ids.map((id) => loaders.load(taxonomy, id, fields)));
  if (!(terms instanceof Promise)) return choose(terms);
  return terms.then(async (found) => {
    // They come for all content at once.
    await trace.pace.pause(0);
    return choose(found);
  });
}
