// Owns the `where` arguments of lists of terms: what REST filters and sorts by, and what is done here.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { Keep, ListSpec } from '../../loaders/list-spec.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import type { Order, SortKey } from '../../loaders/order.ts';
import type { Query } from '../../loaders/reader.ts';
import { onceForLists, onceForObjects, onceForTexts } from '../../long-lists.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration, Builder } from '../builder.ts';
import { readIds, readString, readText } from '../read.ts';
import { offsetArg } from '../relay/connection.ts';
import { requireDatabaseIds } from '../relay/ids.ts';
import { addExcluded, addIds, type Filters, settleFilters } from './filters.ts';
import { oncePerArgument } from './once-per-argument.ts';
import { isOneOf } from './same-text.ts';
import { descendants, readTree } from './term-tree.ts';
import { type Where, whereOf } from './where.ts';

/** The `where` arguments of lists of terms. */
export const termWhere: Readonly<Record<string, ArgDeclaration>> = {
  cacheDomain: { type: 'String', description: 'Without effect: WordPress’s object cache is its own.' },
  childOf: 'Int',
  childless: 'Boolean',
  descriptionLike: 'String',
  exclude: '[ID]',
  excludeTree: '[ID]',
  hideEmpty: 'Boolean',
  hierarchical: { type: 'Boolean', description: 'Without effect: REST lists a parent whether or not it is empty.' },
  include: '[ID]',
  name: '[String]',
  nameLike: 'String',
  objectIds: '[ID]',
  offsetPagination: offsetArg,
  order: 'OrderEnum',
  orderby: {
    type: 'TermObjectsConnectionOrderbyEnum',
    description: 'Without effect for TERM_GROUP and TERM_ORDER, which REST does not show: by id, the highest first.',
  },
  padCounts: { type: 'Boolean', description: 'Without effect: counts are of what the terms themselves have.' },
  parent: 'Int',
  search: 'String',
  slug: '[String]',
  termTaxonomId: { type: '[ID]', deprecated: 'Use termTaxonomyId.' },
  termTaxonomyId: '[ID]',
  updateTermMetaCache: { type: 'Boolean', description: 'Without effect: WordPress’s object cache is its own.' },
};

/** Declares the order of lists of terms. */
export function defineTermOrder(builder: Builder): void {
  builder.enum('TermObjectsConnectionOrderbyEnum', {
    COUNT: 'count',
    DESCRIPTION: 'description',
    NAME: 'name',
    SLUG: 'slug',
    TERM_GROUP: 'term_group',
    TERM_ID: 'term_id',
    TERM_ORDER: 'term_order',
  });
}

const byName: SortKey = { orderby: 'name', path: 'name', kind: 'collated' };
const sortKeys: Readonly<Record<string, SortKey>> = {
  count: { orderby: 'count', path: 'count', kind: 'number' },
  description: { orderby: 'description', path: 'description', kind: 'collated' },
  name: byName,
  slug: { orderby: 'slug', path: 'slug', kind: 'collated' },
  term_id: { orderby: 'id', path: 'id', kind: 'number' },
};

/** The list of terms that `where` asks for; null if nothing can match. */
export async function toTermList(
  resource: TermResource,
  given: unknown,
  context: GatewayContext,
  base: Query = {},
): Promise<ListSpec | null> {
  const where = whereOf(given);
  const filters: Filters = { query: { ...base }, keep: [], isEmpty: false };
  for (const argument of ['include', 'termTaxonomyId', 'termTaxonomId']) {
    addIds(filters, 'include', requireDatabaseIds(where.list(argument) ?? [], argument));
  }
  const exclude = requireDatabaseIds(where.list('exclude') ?? [], 'exclude');
  const slugs = where.texts('slug');
  if (slugs.length > 0) filters.query['slug'] = slugs;
  const parent = where.number('parent');
  if (parent !== null && resource.hierarchical) addIds(filters, 'parent', [parent]);
  // REST has no parents to filter by where there are none.
  else if (parent) filters.isEmpty = true;
  if (where.value('hideEmpty') === true) filters.query['hide_empty'] = true;
  await addObjects(filters, resource, where, context);
  await addTree(filters, resource, where, context);
  addExcluded(filters, 'exclude', exclude);
  addTexts(filters, where);
  settleFilters(filters);
  if (filters.isEmpty) return null;
  return {
    resource,
    filters: filters.query,
    order: toTermOrder(where),
    keep: filters.keep,
    scanLimit: context.scanLimit,
  };
}

/**
 * The order that `where` asks for. REST does not tell groups and orders of terms, which hardly any site has: their ties are
 * broken by id, as ever.
 */
export function toTermOrder(where: Where): Order {
  const key = sortKeys[where.text('orderby') ?? 'name'];
  const direction = where.value('order') === 'desc' ? 'desc' : 'asc';
  if (key) return { by: [{ key, direction }] };
  return { by: [{ key: { orderby: 'id', path: 'id', kind: 'number' }, direction: 'desc' }] };
}

function addTexts(filters: Filters, where: Where): void {
  const { narrow, keep } = textsOf(where);
  if (narrow) filters.query['search'] = narrow;
  filters.keep.push(...keep);
}

/** The text that REST narrows by, and what is checked here. */
const textsOf = onceForObjects((where: Where) => {
  const nameLike = where.text('nameLike');
  const names = where.texts('name');
  const descriptionLike = where.text('descriptionLike');
  const keep: Keep[] = [];
  if (names.length > 0) keep.push(textKeep('name', 'name', isOneOf(names)));
  if (nameLike) keep.push(textKeep('nameLike', 'name', includes(nameLike)));
  if (descriptionLike) keep.push(textKeep('descriptionLike', 'description', includes(descriptionLike)));
  return {
    narrow: where.text('search') ?? longestWord(nameLike ?? (names.length === 1 ? names[0] : undefined) ?? ''),
    keep,
  };
});

/** A part of a name that WordPress finds although it stores names escaped; the whole name is compared here. */
const longestWord = onceForTexts((name) => {
  const words = name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words].sort((a, b) => b.length - a.length)[0];
});

const toLower = onceForTexts((text) => text.toLowerCase());

function includes(part: string): (text: string) => boolean {
  const lower = toLower(part);
  return (text) => text.toLowerCase().includes(lower);
}

function textKeep(argument: string, path: string, test: (text: string) => boolean): Keep {
  return { argument, fields: [path], test: ({ data }) => test(readText(data, path) ?? '') };
}

/** Terms of content: REST takes one id, several are read from the content itself. */
const idsOfObjects = oncePerArgument(
  async (resource: TermResource, objectIds: readonly number[], { loaders, resources }) => {
    const { contentTypes, restBase } = resource;
    const contents = contentTypes.flatMap((name) => resources.get(name) ?? []);
    const found = await Promise.all(
      contents.map((content) => loadInParts(loaders.pace, objectIds, (id) => loaders.load(content, id, [restBase]))),
    );
    return [...new Set(found.flat().flatMap((entity) => (entity ? readIds(entity.data, restBase) : [])))];
  },
);

async function addObjects(
  filters: Filters,
  resource: TermResource,
  where: Where,
  context: GatewayContext,
): Promise<void> {
  const objectIds = requireDatabaseIds(where.list('objectIds') ?? [], 'objectIds');
  if (objectIds.length === 0) return;
  const ids = await idsOfObjects(resource, objectIds, context);
  if (ids.length === 0) filters.isEmpty = true;
  addIds(filters, 'include', ids);
}

/** Terms to leave out with all that is below them. */
const treesOf = oncePerArgument(async (resource: TermResource, ids: readonly number[], context) => {
  const terms = await readTree(resource, 'excludeTree', context);
  return [...ids, ...descendants(terms, ids)];
});

/** What `where` says of ancestry, which takes the tree: each list of ids is null where it says nothing. */
const relativesOf = oncePerArgument(async (resource: TermResource, where: Where, context) => {
  const childOf = where.number('childOf');
  const isChildless = where.value('childless') === true;
  const excludeTree = requireDatabaseIds(where.list('excludeTree') ?? [], 'excludeTree');
  if (!childOf && !isChildless && excludeTree.length === 0) return null;
  const argument = childOf ? 'childOf' : isChildless ? 'childless' : 'excludeTree';
  const terms = await readTree(resource, argument, context);
  return {
    below: childOf ? descendants(terms, [childOf]) : null,
    childless: isChildless ? childlessOf(terms) : null,
    excluded: excludeTree.length > 0 ? await treesOf(resource, excludeTree, context) : [],
  };
});

const childlessOf = onceForLists((terms: readonly Entity[]) => {
  const parents = new Set(terms.map(({ data }) => Number(readString(data, 'parent') ?? 0)));
  return terms.map(({ id }) => id).filter((id) => !parents.has(id));
});

async function addTree(filters: Filters, resource: TermResource, where: Where, context: GatewayContext): Promise<void> {
  const relatives = await relativesOf(resource, where, context);
  if (!relatives) return;
  const { below, childless, excluded } = relatives;
  if (below?.length === 0) filters.isEmpty = true;
  addIds(filters, 'include', below ?? []);
  addIds(filters, 'include', childless ?? []);
  addExcluded(filters, 'exclude', excluded);
}
