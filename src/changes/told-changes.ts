// Owns what follows from what a webhook says: the changes of this site, with all that they make stale.

import { addressKey, isHomeAddress, parseAddress, toUri } from '../loaders/lookup.ts';
import { countTag, entityTag, listTag, routeTag, uriTag } from '../loaders/tags.ts';
import type { Resource, Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Change } from './change-stream.ts';
import { type Told, type ToldItem, toToldItem } from './told.ts';

/** The site as it is served. */
export interface ToldSite {
  readonly site: Site;
  readonly resources: Resources;
  /** Name of the type of an entity, if it is known. */
  readonly typeOf: (kind: Resource['kind'], id: number) => string | undefined;
}

/** Everything changed, as far as anybody knows. */
export const everythingChanged: Change = { type: null, id: null, action: 'updated', tags: null, source: 'webhook' };

/** Tags of answers that show menus: items are read as a list, and menus come from several sources. */
const menuTags = [listTag({ typeName: 'Menu' }), listTag({ typeName: 'MenuItem' })];

/** The changes; none of what this site does not show. */
export function toChanges(told: Told, served: ToldSite): Change[] {
  if (told.everything) return [everythingChanged];
  const { site } = served;
  const tags = told.tags.flatMap((tag) => (tag.startsWith('uri:') ? addressTags(served, tag.slice(4)) : tag));
  const addresses = told.uris.map((uri): Change => {
    const own = toOwnUri(site, uri);
    return { ...nameless, tags: addressTags(served, uri), ...(own === null ? {} : { uri: own }) };
  });
  const items = [...told.ids.map((tag) => toItem(tag, served)), ...told.items].flatMap((item) =>
    toChange(item, served),
  );
  return [...(tags.length > 0 ? [{ ...nameless, tags }] : []), ...addresses, ...items];
}

const nameless = { type: null, id: null, action: 'updated', source: 'webhook' } as const;

/** `post:12` as an item, of the type that it is known to be. */
function toItem(tag: string, { typeOf }: ToldSite): ToldItem {
  const [prefix = '', id = ''] = tag.split(':');
  const kind = prefix === 'post' ? 'content' : prefix;
  if (kind !== 'content' && kind !== 'term' && kind !== 'user' && kind !== 'comment') throw new TypeError(tag);
  return toToldItem({ kind, type: typeOf(kind, Number(id)) ?? null, id: Number(id), action: 'updated' });
}

/** A link, or what is below the home already. */
function toOwnUri(site: Site, link: string): string | null {
  return /^\/(?!\/)/.test(link) ? link : toUri(site, link);
}

/** What an address shows, as far as that is known without asking: the front page is a page or the list of posts. */
function addressTags(served: ToldSite, uri: string): string[] {
  const { site } = served;
  const address = parseAddress(served, uri);
  if (!address) return [];
  const comment = /#comment-(\d+)/.exec(uri)?.[1];
  if (comment) return [uriTag(addressKey(address)), `comment:${comment}`, listTag({ typeName: 'Comment' })];
  if (!isHomeAddress(address)) return [uriTag(addressKey(address))];
  if (site.showOnFront !== 'page' || !site.pageOnFront) return [listTag({ typeName: 'Post' })];
  return [`post:${site.pageOnFront}`, listTag({ typeName: 'Page' })];
}

function toChange(item: ToldItem, served: ToldSite): Change[] {
  const { site, resources } = served;
  const { id, action } = item;
  if (item.kind === 'settings') {
    return [{ type: 'Settings', id: null, action, tags: [routeTag('wp/v2/settings')], source: 'webhook' }];
  }
  if (item.kind === 'menu' || isOfMenu(item)) {
    const menuId = item.kind === 'menu' ? id : null;
    return [{ type: 'Menu', id: menuId, action, tags: menuTags, source: 'webhook' }];
  }
  const rows = rowsOf(item, resources);
  if (rows.length === 0) return [];
  const [only] = rows;
  const links = item.links.flatMap((link) => toOwnUri(site, link) ?? []);
  const tags = new Set([
    ...rows.flatMap((row) => [...(id === null ? [] : [entityTag(row, id)]), ...tagsAround(row, item, resources)]),
    ...item.content.map((content) => `post:${content}`),
    ...links.flatMap((uri) => addressTags(served, uri)),
  ]);
  const [uri, ...others] = links;
  const type = rows.length === 1 && only ? only.typeName : null;
  const common = { type, id, action, source: 'webhook' } as const;
  return [
    { ...common, tags: [...tags], ...(uri === undefined ? {} : { uri }) },
    // Whoever forgets by address has to forget where it was as well.
    ...others.map((other): Change => ({ ...common, tags: addressTags(served, other), uri: other })),
  ];
}

/** Types of content and taxonomies that menus are made of. */
function isOfMenu({ kind, type }: ToldItem): boolean {
  return (kind === 'content' || kind === 'term') && ['nav_menu', 'nav_menu_item', 'wp_navigation'].includes(type ?? '');
}

/** The rows that an item may be of: one, unless its sender did not say its type. */
function rowsOf({ kind, type }: ToldItem, resources: Resources): Resource[] {
  return [...resources.values()].filter(
    (row) => row.kind === kind && (type === null || kind === 'user' || kind === 'comment' || row.name === type),
  );
}

/** Lists that an entity is in or may be in now, and what shows or counts it. */
function tagsAround(row: Resource, item: ToldItem, resources: Resources): string[] {
  const users = resources.get('user');
  const authors = users ? item.authors.flatMap((author) => [listTag(users), entityTag(users, author)]) : [];
  if (row.kind === 'content') {
    const taxonomies = row.taxonomies.flatMap((name) => resources.get(name) ?? []);
    // Lists of terms may be ordered by their counts.
    const isCounted = (taxonomy: Resource) => item.terms?.some((term) => term.taxonomy === taxonomy.name) ?? true;
    const terms = (item.terms ?? []).flatMap(({ taxonomy, id }) => {
      const counted = resources.get(taxonomy);
      return counted ? countTag(counted, id) : [];
    });
    return [listTag(row), ...taxonomies.filter(isCounted).map(listTag), ...terms, ...authors];
  }
  const classified = row.kind === 'term' ? row.contentTypes.flatMap((name) => resources.get(name) ?? []) : [];
  return [listTag(row), ...classified.map(listTag), ...authors];
}
