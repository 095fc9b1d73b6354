// Owns how a recorded site answers for a list, as WordPress does: filters, orders, pages, `_fields`, and its refusals.

import { isRestObject, type RestObject } from '../../src/cache/fields-record.ts';

/** An error as WordPress words it. */
export interface RestFailure {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
}

/** An answer with the numbers that its headers tell. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly total?: number;
  readonly pages?: number;
}

/** Objects by route: `wp/v2/posts`. */
export type Collections = Readonly<Record<string, readonly RestObject[]>>;

/** How a query steers a list; in PHP's words. */
export type Params = ReadonlyMap<string, string>;

/** The answer to a request that WordPress refuses. */
export function toFailure({ status, code, message = 'Refused.' }: RestFailure): RecordedAnswer {
  return { status, body: { code, message, data: { status } } };
}

/** WordPress's code for an id that it does not know, by kind of object. */
export const unknownIdCodes = {
  content: 'rest_post_invalid_id',
  term: 'rest_term_invalid',
  user: 'rest_user_invalid_id',
};

type Kind = keyof typeof unknownIdCodes;

/** What a collection consists of. */
export function kindOf([row]: readonly RestObject[]): Kind {
  if (row?.['taxonomy'] !== undefined) return 'term';
  return row?.['avatar_urls'] !== undefined && row['status'] === undefined ? 'user' : 'content';
}

/** A page of a collection; the other collections tell which terms are below others. */
export function listOf(rows: readonly RestObject[], params: Params, others: Collections = {}): RecordedAnswer {
  const kind = kindOf(rows);
  const invalid = (name: string) =>
    toFailure({ status: 400, code: 'rest_invalid_param', message: `Invalid parameter(s): ${name}` });
  const perPage = Number(params.get('per_page') ?? 10);
  const page = Number(params.get('page') ?? 1);
  if (!(perPage >= 1 && perPage <= 100)) return invalid('per_page');
  if (!(page >= 1)) return invalid('page');
  if (params.has('status') && !['publish', 'inherit'].includes(params.get('status') ?? '')) return invalid('status');
  const orderby = params.get('orderby') ?? (kind === 'content' ? 'date' : 'name');
  const isComments = rows.some((row) => 'post' in row && !('media_type' in row));
  if (!orders[kind].includes(orderby) && !(isComments && orderby === 'post')) return invalid('orderby');
  const needs = needed[orderby];
  if (needs && !params.has(needs)) return toFailure({ status: 400, code: `rest_orderby_${needs}_missing_${needs}` });
  const found = rows.filter((row) => fits(row, params) && hasTerms(row, params, others));
  const sorted = sortRows(found, orderby, params.get('order') ?? (kind === 'content' ? 'desc' : 'asc'), params);
  const pages = Math.ceil(found.length / perPage);
  if (kind === 'content' && !params.has('offset') && page > 1 && page > pages) {
    const message = 'The page number requested is larger than the number of pages available.';
    return toFailure({ status: 400, code: 'rest_post_invalid_page_number', message });
  }
  // Hierarchical taxonomies have no `offset`, and ignore it.
  const takesOffset = params.has('offset') && !(kind === 'term' && rows.some((row) => 'parent' in row));
  const start = takesOffset ? Number(params.get('offset')) : (page - 1) * perPage;
  return { status: 200, body: sorted.slice(start, start + perPage), total: found.length, pages };
}

const orders: Readonly<Record<Kind, readonly string[]>> = {
  content: 'author date id include include_slugs menu_order modified parent relevance slug title'.split(' '),
  term: 'count description id include include_slugs name slug term_group'.split(' '),
  user: 'email id include include_slugs name registered_date slug url'.split(' '),
};
const needed: Readonly<Record<string, string>> = { include: 'include', include_slugs: 'slug', relevance: 'search' };

function listParam(params: Params, name: string): string[] | undefined {
  const value = params.get(name);
  return value === undefined || value === '' ? undefined : value.split(/[\s,]+/);
}

/** Filters of a list of values, by the field that they compare; each may have a counterpart that excludes. */
const filters = {
  include: 'id',
  parent: 'parent',
  author: 'author',
  categories: 'categories',
  tags: 'tags',
  post: 'post',
  mime_type: 'mime_type',
} as const;

function fits(row: RestObject, params: Params): boolean {
  for (const [name, field] of Object.entries(filters)) {
    const matches = (values: string[]) => [row[field]].flat().some((value) => values.includes(String(value)));
    const [wanted, unwanted] = [listParam(params, name), listParam(params, excluderOf(name))];
    if (field in row && ((wanted && !matches(wanted)) || (unwanted && matches(unwanted)))) return false;
  }
  const slugs = listParam(params, 'slug')?.map(toSlug);
  if (slugs && !slugs.includes(toSlug(String(row['slug'])))) return false;
  const sticky = params.get('sticky');
  if (sticky !== undefined && 'sticky' in row && row['sticky'] !== ['1', 'true'].includes(sticky)) return false;
  if (params.get('hide_empty') === 'true' && !(Number(row['count'] ?? 1) > 0)) return false;
  if (!hasWords(row, params)) return false;
  // Dates of the query are in the site's time unless they name a zone; before and after exclude the moment itself.
  for (const [name, field] of [
    ['', 'date'],
    ['modified_', 'modified'],
  ] as const) {
    const [before, after] = [params.get(`${name}before`), params.get(`${name}after`)];
    if (before && !(timeOf(row, field, before) < Date.parse(before))) return false;
    if (after && !(timeOf(row, field, after) > Date.parse(after))) return false;
  }
  return true;
}

/** Every word of a search must be somewhere, as in core. */
function hasWords(row: RestObject, params: Params): boolean {
  const words = params.get('search')?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const inTitle = params.get('search_columns') === 'post_title';
  const texts = inTitle ? [row['title']] : [row['title'], row['name'], row['content'], row['excerpt']];
  const text = JSON.stringify(texts).toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The object form of a filter by terms: `categories[terms]=2&categories[include_children]=true`. */
function hasTerms(row: RestObject, params: Params, others: Collections): boolean {
  return ['categories', 'tags', 'categories_exclude', 'tags_exclude'].every((name) => {
    const asked = listParam(params, `${name}[terms]`);
    const field = name.replace('_exclude', '');
    if (!asked || !(field in row)) return true;
    const isDeep = ['1', 'true'].includes(params.get(`${name}[include_children]`) ?? '');
    const own = [row[field]].flat().map(String);
    const hasTerm = (id: string) =>
      (isDeep ? [id, ...below(others[`wp/v2/${field}`] ?? [], id)] : [id]).some((term) => own.includes(term));
    if (name !== field) return !asked.some(hasTerm);
    return params.get(`${name}[operator]`) === 'AND' ? asked.every(hasTerm) : asked.some(hasTerm);
  });
}

/** Ids of the terms below another one. */
function below(terms: readonly RestObject[], id: string): string[] {
  const children = terms.filter((term) => String(term['parent']) === id).map((term) => String(term['id']));
  return [...children, ...children.flatMap((child) => below(terms, child))];
}

function excluderOf(name: string): string {
  return name === 'include' ? 'exclude' : `${name}_exclude`;
}

function timeOf(row: RestObject, field: 'date' | 'modified', limit: string): number {
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(limit);
  return Date.parse(hasZone ? `${String(row[`${field}_gmt`])}Z` : String(row[field]));
}

function toSlug(slug: string): string {
  try {
    return decodeURIComponent(slug).toLowerCase();
  } catch {
    return slug.toLowerCase();
  }
}

/** Near to the database's collation: symbols before digits before letters, whatever their case. */
const collator = new Intl.Collator('en', { sensitivity: 'base' });

function sortRows(rows: readonly RestObject[], orderby: string, order: string, params: Params): RestObject[] {
  const given = orderby === 'include' ? listParam(params, 'include') : listParam(params, 'slug')?.map(toSlug);
  const keyOf = (row: RestObject): string | number => {
    if (orderby === 'include') return given?.indexOf(String(row['id'])) ?? 0;
    if (orderby === 'include_slugs') return given?.indexOf(toSlug(String(row['slug']))) ?? 0;
    const { title } = row;
    const value = orderby === 'title' && isRestObject(title) ? title['rendered'] : row[orderby];
    // The database knows no emoji: what is beyond the basic plane comes last.
    return typeof value === 'number' ? value : String(value ?? '').replace(/[\u{10000}-\u{10ffff}]/gu, '\uffff');
  };
  const sign = order === 'desc' && !orderby.startsWith('include') ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * collator.compare(String(left), String(right));
  });
}

type FieldTree = Map<string, FieldTree | true>;

/** An object with what `_fields` asks for, as core does it: a child that follows its parent loses everything behind it. */
export function filterFields(data: unknown, fields: string): unknown {
  const tree: FieldTree = new Map();
  every: for (const path of fields.split(',')) {
    const names = path.trim().split('.');
    const last = names.pop() ?? '';
    let branch = tree;
    for (const name of names) {
      const known = branch.get(name);
      if (known === true) break every;
      const next: FieldTree = known ?? new Map();
      branch.set(name, next);
      branch = next;
    }
    branch.set(last, true);
  }
  return prune(data, tree);
}

function prune(value: unknown, tree: FieldTree | true): unknown {
  if (tree === true || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const branch = tree.get(name);
    return branch === undefined ? [] : [[name, prune(inner, branch)] as const];
  });
  // PHP knows one kind of array: what is left empty becomes a list.
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}
