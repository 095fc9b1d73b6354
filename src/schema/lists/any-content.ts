// Owns lists over several types of content, merged into one.

import type { GatewayContext } from '../../context.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import type { Query } from '../../loaders/reader.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import { toContentList } from './content.ts';
import { mostRelevantFirst, newestFirst } from './content-order.ts';
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
  const [first] = lists;
  // Types without a place in menus are as good as those at its beginning.
  const placed = lists.find(({ order }) => 'by' in order && order.by.some(({ key }) => key.path === 'menu_order'));
  const given = (placed ?? first)?.order;
  // How relevant a result is, only one search can tell: several are merged by date.
  const order = given === undefined || given === mostRelevantFirst ? newestFirst : given;
  return lists.map((list) => ({ ...list, order }));
}
