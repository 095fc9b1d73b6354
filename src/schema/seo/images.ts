// Owns the images of a head: the media items behind them, and what the media library knows of one known by its id.

import type { GraphQLResolveInfo } from 'graphql';
import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { loadMediaByUrl } from '../../loaders/lookup.ts';
import { planFields } from '../../planner/needs.ts';
import { readId, readInt, readString } from '../read.ts';

/** The media item of an image, by its id or else its address; null if it is not in the media library. */
export async function loadImage(
  id: number | null,
  url: string | null,
  { loaders, resources }: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<Entity | null> {
  const fields = planFields(info, 'MediaItem');
  const media = resources.get('attachment');
  if (id !== null) return media ? loaders.load(media, id, fields) : null;
  // An avatar's URL names no file: there is nothing to look for.
  if (!url || !URL.canParse(url) || !/\.\w+$/.test(new URL(url).pathname)) return null;
  return loadMediaByUrl(loaders, resources, url, fields);
}

/** The images with what the media library knows of those of which only the id is known; without those it does not show. */
export async function completeImages(
  images: readonly RestObject[],
  { loaders, resources }: GatewayContext,
): Promise<readonly RestObject[]> {
  const media = resources.get('attachment');
  const completed = images.map(async (image) => {
    const id = readId(image, 'id');
    if (image['url'] !== undefined || id === null || !media) return image;
    // The controller of media knows no paths below a field.
    const item = await loaders.load(media, id, ['source_url', 'media_details', 'mime_type', 'alt_text']);
    return item && toImage(item);
  });
  return (await Promise.all(completed)).filter((image) => image !== null);
}

function toImage({ id, data }: Entity): RestObject {
  return {
    id,
    url: readString(data, 'source_url'),
    width: readInt(data, 'media_details.width'),
    height: readInt(data, 'media_details.height'),
    type: readString(data, 'mime_type'),
    alt: readString(data, 'alt_text'),
  };
}
