// Owns menus and their items: their types, and the root fields that lead to them.

import { GraphQLEnumType, type GraphQLSchema, isEnumType, Kind } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Menu, MenuItem } from '../../wordpress/menu.ts';
import { type MenuLocations, toLocationValue } from '../../wordpress/menu-locations.ts';
import type { Resources } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';
import { requireDatabaseId } from '../relay/ids.ts';
import { findItem, findItems, findMenu, findMenus, itemWhere, menuWhere } from './find-menus.ts';
import { defineLinkable } from './linked-node.ts';
import { menuFields, menuItemFields } from './menu-fields.ts';

const interfaces = ['DatabaseIdentifier', 'Node'];
const publicOnly = 'Menus that are at no location are private, as in WPGraphQL.';

/** Declares menus. */
export function defineMenus(builder: Builder, resources: Resources, { names, isComplete }: MenuLocations): void {
  const values = new Set(names.map(toLocationValue));
  builder.enum(
    'MenuLocationEnum',
    Object.fromEntries([...values].map((value) => [value, value])),
    isComplete
      ? 'The menu locations that the theme registers.'
      : 'Menu locations. WordPress shows those of the theme only with credentials: any other name is taken as well, and' +
          ' menus that were found on the site are at the location that their markup or their slug suggests.',
  );
  builder.enum('MenuNodeIdTypeEnum', {
    DATABASE_ID: 'database_id',
    ID: 'id',
    LOCATION: 'location',
    NAME: 'name',
    SLUG: 'slug',
  });
  builder.enum('MenuItemNodeIdTypeEnum', { DATABASE_ID: 'database_id', ID: 'id' });
  for (const node of ['Menu', 'MenuItem']) defineNodeConnection(builder, node);
  defineLinkable(builder, resources);
  builder.object<Menu>('Menu', {
    description: `A menu. ${publicOnly}`,
    interfaces,
    fields: menuFields(builder, values),
  });
  builder.object<MenuItem>('MenuItem', {
    description: 'An item of a menu.',
    interfaces,
    fields: menuItemFields(builder, values),
  });
  builder.query({
    menu: {
      type: 'Menu',
      description: `A menu by its id, name, slug or location. ${publicOnly}`,
      args: { id: 'ID!', idType: 'MenuNodeIdTypeEnum' },
      resolve: (_, { id, idType }, context) => findMenu(String(id), idType, context),
    },
    menuItem: {
      type: 'MenuItem',
      args: { id: 'ID!', idType: 'MenuItemNodeIdTypeEnum' },
      resolve: (_, { id }, context) => findItem(requireDatabaseId(id), context),
    },
    menuItems: connectionField<unknown>(builder, {
      name: 'RootQueryToMenuItem',
      node: 'MenuItem',
      where: itemWhere,
      description: 'Items of all levels, of the menu at a location or of all that are at one.',
      resolve: async (_, args, context) => resolveNodes(await findItems(args['where'], context), args),
    }),
    menus: connectionField<unknown>(builder, {
      name: 'RootQueryToMenu',
      node: 'Menu',
      where: menuWhere,
      description: publicOnly,
      resolve: async (_, args, context) => resolveNodes(await findMenus(args['where'], context), args),
    }),
  });
}

/** The item with the database id of a global id, as a node. */
export async function findItemNode(id: string, context: GatewayContext): Promise<unknown> {
  const item = await findItem(Number(id), context);
  return item && { __typename: 'MenuItem', ...item };
}

/** The menu with the database id of a global id, as a node. */
export async function findMenuNode(id: string, context: GatewayContext): Promise<unknown> {
  const menu = await findMenu(id, 'database_id', context);
  return menu && { __typename: 'Menu', ...menu };
}

/**
 * Lets queries name locations that the schema does not know, where WordPress does not show all of them: a page that asks
 * for one must not fail as a whole. They find no menu.
 */
export function acceptAnyLocation(schema: GraphQLSchema): void {
  const type = schema.getType('MenuLocationEnum');
  if (!isEnumType(type)) return;
  const { parseLiteral, parseValue } = GraphQLEnumType.prototype;
  type.parseLiteral = (node, ...more) =>
    node.kind === Kind.ENUM ? node.value : parseLiteral.call(type, node, ...more);
  type.parseValue = (value, ...more) =>
    typeof value === 'string' && /^[A-Z_][A-Z0-9_]*$/i.test(value) ? value : parseValue.call(type, value, ...more);
}
