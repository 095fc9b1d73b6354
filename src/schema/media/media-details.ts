// Owns the recorded details of a media file: its dimensions, its copies in other sizes, and what its camera wrote.

import type { RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { Args } from '../../planner/needs.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { toEnumName } from '../enum-names.ts';
import { readInt, readList, readNumber, readString, readValue } from '../read.ts';
import { besides, fileName, isImage, isObject, pathOf, readObject, readSizes } from './image.ts';

/** A copy of a media item's file. */
interface MediaSize {
  readonly name: string;
  readonly entry: RestObject;
  readonly item: RestObject;
}

/** Declares MediaDetails (made of the media item), MediaSize and MediaItemMeta. */
export function defineMediaDetails(builder: Builder): void {
  builder.object<Entity>('MediaDetails', {
    description: 'Details of a media file.',
    fields: {
      file: {
        type: 'String',
        description: 'Name of the file.',
        resolve: ({ data }) => fileName(readString(data, 'media_details.file') ?? '') || null,
      },
      filePath: {
        type: 'String',
        description: 'Path of the file on the site.',
        needs: ['source_url'],
        resolve: ({ data }) => readUploadPath(data),
      },
      height: {
        type: 'Int',
        description: 'Height in pixels.',
        resolve: ({ data }) => readInt(data, 'media_details.height'),
      },
      meta: {
        type: 'MediaItemMeta',
        description: 'What the camera wrote into the file.',
        resolve: ({ data }) => readObject(data, 'media_details.image_meta'),
      },
      sizes: {
        type: '[MediaSize]',
        description: 'Copies of the file in other sizes.',
        args: {
          exclude: { type: '[MediaItemSizeEnum]', description: 'Sizes to leave out, even if included.' },
          include: { type: '[MediaItemSizeEnum]', description: 'The only sizes to show.' },
        },
        needs: ['media_type'],
        part: true,
        resolve: ({ data }, args) => listSizes(data, args),
      },
      width: {
        type: 'Int',
        description: 'Width in pixels.',
        resolve: ({ data }) => readInt(data, 'media_details.width'),
      },
    },
  });
  defineMediaSize(builder);
  defineMediaItemMeta(builder);
}

function readUploadPath(data: RestObject): string | null {
  const file = readString(data, 'media_details.file');
  if (!file) return null;
  const path = pathOf(readString(data, 'source_url') ?? '');
  // Files that a plugin moved to another host keep the path they have in WordPress.
  return path.endsWith(file) ? path : `/wp-content/uploads/${file}`;
}

function listSizes(item: RestObject, { include, exclude }: Args): (MediaSize | FieldError)[] | null {
  // A name that the schema does not know comes as it stands in the query.
  const has = (names: readonly unknown[], name: string) => names.includes(name) || names.includes(toEnumName(name));
  const isIncluded = (name: string) => !isNonEmpty(include) || has(include, name);
  const isExcluded = (name: string) => isNonEmpty(exclude) && has(exclude, name);
  // REST adds the full file to the copies of an image; a PDF has it as a copy, the picture of its first page.
  const isCopy = (name: string) => name !== 'full' || !isImage(item);
  const names = [...readSizes(item)].filter(([name]) => isCopy(name) && isIncluded(name) && !isExcluded(name));
  if (names.length === 0) return null;
  return names.map(([name, entry]) => {
    if (isObject(entry)) return { name, entry, item };
    if (entry === null || (Array.isArray(entry) && entry.length === 0)) return { name, entry: {}, item };
    // An error in a list is the error of its place: the other sizes stand.
    return new FieldError(`media_details.sizes.${name}`, 'an object', entry);
  });
}

function isNonEmpty(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function defineMediaSize(builder: Builder): void {
  const text = (path: string, description: string): FieldDeclaration<MediaSize> => ({
    type: 'String',
    description,
    resolve: ({ entry }) => readString(entry, path) || null,
  });
  builder.object<MediaSize>('MediaSize', {
    description: 'A copy of a media file in another size.',
    fields: {
      file: text('file', 'Name of the file.'),
      filePath: {
        type: 'String',
        description: 'Path of the file on the site.',
        needs: ['source_url'],
        resolve: ({ entry, item }) => {
          const file = readString(entry, 'file');
          const original = readUploadPath(item) ?? pathOf(readString(item, 'source_url') ?? '');
          return file && original ? besides(original, file) : null;
        },
      },
      fileSize: {
        type: 'Int',
        description: 'Size of the file in bytes. Null if WordPress has not recorded it: it does since 6.0.',
        resolve: ({ entry }) => readInt(entry, 'filesize'),
      },
      height: text('height', 'Height in pixels.'),
      mimeType: {
        type: 'String',
        description: 'MIME type of the file.',
        resolve: ({ name, entry, item }) => {
          const type = readString(entry, 'mime_type');
          // REST gives the picture of a PDF the type of the PDF; its smaller copies have the right one.
          const isPicture = name === 'full' && type === 'application/pdf';
          return (isPicture ? [...readSizes(item)].map(([, other]) => copyType(other)).find(Boolean) : type) || null;
        },
      },
      name: { type: 'String', description: 'Name of the size.', resolve: ({ name }) => name },
      sourceUrl: text('source_url', 'Address of the file.'),
      width: text('width', 'Width in pixels.'),
    },
  });
}

function copyType(entry: unknown): string | null {
  const type = isObject(entry) ? entry['mime_type'] : null;
  return typeof type === 'string' && type !== 'application/pdf' ? type : null;
}

function defineMediaItemMeta(builder: Builder): void {
  const text = (path: string): FieldDeclaration<RestObject> => ({
    type: 'String',
    resolve: (meta) => readString(meta, path),
  });
  // WPGraphQL has null for 0 in some of these numbers, and 0 in others.
  const numberOrNull = (type: string, path: string): FieldDeclaration<RestObject> => ({
    type,
    resolve: (meta) => (type === 'Int' ? readInt(meta, path) : readNumber(meta, path)) || null,
  });
  builder.object<RestObject>('MediaItemMeta', {
    description: 'What the camera, or a program after it, wrote into an image file.',
    fields: {
      aperture: { type: 'Float', resolve: (meta) => readNumber(meta, 'aperture') },
      camera: text('camera'),
      caption: text('caption'),
      copyright: text('copyright'),
      createdTimestamp: numberOrNull('Int', 'created_timestamp'),
      credit: text('credit'),
      focalLength: numberOrNull('Float', 'focal_length'),
      iso: { type: 'Int', resolve: (meta) => readInt(meta, 'iso') },
      keywords: {
        type: '[String]',
        resolve: (meta) =>
          readValue(meta, 'keywords') === null
            ? null
            : readList(meta, 'keywords').map((keyword, index) =>
                typeof keyword === 'object' && keyword !== null
                  ? new FieldError(`keywords.${index}`, 'a string', keyword)
                  : keyword,
              ),
      },
      orientation: text('orientation'),
      shutterSpeed: numberOrNull('Float', 'shutter_speed'),
      title: text('title'),
    },
  });
}
