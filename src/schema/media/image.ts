// Owns reading of a media item's images from REST: its recorded sizes, and which one a size name stands for.

import type { RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import { onceInARow } from '../../long-lists.ts';
import { toEnumName } from '../enum-names.ts';
import { readInt, readString, readValue } from '../read.ts';

/** Width and height in pixels. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** An image file of a media item. */
export interface Image extends Dimensions {
  readonly url: string;
}

/**
 * Boxes that the sizes of WordPress fit into unless the site's media settings say otherwise, which REST shows to nobody.
 * They only count for an image whose copy of that size is missing. 0 is no bound.
 */
const defaultBoxes: ReadonlyMap<string, Dimensions> = new Map([
  ['thumbnail', { width: 150, height: 150 }],
  ['medium', { width: 300, height: 300 }],
  ['medium_large', { width: 768, height: 0 }],
  ['large', { width: 1024, height: 1024 }],
  ['1536x1536', { width: 1536, height: 1536 }],
  ['2048x2048', { width: 2048, height: 2048 }],
]);

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is RestObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a media item is an image, as WordPress sees it. */
export function isImage(data: RestObject): boolean {
  return readString(data, 'media_type') === 'image';
}

/** An object at a path, or null where it is missing or empty. PHP writes an empty one as `[]`. */
export function readObject(data: RestObject, path: string): RestObject | null {
  return toObject(readValue(data, path), path);
}

/** The recorded sizes by name and in order, `full` with them. An entry can be anything. */
export const readSizes = onceInARow(
  (data: RestObject): ReadonlyMap<string, unknown> =>
    new Map(Object.entries(readObject(data, 'media_details.sizes') ?? {})),
);

/** Names of sizes by what they are called in queries; of two that are called the same, the first. */
const namesOf = onceInARow(
  (sizes: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> =>
    new Map([...sizes.keys()].reverse().map((name) => [toEnumName(name), name])),
);

/** The entry of one size, or null where it is not recorded. */
export function readSize(data: RestObject, name: string): RestObject | null {
  const sizes = readSizes(data);
  // A name that the schema does not know comes as it stands in the query.
  const known = sizes.has(name) ? name : namesOf(sizes).get(name);
  return toObject((known === undefined ? null : sizes.get(known)) ?? null, `media_details.sizes.${name}`);
}

function toObject(value: unknown, path: string): RestObject | null {
  if (value === null || (Array.isArray(value) && value.length === 0)) return null;
  if (!isObject(value)) throw new FieldError(path, 'an object', value);
  return Object.keys(value).length > 0 ? value : null;
}

/** Where the image is that a size name stands for: its copy, or the full image. Null for what is no image. */
export function readImageUrl(data: RestObject, size: string): string | null {
  // Of a PDF the full image is the picture of its first page, if WordPress made one.
  const full =
    readString(readSize(data, 'full'), 'source_url') ?? (isImage(data) ? readString(data, 'source_url') : null);
  const copy = readCopy(data, size);
  if (!full || !copy) return full || null;
  const file = readString(copy, 'file');
  return readString(copy, 'source_url') ?? (file === null ? full : besides(full, file));
}

/** The image that a size name stands for, with its dimensions: 0 where they are not recorded. */
export function readImage(data: RestObject, size: string): Image | null {
  const url = readImageUrl(data, size);
  if (url === null) return null;
  const copy = readCopy(data, size);
  if (copy) return { url, ...readDimensions(copy, '') };
  const full = isImage(data)
    ? readDimensions(data, 'media_details.')
    : readDimensions(readSize(data, 'full') ?? {}, '');
  return { url, ...fitWithin(full, defaultBoxes.get(size)) };
}

function readCopy(data: RestObject, size: string): RestObject | null {
  return size === 'full' ? null : readSize(data, size);
}

function readDimensions(data: RestObject, prefix: string): Dimensions {
  return { width: readInt(data, `${prefix}width`) ?? 0, height: readInt(data, `${prefix}height`) ?? 0 };
}

/** Dimensions scaled down into a box, rounded as WordPress rounds. */
export function fitWithin({ width, height }: Dimensions, box: Dimensions | undefined): Dimensions {
  if (!box) return { width, height };
  const byWidth = ratioOf(width, box.width);
  const byHeight = ratioOf(height, box.height);
  const snug = Math.max(byWidth, byHeight);
  const isSnugTooLarge = Math.round(width * snug) > box.width || Math.round(height * snug) > box.height;
  const ratio = isSnugTooLarge ? Math.min(byWidth, byHeight) : snug;
  return { width: scale(width, ratio, box.width), height: scale(height, ratio, box.height) };
}

function ratioOf(length: number, bound: number): number {
  return bound > 0 && length > bound ? bound / length : 1;
}

function scale(length: number, ratio: number, bound: number): number {
  if (length === 0) return 0;
  const scaled = Math.max(1, Math.round(length * ratio));
  // One pixel short of the bound is a rounding loss.
  return length > bound && scaled === bound - 1 ? bound : scaled;
}

/** The address of a file in the same folder as another. */
export function besides(url: string, file: string): string {
  return url.slice(0, url.lastIndexOf('/') + 1) + file;
}

/** What follows the last slash of an address or path. */
export function fileName(path: string): string {
  const bare = path.replace(/[?#].*$/s, '');
  return bare.slice(bare.lastIndexOf('/') + 1);
}

/** The path of an address, as text: it stays encoded or not as it is. */
export function pathOf(url: string): string {
  return url.replace(/^(?:https?:)?\/\/[^/]+/i, '').replace(/[?#].*$/s, '');
}
