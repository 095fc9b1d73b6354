// Owns the `where` arguments by category and tag: slugs become ids, and children count where WordPress counts them.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Keep } from '../../loaders/list-spec.ts';
import type { Query } from '../../loaders/reader.ts';
import { onceForObjects } from '../../long-lists.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import { readIds } from '../read.ts';
import { requireDatabaseIds } from '../relay/ids.ts';
import { addExcluded, addIds, type Filters, splitIds } from './filters.ts';
import { idSetOf } from './id-lists.ts';
import { descendants, readTree } from './term-tree.ts';
import { textSetOf, type Where } from './where.ts';

/** One condition on a taxonomy. REST takes one for each taxonomy, beside terms to leave out; the others are checked here. */
interface Condition {
  readonly argument: string;
  readonly ids: readonly number[];
  readonly includeChildren?: boolean;
  readonly operator?: 'AND';
}

/** Adds the conditions of `where` on the taxonomies of a type of content. */
export async function addTaxonomyFilters(
  filters: Filters,
  taxonomies: readonly TermResource[],
  where: Where,
  context: GatewayContext,
): Promise<void> {
  for (const taxonomy of taxonomies) {
    if (taxonomy.name === 'category') await addCategories(filters, taxonomy, where, context);
    if (taxonomy.name === 'post_tag') await addTags(filters, taxonomy, where, context);
  }
}

async function addCategories(
  filters: Filters,
  taxonomy: TermResource,
  where: Where,
  context: GatewayContext,
): Promise<void> {
  const conditions: Condition[] = [];
  const id = where.number('categoryId');
  if (id && id > 0) conditions.push({ argument: 'categoryId', ids: [id], includeChildren: true });
  if (id && id < 0) await addExcludedTree(filters, taxonomy, -id, where, context);
  const name = where.text('categoryName');
  if (name) {
    const idsOfGroup = (slugs: readonly string[]) => idsOfSlugs(taxonomy, slugs, context);
    for (const ids of await Promise.all(categoriesNamed(where).map(idsOfGroup))) {
      conditions.push({ argument: 'categoryName', ids, includeChildren: true });
    }
  }
  const categoryIn = requireDatabaseIds(where.list('categoryIn') ?? [], 'categoryIn');
  if (categoryIn.length > 0) conditions.push({ argument: 'categoryIn', ids: categoryIn });
  addExcludedTerms(filters, taxonomy, requireDatabaseIds(where.list('categoryNotIn') ?? [], 'categoryNotIn'));
  await addConditions(filters, taxonomy, conditions, context);
}

/** As in WordPress: commas mean any of them; plus signs all of them, each with its children as a condition of its own. */
const categoriesNamed = onceForObjects((where: Where): readonly (readonly string[])[] => {
  const name = where.text('categoryName') ?? '';
  const groups = name.includes(',') ? [name] : name.split(/\++/);
  return groups.map((group) => {
    // Of the path of a nested one the last slug counts.
    const slugs = group.split(',').map((part) => part.split('/').filter(Boolean).at(-1)?.trim() ?? '');
    return [...new Set(slugs.filter(Boolean))];
  });
});

/** As in WordPress: commas mean any of them, plus signs and spaces all of them. */
const tagsNamed = onceForObjects((where: Where): { readonly slugs: readonly string[]; readonly operator?: 'AND' } => {
  const tag = where.text('tag') ?? '';
  if (tag.includes(',')) return { slugs: [...new Set(tag.split(',').map((slug) => slug.trim()))] };
  const slugs = [...new Set(tag.split(/[+\s]+/).filter(Boolean))];
  return /[+\s]/.test(tag.trim()) ? { slugs, operator: 'AND' } : { slugs };
});

const tagIdsOf = onceForObjects((where: Where) => {
  const ids = (where.text('tagId') ?? '').split(',').map(Number);
  if (!ids.every(Number.isSafeInteger)) throw new UserError('where.tagId must be the database id of a tag.');
  return splitIds(ids);
});

async function addTags(filters: Filters, taxonomy: TermResource, where: Where, context: GatewayContext): Promise<void> {
  const conditions: Condition[] = [];
  const slugs = async (argument: string, wanted: readonly string[], operator?: 'AND') => {
    if (wanted.length === 0) return;
    const ids = await idsOfSlugs(taxonomy, wanted, context);
    // Of slugs that must all be there, one that is not there is enough.
    const isPossible = operator !== 'AND' || ids.length >= wanted.length;
    conditions.push({ argument, ids: isPossible ? ids : [], ...(operator ? { operator } : {}) });
  };
  const tag = tagsNamed(where);
  await slugs('tag', tag.slugs, tag.operator);
  const { include, exclude } = tagIdsOf(where);
  if (include.length > 0) conditions.push({ argument: 'tagId', ids: include });
  addExcludedTerms(filters, taxonomy, exclude);
  const tagIn = requireDatabaseIds(where.list('tagIn') ?? [], 'tagIn');
  if (tagIn.length > 0) conditions.push({ argument: 'tagIn', ids: tagIn });
  addExcludedTerms(filters, taxonomy, requireDatabaseIds(where.list('tagNotIn') ?? [], 'tagNotIn'));
  await slugs('tagSlugIn', [...textSetOf(where.texts('tagSlugIn'))]);
  await slugs('tagSlugAnd', [...textSetOf(where.texts('tagSlugAnd'))], 'AND');
  await addConditions(filters, taxonomy, conditions, context);
}

async function idsOfSlugs(taxonomy: TermResource, slugs: readonly string[], { loaders }: GatewayContext) {
  const found = await Promise.all(slugs.map((slug) => loaders.loadBySlug(taxonomy, slug, [])));
  return [...new Set(found.flat().map(({ id }) => id))];
}

function addExcludedTerms(filters: Filters, { restBase }: TermResource, ids: readonly number[]): void {
  addExcluded(filters, `${restBase}_exclude`, ids);
}

/** Leaves out a term and its children, for which REST has another form of the filter. */
async function addExcludedTree(
  filters: Filters,
  taxonomy: TermResource,
  id: number,
  where: Where,
  context: GatewayContext,
): Promise<void> {
  const name = `${taxonomy.restBase}_exclude`;
  if (where.list('categoryNotIn')?.length) {
    const terms = await readTree(taxonomy, 'categoryId', context);
    addExcluded(filters, name, [id, ...descendants(terms, [id])]);
    return;
  }
  Object.assign(filters.query, { [`${name}[terms]`]: [id], [`${name}[include_children]`]: true });
}

/** REST checks one condition on a taxonomy; what the content itself says decides on the others. */
async function addConditions(
  filters: Filters,
  taxonomy: TermResource,
  conditions: readonly Condition[],
  context: GatewayContext,
): Promise<void> {
  const { restBase } = taxonomy;
  if (conditions.some(({ ids }) => ids.length === 0)) filters.isEmpty = true;
  if (filters.isEmpty) return;
  const isTaken = filters.query[restBase] !== undefined;
  const [first, ...others] = conditions;
  if (first && !isTaken) askFor(filters, restBase, first);
  for (const condition of isTaken ? conditions : others) {
    filters.keep.push({
      argument: condition.argument,
      fields: [restBase],
      test: await testOf(taxonomy, condition, context),
    });
  }
}

function askFor(filters: Filters, restBase: string, { ids, includeChildren, operator }: Condition): void {
  if (!includeChildren && !operator) {
    addIds(filters, restBase, ids);
    return;
  }
  const query: Record<string, Query[string]> = { [`${restBase}[terms]`]: ids };
  if (includeChildren) query[`${restBase}[include_children]`] = true;
  if (operator) query[`${restBase}[operator]`] = operator;
  Object.assign(filters.query, query);
}

async function testOf(
  taxonomy: TermResource,
  { argument, ids, includeChildren, operator }: Condition,
  context: GatewayContext,
): Promise<Keep['test']> {
  if (operator === 'AND') {
    return ({ data }) => {
      const own = new Set(readIds(data, taxonomy.restBase));
      return ids.every((id) => own.has(id));
    };
  }
  const below = includeChildren ? descendants(await readTree(taxonomy, argument, context), ids) : [];
  const wanted = idSetOf(below.length > 0 ? [...ids, ...below] : ids);
  return ({ data }) => readIds(data, taxonomy.restBase).some((id) => wanted.has(id));
}
