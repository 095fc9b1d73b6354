// Owns what the gateway knows of the site it serves: the index of its REST API, read leniently.

import { SiteError, UpstreamError } from '../errors.ts';
import { isUnavailable } from './failures.ts';
import type { RestRoot, Site, WordPressClient } from './rest.ts';
import { withoutEndSlashes } from './url.ts';

const fields = [
  'name',
  'description',
  'url',
  'home',
  'gmt_offset',
  'timezone_string',
  'page_for_posts',
  'page_on_front',
  'show_on_front',
  'namespaces',
  'site_icon',
  'site_icon_url',
];

/** A longer one is no address of a site: browsers and servers do not take it. */
const maxAddressLength = 2048;

type Index = Readonly<Record<string, unknown>>;

/** Reads the site behind a root. What the index does not say is null. Rejects with a `SiteError`. */
export async function loadSite(client: Pick<WordPressClient, 'request'>, root: RestRoot): Promise<Site> {
  const isHosted = root.style === 'wordpress.com';
  const query = isHosted ? { fields: ['name', 'description', 'URL'] } : { _fields: fields };
  const index = await readIndex(client, root, query);
  const frontPage = index['show_on_front'];
  return {
    root,
    name: toText(index['name']),
    description: toText(index['description']),
    url: toAddress(index[isHosted ? 'URL' : 'url']),
    home: toAddress(index[isHosted ? 'URL' : 'home']) ?? homeOf(root),
    timezone: toText(index['timezone_string']) || null,
    gmtOffset: toNumber(index['gmt_offset']),
    namespaces: isHosted ? ['wp/v2'] : toTexts(index['namespaces']),
    showOnFront: frontPage === 'posts' || frontPage === 'page' ? frontPage : null,
    pageOnFront: toId(index['page_on_front']),
    pageForPosts: toId(index['page_for_posts']),
    siteIconId: toId(index['site_icon']),
    siteIconUrl: toText(index['site_icon_url']) || null,
  };
}

async function readIndex(
  client: Pick<WordPressClient, 'request'>,
  root: RestRoot,
  query: Readonly<Record<string, readonly string[]>>,
): Promise<Index> {
  const at = `${root.origin}${root.path}`;
  let body: unknown;
  try {
    ({ body } = await client.request({ route: '', query }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isTemporary = cause instanceof UpstreamError && (isUnavailable(cause) || isDown(cause));
    throw new SiteError(`What the site is could not be read from ${at} (${reason}). Try again.`, {
      cause,
      isTemporary,
    });
  }
  if (isIndex(body)) return body;
  throw new SiteError(`${at} answered with a list where the index of a REST API was expected.`);
}

/** WordPress fails, or is being updated. */
function isDown({ code, details }: UpstreamError): boolean {
  return code === 'UPSTREAM_ERROR' || details.kind === 'maintenance';
}

function isIndex(body: unknown): body is Index {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** The address of the root without what names the REST API. */
function homeOf({ origin, path, style }: RestRoot): string {
  const base =
    style === 'path' ? path.replace(/(?:index\.php\/)?(?<![^/])[^/]+\/$/, '') : path.replace(/(?<![^/])[^/]*$/, '');
  return withoutEndSlashes(`${origin}${style === 'wordpress.com' ? '' : base}`);
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function toAddress(value: unknown): string | null {
  const text = withoutEndSlashes(toText(value) ?? '');
  return text.length <= maxAddressLength && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}

/** WordPress stores options as text, and plugins pass them on as they are. */
function toNumber(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Ids; WordPress writes 0 for none. */
function toId(value: unknown): number | null {
  const number = toNumber(value);
  return number !== null && Number.isInteger(number) && number > 0 ? number : null;
}
