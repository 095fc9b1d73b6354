// Owns what an answer tells of the lists that it was made from: enough to say later whether a change concerns it.

import type { FieldPath } from '../planner/fields.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { type Direction, keyOfEntity } from './order.ts';
import type { Query } from './reader.ts';
import { countTag, listTag, termsTag } from './tags.ts';
import type { Trace } from './trace.ts';

/** A list that an answer was made from. */
export interface ListUse {
  /** `list:post`: what the list is of. */
  readonly tag: string;
  /** What was asked of REST: filters, order, paging. Without it any change of the type may concern the answer. */
  readonly query?: Query;
  /** Of the list only how many there are took part. */
  readonly isCount?: true;
  /** Fields of its rows that took part beside those that it is filtered and sorted by, whichever rows the answer shows. */
  readonly reads?: readonly FieldPath[];
  /** By what the last row that was read has its place; where there is none, the list was read to its end. */
  readonly end?: string;
  /** The last row, and how rows of its place follow each other by id, where that is known. */
  readonly tied?: { readonly id: number; readonly order: Direction };
}

/** A list that is sorted here. */
export interface Placed {
  /** Its filters, and its order by the path of a field. */
  readonly query: Query;
  readonly reads: readonly FieldPath[];
  /** How rows of the same place follow each other by id, where nothing else decides on that. */
  readonly ties?: Direction;
}

/** What of the rows of a list decides on an answer. */
export interface Decisive {
  /** Fields that do, beside those that the list is filtered and sorted by. */
  readonly reads: readonly FieldPath[];
  /** How many rows do, from the first one on; without it all that were read. */
  readonly rows?: number | undefined;
}

/** Marks a list as part of an answer. */
export function useList(trace: Trace, use: ListUse): void {
  trace.tags.add(use.tag);
  trace.lists.add(JSON.stringify(use));
}

/** Marks how many have a term as part of an answer: that changes with them, while nothing is written to the term. */
export function useCounts(
  trace: Trace,
  resource: Resource,
  fields: readonly FieldPath[],
  rows: readonly { readonly id: number }[],
): void {
  if (resource.kind !== 'term' || !fields.includes('count')) return;
  for (const { id } of rows) trace.tags.add(countTag(resource, id));
}

/** Fields of content in which its terms do not show. */
const withoutTerms: ReadonlySet<string> = new Set([
  ...['id', 'slug', 'link', 'type', 'status', 'guid', 'author', 'parent', 'menu_order', 'template', 'featured_media'],
  ...['date', 'date_gmt', 'modified', 'modified_gmt', 'sticky', 'format', 'comment_status', 'ping_status'],
  ...['title', 'content', 'excerpt', 'alt_text', 'caption', 'description', 'media_details', 'source_url', 'mime_type'],
]);

/** Marks what shows the terms of some content, or may: they change their order when one of them is renamed. */
export function useTerms(trace: Trace, resource: Resource, fields: readonly FieldPath[]): void {
  if (resource.kind !== 'content') return;
  const reads = termsReadsOf.get(fields) ?? toTermsReads(fields);
  termsReadsOf.set(fields, reads);
  if (reads.length > 0) trace.lists.add(JSON.stringify({ tag: termsTag(resource), reads }));
}

/** By the fields of a plan, which all entities of a place have in common. */
const termsReadsOf = new WeakMap<readonly FieldPath[], readonly string[]>();

function toTermsReads(fields: readonly FieldPath[]): readonly string[] {
  return [...new Set(fields.map(rootOf).filter((root) => !withoutTerms.has(root)))];
}

function rootOf(path: FieldPath): string {
  const at = path.indexOf('.');
  return at === -1 ? path : path.slice(0, at);
}

/** The use of a list by its rows, as far as they were read. */
export function toRowsUse(
  resource: Resource,
  query: Query,
  rows: readonly Entity[],
  found: number,
  { reads, rows: decisive }: Decisive,
): ListUse {
  const { _fields: _, ...asked } = query;
  const end = endOf(asked, rows, found, decisive);
  return {
    tag: listTag(resource),
    query: asked,
    ...(reads.length > 0 ? { reads } : {}),
    ...(end === undefined ? {} : { end }),
  };
}

/** The use of the first rows of a list that is sorted here; where it is cut, others follow the last one. */
export function toPlacedUse(
  resource: Resource,
  { query, reads, ties }: Placed,
  rows: readonly Entity[],
  isCut: boolean,
): ListUse {
  const last = isCut ? rows.at(-1) : undefined;
  const end = last && keyOfRow(query['orderby'], last);
  const tied = last && ties && { id: last.id, order: ties };
  return {
    ...{ tag: listTag(resource), query, reads },
    ...(end === undefined ? {} : { end, ...(tied ? { tied } : {}) }),
  };
}

/** The use of a total. */
export function toCountUse(resource: Pick<Resource, 'typeName'>, query: Query): ListUse {
  const { _fields: _, per_page: __, ...filters } = query;
  return { tag: listTag(resource), query: filters, isCount: true };
}

/** Fields by which REST sorts, where the order can be told here as well. */
export const orderPaths: Readonly<Record<string, FieldPath>> = {
  date: 'date',
  date_gmt: 'date_gmt',
  modified: 'modified',
  id: 'id',
  author: 'author',
  parent: 'parent',
  menu_order: 'menu_order',
  title: 'title.rendered',
  slug: 'slug',
  name: 'name',
  count: 'count',
};

/** WordPress's own size of a page. */
const defaultPerPage = 10;

function endOf(
  { per_page: perPage, orderby }: Query,
  rows: readonly Entity[],
  found: number,
  decisive: number | undefined,
): string | undefined {
  // Whatever comes behind the rows that decide leaves them as they are.
  if (decisive !== undefined && rows.length >= decisive) return keyAt(rows, decisive, orderby);
  const isFull = found >= Math.min(maxPerPage, Number(perPage ?? defaultPerPage));
  // What is not shown has a place in the list as well.
  return isFull && rows.length === found ? keyAt(rows, found, orderby) : undefined;
}

function keyAt(rows: readonly Entity[], count: number, orderby: Query[string] | undefined): string | undefined {
  const last = rows[count - 1];
  return last && keyOfRow(orderby, last);
}

function keyOfRow(orderby: Query[string] | undefined, row: Entity): string | undefined {
  const path = orderPaths[String(orderby ?? '')];
  if (!path) return undefined;
  return path === 'id' ? String(row.id) : keyOfEntity({ orderby: null, path, kind: 'number' }, row) || undefined;
}
