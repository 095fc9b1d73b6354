// Owns media items: the fields that only they have, and the enums that go with them.

import type { RestObject } from '../../cache/fields-record.ts';
import type { Args } from '../../planner/needs.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { toEnumValues } from '../enum-names.ts';
import { readInt, readString } from '../read.ts';
import { besides, fileName, isImage, pathOf, readImageUrl, readObject, readSize } from './image.ts';
import { defineMediaDetails } from './media-details.ts';
import { mimeTypes } from './mime-types.ts';
import { printSizes, printSrcSet } from './src-set.ts';

/** The sizes that every WordPress makes. */
export const coreSizeNames: readonly string[] = [
  'thumbnail',
  'medium',
  'medium_large',
  'large',
  '1536x1536',
  '2048x2048',
];

/** Declares the types and enums of media items. `sizeNames` are the names of the sizes that the site makes. */
export function defineMedia(builder: Builder, _site: Site, sizeNames: readonly string[] = coreSizeNames): void {
  builder.enum('MediaItemSizeEnum', toEnumValues(sizeNames), 'Names of the sizes in which WordPress keeps images.');
  builder.enum(
    'MediaItemStatusEnum',
    { AUTO_DRAFT: 'auto-draft', INHERIT: 'inherit', PRIVATE: 'private', TRASH: 'trash' },
    'Status of a media item: most have that of what they are attached to.',
  );
  builder.enum('MimeTypeEnum', toEnumValues(mimeTypes), 'Types of files that WordPress takes.');
  defineMediaDetails(builder);
}

/**
 * The fields that only media items have. What needs `media_details` needs all of it: WordPress computes it for
 * its bare name in `_fields` only, not for a path into it. `caption` and `description` are the same.
 */
export function mediaFields(): FieldDeclarations {
  return {
    altText: {
      type: 'String',
      description: 'Alternative text.',
      needs: ['alt_text'],
      resolve: ({ data }) => readString(data, 'alt_text'),
    },
    caption: formatted('caption', 'Caption.', (text) => text),
    description: formatted('description', 'Description.', withoutAttachment),
    file: sized('String', 'Name of the file, or of its copy in a size.', ['source_url'], (data, size) => {
      const file = size ? readString(readSize(data, size), 'file') : null;
      return file || fileName(readString(data, 'source_url') ?? '') || null;
    }),
    filePath: sized('String', 'Path of the file, or of its copy in a size, on the site.', ['source_url'], readFilePath),
    fileSize: {
      ...sized('Int', 'Size of the file, or of its copy in a size, in bytes.', [], readFileSize),
      // WordPress records the size of new files since 6.0, and looks for that of others since 7.0.
      needs: ['filesize', 'media_details'],
    },
    mediaDetails: {
      type: 'MediaDetails',
      description: 'Dimensions, copies in other sizes, and what the camera wrote.',
      needs: ['media_details'],
      part: true,
      resolve: (entity) => readObject(entity.data, 'media_details') && entity,
    },
    mediaItemUrl: {
      type: 'String',
      description: 'Address of the file.',
      needs: ['source_url'],
      resolve: ({ data }) => readString(data, 'source_url') || null,
    },
    mediaType: {
      type: 'String',
      description: '`image` or `file`.',
      needs: ['media_type'],
      resolve: ({ data }) => readString(data, 'media_type'),
    },
    mimeType: {
      type: 'String',
      description: 'MIME type.',
      needs: ['mime_type'],
      resolve: ({ data }) => readString(data, 'mime_type') || null,
    },
    sizes: sized(
      'String',
      'The `sizes` attribute for an image in a size: MEDIUM unless told.',
      ['media_details', 'media_type', 'source_url'],
      (data, size) => printSizes(data, size ?? 'medium'),
    ),
    sourceUrl: sized(
      'String',
      'Address of the image, or of its copy in a size. Null for other files: see `mediaItemUrl`.',
      ['media_type', 'source_url'],
      (data, size) => (size ? readImageUrl(data, size) : (isImage(data) && readString(data, 'source_url')) || null),
    ),
    srcSet: sized(
      'String',
      'The `srcset` attribute for an image in a size: MEDIUM unless told.',
      ['media_details', 'media_type', 'source_url'],
      (data, size) => printSrcSet(data, size ?? 'medium'),
    ),
  };
}

/** A field with a `size`, for which it needs the recorded sizes. */
function sized(
  type: string,
  description: string,
  needs: readonly string[],
  read: (data: RestObject, size: string | null) => string | number | null,
): FieldDeclaration {
  return {
    type,
    description,
    args: { size: { type: 'MediaItemSizeEnum', description: 'Name of a size.' } },
    needs: ({ size }) => (size ? [...needs, 'media_details'] : needs),
    resolve: ({ data }, { size }) => read(data, typeof size === 'string' ? size : null),
  };
}

function formatted(name: string, description: string, clean: (text: string) => string): FieldDeclaration {
  return {
    type: 'String',
    description: `${description} Null if it is empty; RAW is null unless the viewer may edit it.`,
    args: { format: { type: 'PostObjectFieldFormatEnum', description: 'As it is stored, or as it is shown.' } },
    needs: ({ format }) => [format === 'raw' ? `${name}_raw` : name],
    resolve: ({ data }, { format }: Args) =>
      format === 'raw'
        ? readString(data, `${name}_raw`) || null
        : clean(readString(data, `${name}.rendered`) ?? '') || null,
  };
}

/** A description without the file itself, which WordPress puts before it as a link or a player. */
function withoutAttachment(html: string): string {
  const player =
    /^\s*(?:<!--\[if[^\]]*\]>.*?<!\[endif\]-->\s*)?<(audio|div)\b[^>]*class="wp-(?:audio-shortcode|video)\b/s;
  const element = player.exec(html)?.[1];
  const end = html.indexOf(element ? `</${element}>` : '</p>');
  if (end === -1 || !(element || /^\s*<p class="attachment">/.test(html))) return html;
  return html.slice(html.indexOf('>', end) + 1).replace(/^\n/, '');
}

function readFilePath(data: RestObject, size: string | null): string | null {
  const path = pathOf(readString(data, 'source_url') ?? '');
  const file = size ? readString(readSize(data, size), 'file') : null;
  return (path && file ? besides(path, file) : path) || null;
}

function readFileSize(data: RestObject, size: string | null): number | null {
  const entry = size ? readSize(data, size) : null;
  return entry ? readInt(entry, 'filesize') : (readInt(data, 'media_details.filesize') ?? readInt(data, 'filesize'));
}
