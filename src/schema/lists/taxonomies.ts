// Owns the `where` arguments by category and tag: slugs become ids, and children count where WordPress counts them.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Query } from '../../loaders/reader.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import { requireDatabaseIds } from '../relay/ids.ts';
import { addExcluded, addIds, type Filters, splitIds } from './filters.ts';
import type { Where } from './where.ts';

/** One condition on a taxonomy. REST takes one for each taxonomy, beside terms to leave out. */
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
  if (id && id < 0) addExcludedTree(filters, taxonomy, -id, where);
  const name = where.text('categoryName');
  if (name) {
    // As in WordPress: commas mean any of them, plus signs all of them. Of the path of a nested one the last slug counts.
    const isAll = !name.includes(',') && name.includes('+');
    const slugs = name.split(isAll ? '+' : ',').map((part) => part.split('/').filter(Boolean).at(-1)?.trim() ?? '');
    const wanted = [...new Set(slugs.filter(Boolean))];
    const ids = await idsOfSlugs(taxonomy, wanted, context);
    conditions.push({
      argument: 'categoryName',
      ids: isAll && ids.length < wanted.length ? [] : ids,
      includeChildren: true,
      ...(isAll ? { operator: 'AND' } : {}),
    });
  }
  const categoryIn = where.list('categoryIn');
  if (categoryIn?.length)
    conditions.push({ argument: 'categoryIn', ids: requireDatabaseIds(categoryIn, 'categoryIn') });
  addExcludedTerms(filters, taxonomy, requireDatabaseIds(where.list('categoryNotIn') ?? [], 'categoryNotIn'));
  addConditions(filters, taxonomy, conditions);
}

async function addTags(filters: Filters, taxonomy: TermResource, where: Where, context: GatewayContext): Promise<void> {
  const conditions: Condition[] = [];
  const slugs = async (argument: string, values: readonly unknown[] | null, operator?: 'AND') => {
    if (!values?.length) return;
    const wanted = [...new Set(values.map(String))];
    const ids = await idsOfSlugs(taxonomy, wanted, context);
    // Of slugs that must all be there, one that is not there is enough.
    const isPossible = operator !== 'AND' || ids.length >= wanted.length;
    conditions.push({ argument, ids: isPossible ? ids : [], ...(operator ? { operator } : {}) });
  };
  const tag = where.text('tag');
  // As in WordPress: commas mean any of them, plus signs and spaces all of them.
  if (tag?.includes(','))
    await slugs(
      'tag',
      tag.split(',').map((slug) => slug.trim()),
    );
  else if (tag) await slugs('tag', tag.split(/[+\s]+/).filter(Boolean), /[+\s]/.test(tag.trim()) ? 'AND' : undefined);
  const ids = (where.text('tagId') ?? '').split(',').map(Number);
  if (!ids.every(Number.isSafeInteger)) throw new UserError('where.tagId must be the database id of a tag.');
  const { include, exclude } = splitIds(ids);
  if (include.length > 0) conditions.push({ argument: 'tagId', ids: include });
  addExcludedTerms(filters, taxonomy, exclude);
  const tagIn = where.list('tagIn');
  if (tagIn?.length) conditions.push({ argument: 'tagIn', ids: requireDatabaseIds(tagIn, 'tagIn') });
  addExcludedTerms(filters, taxonomy, requireDatabaseIds(where.list('tagNotIn') ?? [], 'tagNotIn'));
  await slugs('tagSlugIn', where.list('tagSlugIn'));
  await slugs('tagSlugAnd', where.list('tagSlugAnd'), 'AND');
  addConditions(filters, taxonomy, conditions);
}

async function idsOfSlugs(taxonomy: TermResource, slugs: readonly string[], { loaders }: GatewayContext) {
  const found = await Promise.all(slugs.map((slug) => loaders.loadBySlug(taxonomy, slug, [])));
  return [...new Set(found.flat().map(({ id }) => id))];
}

function addExcludedTerms(filters: Filters, { restBase }: TermResource, ids: readonly number[]): void {
  addExcluded(filters, `${restBase}_exclude`, ids);
}

/** Leaves out a term and its children, for which REST has another form of the filter. */
function addExcludedTree(filters: Filters, { restBase }: TermResource, id: number, where: Where): void {
  if (where.list('categoryNotIn')?.length) throw conflict(['categoryId', 'categoryNotIn']);
  const name = `${restBase}_exclude`;
  Object.assign(filters.query, { [`${name}[terms]`]: [id], [`${name}[include_children]`]: true });
}

function addConditions(filters: Filters, { restBase }: TermResource, conditions: readonly Condition[]): void {
  const isPlain = ({ includeChildren, operator }: Condition) => !includeChildren && !operator;
  if (conditions.some(({ ids }) => ids.length === 0)) filters.isEmpty = true;
  const plain = conditions.filter(isPlain);
  const special = conditions.filter((condition) => !isPlain(condition));
  for (const { ids } of plain.slice(0, 1)) {
    if (filters.query[restBase] !== undefined)
      throw conflict([restBase, ...conditions.map(({ argument }) => argument)]);
    addIds(filters, restBase, ids);
  }
  const [condition] = special;
  if (plain.length + special.length > 1) throw conflict(conditions.map(({ argument }) => argument));
  if (!condition) return;
  if (filters.query[restBase] !== undefined) throw conflict([restBase, condition.argument]);
  const query: Record<string, Query[string]> = { [`${restBase}[terms]`]: condition.ids };
  if (condition.includeChildren) query[`${restBase}[include_children]`] = true;
  if (condition.operator) query[`${restBase}[operator]`] = condition.operator;
  Object.assign(filters.query, query);
}

function conflict(names: readonly string[]): UserError {
  return new UserError(
    `where.${names.join(', where.')}: WordPress's REST API takes one condition on a taxonomy at a time.`,
    'UNSUPPORTED',
  );
}
