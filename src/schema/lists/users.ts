// Owns the `where` arguments of lists of users: without credentials they are the authors of what is published.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import type { Direction, Sort, SortKey } from '../../loaders/order.ts';
import type { UserResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration, Builder } from '../builder.ts';
import { readList, readText } from '../read.ts';
import { offsetArg } from '../relay/connection.ts';
import { requireDatabaseIds } from '../relay/ids.ts';
import { addExcluded, addIds, type Filters, settleFilters } from './filters.ts';
import { idsOfSlugs } from './once-per-argument.ts';
import { textSetOf, type Where, whereOf } from './where.ts';

/** The `where` arguments of lists of users. */
export const userWhere: Readonly<Record<string, ArgDeclaration>> = {
  exclude: '[Int]',
  hasPublishedPosts: '[ContentTypeEnum]',
  include: '[Int]',
  login: 'String',
  loginIn: '[String]',
  loginNotIn: '[String]',
  nicename: 'String',
  nicenameIn: '[String]',
  nicenameNotIn: '[String]',
  offsetPagination: offsetArg,
  orderby: '[UsersConnectionOrderbyInput]',
  role: 'UserRoleEnum',
  roleIn: '[UserRoleEnum]',
  roleNotIn: '[UserRoleEnum]',
  search: 'String',
  searchColumns: '[UsersConnectionSearchColumnEnum]',
};

/** Declares the inputs of lists of users. */
export function defineUserInputs(builder: Builder): void {
  builder.enum('UsersConnectionOrderbyEnum', {
    DISPLAY_NAME: 'name',
    EMAIL: 'email',
    LOGIN: 'login',
    LOGIN_IN: 'login_in',
    NICE_NAME: 'slug',
    NICE_NAME_IN: 'slug_in',
    REGISTERED: 'registered_date',
    URL: 'url',
  });
  builder.input('UsersConnectionOrderbyInput', {
    field: {
      type: 'UsersConnectionOrderbyEnum!',
      description:
        'Without effect for EMAIL and REGISTERED unless the viewer may list users: WordPress keeps them from others.',
    },
    order: 'OrderEnum',
  });
  builder.enum('UsersConnectionSearchColumnEnum', {
    EMAIL: 'email',
    ID: 'id',
    LOGIN: 'login',
    NICENAME: 'slug',
    URL: 'url',
  });
  const roles = ['administrator', 'author', 'contributor', 'editor', 'subscriber'];
  builder.enum('UserRoleEnum', {
    ...Object.fromEntries(roles.map((role) => [role.toUpperCase(), role])),
    // The roles of Yoast SEO; which ones a site has, REST shows only to administrators.
    SEO_EDITOR: 'wpseo_editor',
    SEO_MANAGER: 'wpseo_manager',
  });
}

/** WordPress makes slugs of logins, and shows only them. */
const bySlug: SortKey = { orderby: 'slug', path: 'slug', kind: 'collated' };
const sortKeys: Readonly<Record<string, SortKey>> = {
  name: { orderby: 'name', path: 'name', kind: 'collated' },
  login: bySlug,
  slug: bySlug,
  url: { orderby: 'url', path: 'url', kind: 'collated' },
};

/** What WordPress sorts by for who may list users. */
const hiddenKeys: Readonly<Record<string, SortKey>> = {
  email: { orderby: 'email', path: 'email', kind: 'collated' },
  registered_date: { orderby: 'registered_date', path: 'registered_date', kind: 'time' },
};

/** The list of users that `where` asks for; null if nothing can match. */
export async function toUserList(
  resource: UserResource,
  given: unknown,
  context: GatewayContext,
): Promise<ListSpec | null> {
  const where = whereOf(given);
  const mayList = context.viewer?.can('list_users') === true;
  for (const argument of ['role', 'roleIn', 'roleNotIn']) {
    if (where.value(argument) !== null && !mayList) {
      throw new UserError(`Sorry, you are not allowed to filter users by role (where.${argument}).`);
    }
  }
  const filters: Filters = { query: {}, keep: [], isEmpty: false };
  addRoles(filters, where);
  addIds(filters, 'include', requireDatabaseIds(where.list('include') ?? [], 'include'));
  addExcluded(filters, 'exclude', requireDatabaseIds(where.list('exclude') ?? [], 'exclude'));
  const types = where.texts('hasPublishedPosts');
  if (types.length > 0) filters.query['has_published_posts'] = types;
  addSlugs(filters, where);
  addSearch(filters, where, mayList);
  settleFilters(filters);
  if (filters.isEmpty) return null;
  const order = await orderOf(resource, where, context, mayList);
  return { resource, filters: filters.query, order, keep: filters.keep, scanLimit: context.scanLimit };
}

function addRoles(filters: Filters, where: Where): void {
  const one = where.text('role');
  const many = where.texts('roleIn');
  const roles = one && many.length > 0 ? many.filter((role) => role === one) : one ? [one] : many;
  if (roles.length > 0) filters.query['roles'] = roles;
  else if (one) filters.isEmpty = true;
  const unwanted = textSetOf(where.texts('roleNotIn'));
  if (unwanted.size === 0) return;
  filters.keep.push({
    argument: 'roleNotIn',
    fields: ['roles'],
    test: ({ data }) => !readList(data, 'roles').some((role) => unwanted.has(String(role))),
  });
}

function addSlugs(filters: Filters, where: Where): void {
  for (const name of ['login', 'nicename']) {
    const one = where.text(name);
    const many = where.texts(`${name}In`);
    for (const wanted of [one ? [one] : [], many]) addSlugList(filters, wanted);
    const unwanted = textSetOf(where.texts(`${name}NotIn`));
    if (unwanted.size === 0) continue;
    filters.keep.push({
      argument: `${name}NotIn`,
      fields: ['slug'],
      test: ({ data }) => !unwanted.has(readText(data, 'slug') ?? ''),
    });
  }
}

/** Narrows by slugs: those that were there and those that come must both hold. */
function addSlugList(filters: Filters, wanted: readonly string[]): void {
  if (wanted.length === 0) return;
  const known = filters.query['slug'];
  const set = textSetOf(wanted);
  const both = Array.isArray(known) ? known.filter((slug) => set.has(String(slug))) : wanted;
  if (both.length === 0) filters.isEmpty = true;
  filters.query['slug'] = both;
}

/**
 * Users are searched here, over what everybody may see of them: WordPress's own search looks into email addresses,
 * and its answers would tell them letter by letter.
 */
function addSearch(filters: Filters, where: Where, mayList: boolean): void {
  const search = where.text('search')?.replaceAll('*', '').toLowerCase();
  if (!search) return;
  const columns = where.list('searchColumns') ? textSetOf(where.texts('searchColumns')) : openColumns;
  if (columns.has('email') && !mayList) throw new UserError('Sorry, you are not allowed to search users by email.');
  const paths = [...columns].map((column) => (column === 'login' ? 'slug' : column));
  filters.keep.push({
    argument: 'search',
    fields: paths,
    test: ({ data }) => paths.some((path) => (readText(data, path) ?? '').toLowerCase().includes(search)),
  });
}

const openColumns: ReadonlySet<string> = new Set(['name', 'slug', 'url']);

async function orderOf(
  resource: UserResource,
  where: Where,
  context: GatewayContext,
  mayList: boolean,
): Promise<ListSpec['order']> {
  const items = (where.list('orderby') ?? []).map(whereOf);
  const directionOf = (item: Where | undefined): Direction => (item?.value('order') === 'desc' ? 'desc' : 'asc');
  const [first] = items;
  const field = first?.text('field') ?? null;
  if (field === 'login_in' || field === 'slug_in') {
    const slugs = where.texts(field === 'login_in' ? 'loginIn' : 'nicenameIn');
    // As in WordPress, where the order of an empty list is no order.
    if (slugs.length === 0) return { by: [{ key: bySlug, direction: directionOf(first) }] };
    return { given: await idsOfSlugs(resource, slugs, context) };
  }
  const sorts = new Map<SortKey, Sort>();
  for (const item of items) {
    const name = item.text('field') ?? '';
    const key = sortKeys[name] ?? (mayList ? hiddenKeys[name] : undefined);
    // What is sorted by it already has no ties left in it.
    if (key && !sorts.has(key)) sorts.set(key, { key, direction: directionOf(item) });
  }
  const [main = { key: bySlug, direction: directionOf(first) }, ...others] = sorts.values();
  return { by: [main, ...others] };
}
