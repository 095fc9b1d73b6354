// Owns the menus that a site shows everybody: in its published navigation posts, else in the markup of its front page.

import { UpstreamError } from '../errors.ts';
import { inTheWay, isRefusal } from './failures.ts';
import { isWordPressPage } from './link.ts';
import type { Menu, MenuItem } from './menu.ts';
import { usualMenuLocations } from './menu-locations.ts';
import { createMenuParser, type MarkupItem, type MarkupMenu, toWords } from './menu-markup.ts';
import { classifyPage } from './page.ts';
import { destinationOf, isSentAway, maxRedirects } from './redirect.ts';
import type { PageAnswer, QueryValue, RestResponse, Site } from './rest.ts';
import { withoutEndSlashes } from './url.ts';

/** Menus with their items, and where they were found: `hidden` where the site shows another page instead of its front. */
export interface PublicMenus {
  readonly source: 'navigation' | 'page' | 'none' | 'hidden';
  /** Whether the front page has an end tag, or had one: HTML may do without. Null where it was not read. */
  readonly hasEnd: boolean | null;
  /** Whether the front page had a sign of WordPress. Null where it was not read. */
  readonly isSigned: boolean | null;
  readonly menus: readonly (Menu & { readonly items: readonly MenuItem[] })[];
}

/** How a visitor reads the site. */
export interface PublicReads {
  read(route: string, query: Readonly<Record<string, QueryValue>>): Promise<Pick<RestResponse, 'body'>>;
  readPage(method: 'GET', target: string): Promise<Omit<PageAnswer, 'cacheable'>>;
}

type Found = MarkupMenu & { readonly id?: number; readonly name?: string };

interface FrontPage {
  readonly hasEnd: boolean;
  readonly isSigned: boolean;
  readonly menus: readonly Found[];
}

/** Ids that are made up begin here: no site has so much content. */
const firstMadeUpId = 2 ** 30;
const idsPerMenu = 2 ** 14;

/**
 * Reads them. `named` are the locations to look for, `before` is what was found last. Throws an `UpstreamError` that says
 * that something is in the way where that is not shown at the moment, and one where the page breaks off.
 */
export async function loadPublicMenus(
  reads: PublicReads,
  site: Pick<Site, 'root' | 'home'>,
  named: readonly string[],
  before?: PublicMenus,
): Promise<PublicMenus> {
  const navigation = await readNavigation(reads, before?.source === 'navigation');
  if (navigation.length > 0) return { ...unread, source: 'navigation', menus: toMenus(navigation, named) };
  const page = await readWholePage(reads, site, before);
  // Who showed menus a while ago has not decided otherwise by showing another page: plugins do so while they work, and
  // hosts put one of their own in the place of every other.
  const isOther = !page || (page.menus.length === 0 && !page.isSigned && before?.isSigned);
  if (isOther && before?.source === 'page') {
    throw new UpstreamError('UPSTREAM_NOT_FOUND', 'the front page is not shown', { isInTheWay: true });
  }
  if (!page) return { ...unread, source: 'hidden', menus: [] };
  const source = page.menus.length > 0 ? 'page' : 'none';
  return { ...page, source, menus: toMenus(page.menus, named) };
}

const unread = { hasEnd: null, isSigned: null };

/** Navigation posts hold the menus of block themes; WordPress 5.9 has the first. */
async function readNavigation({ read }: PublicReads, wasShown: boolean): Promise<Found[]> {
  const query = { per_page: 100, _fields: ['content.rendered', 'id', 'slug', 'title.rendered'] };
  let body: unknown;
  try {
    ({ body } = await read('wp/v2/navigation', query));
  } catch (error) {
    if (!(error instanceof UpstreamError) || !isRefusal(error)) throw error;
    if (wasShown) throw inTheWay(error);
    return [];
  }
  const parseMenus = createMenuParser();
  const found: Found[] = [];
  for (const row of Array.isArray(body) ? body : []) {
    const [id, slug, name] = [valueAt(row, 'id'), textAt(row, 'slug'), textAt(row, 'title', 'rendered')];
    const items = (await parseMenus(textAt(row, 'content', 'rendered'))).flatMap((menu) => menu.items);
    const words = new Set([...toWords(slug), ...toWords(name)]);
    const area = [...words].some((word) => footerWords.has(word)) ? 'footer' : null;
    if (typeof id === 'number' && items.length > 0) found.push({ id, name, slug, words, area, items });
  }
  return found;
}

/** The front page where it did not break off. A site that leaves out its end is asked twice before that is believed. */
async function readWholePage(
  reads: PublicReads,
  site: Pick<Site, 'root' | 'home'>,
  { hasEnd: hadEnd, menus }: Pick<PublicMenus, 'hasEnd' | 'menus'> = { hasEnd: null, menus: [] },
): Promise<FrontPage | null> {
  const page = await readFrontPage(reads, site);
  if (!page || page.hasEnd || hadEnd === false) return page;
  if (hadEnd === null) return readFrontPage(reads, site);
  // What breaks off behind all menus, as where a plugin fails in the footer, lacks nothing. It may break off earlier.
  if (isWhole(page.menus, menus)) return { ...page, hasEnd: true };
  throw new UpstreamError('UPSTREAM_BAD_RESPONSE', 'the front page breaks off');
}

/** Whether all that was known is among what was found. */
function isWhole(found: readonly Found[], known: PublicMenus['menus']): boolean {
  return known.every(({ items }, at) => {
    const texts = new Set(found[at]?.items.map(({ label, link }) => `${label} ${link['href'] ?? ''}`));
    return items.every(({ label, url }) => texts.has(`${label ?? ''} ${url ?? ''}`));
  });
}

/** Null where the site leads elsewhere, or shows another page or nothing at all. */
async function readFrontPage({ readPage }: PublicReads, site: Pick<Site, 'root' | 'home'>): Promise<FrontPage | null> {
  // The REST API of WordPress.com is not where its sites are.
  if (site.root.style === 'wordpress.com') return { hasEnd: true, isSigned: false, menus: [] };
  const front = `${withoutEndSlashes(new URL(site.home).pathname)}/`;
  let target = front;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const answer = await readPage('GET', target);
    const { status, headers, body } = answer;
    const label = `GET ${target}`;
    // A page that is closed says nothing of the menus on it.
    if (status === 401 || status === 403)
      throw new UpstreamError('UPSTREAM_FORBIDDEN', `${label}: ${status}`, { status });
    if (status === 200) {
      if (body.trim() === '') return null;
      const hasEnd = endTag.test(body);
      const menus = await createMenuParser()(body);
      const page = { hasEnd, isSigned: isWordPressPage(headers) || sign.test(body), menus };
      if (menus.length > 0) return page;
      const kind = classifyPage(body, headers);
      if (kind === 'maintenance' || kind === 'challenge') {
        throw new UpstreamError('UPSTREAM_NOT_JSON', `${label}: a ${kind} page`, { status, kind });
      }
      return target === front && kind !== 'login' ? page : null;
    }
    const to = isSentAway(answer, site) ? null : destinationOf(answer, site);
    if (!to) return null;
    const next = to.pathname + to.search;
    // Where the address differs by its host only, which a proxy may change, a preview stands still.
    target = next === target ? `${next}${to.search === '' ? '?' : '&'}preview=true` : next;
  }
  return null;
}

const endTag = /<\/(?:body|html)\s*>/i;
/** Caches of pages leave out the headers. */
const sign = /\/wp-(?:content|includes|json)\//;

/** The menus that were found, with their locations. */
function toMenus(found: readonly Found[], named: readonly string[]): PublicMenus['menus'] {
  const locations = locate(found, named.length > 0 ? named : usualMenuLocations.names);
  return found.map((menu, index) => toMenu(menu, index, locations.get(menu) ?? []));
}

/**
 * A page does not tell which location a menu is at. Themes name lists and what is around them after it; else the menu of
 * the header is the primary one, and that of the footer the footer's. Each menu can be asked for by its slug as well.
 */
function locate(menus: readonly Found[], names: readonly string[]): Map<Found, string[]> {
  const located = new Map(menus.map((menu) => [menu, [] as string[]]));
  for (const name of names) {
    const menu = findAt(name, menus);
    if (menu) located.get(menu)?.push(name);
  }
  for (const [menu, own] of located) if (menu.slug !== null && !own.includes(menu.slug)) own.push(menu.slug);
  return located;
}

const generic = new Set(['menu', 'menus', 'nav', 'navigation', 'location', 'theme', 'site']);
const headerWords = new Set(['primary', 'main', 'header', 'top']);
const footerWords = new Set(['footer', 'bottom']);

function findAt(name: string, menus: readonly Found[]): Found | undefined {
  const words = toWords(name).filter((word) => !generic.has(word));
  const [word] = words;
  // `menu-1` and the like only count.
  if (word === undefined || (words.length === 1 && /^\d$/.test(word))) return menus[Number(word ?? 1) - 1];
  const isNamed = menus.find((menu) => menu.slug === name || words.every((wanted) => menu.words.has(wanted)));
  if (isNamed) return isNamed;
  if (words.some((wanted) => footerWords.has(wanted))) return menus.find(({ area }) => area === 'footer');
  if (!words.some((wanted) => headerWords.has(wanted))) return undefined;
  return menus.find(({ area }) => area === 'header') ?? menus.find(({ area }) => area !== 'footer');
}

function toMenu(menu: Found, index: number, locations: readonly string[]): PublicMenus['menus'][number] {
  const base = firstMadeUpId + index * idsPerMenu;
  const id = menu.id ?? base;
  const ids = new Map(menu.items.map((item, position) => [item, item.id ?? base + 1 + position]));
  const slug = menu.slug ?? `menu-${index + 1}`;
  return {
    id,
    slug,
    // A page does not show names either, but slugs are made of them.
    name: menu.name || toWords(slug).map(capitalise).join(' '),
    locations,
    items: menu.items.map((item, position) => ({
      ...toItem(item),
      id: ids.get(item) ?? base,
      menuId: id,
      parentId: (item.parent && ids.get(item.parent)) ?? 0,
      order: position + 1,
    })),
  };
}

function toItem(item: MarkupItem): Omit<MenuItem, 'id' | 'menuId' | 'parentId' | 'order'> {
  const { label, description, link, classes, type, object } = item;
  return {
    label: label || null,
    title: link['title'] || null,
    url: link['href'] || null,
    target: link['target'] || null,
    rel: link['rel'] || null,
    description: description || null,
    classes,
    object: { type, name: object, id: null },
  };
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function valueAt(row: unknown, ...path: readonly string[]): unknown {
  let value = row;
  for (const name of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

function textAt(row: unknown, ...path: readonly string[]): string {
  const value = valueAt(row, ...path);
  return typeof value === 'string' ? value : '';
}
