// Owns the orders of content lists, in WPGraphQL's names.

import { UserError } from '../../errors.ts';
import type { Direction, Order, Sort, SortKey } from '../../loaders/order.ts';
import { onceForObjects } from '../../long-lists.ts';
import type { Builder } from '../builder.ts';
import { isObject } from '../read.ts';
import type { Where } from './where.ts';

/** Declares the inputs by which content lists are sorted. */
export function defineContentOrder(builder: Builder): void {
  builder.enum('PostObjectsConnectionOrderbyEnum', {
    AUTHOR: 'author',
    COMMENT_COUNT: 'comment_count',
    DATE: 'date',
    IN: 'in',
    MENU_ORDER: 'menu_order',
    MODIFIED: 'modified',
    NAME_IN: 'name_in',
    PARENT: 'parent',
    SLUG: 'slug',
    TITLE: 'title',
  });
  builder.input('PostObjectsConnectionOrderbyInput', {
    field: 'PostObjectsConnectionOrderbyEnum!',
    order: 'OrderEnum!',
  });
}

/** Sort keys of content by the value of their enum. */
const sortKeys: Readonly<Record<string, SortKey>> = {
  date: { orderby: 'date', path: 'date', kind: 'time', bounds: { before: 'before', after: 'after' } },
  modified: {
    orderby: 'modified',
    path: 'modified',
    kind: 'time',
    bounds: { before: 'modified_before', after: 'modified_after' },
  },
  title: { orderby: 'title', path: 'title.rendered', kind: 'collated' },
  slug: { orderby: 'slug', path: 'slug', kind: 'collated' },
  author: { orderby: 'author', path: 'author', kind: 'number' },
  parent: { orderby: 'parent', path: 'parent', kind: 'number' },
  menu_order: { orderby: 'menu_order', path: 'menu_order', kind: 'number' },
  comment_count: { orderby: null, path: 'comment_count', kind: 'number' },
  id: { orderby: 'id', path: 'id', kind: 'number' },
};

/** The order of a list unless told: newest first. */
export const newestFirst: Order = { by: [sortOf('date', 'desc')] };

/** As WordPress orders what it searches for; ids differ, so that there are no ties to break. */
export const mostRelevantFirst: Order = {
  by: [{ key: { orderby: 'relevance', path: 'id', kind: 'collated' }, direction: 'desc' }],
};

/** By id, ascending: WordPress keeps sticky posts in the order in which they were made sticky, and REST does not tell it. */
export const oldestIdFirst: Order = { by: [sortOf('id', 'asc')] };

/** A sort by the name of its key. */
export function sortOf(name: string, direction: Direction): Sort {
  const key = sortKeys[name];
  if (!key) throw new UserError(`where.orderby: "${name}" is not a known field.`);
  return { key, direction };
}

/** The fields that `where.orderby` names, in its order, each with the direction that it is first named with. */
export const orderbyOf = onceForObjects((where: Where): ReadonlyMap<string, Direction> => {
  const directions = new Map<string, Direction>();
  for (const item of (where.list('orderby') ?? []).filter(isObject)) {
    const field = String(item['field']);
    if (!directions.has(field)) directions.set(field, item['order'] === 'asc' ? 'asc' : 'desc');
  }
  return directions;
});

/**
 * The order that `where.orderby` asks for; null where it asks for none.
 * `given` has the ids of `where.in` and `where.nameIn`.
 */
export function parseContentOrder(
  orderby: ReadonlyMap<string, Direction>,
  hasMenuOrder: boolean,
  given: { readonly in: readonly number[]; readonly nameIn: readonly number[] },
): Order | null {
  const sorts: Sort[] = [];
  let isAlike = false;
  for (const [field, direction] of orderby) {
    if (field === 'in' || field === 'name_in') {
      const ids = field === 'in' ? given.in : given.nameIn;
      // As in WordPress, where the order of an empty list is no order.
      if (ids.length > 0) return { given: ids };
      continue;
    }
    // REST refuses menu_order for types without page attributes; all of them have the same.
    if (field === 'menu_order' && !hasMenuOrder) isAlike = true;
    else sorts.push(sortOf(field, direction));
  }
  const [first, ...others] = sorts;
  if (first) return { by: [first, ...others] };
  return isAlike ? { by: [sortOf('id', 'desc')] } : null;
}
