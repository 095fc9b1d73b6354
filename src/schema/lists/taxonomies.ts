// Owns the `where` arguments by category and tag: slugs become ids, and children count where WordPress counts them.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Keep } from '../../loaders/list-spec.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import type { Query } from '../../loaders/reader.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import { readIds } from '../read.ts';
import { requireDatabaseIds } from '../relay/ids.ts';
import { addExcluded, addIds, type Filters, splitIds } from './filters.ts';
import { idSetOf } from './id-lists.ts';
import { idsOfSlug, idsOfSlugs, oncePerArgument } from './once-per-argument.ts';
import { descendants, readTree } from './term-tree.ts';
import { textSetOf, type Where } from './where.ts';

/** One condition on a taxonomy. REST takes one for each taxonomy, beside terms to leave out; the others are checked here. */
interface Condition {
  readonly argument: string;
  readonly ids: readonly number[];
  readonly includeChildren?: boolean;
  readonly operator?: 'AND';
}

/** So many characters of a text are a part of an operation. */
const charactersPerPart = 100;

/** What `where` says of a taxonomy. */
interface Wanted {
  readonly conditions: readonly Condition[];
  /** Whether something has each condition. */
  readonly isPossible: boolean;
  readonly excluded: readonly (readonly number[])[];
  /** A term to leave out with its children, for which REST has another form of the filter. */
  readonly excludedTree?: number;
}

/** Adds the conditions of `where` on the taxonomies of a type of content. */
export async function addTaxonomyFilters(
  filters: Filters,
  taxonomies: readonly TermResource[],
  where: Where,
  context: GatewayContext,
): Promise<void> {
  for (const taxonomy of taxonomies) {
    if (taxonomy.name === 'category' || taxonomy.name === 'post_tag')
      await addWanted(filters, taxonomy, where, context);
  }
}

const wantedOf = oncePerArgument((taxonomy: TermResource, where: Where, context) =>
  (taxonomy.name === 'category' ? findCategories : findTags)(taxonomy, where, context),
);

async function findCategories(taxonomy: TermResource, where: Where, context: GatewayContext): Promise<Wanted> {
  const conditions: Condition[] = [];
  const id = where.number('categoryId') ?? 0;
  if (id > 0) conditions.push({ argument: 'categoryId', ids: [id], includeChildren: true });
  const name = where.text('categoryName');
  if (name) conditions.push(...(await categoriesNamed(taxonomy, name, context)));
  const categoryIn = requireDatabaseIds(where.list('categoryIn') ?? [], 'categoryIn');
  if (categoryIn.length > 0) conditions.push({ argument: 'categoryIn', ids: categoryIn });
  const excluded = requireDatabaseIds(where.list('categoryNotIn') ?? [], 'categoryNotIn');
  if (id >= 0) return toWanted(conditions, [excluded]);
  if (excluded.length === 0) return { ...toWanted(conditions, []), excludedTree: -id };
  const below = descendants(await readTree(taxonomy, 'categoryId', context), [-id]);
  return toWanted(conditions, [[-id, ...below], excluded]);
}

/** As in WordPress: commas mean any of them; plus signs all of them, each with its children as a condition of its own. */
const categoriesNamed = oncePerArgument(
  async (taxonomy: TermResource, name: string, context): Promise<readonly Condition[]> => {
    const isAny = name.includes(',');
    // Of the path of a nested one the last slug counts.
    const paths = await splitInTurn(name, isAny ? ',' : /\++/, context);
    const slugs = paths.map((path) => path.split('/').filter(Boolean).at(-1)?.trim() ?? '');
    const found = isAny
      ? [await idsOfSlugs(taxonomy, slugs.filter(Boolean), context)]
      : await loadInParts(context.loaders.pace, [...new Set(slugs)], (slug) => idsOfSlug(taxonomy, slug, context));
    return found.map((ids) => ({ argument: 'categoryName', ids, includeChildren: true }));
  },
);

/** The parts of a text, which may be thousands. */
async function splitInTurn(text: string, separator: string | RegExp, { loaders }: GatewayContext): Promise<string[]> {
  const paused = loaders.pace.pause(Math.ceil(text.length / charactersPerPart));
  if (paused) await paused;
  return text.split(separator);
}

async function findTags(taxonomy: TermResource, where: Where, context: GatewayContext): Promise<Wanted> {
  const conditions: Condition[] = [];
  const tag = where.text('tag');
  if (tag) conditions.push(...(await tagsNamed(taxonomy, tag, context)));
  const { include, exclude } = tagIdsOf(where.text('tagId') ?? '');
  if (include.length > 0) conditions.push({ argument: 'tagId', ids: include });
  const tagIn = requireDatabaseIds(where.list('tagIn') ?? [], 'tagIn');
  if (tagIn.length > 0) conditions.push({ argument: 'tagIn', ids: tagIn });
  const tagNotIn = requireDatabaseIds(where.list('tagNotIn') ?? [], 'tagNotIn');
  const anyOf = where.texts('tagSlugIn');
  if (anyOf.length > 0) conditions.push({ argument: 'tagSlugIn', ids: await idsOfSlugs(taxonomy, anyOf, context) });
  const allOf = where.texts('tagSlugAnd');
  if (allOf.length > 0) conditions.push(await allTags(taxonomy, 'tagSlugAnd', allOf, context));
  return toWanted(conditions, [exclude, tagNotIn]);
}

/** As in WordPress: commas mean any of them, plus signs and spaces all of them. */
const tagsNamed = oncePerArgument(
  async (taxonomy: TermResource, tag: string, context): Promise<readonly Condition[]> => {
    const isAny = tag.includes(',');
    const parts = await splitInTurn(tag, isAny ? ',' : /[+\s]+/, context);
    const slugs = isAny ? parts.map((slug) => slug.trim()) : parts.filter(Boolean);
    if (slugs.length === 0) return [];
    if (!isAny && /[+\s]/.test(tag.trim())) return [await allTags(taxonomy, 'tag', slugs, context)];
    return [{ argument: 'tag', ids: await idsOfSlugs(taxonomy, slugs, context) }];
  },
);

async function allTags(
  taxonomy: TermResource,
  argument: string,
  slugs: readonly string[],
  context: GatewayContext,
): Promise<Condition> {
  const ids = await idsOfSlugs(taxonomy, slugs, context);
  // Of slugs that must all be there, one that is not there is enough.
  return { argument, ids: ids.length < textSetOf(slugs).size ? [] : ids, operator: 'AND' };
}

function tagIdsOf(text: string) {
  const ids = text.split(',').map(Number);
  if (!ids.every(Number.isSafeInteger)) throw new UserError('where.tagId must be the database id of a tag.');
  return splitIds(ids);
}

function toWanted(conditions: readonly Condition[], excluded: Wanted['excluded']): Wanted {
  return { conditions, isPossible: conditions.every(({ ids }) => ids.length > 0), excluded };
}

/** REST checks one condition on a taxonomy; what the content itself says decides on the others. */
async function addWanted(
  filters: Filters,
  taxonomy: TermResource,
  where: Where,
  context: GatewayContext,
): Promise<void> {
  const { restBase } = taxonomy;
  const { conditions, isPossible, excluded, excludedTree } = await wantedOf(taxonomy, where, context);
  for (const ids of excluded) addExcluded(filters, `${restBase}_exclude`, ids);
  if (excludedTree !== undefined) {
    const name = `${restBase}_exclude`;
    Object.assign(filters.query, { [`${name}[terms]`]: [excludedTree], [`${name}[include_children]`]: true });
  }
  if (!isPossible) filters.isEmpty = true;
  if (filters.isEmpty) return;
  const isTaken = filters.query[restBase] !== undefined;
  const [first] = conditions;
  if (first && !isTaken) askFor(filters, restBase, first);
  filters.keep.push(...(await (isTaken ? keepsOfAll : keepsOfOthers)(taxonomy, where, context)));
}

/** The conditions that are checked here where REST's filter is that of the connection itself, and where it is the first one. */
const keepsOfAll = oncePerArgument(async (taxonomy: TermResource, where: Where, context) =>
  toKeeps(taxonomy, (await wantedOf(taxonomy, where, context)).conditions, context),
);
const keepsOfOthers = oncePerArgument(async (taxonomy: TermResource, where: Where, context) =>
  toKeeps(taxonomy, (await wantedOf(taxonomy, where, context)).conditions.slice(1), context),
);

/** One for each argument, of which one may be thousands of conditions. */
async function toKeeps(
  taxonomy: TermResource,
  conditions: readonly Condition[],
  context: GatewayContext,
): Promise<readonly Keep[]> {
  const tests = new Map<string, Keep['test'][]>();
  for (const condition of conditions) {
    const ofArgument = tests.get(condition.argument) ?? [];
    tests.set(condition.argument, ofArgument);
    ofArgument.push(await testOf(taxonomy, condition, context));
  }
  return [...tests].map(([argument, all]) => ({
    argument,
    fields: [taxonomy.restBase],
    test: (entity) => all.every((test) => test(entity)),
  }));
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
