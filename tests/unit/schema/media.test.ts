// Owns the tests of media files: WPGraphQL's recorded answers leaf by leaf, sizes, details, and files that are no images.

import { describe, expect, it } from 'vitest';
import { ask, type Json, load, media, withDetails } from './media-harness.ts';

interface RecordedAnswer {
  readonly id: number;
  readonly selection: string;
  readonly answer: Json;
}

const answers: readonly RecordedAnswer[] = load('answers.json');

describe("WPGraphQL's recorded answers", () => {
  it.each(answers)('are given for media $id: $selection', async ({ id, selection, answer }) => {
    expect(await ask(media(id), selection)).toMatchObject({ item: answer, errors: [] });
  });
});

describe('size', () => {
  it('names the file, its path, its size in bytes and its address', async () => {
    const fields = 'file(size: LARGE) filePath(size: LARGE) fileSize(size: LARGE) sourceUrl(size: LARGE)';
    expect((await ask(media(124), fields)).item).toEqual({
      file: 'lab-image-121-1024x683.jpg',
      filePath: '/wp-content/uploads/2021/08/lab-image-121-1024x683.jpg',
      fileSize: 30225,
      sourceUrl: 'https://wordpress.example/wp-content/uploads/2021/08/lab-image-121-1024x683.jpg',
    });
  });

  it('means the full file where there is no such copy, and where it is not given', async () => {
    const full = {
      file: 'lab-image-76.jpg',
      filePath: '/wp-content/uploads/2020/08/lab-image-76.jpg',
      sourceUrl: 'https://wordpress.example/wp-content/uploads/2020/08/lab-image-76.jpg',
    };
    expect((await ask(media(79), 'file filePath sourceUrl')).item).toEqual(full);
    expect((await ask(media(79), 'file(size: LARGE) filePath(size: LARGE) sourceUrl(size: LARGE)')).item).toEqual(full);
  });

  it('takes the names of the sizes that the site makes', async () => {
    const details = {
      width: 900,
      height: 900,
      file: 'a.jpg',
      sizes: { 'post-hero': { source_url: 'https://x/hero.jpg' } },
    };
    const { item } = await ask(withDetails(details), 'sourceUrl(size: POST_HERO)', ['post-hero']);
    expect(item).toEqual({ sourceUrl: 'https://x/hero.jpg' });
  });

  it('gives sizes and srcSet of other sizes than MEDIUM', async () => {
    const { item } = await ask(media(124), 'sizes(size: THUMBNAIL) srcSet(size: THUMBNAIL) large: sizes(size: LARGE)');
    expect(item).toEqual({
      sizes: '(max-width: 150px) 100vw, 150px',
      srcSet: null,
      large: '(max-width: 1024px) 100vw, 1024px',
    });
  });
});

describe('mediaDetails', () => {
  it('lists the sizes that are included and not excluded, and null if none is', async () => {
    const { item } = await ask(
      media(124),
      `mediaDetails {
        some: sizes(include: [LARGE, MEDIUM]) { name } rest: sizes(exclude: [MEDIUM, THUMBNAIL]) { name }
        both: sizes(include: [LARGE, MEDIUM], exclude: [LARGE]) { name } none: sizes(include: [LARGE], exclude: [LARGE]) { name }
        all: sizes(include: []) { name }
      }`,
    );
    const named = (...names: string[]) => names.map((name) => ({ name }));
    expect(item).toEqual({
      mediaDetails: {
        some: named('medium', 'large'),
        rest: named('large', 'medium_large', '1536x1536', '2048x2048'),
        both: named('medium'),
        none: null,
        all: named('medium', 'large', 'thumbnail', 'medium_large', '1536x1536', '2048x2048'),
      },
    });
  });

  it('has paths and bytes of each size', async () => {
    const { item } = await ask(media(124), 'mediaDetails { filePath sizes(include: [MEDIUM]) { filePath fileSize } }');
    expect(item).toEqual({
      mediaDetails: {
        filePath: '/wp-content/uploads/2021/08/lab-image-121-scaled.jpg',
        sizes: [{ filePath: '/wp-content/uploads/2021/08/lab-image-121-300x200.jpg', fileSize: 5805 }],
      },
    });
  });

  it('keeps the path that WordPress has for a file that a plugin moved to another host', async () => {
    const moved = { ...media(124), source_url: 'https://cdn.example/abc.jpg?v=1' };
    const { item } = await ask(moved, 'mediaDetails { filePath sizes(include: [MEDIUM]) { filePath } } file filePath');
    expect(item).toEqual({
      mediaDetails: {
        filePath: '/wp-content/uploads/2021/08/lab-image-121-scaled.jpg',
        sizes: [{ filePath: '/wp-content/uploads/2021/08/lab-image-121-300x200.jpg' }],
      },
      file: 'abc.jpg',
      filePath: '/abc.jpg',
    });
  });

  it('reads what the camera wrote, with 0 as none where WPGraphQL does so', async () => {
    const fields =
      'aperture camera caption copyright createdTimestamp credit focalLength iso keywords orientation shutterSpeed title';
    const zeros = await ask(media(124), `mediaDetails { meta { ${fields} } }`);
    expect(zeros.item).toEqual({
      mediaDetails: {
        meta: {
          aperture: 0,
          camera: '',
          caption: '',
          copyright: '',
          createdTimestamp: null,
          credit: '',
          focalLength: null,
          iso: 0,
          keywords: [],
          orientation: '0',
          shutterSpeed: null,
          title: '',
        },
      },
    });
    const image_meta = {
      aperture: '2.8',
      created_timestamp: '1600000000',
      focal_length: '35',
      iso: '400',
      shutter_speed: '0.004',
      orientation: 1,
      keywords: ['sea', ['no'], 7],
    };
    const shot = await ask(
      withDetails({ image_meta }),
      'mediaDetails { meta { aperture createdTimestamp focalLength iso shutterSpeed orientation title keywords } }',
    );
    expect(shot.item).toEqual({
      mediaDetails: {
        meta: {
          aperture: 2.8,
          createdTimestamp: 1600000000,
          focalLength: 35,
          iso: 400,
          shutterSpeed: 0.004,
          orientation: '1',
          title: null,
          keywords: ['sea', null, '7'],
        },
      },
    });
    expect(shot.errors).toEqual(
      ['mediaDetails.meta.keywords.1: keywords.1 is a list where a string was expected'].map(
        (error) => `mediaItem.${error}`,
      ),
    );
  });
});

describe('files that are no images', () => {
  it('have an address, but no sourceUrl, sizes or srcSet', async () => {
    const fields =
      'mediaType mediaItemUrl sourceUrl medium: sourceUrl(size: MEDIUM) sizes srcSet file filePath fileSize';
    const { item } = await ask(
      media(302),
      `${fields} mediaDetails { width file filePath sizes { name } meta { iso } }`,
    );
    expect(item).toEqual({
      mediaType: 'file',
      mediaItemUrl: 'https://wordpress.example/wp-content/uploads/2025/07/lab-image-299.pdf',
      sourceUrl: null,
      medium: null,
      sizes: null,
      srcSet: null,
      file: 'lab-image-299.pdf',
      filePath: '/wp-content/uploads/2025/07/lab-image-299.pdf',
      fileSize: 193,
      mediaDetails: { width: null, file: null, filePath: null, sizes: null, meta: null },
    });
  });

  it('can have pictures: those of the first page of a PDF', async () => {
    const size = (name: string, width: number, mime_type: string) => ({
      file: `a-pdf${name}.jpg`,
      width,
      height: width,
      mime_type,
      source_url: `https://wordpress.example/wp-content/uploads/2025/07/a-pdf${name}.jpg`,
    });
    const sizes = { medium: size('-300x300', 300, 'image/jpeg'), full: size('', 1200, 'application/pdf') };
    const { item } = await ask(
      withDetails({ sizes }, 302),
      'sizes srcSet medium: sourceUrl(size: MEDIUM) large: sourceUrl(size: LARGE) mediaDetails { sizes { name mimeType filePath } }',
    );
    expect(item).toEqual({
      sizes: '(max-width: 300px) 100vw, 300px',
      srcSet: null,
      medium: 'https://wordpress.example/wp-content/uploads/2025/07/a-pdf-300x300.jpg',
      large: 'https://wordpress.example/wp-content/uploads/2025/07/a-pdf.jpg',
      mediaDetails: {
        sizes: [
          { name: 'medium', mimeType: 'image/jpeg', filePath: '/wp-content/uploads/2025/07/a-pdf-300x300.jpg' },
          { name: 'full', mimeType: 'image/jpeg', filePath: '/wp-content/uploads/2025/07/a-pdf.jpg' },
        ],
      },
    });
  });
});
