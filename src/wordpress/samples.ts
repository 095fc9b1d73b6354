// Owns what only a few rows of a site's content tell of it: where archives are, names of image sizes, templates of pages.

import { isObject, type Reading, toRows } from './reading.ts';
import { withoutEndSlashes } from './url.ts';

/** A type of content whose rows are read. */
export interface SampledType {
  readonly slug: string;
  readonly route: string;
  readonly hierarchical: boolean;
  readonly hasArchive: boolean | string;
}

const sampledImages = 20;

/**
 * WordPress says where an archive is only if it has an address of its own; otherwise it is what the links begin with.
 * Where permalinks are plain, or the type has none, all archives are queries. `before` is where it was, if that is known.
 */
export async function findArchive(
  { get }: Reading,
  { slug: name, route, hierarchical, hasArchive }: SampledType,
  home: string,
  before: string | null,
): Promise<string | null> {
  const own = typeof hasArchive === 'string' ? hasArchive.replace(/^\/+|(?<!\/)\/+$/g, '') : null;
  if (own === '' || hasArchive === false) return null;
  const query = { per_page: 1, ...(hierarchical ? { parent: 0 } : {}), _fields: ['link', 'slug'] };
  const rows = await get({ route, query }, toRows);
  if (rows === null && before !== null) return before;
  const { link, slug } = rows?.[0] ?? {};
  if (typeof link !== 'string' || typeof slug !== 'string' || !URL.canParse(link)) return own ?? name;
  const base = URL.canParse(home) ? withoutEndSlashes(new URL(home).pathname) : '';
  const { pathname, search } = new URL(link);
  const parts = (pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname).split('/').filter(Boolean);
  if (parts.length === 0 && search !== '') return `?post_type=${name}`;
  if (own !== null) return own;
  const isBelow = parts.length > 1 && parts.at(-1)?.toLowerCase() === slug.toLowerCase();
  return isBelow ? parts.slice(0, -1).join('/') : name;
}

/** Names of image sizes are nowhere in REST but in the images. Null where the site does not tell them. */
export async function sampleSizes({ get }: Reading, route: string): Promise<string[] | null> {
  const query = { per_page: sampledImages, media_type: 'image', _fields: ['media_details'] };
  const sample = await get({ route, query }, (body, { total }) => {
    const rows = toRows(body);
    // Rows without it are of something else.
    if (!rows || (rows.length > 0 && !rows.some((row) => 'media_details' in row))) return null;
    return { rows, isEmpty: rows.length === 0 && total !== 0 };
  });
  // Without a word of how many there are, no images may as well be images that a plugin took out.
  if (!sample || sample.isEmpty) return null;
  const sizes = sample.rows.map(({ media_details: details }) => (isObject(details) ? details['sizes'] : null));
  const names = sizes.filter(isObject).flatMap((size) => Object.keys(size));
  return [...new Set(names)].filter((name) => name !== 'full');
}

/** The templates that pages have. Null where the site does not tell them. */
export async function sampleTemplates({ get }: Reading, route: string): Promise<string[] | null> {
  const rows = await get({ route, query: { per_page: 100, _fields: ['template'] } }, toRows);
  const templates = rows?.map(({ template }) => template).filter((value) => typeof value === 'string' && value !== '');
  return templates ? [...new Set(templates)].map(String).sort() : null;
}
