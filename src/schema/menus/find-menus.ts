// Owns finding menus and items: by each kind of id, and by the `where` arguments of their lists.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Menu, MenuItem } from '../../wordpress/menu.ts';
import { toLocationValue } from '../../wordpress/menu-locations.ts';
import type { ArgDeclaration } from '../builder.ts';
import { whereOf } from '../lists/where.ts';
import { decodeText } from '../read.ts';
import { parseDatabaseId, requireDatabaseId } from '../relay/ids.ts';

type Where = Readonly<Record<string, ArgDeclaration>>;

/** The `where` arguments of lists of menus. */
export const menuWhere: Where = { id: 'Int', location: 'MenuLocationEnum', slug: 'String' };

/** The `where` arguments of lists of items. */
export const itemWhere: Where = {
  id: 'Int',
  location: 'MenuLocationEnum',
  parentDatabaseId: { type: 'Int', description: 'Items right below this one; 0 for those at the top.' },
  parentId: { type: 'ID', description: 'Items right below this one; 0 for those at the top.' },
};

/** A slug as people write it. */
export function decodeSlug(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** The menu that an id names. */
export async function findMenu(id: string, idType: unknown, { menus }: GatewayContext): Promise<Menu | null> {
  if (idType === 'location') {
    const found = (await menus.list()).find(isAt(id));
    if (!found) throw new UserError('No menu set for the provided location');
    return found;
  }
  if (idType === 'slug') return (await menus.list()).find(hasSlug(id)) ?? null;
  if (idType === 'name') {
    const name = decodeText(id);
    return (await menus.list()).find((menu) => collator.compare(decodeText(menu.name ?? ''), name) === 0) ?? null;
  }
  const databaseId = requireDatabaseId(id);
  return (await menus.list()).find((menu) => menu.id === databaseId) ?? null;
}

function isAt(location: string): (menu: Menu) => boolean {
  const value = toLocationValue(location);
  return ({ locations }) => locations.some((name) => toLocationValue(name) === value);
}

function hasSlug(slug: string): (menu: Menu) => boolean {
  const wanted = decodeSlug(slug).toLowerCase();
  return (menu) => menu.slug !== null && decodeSlug(menu.slug).toLowerCase() === wanted;
}

/** The menus that `where` asks for. As in WPGraphQL, an id outweighs a location. */
export async function findMenus(given: unknown, { menus }: GatewayContext): Promise<readonly Menu[]> {
  const where = whereOf(given);
  const [id, location, slug] = [where.number('id'), where.text('location'), where.text('slug')];
  const isWanted = id ? (menu: Menu) => menu.id === id : location ? isAt(location) : () => true;
  return (await menus.list()).filter((menu) => isWanted(menu) && (slug === null || hasSlug(slug)(menu)));
}

/** All items of the menus that are at a location, or at the one that `where` names, in the order of all. */
export async function findItems(given: unknown, context: GatewayContext): Promise<readonly MenuItem[]> {
  const location = whereOf(given).text('location');
  const menus = await findMenus(location ? { location } : null, context);
  const items = (await Promise.all(menus.map(({ id }) => context.menus.items(id)))).flat();
  return keepItems(
    [...items].sort((a, b) => a.order - b.order || b.id - a.id),
    given,
    context,
  );
}

/** The items that `where` asks for. */
export async function keepItems(
  items: readonly MenuItem[],
  given: unknown,
  context: GatewayContext,
  { anyParent = false }: { readonly anyParent?: boolean } = {},
): Promise<readonly MenuItem[]> {
  const where = whereOf(given);
  const [id, location] = [where.number('id'), where.text('location')];
  const parent = anyParent ? null : parentOf(where.value('parentId'), where.number('parentDatabaseId'));
  const menus = location ? new Set((await findMenus({ location }, context)).map((menu) => menu.id)) : null;
  return items.filter(
    (item) =>
      (!id || item.id === id) && (parent === null || item.parentId === parent) && (!menus || menus.has(item.menuId)),
  );
}

/** What is no id finds nothing, as in WPGraphQL. */
function parentOf(parentId: unknown, parentDatabaseId: number | null): number | null {
  if (parentId === null) return parentDatabaseId;
  return parentId === '' ? 0 : (parseDatabaseId(parentId) ?? -1);
}

/** The item with an id, in any of the menus at a location. */
export async function findItem(databaseId: number, { menus }: GatewayContext): Promise<MenuItem | null> {
  const items = await Promise.all((await menus.list()).map(({ id }) => menus.items(id)));
  return items.flat().find(({ id }) => id === databaseId) ?? null;
}
