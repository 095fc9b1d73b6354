// Owns the `where` arguments of lists of comments that speak of the content they belong to.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { readAll } from '../../loaders/ranked.ts';
import type { Query } from '../../loaders/reader.ts';
import { onceForLists } from '../../long-lists.ts';
import { type ContentResource, ownName } from '../../wordpress/resources.ts';
import { isObject, readId, readList } from '../read.ts';
import { requireDatabaseId, requireDatabaseIds } from '../relay/ids.ts';
import { addIds, type Filters } from './filters.ts';
import { idSetOf, idsOf, without } from './id-lists.ts';
import { idsOfSlug } from './once-per-argument.ts';
import type { Where } from './where.ts';

/** Most ids that go into one address: some hosts cut addresses at 8 KB. */
const maxIds = 500;

/** Adds the conditions on the content of comments, whose id or type the connection itself may tell. */
export async function addContentFilters(
  filters: Filters,
  where: Where,
  base: { readonly content?: number; readonly contentType?: string },
  context: GatewayContext,
): Promise<void> {
  const contentId = where.text('contentId');
  const content = base.content ?? (contentId === null ? 0 : requireDatabaseId(contentId));
  if (content > 0) addIds(filters, 'post', [content]);
  addIds(filters, 'post', requireDatabaseIds(where.list('contentIdIn') ?? [], 'contentIdIn'));
  const types = typesOf(where, base, context);
  if (types.length === 0) filters.isEmpty = true;
  if (filters.isEmpty) return;
  await addContent(filters, types, where, context);
  await addTypes(filters, types, where, base, context);
  const unwanted = requireDatabaseIds(where.list('contentIdNotIn') ?? [], 'contentIdNotIn');
  excludeContent(filters, 'contentIdNotIn', unwanted);
  const authors = requireDatabaseIds(where.list('contentAuthorNotIn') ?? [], 'contentAuthorNotIn');
  if (authors.length > 0)
    excludeContent(filters, 'contentAuthorNotIn', await idsWhere(types, { author: authors }, context));
}

/** The types of content whose comments may be shown. */
function typesOf(
  where: Where,
  base: { readonly contentType?: string },
  { resources }: GatewayContext,
): ContentResource[] {
  const names = where.list('contentType') ?? [];
  const stati = where.list('contentStatus') ?? [];
  const types = [...resources.values()].filter((resource) => resource.kind === 'content');
  return types.filter(
    ({ name }) =>
      (base.contentType === undefined || name === base.contentType) &&
      (names.length === 0 || names.includes(name)) &&
      // What the public sees is published; media inherit that from what they belong to.
      (stati.length === 0 || stati.includes('publish') || (name === 'attachment' && stati.includes('inherit'))),
  );
}

/** Content by name, parent or author: looked up, so that REST can filter by its ids. */
async function addContent(
  filters: Filters,
  types: readonly ContentResource[],
  where: Where,
  context: GatewayContext,
): Promise<void> {
  const name = where.text('contentName');
  if (name) {
    const found = await Promise.all(types.map((type) => idsOfSlug(type, name, context)));
    addWanted(filters, 'contentName', found.flat());
  }
  const parent = where.number('contentParent');
  if (parent) {
    const hierarchical = types.filter((type) => type.hierarchical);
    addWanted(filters, 'contentParent', await idsWhere(hierarchical, { parent: [parent] }, context));
  }
  for (const argument of ['contentAuthor', 'contentAuthorIn']) {
    const authors = requireDatabaseIds(where.list(argument) ?? [], argument);
    if (authors.length === 0) continue;
    addWanted(filters, argument, await idsWhere(types, { author: authors }, context));
  }
}

/** Of a few types with little content the ids are known soonest; otherwise each comment's links tell its type. */
async function addTypes(
  filters: Filters,
  types: readonly ContentResource[],
  where: Where,
  base: { readonly contentType?: string },
  context: GatewayContext,
): Promise<void> {
  const isAsked = (where.list('contentType') ?? []).length > 0 || onlyInherits(where);
  if (!isAsked || base.contentType !== undefined) return;
  const counts = await Promise.all(types.map((type) => context.loaders.count(type, { per_page: 1, _fields: ['id'] })));
  const total = counts.reduce((sum, count) => sum + (count.total ?? maxIds), 0);
  if (total < maxIds) {
    addWanted(filters, 'contentType', await idsWhere(types, {}, context));
    return;
  }
  const names = new Set(types.map((type) => ownName(type.name)));
  filters.keep.push({
    argument: 'contentType',
    fields: ['_links.up'],
    test: ({ data }) => {
      const links = readList(data, '_links.up');
      return links.some((link) => isObject(link) && names.has(String(link['post_type'])));
    },
  });
}

function onlyInherits(where: Where): boolean {
  const stati = where.list('contentStatus') ?? [];
  return stati.length > 0 && !stati.includes('publish');
}

/** The ids of all content that REST's filters leave, of the types that have such a filter. */
async function idsWhere(
  types: readonly ContentResource[],
  filters: Query,
  { loaders, scanLimit }: GatewayContext,
): Promise<readonly number[]> {
  const able = types.filter(({ supports }) => filters['author'] === undefined || supports.has('author'));
  const [first = [], ...others] = await Promise.all(
    able.map((resource) =>
      readAll(loaders, { resource, filters, order: { given: [] }, keep: [], scanLimit }, 'id', 'desc', []),
    ),
  );
  return others.length === 0 ? toIds(first) : [first, ...others].flatMap(toIds);
}

const toIds = onceForLists((rows: readonly Entity[]) => rows.map(({ id }) => id));

function addWanted(filters: Filters, argument: string, ids: readonly number[]): void {
  if (ids.length === 0) filters.isEmpty = true;
  if (ids.length <= maxIds || filters.query['post'] !== undefined) {
    addIds(filters, 'post', ids);
    return;
  }
  const wanted = idSetOf(ids);
  filters.keep.push({ argument, fields: ['post'], test: ({ data }) => wanted.has(readId(data, 'post') ?? 0) });
}

/** REST has no filter for content to leave out. */
function excludeContent(filters: Filters, argument: string, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const unwanted = idSetOf(ids);
  if (filters.query['post'] === undefined) {
    filters.keep.push({ argument, fields: ['post'], test: ({ data }) => !unwanted.has(readId(data, 'post') ?? 0) });
    return;
  }
  const left = without(idsOf(filters.query['post']), ids);
  if (left.length === 0) filters.isEmpty = true;
  filters.query['post'] = left;
}
