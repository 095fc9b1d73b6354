// Owns the fields of menus and of their items.

import type { GatewayContext } from '../../context.ts';
import { planFields } from '../../planner/needs.ts';
import type { Menu, MenuItem } from '../../wordpress/menu.ts';
import { toLocationValue } from '../../wordpress/menu-locations.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { connectionField, defineOneToOneEdge, resolveNodes } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import { decodeSlug, itemWhere, keepItems } from './find-menus.ts';
import { loadLinked } from './linked-node.ts';

/** The fields of a menu. `values` are those of the enum of locations. */
export function menuFields(builder: Builder, values: ReadonlySet<string>): FieldDeclarations<Menu> {
  return {
    count: {
      type: 'Int',
      description: 'How many items it has; null for none.',
      resolve: async ({ id }, _, { menus }) => (await menus.items(id)).length || null,
    },
    databaseId: { type: 'Int!', resolve: ({ id }) => id },
    id: { type: 'ID!', resolve: ({ id }) => toGlobalId('term', id) },
    isRestricted: { type: 'Boolean', resolve: () => false },
    locations: locationsField(({ locations }) => locations, values),
    menuId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
    menuItems: connectionField<Menu>(builder, {
      name: 'MenuToMenuItem',
      node: 'MenuItem',
      where: itemWhere,
      resolve: async ({ id }, args, context) =>
        resolveNodes(await keepItems(await context.menus.items(id), args['where'], context), args),
    }),
    name: { type: 'String', description: 'As WordPress stores it, HTML-escaped.', resolve: ({ name }) => name },
    slug: { type: 'String', resolve: ({ slug }) => slug && decodeSlug(slug) },
  };
}

function locationsField<Source>(
  locationsOf: (source: Source, context: GatewayContext) => readonly string[] | Promise<readonly string[]>,
  values: ReadonlySet<string>,
): FieldDeclaration<Source> {
  return {
    type: '[MenuLocationEnum]',
    description: 'Where the theme shows it.',
    resolve: async (source, _, context) => {
      const locations = (await locationsOf(source, context)).map(toLocationValue).filter((value) => values.has(value));
      return locations.length > 0 ? [...new Set(locations)] : null;
    },
  };
}

/** The fields of an item of a menu. */
export function menuItemFields(builder: Builder, values: ReadonlySet<string>): FieldDeclarations<MenuItem> {
  defineOneToOneEdge(builder, 'MenuItemToMenuConnectionEdge', 'Menu');
  defineOneToOneEdge(builder, 'MenuItemToMenuItemLinkableConnectionEdge', 'MenuItemLinkable');
  return {
    childItems: connectionField<MenuItem>(builder, {
      name: 'MenuItemToMenuItem',
      node: 'MenuItem',
      where: itemWhere,
      resolve: async ({ id, menuId }, args, context) => {
        const children = (await context.menus.items(menuId)).filter(({ parentId }) => parentId === id);
        return resolveNodes(await keepItems(children, args['where'], context, { anyParent: true }), args);
      },
    }),
    connectedNode: {
      type: 'MenuItemToMenuItemLinkableConnectionEdge',
      description: 'What it leads to; null for addresses, archives, and what is not public.',
      resolve: async (item, _, context, info) => {
        const node = await loadLinked(item, context, ({ typeName }) => planFields(info, typeName, [['node']]));
        return node && { node, cursor: null };
      },
    },
    connectedObject: {
      type: 'MenuItemObjectUnion',
      deprecated: 'Use connectedNode.',
      resolve: (item, _, context, info) => loadLinked(item, context, ({ typeName }) => planFields(info, typeName)),
    },
    cssClasses: { type: '[String]', description: 'Classes that people gave it.', resolve: ({ classes }) => classes },
    databaseId: { type: 'Int!', resolve: ({ id }) => id },
    description: { type: 'String' },
    id: { type: 'ID!', resolve: ({ id }) => toGlobalId('post', id) },
    isRestricted: { type: 'Boolean', resolve: () => false },
    label: { type: 'String', description: 'What it shows, as plain text.' },
    linkRelationship: { type: 'String', description: 'The `rel` of its link.', resolve: ({ rel }) => rel },
    locations: locationsField(
      async ({ menuId }, { menus }) => (await findMenu(menuId, menus))?.locations ?? [],
      values,
    ),
    menu: {
      type: 'MenuItemToMenuConnectionEdge',
      resolve: async ({ menuId }, _, { menus }) => {
        const node = await findMenu(menuId, menus);
        return node && { node, cursor: null };
      },
    },
    menuItemId: { type: 'Int', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
    order: { type: 'Int', description: 'Its place in the menu, all levels counted through.' },
    parentDatabaseId: { type: 'Int', description: '0 at the top.', resolve: ({ parentId }) => parentId },
    parentId: { type: 'ID', resolve: ({ parentId }) => (parentId > 0 ? toGlobalId('post', parentId) : null) },
    path: {
      type: 'String',
      description: 'Its address: without the host where that is the site’s, without query and fragment as well.',
      resolve: ({ url }, _, { site }) => url && pathOf(url, site),
    },
    target: { type: 'String', description: 'The `target` of its link; null for none.' },
    title: { type: 'String', description: 'The `title` of its link; null for none.' },
    uri: {
      type: 'String',
      description: 'Its address, without that of the site’s home.',
      resolve: ({ url }, _, { site }) => url && withoutHome(url, site),
    },
    url: { type: 'String', description: 'Its address as it is.' },
  };
}

async function findMenu(menuId: number, menus: GatewayContext['menus']): Promise<Menu | null> {
  return (await menus.list()).find(({ id }) => id === menuId) ?? null;
}

/** WPGraphQL’s rule, but for a home without a slash at its end: its path is `/`, and no null. */
function pathOf(url: string, { home }: Site): string {
  const [, host = '', path = ''] =
    /^(?:[a-z][a-z\d+.-]*:)?\/\/(?:[^/?#@]*@)?([^/?#:]+)[^/?#]*([^?#]*)/i.exec(url) ?? [];
  return host !== '' && home.indexOf(host) > 0 ? path || '/' : url;
}

function withoutHome(url: string, { home }: Site): string {
  const [lower, needle] = [url.toLowerCase(), home.toLowerCase()];
  let rest = '';
  let from = 0;
  for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, from)) {
    rest += url.slice(from, at);
    from = at + needle.length;
  }
  return rest + url.slice(from);
}
