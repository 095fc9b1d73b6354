// Owns the `where` arguments of content lists: what REST filters by, what is filtered here, and what is refused.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Query } from '../../loaders/reader.ts';
import type { Keep, ListSpec } from '../../loaders/window.ts';
import type { ContentResource, TermResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration } from '../builder.ts';
import { decodeText, readBoolean, readString } from '../read.ts';
import { requireDatabaseId, requireDatabaseIds } from '../relay/ids.ts';
import { commentCountOf } from './comment-count.ts';
import { newestFirst, oldestIdFirst, parseContentOrder } from './content-order.ts';
import { parseDateQuery } from './date-query.ts';
import { addTaxonomyFilters } from './taxonomies.ts';
import { type Where, whereOf } from './where.ts';

/** The `where` arguments of lists of any content. */
export const anyContentWhere: Readonly<Record<string, ArgDeclaration>> = {
  dateQuery: 'DateQueryInput',
  hasPassword: 'Boolean',
  id: 'Int',
  in: '[ID]',
  isSticky: 'Boolean',
  mimeType: 'MimeTypeEnum',
  name: 'String',
  nameIn: '[String]',
  notIn: '[ID]',
  offsetPagination: 'OffsetPagination',
  orderby: '[PostObjectsConnectionOrderbyInput]',
  parent: 'ID',
  parentIn: '[ID]',
  parentNotIn: '[ID]',
  password: 'String',
  search: 'String',
  stati: '[PostStatusEnum]',
  status: 'PostStatusEnum',
  template: 'ContentTemplateEnum',
  title: 'String',
};

/** The `where` arguments of lists of one type of content. */
export function contentWhere(resource: ContentResource): Readonly<Record<string, ArgDeclaration>> {
  const has = (taxonomy: string) => resource.taxonomies.includes(taxonomy);
  return {
    ...anyContentWhere,
    ...(resource.supports.has('author')
      ? { author: 'Int', authorIn: '[ID]', authorName: 'String', authorNotIn: '[ID]' }
      : {}),
    ...(has('category')
      ? { categoryId: 'Int', categoryIn: '[ID]', categoryName: 'String', categoryNotIn: '[ID]' }
      : {}),
    ...(has('post_tag')
      ? {
          tag: 'String',
          tagId: 'String',
          tagIn: '[ID]',
          tagNotIn: '[ID]',
          tagSlugAnd: '[String]',
          tagSlugIn: '[String]',
        }
      : {}),
  };
}

/** REST filters that grow: lists of ids that must hold together are intersected. */
export interface Filters {
  readonly query: Record<string, Query[string]>;
  readonly keep: Keep[];
  /** Set when nothing can match any more. */
  isEmpty: boolean;
}

/**
 * The list that `where` asks for, of one type of content; null if nothing can match.
 * `base` has the filters of the connection itself, such as the author of `User.posts`.
 */
export async function toContentList(
  resource: ContentResource,
  given: unknown,
  context: GatewayContext,
  base: Query = {},
): Promise<ListSpec | null> {
  const where = whereOf(given);
  const filters: Filters = { query: { ...base }, keep: [], isEmpty: false };
  const inIds = where.list('in');
  const ids = { in: inIds ? requireDatabaseIds(inIds, 'in') : [], nameIn: await idsOfSlugs(resource, where, context) };
  addIds(filters, 'include', ids.in);
  const id = where.number('id');
  if (id) addIds(filters, 'include', [id]);
  addList(filters, 'exclude', where, 'notIn');
  addNames(filters, where);
  addParents(filters, resource, where);
  await addAuthors(filters, where, context);
  await addTaxonomyFilters(filters, taxonomiesOf(resource, context), where, context);
  addStatus(filters, resource, where);
  addMimeType(filters, resource, where);
  addSticky(filters, resource, where);
  Object.assign(filters.query, tightest(filters.query, parseDateQuery(where.value('dateQuery'))));
  addLocal(filters, where);
  if (where.value('password')) {
    throw new UserError('where.password: WordPress does not list content by its password over REST.', 'UNSUPPORTED');
  }
  if (filters.isEmpty) return null;
  const order =
    parseContentOrder(where.value('orderby'), resource.supports.has('page-attributes'), ids) ??
    (ids.in.length > 0 ? { given: ids.in } : where.value('isSticky') === true ? oldestIdFirst : newestFirst);
  return {
    resource,
    filters: filters.query,
    order,
    keep: filters.keep,
    scanLimit: context.scanLimit,
    complete: commentCountOf(order, context),
  };
}

function taxonomiesOf(resource: ContentResource, { resources }: GatewayContext): TermResource[] {
  return resource.taxonomies.flatMap((name) => {
    const taxonomy = resources.get(name);
    return taxonomy?.kind === 'term' ? [taxonomy] : [];
  });
}

async function idsOfSlugs(resource: ContentResource, where: Where, { loaders }: GatewayContext): Promise<number[]> {
  const orderby = where.value('orderby');
  const isOrder = Array.isArray(orderby) && orderby.some((item) => whereOf(item).value('field') === 'name_in');
  if (!isOrder) return [];
  const slugs = where.list('nameIn') ?? [];
  const found = await Promise.all(slugs.map((slug) => loaders.loadBySlug(resource, String(slug), [])));
  return found.flat().map(({ id }) => id);
}

/** Narrows a filter by ids: those that were there and those that come must both hold. */
export function addIds(filters: Filters, name: string, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const known = filters.query[name];
  const before = known === undefined ? null : new Set((Array.isArray(known) ? known : [known]).map(Number));
  const both = before ? ids.filter((id) => before.has(id)) : [...ids];
  if (both.length === 0) filters.isEmpty = true;
  filters.query[name] = both;
}

/** Adds ids to a filter that leaves out. */
function addList(filters: Filters, name: string, where: Where, argument: string): void {
  const ids = requireDatabaseIds(where.list(argument) ?? [], argument);
  if (ids.length > 0) filters.query[name] = ids;
}

function addNames(filters: Filters, where: Where): void {
  const name = where.text('name');
  const names = where.list('nameIn')?.map(String) ?? [];
  const slugs = name && names.length > 0 ? names.filter((slug) => slug === name) : name ? [name] : names;
  if (slugs.length > 0) filters.query['slug'] = slugs;
  else if (name && names.length > 0) filters.isEmpty = true;
}

function addParents(filters: Filters, resource: ContentResource, where: Where): void {
  const parent = where.value('parent');
  const parentIn = where.list('parentIn');
  const parents = [
    ...(parent === null ? [] : [requireDatabaseId(parent)]),
    ...(parentIn ? requireDatabaseIds(parentIn, 'parentIn') : []),
  ];
  if (resource.hierarchical) {
    addIds(filters, 'parent', parents);
    addList(filters, 'parent_exclude', where, 'parentNotIn');
    return;
  }
  // Content without parents has 0 in their place.
  if (parents.length > 0 && !parents.includes(0)) filters.isEmpty = true;
  if (requireDatabaseIds(where.list('parentNotIn') ?? [], 'parentNotIn').includes(0)) filters.isEmpty = true;
}

async function addAuthors(filters: Filters, where: Where, { loaders, resources }: GatewayContext): Promise<void> {
  const author = where.number('author');
  if (author) addIds(filters, 'author', [author]);
  addIds(filters, 'author', requireDatabaseIds(where.list('authorIn') ?? [], 'authorIn'));
  addList(filters, 'author_exclude', where, 'authorNotIn');
  const name = where.text('authorName');
  const users = resources.get('user');
  if (!name || !users) return;
  const found = await loaders.loadBySlug(users, name, []);
  if (found.length === 0) filters.isEmpty = true;
  addIds(
    filters,
    'author',
    found.map(({ id }) => id),
  );
}

/** Without credentials WordPress shows what is published, and media, which inherit the status of what they belong to. */
function addStatus(filters: Filters, resource: ContentResource, where: Where): void {
  const status = where.text('status');
  const stati = [...(status ? [status] : []), ...(where.list('stati') ?? []).map(String)];
  const shown = resource.name === 'attachment' ? 'inherit' : 'publish';
  if (stati.length > 0 && !stati.includes(shown)) filters.isEmpty = true;
}

function addMimeType(filters: Filters, resource: ContentResource, where: Where): void {
  const mimeType = where.text('mimeType');
  if (!mimeType) return;
  if (resource.name === 'attachment') filters.query['mime_type'] = mimeType;
  else filters.isEmpty = true;
}

/** Only posts can be sticky. */
function addSticky(filters: Filters, resource: ContentResource, where: Where): void {
  const isSticky = where.value('isSticky');
  if (typeof isSticky !== 'boolean') return;
  if (resource.name === 'post') filters.query['sticky'] = isSticky;
  else if (isSticky) filters.isEmpty = true;
}

function addLocal(filters: Filters, where: Where): void {
  const search = where.text('search');
  if (search) filters.query['search'] = search;
  const title = where.text('title');
  if (title) {
    // REST narrows by words; the whole title is compared here.
    if (!search) Object.assign(filters.query, { search: title, search_columns: 'post_title' });
    const isTitle = sameText(title);
    filters.keep.push({
      argument: 'title',
      fields: ['title.rendered'],
      test: ({ data }) => isTitle(readString(data, 'title.rendered') ?? ''),
    });
  }
  const hasPassword = where.value('hasPassword');
  if (typeof hasPassword === 'boolean') {
    filters.keep.push({
      argument: 'hasPassword',
      fields: ['content.protected'],
      test: ({ data }) => (readBoolean(data, 'content.protected') ?? false) === hasPassword,
    });
  }
  const template = where.value('template');
  if (typeof template === 'string') {
    filters.keep.push({
      argument: 'template',
      fields: ['template'],
      test: ({ data }) => (readString(data, 'template') ?? '') === template,
    });
  }
}

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** Compares as the database does, without regard to case and accents; WordPress shows titles with curly quotes and dashes. */
function sameText(wanted: string): (rendered: string) => boolean {
  const plain = (text: string) =>
    decodeText(text)
      .replace(/[‘’‚′]/g, "'")
      .replace(/[“”„″]/g, '"')
      .replace(/[–—]/g, '-')
      .replace(/-+/g, '-')
      .replace(/…/g, '...')
      .replace(/×/g, 'x')
      .trim();
  const text = plain(wanted);
  return (rendered) => collator.compare(plain(rendered), text) === 0;
}

/** The tighter of each bound. */
function tightest(known: Query, added: Query): Query {
  const bounds = Object.entries(added).map(([name, time]) => {
    const own = known[name];
    if (typeof own !== 'string' || typeof time !== 'string') return [name, time] as const;
    return [name, name.endsWith('before') === time < own ? time : own] as const;
  });
  return Object.fromEntries(bounds);
}

/** The ids in a list of ids that may be negative: those to have and those to leave out, as `WP_Query` reads `cat`. */
export function splitIds(ids: readonly number[]): { readonly include: number[]; readonly exclude: number[] } {
  return { include: ids.filter((id) => id > 0), exclude: ids.filter((id) => id < 0).map((id) => -id) };
}
