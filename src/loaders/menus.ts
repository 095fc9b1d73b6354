// Owns the menus of a GraphQL request: those at a location, from the best source that the site opens to the gateway.

import { decodeHTMLStrict } from 'entities';
import type { RestObject } from '../cache/fields-record.ts';
import type { Mark } from '../cache/purge-log.ts';
import { createSingleFlight } from '../cache/single-flight.ts';
import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { isHidden } from '../wordpress/failures.ts';
import type { Menu, MenuItem } from '../wordpress/menu.ts';
import { loadPublicMenus, type PublicMenus, type PublicReads } from '../wordpress/public-menus.ts';
import type { ContentResource, Resource, TermResource } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Entity } from './entity.ts';
import type { Loaders } from './loaders.ts';
import { readAll } from './ranked.ts';
import { listTag } from './tags.ts';

/** The menus that are at a location: all others are private, as in WPGraphQL. */
export interface Menus {
  list(): Promise<readonly Menu[]>;
  /** The items of one of them, in the menu's order. */
  items(menuId: number): Promise<readonly MenuItem[]>;
}

/** What the menus of all requests share. */
export interface MenusOptions {
  /** Names of locations from the configuration. */
  readonly named: readonly string[];
  readonly logger: Logger;
}

/** What one request reads menus through. */
export interface MenusRequest {
  readonly loaders: Loaders;
  /** With the gateway's own credentials; null without. */
  readonly own: Loaders | null;
  readonly site: Site;
  readonly scanLimit: number;
  /** When the request began: what is read for one of before a purge is not for one of after it. */
  readonly since: Mark;
  readonly signal: AbortSignal | undefined;
}

/** What those who ask at the same time share. */
interface ReadMenus {
  readonly found: PublicMenus;
  /** Whether nothing of it was made for somebody. */
  readonly cacheable: boolean;
}

const sources = {
  rest: 'menus come from the REST API, read with the gateway’s own credentials',
  navigation: 'menus come from the published navigation posts: WordPress shows others only with credentials',
  page: 'menus come from the markup of the front page: WordPress shows them only with credentials',
  none: 'no menus were found: WordPress shows them only with credentials, and the front page has none',
  hidden: 'no menus were found: WordPress shows them only with credentials, and the site does not show its front page',
};

/** Makes the menus of each request; which source serves is logged when it is first known, and when it changes. */
export function createMenusFactory({ named, logger }: MenusOptions): (request: MenusRequest) => Menus {
  const flight = createSingleFlight<ReadMenus>();
  // What everybody sees is kept as one object.
  const publicMenus = {
    key: `menus:${named}`,
    kind: 'menu',
    tags: [listTag(menuRow)],
    fields: ['source', 'hasEnd', 'isSigned', 'menus'],
  };
  let announced: keyof typeof sources | undefined;
  let isRefused = false;

  function announce(source: keyof typeof sources): void {
    if (announced === source) return;
    announced = source;
    logger.info({ source }, sources[source]);
  }

  async function read(loaders: Loaders, site: Site, before: PublicMenus | undefined): Promise<ReadMenus> {
    let cacheable = true;
    const heed = <Answer extends { readonly cacheable: boolean }>(answer: Answer): Answer => {
      cacheable &&= answer.cacheable;
      return answer;
    };
    const reads: PublicReads = {
      read: async (...asked) => heed(await loaders.read(...asked)),
      readPage: async (...asked) => heed(await loaders.readPage(...asked)),
    };
    const found = await loadPublicMenus(reads, site, named, before);
    return { found, cacheable };
  }

  async function readPublic({ loaders, site, since, signal }: MenusRequest): Promise<PublicMenus> {
    const kept = await loaders.keep(publicMenus, async (old) => {
      const before = old && isPublicMenus(old) ? old : undefined;
      const { found, cacheable } = await flight.run(String(since), signal, () => read(loaders, site, before));
      // Whoever shares it learns that it was made for somebody.
      if (!cacheable) loaders.withhold();
      return { data: { ...found }, bytes: JSON.stringify(found).length };
    });
    if (!isPublicMenus(kept)) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', 'the menus are not what was kept');
    announce(kept.source);
    return kept;
  }

  return (request) => {
    let listed: Promise<{ readonly menus: readonly Menu[]; readonly found: PublicMenus | null }> | undefined;
    const itemsOf = new Map<number, Promise<readonly MenuItem[]>>();

    async function find() {
      if (request.own) {
        try {
          const menus = await readMenus(request.own, request.scanLimit);
          announce('rest');
          isRefused = false;
          return { menus, found: null };
        } catch (error) {
          // Other menus than those that were shown a while ago would be wrong, and nothing would say so.
          if (!hidesMenus(error)) throw error;
          if (!isRefused) logger.warn({ err: error }, 'the gateway’s own credentials do not open the menus');
          isRefused = true;
        }
      }
      const found = await readPublic(request);
      request.loaders.watch(menuRow);
      return { menus: found.menus, found };
    }

    const list = () => {
      listed ??= find();
      return listed;
    };

    async function load(menuId: number): Promise<readonly MenuItem[]> {
      const { menus, found } = await list();
      if (!menus.some(({ id }) => id === menuId)) return [];
      if (found) return found.menus.find(({ id }) => id === menuId)?.items ?? [];
      return request.own ? readItems(request.own, menuId, request.scanLimit) : [];
    }

    return {
      list: async () => (await list()).menus,
      items(menuId) {
        const known = itemsOf.get(menuId) ?? load(menuId);
        itemsOf.set(menuId, known);
        return known;
      },
    };
  };
}

function isPublicMenus(value: object): value is PublicMenus {
  return 'source' in value && 'hasEnd' in value && 'menus' in value && Array.isArray(value.menus);
}

/** WordPress shows menus to whoever may edit posts (5.9), and has no route for them before. */
function hidesMenus(error: unknown): boolean {
  return error instanceof UpstreamError && isHidden(error);
}

const menuRow: TermResource = {
  kind: 'term',
  name: 'nav_menu',
  route: 'wp/v2/menus',
  typeName: 'Menu',
  singular: 'menu',
  plural: 'menus',
  hierarchical: false,
  restBase: 'menus',
  contentTypes: ['nav_menu_item'],
};

const itemRow: ContentResource = {
  kind: 'content',
  name: 'nav_menu_item',
  route: 'wp/v2/menu-items',
  typeName: 'MenuItem',
  singular: 'menuItem',
  plural: 'menuItems',
  hierarchical: false,
  supports: new Set(),
  taxonomies: ['nav_menu'],
};

const menuFields = ['locations', 'name', 'slug'];
const itemFields = [
  ...['attr_title', 'classes', 'description', 'menu_order', 'object', 'object_id', 'parent'],
  ...['target', 'title.rendered', 'type', 'url', 'xfn'],
];

const collator = new Intl.Collator('en', { sensitivity: 'base' });

async function readMenus(own: Loaders, scanLimit: number): Promise<Menu[]> {
  const rows = await readRows(own, menuRow, {}, scanLimit, menuFields);
  const menus = rows.map(({ id, data }) => ({
    id,
    name: textOf(data['name']),
    slug: textOf(data['slug']),
    locations: textsOf(data['locations']),
  }));
  return menus
    .filter(({ locations }) => locations.length > 0)
    .sort((a, b) => collator.compare(a.name ?? '', b.name ?? '') || b.id - a.id);
}

/** All of a menu in one request, or one for each hundred items. */
async function readItems(own: Loaders, menuId: number, scanLimit: number): Promise<MenuItem[]> {
  const rows = await readRows(own, itemRow, { menus: menuId }, scanLimit, itemFields);
  return rows.map((row) => toItem(row, menuId)).sort((a, b) => a.order - b.order || b.id - a.id);
}

/** By id, because no other order of REST is stable from page to page. */
function readRows(
  own: Loaders,
  resource: Resource,
  filters: Readonly<Record<string, number>>,
  scanLimit: number,
  fields: readonly string[],
): Promise<readonly Entity[]> {
  return readAll(own, { resource, filters, order: { given: [] }, keep: [], scanLimit }, 'id', 'asc', fields);
}

function toItem({ id, data }: Entity, menuId: number): MenuItem {
  const title = data['title'];
  const label = typeof title === 'object' && title !== null ? Reflect.get(title, 'rendered') : title;
  return {
    id,
    menuId,
    parentId: numberOf(data, 'parent'),
    order: numberOf(data, 'menu_order'),
    label: decodeHTMLStrict(textOf(label) ?? '') || null,
    title: textOf(data['attr_title']),
    url: textOf(data['url']),
    target: textOf(data['target']),
    rel: textsOf(data['xfn']).join(' ') || null,
    description: textOf(data['description']),
    classes: textsOf(data['classes']),
    object: { type: textOf(data['type']), name: textOf(data['object']), id: numberOf(data, 'object_id') || null },
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** WordPress writes "no classes" as a list of one empty text. */
function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
}

function numberOf(data: RestObject, name: string): number {
  const number = Number(data[name]);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
