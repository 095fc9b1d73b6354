// Owns sorting by the number of comments: REST cannot, so the counts are read for the rows that are sorted here.

import type { GatewayContext } from '../../context.ts';
import { LimitError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { Keep, ListSpec } from '../../loaders/list-spec.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import type { Order } from '../../loaders/order.ts';
import { maxPerPage } from '../../wordpress/resources.ts';
import { readValue } from '../read.ts';

/** Completes rows with their comment counts, where an order needs them; asks for the field that this takes. */
export function commentCountOf(order: Order, keep: Keep[], context: GatewayContext): ListSpec['complete'] {
  const isNeeded = 'by' in order && order.by.some(({ key }) => key.path === 'comment_count');
  if (!isNeeded) return undefined;
  keep.push({ argument: 'orderby', fields: ['content.protected'], test: () => true });
  return async (rows) => {
    const { scanLimit } = context;
    const total = await countComments(rows, context);
    if (total > scanLimit) {
      throw new LimitError(
        `where.orderby COMMENT_COUNT: WordPress cannot sort by it over REST, and the gateway reads at most ` +
          `${scanLimit} comments to do so (there are ${total}).`,
        { name: 'scan', max: scanLimit },
      );
    }
    return loadInParts(context.loaders.pace, rows, (row) => withCount(row, context));
  };
}

/** How many comments there are to read: those of the whole site, or of the rows where that is more than may be read. */
async function countComments(
  rows: readonly Entity[],
  { loaders, resources, scanLimit }: GatewayContext,
): Promise<number> {
  const comments = resources.get('comment');
  if (!comments) return 0;
  const { total } = await loaders.count(comments, { per_page: 1, _fields: ['id'] });
  if (total === null || total <= scanLimit) return total ?? 0;
  const ids = rows.filter((row) => !isProtected(row)).map(({ id }) => id);
  const chunks = Array.from({ length: Math.ceil(ids.length / maxPerPage) }, (_, index) =>
    ids.slice(index * maxPerPage, (index + 1) * maxPerPage),
  );
  const counts = await Promise.all(
    chunks.map((post) => loaders.count(comments, { post, per_page: 1, _fields: ['id'] })),
  );
  return counts.reduce((sum, count) => sum + (count.total ?? 0), 0);
}

async function withCount(row: Entity, { loaders }: GatewayContext): Promise<Entity> {
  const count = isProtected(row) ? 0 : await loaders.commentCount(row.id);
  return { ...row, data: { ...row.data, comment_count: count ?? 0 } };
}

/** WordPress refuses to list the comments of anything, where a password protects some of it. */
function isProtected({ data }: Entity): boolean {
  return readValue(data, 'content.protected') === true;
}
