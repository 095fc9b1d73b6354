// Owns the tests of srcset and sizes: what WordPress itself wrote for the same images.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RestObject } from '../../../src/cache/fields-record.ts';
import { readImage } from '../../../src/schema/media/image.ts';
import { printSizes, printSrcSet } from '../../../src/schema/media/src-set.ts';

interface Sample {
  readonly media: RestObject;
  readonly size: string;
  readonly srcSet: string | null;
  readonly sizes: string | null;
}

interface ComputedSample extends Sample {
  readonly case: string;
  readonly sourceUrl: string;
}

const rendered: readonly Sample[] = load('rendered.json');
const computed: readonly ComputedSample[] = load('computed.json');

function load(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../data/media', name), 'utf8'));
}

describe('srcset and sizes', () => {
  // One of each shape of image and size that a site of WordPress 7.1 rendered into posts and descriptions.
  it.each(rendered)(
    'are those that WordPress rendered: $size of $media.source_url',
    ({ media, size, srcSet, sizes }) => {
      expect(printSrcSet(media, size)).toBe(srcSet);
      // WordPress leaves out `sizes` with `srcset`.
      if (srcSet !== null) expect(printSizes(media, size)).toBe(sizes);
    },
  );

  // Random images, put through the functions of WordPress 7.1: GIFs, edited images, broken entries, spaces in names.
  it.each(computed)('are those that WordPress computed: $case, $size of $media.source_url', (sample) => {
    const { media, size, sourceUrl, srcSet, sizes } = sample;
    expect(readImage(media, size)?.url).toBe(sourceUrl);
    expect(printSrcSet(media, size)).toBe(srcSet);
    expect(printSizes(media, size)).toBe(sizes);
  });

  it('are made once for many fields in a row, whatever their sizes are called', () => {
    const copyOf = (width: number) => ({
      file: `a-${width}.jpg`,
      width,
      height: width / 2,
      source_url: `/a-${width}.jpg`,
    });
    const entry = copyOf(300);
    let reads = 0;
    Object.defineProperty(entry, 'file', {
      get() {
        reads += 1;
        return 'a-300.jpg';
      },
    });
    const names = vi.spyOn(String.prototype, 'toUpperCase');
    const media = {
      ...{ media_type: 'image', source_url: '/a.jpg' },
      media_details: { file: 'a.jpg', width: 900, height: 450, sizes: { own: entry, large: copyOf(600) } },
    };
    const srcSets = Array.from({ length: 40 }, (_, i) => printSrcSet(media, i % 2 ? 'large' : `OTHER_${i}`));
    expect(new Set(srcSets)).toEqual(
      new Set(['/a-600.jpg 600w, /a-300.jpg 300w, /a.jpg 900w', '/a.jpg 900w, /a-300.jpg 300w, /a-600.jpg 600w']),
    );
    expect(reads).toBe(1);
    expect(names.mock.calls.length).toBeLessThanOrEqual(2);
    names.mockRestore();
  });
});
