// Owns the tests of media items' texts, odd data and enums, and of what each field needs of WordPress.

import { graphql, printType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createTrace } from '../../../src/loaders/trace.ts';
import { ask, load, media, schemaFor, withDetails } from './media-harness.ts';

describe('texts', () => {
  it('come rendered, without the file that WordPress puts before the description', async () => {
    const { item } = await ask(media(301), 'caption(format: RENDERED) description');
    expect(item).toEqual({
      caption:
        '<p>Caption 298: The digital education moves our fresh ticket near the door every hidden part every southern recipe.</p>\n',
      description:
        '<p>The public change starts the railway, the ancient bicycle, and the editor near the fresh door?</p>\n',
    });
  });

  it.each([
    ['nothing but the file', `<p class="attachment"><a href='x'>x</a></p>\n`, null],
    [
      'a player for sound',
      '<audio class="wp-audio-shortcode" id="a"><source src="x" /><a href="x">x</a></audio>\n<p>Text</p>\n',
      '<p>Text</p>\n',
    ],
    [
      'a player for video',
      '<div style="width: 640px;" class="wp-video"><!--[if lt IE 9]><script></script><![endif]-->\n<video><source /></video></div>\n<p>Text</p>\n',
      '<p>Text</p>\n',
    ],
    [
      'a player for old browsers',
      '<!--[if lt IE 9]><script>document.createElement(\'audio\');</script><![endif]-->\n<audio class="wp-audio-shortcode"></audio>\n<p>Text</p>\n',
      '<p>Text</p>\n',
    ],
    ['text of its own', '<p>Text <p class="attachment">x</p></p>\n', '<p>Text <p class="attachment">x</p></p>\n'],
    ['nothing', '', null],
  ])('keep all but the file where it is %s', async (_case, rendered, expected) => {
    const { item } = await ask({ description: { rendered } }, 'description');
    expect(item).toEqual({ description: expected });
  });

  it('are null as RAW to who may not edit them', async () => {
    const { item, needs } = await ask(media(301), 'caption(format: RAW) description(format: RAW)');
    // Texts as they are stored are read with rights only: these are no fields that the public is asked for.
    expect({ item, needs }).toEqual({
      item: { caption: null, description: null },
      needs: ['caption_raw', 'description_raw'],
    });
  });

  it('keep an alternative text as it is, empty too', async () => {
    expect((await ask(media(303), 'altText mimeType')).item).toEqual({ altText: '', mimeType: 'text/plain' });
  });
});

describe('odd data', () => {
  const fields =
    'sizes srcSet sourceUrl(size: MEDIUM) fileSize(size: MEDIUM) file(size: MEDIUM) mediaDetails { width sizes { name } meta { iso } }';
  const none = {
    sizes: null,
    srcSet: null,
    sourceUrl: 'https://wordpress.example/wp-content/uploads/2021/08/lab-image-121-scaled.jpg',
    fileSize: 121765,
    file: 'lab-image-121-scaled.jpg',
    mediaDetails: null,
  };

  it.each([
    ['missing', undefined],
    ['null', null],
    ['[]', []],
    ['{}', {}],
  ])('details that are %s are none', async (_case, details) => {
    expect(await ask(withDetails(details), fields)).toMatchObject({ item: none, errors: [] });
  });

  it('sizes that are [] are none', async () => {
    const { item, errors } = await ask(
      withDetails({ width: '2560', height: 1707, file: 'a.jpg', sizes: [], image_meta: [] }),
      fields,
    );
    expect({ item, errors }).toEqual({
      item: {
        ...none,
        sizes: '(max-width: 300px) 100vw, 300px',
        mediaDetails: { width: 2560, sizes: null, meta: null },
      },
      errors: [],
    });
  });

  it('numbers as strings count, and empty ones are none', async () => {
    const details = {
      width: '',
      height: '800',
      file: 'a.jpg',
      sizes: { medium: { file: 'm.jpg', width: '300', height: '', filesize: '9' } },
    };
    const { item, errors } = await ask(
      withDetails(details),
      'sizes mediaDetails { width height sizes { width height fileSize mimeType } }',
    );
    expect({ item, errors }).toEqual({
      item: {
        sizes: '(max-width: 300px) 100vw, 300px',
        mediaDetails: {
          width: null,
          height: 800,
          sizes: [{ width: '300', height: null, fileSize: 9, mimeType: null }],
        },
      },
      errors: [],
    });
  });

  it('a bad size is an error in its place; the others stand', async () => {
    const sizes = {
      thumbnail: 'broken',
      medium: { file: ['x'], width: 300 },
      large: { file: 'l.jpg', width: 1024 },
      '1536x1536': [],
    };
    const { item, errors } = await ask(withDetails({ sizes }), 'mediaDetails { sizes { name file width } }');
    expect({ item, errors }).toEqual({
      item: {
        mediaDetails: {
          sizes: [
            null,
            { name: 'medium', file: null, width: '300' },
            { name: 'large', file: 'l.jpg', width: '1024' },
            { name: '1536x1536', file: null, width: null },
          ],
        },
      },
      errors: [
        'mediaItem.mediaDetails.sizes.0: media_details.sizes.thumbnail is a string where an object was expected',
        'mediaItem.mediaDetails.sizes.1.file: file is a list where a string was expected',
      ],
    });
  });

  it('a bad width spares the address', async () => {
    const sizes = { medium: { source_url: 'https://x.example/m.jpg', width: 'wide', height: 200 } };
    const { item, errors } = await ask(withDetails({ sizes }), 'sourceUrl(size: MEDIUM) sizes');
    expect({ item, errors }).toEqual({
      item: { sourceUrl: 'https://x.example/m.jpg', sizes: null },
      errors: ['mediaItem.sizes: width is a string where a number was expected'],
    });
  });

  it('a wrong type is null with an error at its path', async () => {
    const { item, errors } = await ask(
      { ...withDetails({ width: {}, sizes: 'none' }), alt_text: false, caption: 'text', media_type: 'image' },
      'altText caption mediaDetails { width sizes { name } } srcSet sourceUrl(size: LARGE) mimeType',
    );
    expect({ item, errors: errors.sort() }).toEqual({
      item: {
        altText: null,
        caption: null,
        mediaDetails: { width: null, sizes: null },
        srcSet: null,
        sourceUrl: null,
        mimeType: 'image/jpeg',
      },
      errors: [
        'mediaItem.altText: alt_text is a boolean where a string was expected',
        'mediaItem.caption: caption.rendered is a string where an object was expected',
        'mediaItem.mediaDetails.sizes: media_details.sizes is a string where an object was expected',
        'mediaItem.mediaDetails.width: media_details.width is an object where a number was expected',
        'mediaItem.sourceUrl: media_details.sizes is a string where an object was expected',
        'mediaItem.srcSet: media_details.sizes is a string where an object was expected',
      ],
    });
  });
});

describe('needs', () => {
  it.each([
    ['altText mimeType', ['alt_text', 'mime_type']],
    ['mediaItemUrl', ['source_url']],
    ['sourceUrl', ['media_type', 'source_url']],
    ['sourceUrl(size: MEDIUM)', ['media_details', 'media_type', 'source_url']],
    ['file filePath', ['source_url']],
    ['file(size: MEDIUM)', ['media_details', 'source_url']],
    ['mediaDetails { width height file }', ['media_details']],
    ['mediaDetails { filePath }', ['media_details', 'source_url']],
    ['mediaDetails { sizes { name width } }', ['media_details', 'media_type']],
    ['mediaDetails { sizes { filePath } }', ['media_details', 'media_type', 'source_url']],
    ['srcSet', ['media_details', 'media_type', 'source_url']],
    ['fileSize', ['filesize', 'media_details']],
    // WordPress shows these for their bare names only.
    ['caption description', ['caption', 'description']],
  ])('of %s are few', async (selection, needs) => {
    expect((await ask(media(124), selection)).needs).toEqual(needs);
  });
});

describe('enums', () => {
  it('have the names of WPGraphQL', () => {
    const schema = schemaFor({});
    const names = (name: string) =>
      [...printType(schema.getType(name) ?? raise(name)).matchAll(/^ {2}(\w+)$/gm)].map(([, value]) => value).sort();
    expect(names('MediaItemSizeEnum')).toEqual([
      'LARGE',
      'MEDIUM',
      'MEDIUM_LARGE',
      'THUMBNAIL',
      '_1536X1536',
      '_2048X2048',
    ]);
    expect(names('MediaItemStatusEnum')).toEqual(['AUTO_DRAFT', 'INHERIT', 'PRIVATE', 'TRASH']);
    expect(names('MimeTypeEnum')).toEqual(load('mime-type-enum.json'));
  });

  it('stand for the words of WordPress', async () => {
    const source = '{ status mime(type: APPLICATION_VND_MS_EXCEL_SHEET_BINARY_MACROENABLED_12) }';
    const contextValue = { trace: createTrace() };
    expect((await graphql({ schema: schemaFor({}), source, contextValue })).data).toEqual({
      status: 'INHERIT',
      mime: 'application/vnd.ms-excel.sheet.binary.macroEnabled.12',
    });
  });
});

function raise(name: string): never {
  throw new Error(`no ${name}`);
}
