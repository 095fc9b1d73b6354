// Owns the tests of srcset and sizes: what WordPress itself wrote for the same images.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
});
