// Owns the responsive image attributes that WordPress computes: which copies of an image a browser may choose from.

import type { RestObject } from '../../cache/fields-record.ts';
import { onceInARow } from '../../long-lists.ts';
import { readString } from '../read.ts';
import { besides, type Dimensions, fileName, fitWithin, type Image, isObject, readImage, readSizes } from './image.ts';

/** Widest copy that is offered, unless it is the image itself. */
const maxCandidateWidth = 2048;

interface Candidate extends Dimensions {
  readonly file: string;
  readonly url: string;
}

/** The `srcset` for a media item shown in a size, or null where there is nothing to choose from. */
export function printSrcSet(data: RestObject, size: string): string | null {
  const src = readImage(data, size);
  const choice = choiceOf(data);
  if (!src || src.width < 1 || !choice) return null;
  const { candidates, printed } = choice;
  const image = `${src.width}x${src.height} ${src.url}`;
  const known = printed.get(image);
  if (known !== undefined) return known;
  const srcSet = joinSources(src, candidates);
  printed.set(image, srcSet);
  return srcSet;
}

/** What there is to choose from, with what was printed of it: many names of sizes may stand for one image. */
const choiceOf = onceInARow((data: RestObject) => {
  const full = readImage(data, 'full');
  // Of other files than images WordPress keeps no file name here, and offers no choice.
  const file = readString(data, 'media_details.file');
  if (!full || !file || file.length < 4) return null;
  const sizes = readSizes(data);
  const copies = [...sizes].filter(([name]) => name !== 'full').flatMap(([, entry]) => toCandidate(entry, full.url));
  if (copies.length === 0) return null;
  // Copies of an animated GIF stand still: the moving full image is no alternative to them, nor they to it.
  const thumbnail = sizes.get('thumbnail');
  const isGif = isObject(thumbnail) && thumbnail['mime_type'] === 'image/gif';
  const candidates = isGif ? copies : [...copies, { ...full, file: fileName(file) }];
  return { candidates, printed: new Map<string, string | null>() };
});

/** The `sizes` for a media item shown in a size, or null where its width is not known. */
export function printSizes(data: RestObject, size: string): string | null {
  const width = readImage(data, size)?.width;
  return width ? `(max-width: ${width}px) 100vw, ${width}px` : null;
}

function joinSources(src: Image, candidates: readonly Candidate[]): string | null {
  const srcFile = fileName(src.url);
  // WordPress marks the files of each edit in its image editor; those of other edits may show something else.
  const edit = /-e\d{13}/.exec(srcFile)?.[0];
  let urls = new Map<number, string>();
  let isSrcFound = false;
  for (const { file, url, width, height } of candidates) {
    const isSrc: boolean = !isSrcFound && file === srcFile;
    isSrcFound ||= isSrc;
    if (edit && !file.includes(edit)) continue;
    if (width > maxCandidateWidth && !isSrc) continue;
    if (!hasSameRatio(src, { width, height })) continue;
    // The image itself comes first; of two copies of one width the later one replaces the earlier in its place.
    if (isSrc) urls = new Map([[width, url], ...[...urls].filter(([known]) => known !== width)]);
    else urls.set(width, url);
  }
  if (!isSrcFound || urls.size < 2) return null;
  return [...urls].map(([width, url]) => `${url.replaceAll(' ', '%20')} ${width}w`).join(', ');
}

/** Whether two images differ by no more than a pixel once the larger has the width of the smaller. */
function hasSameRatio(one: Dimensions, other: Dimensions): boolean {
  const [large, small] = one.width > other.width ? [one, other] : [other, one];
  const scaled = fitWithin(large, { width: small.width, height: 0 });
  return Math.abs(scaled.width - small.width) <= 1 && Math.abs(scaled.height - small.height) <= 1;
}

function toCandidate(entry: unknown, fullUrl: string): Candidate[] {
  if (!isObject(entry)) return [];
  const { file, source_url: url } = entry;
  const width = Number(entry['width']);
  const height = Number(entry['height']);
  if (typeof file !== 'string' || !file || !(width >= 1) || !(height >= 1)) return [];
  return [{ file, url: typeof url === 'string' && url ? url : besides(fullUrl, file), width, height }];
}
