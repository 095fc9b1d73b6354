// Owns lists over several types of content, merged into one.

import type { GatewayContext } from '../../context.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import type { Order } from '../../loaders/order.ts';
import type { Query } from '../../loaders/reader.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import { toContentList } from './content.ts';
import { mostRelevantFirst, newestFirst } from './content-order.ts';
import { distinct, together } from './id-lists.ts';
import { whereOf } from './where.ts';

/**
 * The lists that `where` asks for, one for each type. Media are among them only when they are asked for: like WPGraphQL,
 * whose lists over several types have what is published, while media inherit the status of what they belong to.
 */
export async function toAnyContentLists(
  types: readonly ContentResource[],
  where: unknown,
  context: GatewayContext,
  base: Query = {},
): Promise<ListSpec[]> {
  const asked = whereOf(where).list('contentTypes');
  const shown = types.filter(({ name }) => (asked?.length ? asked.includes(name) : name !== 'attachment'));
  const found = await Promise.all(shown.map((type) => toContentList(type, where, context, base)));
  const lists = found.filter((list) => list !== null);
  if (lists.length < 2) return lists;
  const order = orderOfAll(lists.map((list) => list.order));
  return lists.map((list) => ({ ...list, order }));
}

/** The one order of several types, of which each may see another part of what is asked for. */
function orderOfAll(orders: readonly Order[]): Order {
  const [first, ...others] = orders.flatMap((order) => ('given' in order ? [order.given] : []));
  const given = others.reduce(together, distinct(first ?? []));
  if (given.length > 0) return { given };
  // Types without a place in menus are as good as those at its beginning.
  const hasPlace = (order: Order) => 'by' in order && order.by.some(({ key }) => key.path === 'menu_order');
  const order = orders.find(hasPlace) ?? orders[0] ?? newestFirst;
  // How relevant a result is, only one search can tell: several are merged by date.
  return order === mostRelevantFirst ? newestFirst : order;
}
