// Owns sorting by the number of comments: REST cannot, so the counts are read for the rows that are sorted here.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { Keep, ListSpec } from '../../loaders/list-spec.ts';
import type { Order } from '../../loaders/order.ts';
import { readValue } from '../read.ts';

/** Completes rows with their comment counts, where an order needs them; asks for the field that this takes. */
export function commentCountOf(order: Order, keep: Keep[], context: GatewayContext): ListSpec['complete'] {
  const isNeeded = 'by' in order && order.by.some(({ key }) => key.path === 'comment_count');
  if (!isNeeded) return undefined;
  keep.push({ argument: 'orderby', fields: ['content.protected'], test: () => true });
  return async (rows) => {
    const comments = context.resources.get('comment');
    const total = comments ? (await context.loaders.count(comments, { per_page: 1, _fields: ['id'] })).total : null;
    if (total !== null && total > context.scanLimit) {
      throw new UserError(
        `where.orderby COMMENT_COUNT: WordPress cannot sort by it over REST, and the gateway reads at most ` +
          `${context.scanLimit} comments to do so (there are ${total}).`,
        'LIMIT_EXCEEDED',
      );
    }
    return Promise.all(rows.map((row) => withCount(row, context)));
  };
}

async function withCount(row: Entity, { loaders }: GatewayContext): Promise<Entity> {
  // WordPress refuses to list the comments of anything, where a password protects some of it.
  const count = readValue(row.data, 'content.protected') === true ? 0 : await loaders.commentCount(row.id);
  return { ...row, data: { ...row.data, comment_count: count ?? 0 } };
}
