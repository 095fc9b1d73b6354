// Owns reading of comments of given content where WordPress refuses the whole list, because some of it is not for the reader.

import type { GatewayContext } from '../../context.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import { loadContent } from '../../loaders/lookup.ts';
import { toLister } from '../../loaders/preview-loaders.ts';
import { isDenied } from '../../loaders/reader.ts';
import { mayEdit } from '../../loaders/rights.ts';
import type { Resource } from '../../wordpress/resources.ts';
import { readBoolean, readValue } from '../read.ts';
import { idsOf } from './id-lists.ts';

/**
 * Reads a list of comments; once more without the content that the reader may not see the comments of, where WordPress
 * refuses it. `read` is given null where nothing is left.
 */
export async function readComments<Result>(
  list: ListSpec | null,
  context: GatewayContext,
  read: (list: ListSpec | null) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(list);
  } catch (error) {
    const asked = idsOf(list?.filters['post']);
    if (!list || asked.length === 0 || !isDenied(error)) throw error;
    const areReadable = await loadInParts(context.loaders.pace, asked, (id) => isReadable(id, list.resource, context));
    const post = asked.filter((_, index) => areReadable[index]);
    if (post.length === asked.length) throw error;
    return read(post.length === 0 ? null : { ...list, filters: { ...list.filters, post } });
  }
}

/** Whether WordPress shows comments of some content: it must be shown itself, and no password protect it from the reader. */
async function isReadable(id: number, comments: Resource, context: GatewayContext): Promise<boolean> {
  const { loaders, resources } = context;
  const viewer = toLister(context.viewer);
  // Media have no text that a password could protect.
  const fieldsOf = ({ name }: Resource) => (name === 'attachment' ? ['id'] : ['content.protected']);
  const content = await loadContent(loaders, resources, id, fieldsOf);
  if (!content) return false;
  const isProtected = readValue(content.data, 'content') !== null && readBoolean(content.data, 'content.protected');
  if (!isProtected) return true;
  if (!viewer || !mayEdit(viewer, content.resource)) return false;
  // Who may edit some content of a type need not be the one who may edit this.
  try {
    await loaders.count(comments, { post: [id], per_page: 1, _fields: ['id'] });
    return true;
  } catch (error) {
    if (!isDenied(error)) throw error;
    return false;
  }
}
