// Owns the `where` arguments of content lists: what REST filters by, what is filtered here, and what is refused.

import type { GatewayContext } from '../../context.ts';
import { findAuthorId } from '../../loaders/address.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import type { Order } from '../../loaders/order.ts';
import { toLister } from '../../loaders/preview-loaders.ts';
import { isDenied, type Query } from '../../loaders/reader.ts';
import { onceForTexts } from '../../long-lists.ts';
import type { ContentResource, Resource, TermResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration } from '../builder.ts';
import { decodeText, readBoolean, readString } from '../read.ts';
import { offsetArg } from '../relay/connection.ts';
import { requireDatabaseId, requireDatabaseIds } from '../relay/ids.ts';
import { commentCountOf } from './comment-count.ts';
import { mostRelevantFirst, newestFirst, oldestIdFirst, orderbyOf, parseContentOrder } from './content-order.ts';
import { loadDateQuery } from './date-query.ts';
import { addExcluded, addIds, type Filters, settleFilters } from './filters.ts';
import { idsOfSlug, idsOfSlugs, oncePerArgument } from './once-per-argument.ts';
import { isSameText } from './same-text.ts';
import { addPassword, addStatus } from './status.ts';
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
  offsetPagination: offsetArg,
  orderby: '[PostObjectsConnectionOrderbyInput]',
  parent: 'ID',
  parentIn: '[ID]',
  parentNotIn: '[ID]',
  password: {
    type: 'String',
    description: 'Empty unless the viewer may edit what it protects: WordPress shows passwords to nobody else.',
  },
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
  const orderby = orderbyOf(where);
  const ids = {
    in: inIds ? requireDatabaseIds(inIds, 'in') : [],
    nameIn: orderby.has('name_in') ? await idsOfSlugs(resource, where.texts('nameIn'), context) : [],
  };
  addIds(filters, 'include', ids.in);
  const id = where.number('id');
  if (id) addIds(filters, 'include', [id]);
  addExcluded(filters, 'exclude', requireDatabaseIds(where.list('notIn') ?? [], 'notIn'));
  addNames(filters, where);
  addParents(filters, resource, where);
  await addAuthors(filters, where, context);
  await addTaxonomyFilters(filters, taxonomiesOf(resource, context), where, context);
  addStatus(filters, resource, where, toLister(context.viewer));
  addMimeType(filters, resource, where);
  addSticky(filters, resource, where);
  const dates = await loadDateQuery(where.value('dateQuery'), context);
  Object.assign(filters.query, tightest(filters.query, dates.query));
  filters.keep.push(...dates.keep);
  addLocal(filters, where);
  addPassword(filters, resource, where, toLister(context.viewer));
  settleFilters(filters);
  if (filters.isEmpty) return null;
  const order =
    parseContentOrder(orderby, resource.supports.has('page-attributes'), ids) ?? defaultOrder(ids.in, where);
  return {
    resource,
    filters: filters.query,
    order,
    keep: filters.keep,
    scanLimit: context.scanLimit,
    complete: commentCountOf(order, filters.keep, context),
  };
}

function defaultOrder(ids: readonly number[], where: Where): Order {
  if (ids.length > 0) return { given: ids };
  if (where.text('search')) return mostRelevantFirst;
  return where.value('isSticky') === true ? oldestIdFirst : newestFirst;
}

function taxonomiesOf(resource: ContentResource, { resources }: GatewayContext): TermResource[] {
  return resource.taxonomies.flatMap((name) => {
    const taxonomy = resources.get(name);
    return taxonomy?.kind === 'term' ? [taxonomy] : [];
  });
}

function addNames(filters: Filters, where: Where): void {
  const name = where.text('name');
  const names = where.texts('nameIn');
  const slugs = name && names.length > 0 ? names.filter((slug) => slug === name) : name ? [name] : names;
  if (slugs.length > 0) filters.query['slug'] = slugs;
  else if (name && names.length > 0) filters.isEmpty = true;
}

function addParents(filters: Filters, resource: ContentResource, where: Where): void {
  const parent = where.value('parent');
  const parentIn = where.list('parentIn');
  const wanted = [
    parent === null ? [] : [requireDatabaseId(parent)],
    requireDatabaseIds(parentIn ?? [], 'parentIn'),
  ].filter((ids) => ids.length > 0);
  const unwanted = requireDatabaseIds(where.list('parentNotIn') ?? [], 'parentNotIn');
  if (resource.hierarchical) {
    for (const ids of wanted) addIds(filters, 'parent', ids);
    addExcluded(filters, 'parent_exclude', unwanted);
    return;
  }
  // Content without parents has 0 in their place.
  if (wanted.some((ids) => !ids.includes(0)) || unwanted.includes(0)) filters.isEmpty = true;
}

async function addAuthors(filters: Filters, where: Where, context: GatewayContext): Promise<void> {
  const { resources } = context;
  const author = where.number('author');
  // As in WordPress, where a negative one leaves out.
  if (author && author < 0) addExcluded(filters, 'author_exclude', [-author]);
  else if (author) addIds(filters, 'author', [author]);
  addIds(filters, 'author', requireDatabaseIds(where.list('authorIn') ?? [], 'authorIn'));
  addExcluded(filters, 'author_exclude', requireDatabaseIds(where.list('authorNotIn') ?? [], 'authorNotIn'));
  const name = where.text('authorName');
  const users = resources.get('user');
  if (!name || !users) return;
  const found = await authorsNamed(users, name, context);
  if (found.length === 0) filters.isEmpty = true;
  addIds(filters, 'author', found);
}

/** Ids of the authors with a slug; where users are hidden, the address of an author's archive tells. */
const authorsNamed = oncePerArgument(async (users: Resource, name: string, context) => {
  try {
    return await idsOfSlug(users, name, context);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const id = await findAuthorId(context, name);
    return id === null ? [] : [id];
  }
});

function addMimeType(filters: Filters, resource: ContentResource, where: Where): void {
  const mimeType = where.text('mimeType');
  if (!mimeType) return;
  if (resource.name !== 'attachment') filters.isEmpty = true;
  filters.query['mime_type'] = mimeType;
  if (!youngMimeTypes.has(mimeType)) return;
  filters.keep.push({
    argument: 'mimeType',
    fields: ['mime_type'],
    test: ({ data }) => readString(data, 'mime_type') === mimeType,
  });
}

/** Types that WordPress knows since 6.5 or later. REST shows all media where it does not know a type. */
const youngMimeTypes = new Set(['image/avif', 'image/heic-sequence', 'image/heif', 'image/heif-sequence']);

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
    const { words, isTitle } = titleOf(title);
    if (!search && words !== '') Object.assign(filters.query, { search: words, search_columns: 'post_title' });
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

const titleOf = onceForTexts((title) => ({ words: wordsOf(title), isTitle: sameText(title) }));

/**
 * Words of a title for REST to narrow by; the whole title is compared here. WordPress reads quotes, commas and dashes of
 * a search as operators, takes more than nine words for a phrase, and short ones for stopwords.
 */
function wordsOf(title: string): string {
  const words = [...new Set(title.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])].sort((a, b) => b.length - a.length);
  return words.slice(0, (words[0]?.length ?? 0) > 5 ? 9 : 1).join(' ');
}

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
  return (rendered) => isSameText(plain(rendered), text);
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
