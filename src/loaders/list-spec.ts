// Owns what a list is: its filters and order, a page of it, and the bound of what is read to make one.

import { LimitError } from '../errors.ts';
import type { FieldPath } from '../planner/fields.ts';
import type { Resource } from '../wordpress/resources.ts';
import { isTooLong, tooLongToAsk } from '../wordpress/url.ts';
import type { Entity } from './entity.ts';
import type { Order, Sort, SortKey, Sorts } from './order.ts';
import type { Query } from './reader.ts';

/** A condition that REST cannot check: it is checked here, over lean rows. */
export interface Keep {
  /** Argument to name in an error. */
  readonly argument: string;
  readonly fields: readonly FieldPath[];
  readonly test: (entity: Entity) => boolean;
}

/** How sibling lists differ: in the one value of a filter, such as an id. */
export interface Siblings {
  readonly filter: string;
  /** The field of a row that has the value, or several where a row belongs to several lists. */
  readonly path: string;
  /** Whether REST takes several values in the filter; where it does not, the siblings are read without it. */
  readonly takesMany: boolean;
  /** Whether most are longer than a page: then only as many are read together as their rows fit, and those lean at first. */
  readonly areLong?: boolean;
}

/** Which list, in which order. */
export interface ListSpec {
  readonly resource: Resource;
  /** REST filters; neither order nor paging. */
  readonly filters: Query;
  readonly order: Order;
  readonly keep: readonly Keep[];
  /** Most rows that are read to sort or filter here. */
  readonly scanLimit: number;
  /** Fills in keys that REST has no field for (comment counts), before rows are sorted here. */
  readonly complete?: ((rows: readonly Entity[]) => Promise<readonly Entity[]>) | undefined;
  /** Fields of rows that decide on the page beside those that it is sorted by. */
  readonly reads?: Fields;
  /** How the lists beside it differ from it, where one request can answer several of them. */
  readonly siblings?: Siblings;
}

/** Which part of the list. */
export interface PageSpec {
  readonly size: number;
  /** `backward`: the last ones, counted from the end. */
  readonly direction: 'forward' | 'backward';
  /** Id of the entity that the page comes after, or before. */
  readonly after?: number;
  readonly before?: number;
  readonly offset?: number;
  /** Nobody can go on from this page: it shows no cursor. */
  readonly isFinal?: boolean;
  /** How many the whole list has is asked for. */
  readonly needsTotal?: boolean;
}

/** A page of a list, in the list's order whatever the direction. */
export interface Window {
  readonly entities: readonly Entity[];
  /** Whether more follow in the page's direction. */
  readonly hasMore: boolean;
  /** Whether the cursors named entities that exist. */
  readonly foundAfter: boolean;
  readonly foundBefore: boolean;
  /** How many the whole list has, where this page's requests told. */
  readonly total: number | null;
}

/** Fields of the entities on the page. */
export type Fields = readonly FieldPath[];

/** A key that REST can page by through bounds. */
export type KeysetKey = SortKey & { readonly bounds: NonNullable<SortKey['bounds']> };

/** Sorts of which REST can page by the first one through bounds. */
export type KeysetSorts = readonly [Sort & { readonly key: KeysetKey }, ...Sort[]];

/** Whether REST can page by the first of some sorts through bounds. */
export function isKeyset(sorts: Sorts): sorts is KeysetSorts {
  return sorts[0].key.bounds !== undefined;
}

/** Throws where no address can hold the filters of a list; ids in whose order it is shown are asked for in parts. */
export function requireAddress({ filters, order }: ListSpec): void {
  const { include: _, ...others } = filters;
  if (isTooLong('given' in order ? others : filters)) throw tooLongToAsk;
}

/** The error for a list that is longer than the gateway reads to sort or filter it itself. */
export function scanLimitError(list: ListSpec, total: number | null): LimitError {
  const sorts = 'by' in list.order ? list.order.by.map(({ key }) => key.path.replace('.rendered', '')) : ['ids'];
  const what =
    list.keep.length > 0
      ? `answer where.${list.keep.map(({ argument }) => argument).join(', where.')}`
      : `page through the order by ${sorts.join(', ')}`;
  return new LimitError(
    `WordPress cannot ${what} itself, and the gateway reads at most ${list.scanLimit} rows to do so` +
      ` (${list.resource.plural}: ${total ?? 'more'}). Narrow the list with other arguments.`,
    { name: 'scan', max: list.scanLimit },
  );
}

/** Whether an error is that of {@link scanLimitError}. */
export function isScanLimit(error: unknown): boolean {
  return error instanceof LimitError && error.limit.name === 'scan';
}
