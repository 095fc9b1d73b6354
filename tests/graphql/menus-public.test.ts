// What of menus is public: without credentials what the site shows, with them nothing more than menus at a location.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let authorization: string;
let hidden: { readonly menu: number; readonly item: number; readonly draft: number; readonly draftItem: number };

async function create(route: string, body: object): Promise<number> {
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${route}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const created: { readonly id: number } = await response.json();
  expect(response.status).toBe(201);
  return created.id;
}

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  ({ authorization } = wordpress.credentials.admin);
});

afterAll(() => wordpress[Symbol.asyncDispose]());

const navigationRequest = '/wp/v2/navigation?per_page=100&_fields=content.rendered,id,slug,title.rendered';
const tree = `{
  menus { nodes { name slug locations } }
  menuItems(where: { location: PRIMARY, parentId: "0" }) {
    nodes { label path target linkRelationship childItems { nodes { label cssClasses childItems { nodes { label } } } } }
  }
}`;
const topLevel = ['Home', 'About', 'Coffee', 'Books', 'Hello from the demo'];

describe('without credentials', () => {
  it('menus are those of the front page, where no navigation post is published', async () => {
    await using gateway = await openGateway(wordpress.url);
    const { data, errors, requests, authorized } = await gateway.query(tree);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([navigationRequest, '/']);
    expect(authorized).toEqual([]);
    expect(data.menus.nodes[0]).toMatchObject({ locations: ['PRIMARY'] });
    expect(data.menuItems.nodes.map(({ label }: { label: string }) => label).slice(0, 5)).toEqual(topLevel);
    expect((await gateway.query(tree)).requests).toEqual([]);
    expect(gateway.lines.filter(({ source }) => source !== undefined).map(({ source }) => source)).toEqual(['page']);
  });

  it('menus are the published navigation posts, once there are any', async () => {
    // WordPress has made one of the primary menu when its front page was shown first.
    await using gateway = await openGateway(wordpress.url);
    const { data, errors, requests } = await gateway.query(tree);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([navigationRequest]);
    expect(data.menus.nodes).toEqual([{ name: 'Primary menu', slug: 'primary-menu', locations: ['PRIMARY'] }]);
    expect(data.menuItems.nodes[1]).toEqual({
      ...{ label: 'About', path: '/about/', target: null, linkRelationship: null },
      childItems: {
        nodes: [
          { label: 'The team', cssClasses: ['highlight', 'wide'], childItems: { nodes: [{ label: '日本のチーム' }] } },
          { label: 'History', cssClasses: [], childItems: { nodes: [] } },
        ],
      },
    });
    expect(data.menuItems.nodes[5]).toMatchObject({ target: '_blank', linkRelationship: 'friend met' });
  });

  it('what items lead to is found by their addresses', async () => {
    await using gateway = await openGateway(wordpress.url);
    const { data, requests } = await gateway.query(
      '{ menuItems { nodes { connectedNode { node { __typename databaseId } } } } }',
    );
    const nodes = data.menuItems.nodes.map(
      (item: { connectedNode: { node: object } | null }) => item.connectedNode?.node,
    );
    expect(nodes).toEqual([
      undefined,
      { __typename: 'Page', databaseId: 204 },
      { __typename: 'Page', databaseId: 205 },
      { __typename: 'Page', databaseId: 208 },
      { __typename: 'Page', databaseId: 206 },
      { __typename: 'Category', databaseId: 2 },
      undefined,
      { __typename: 'Post', databaseId: 101 },
      undefined,
    ]);
    expect(requests).toEqual([
      navigationRequest,
      '/wp/v2/pages?slug=about,history,team,日本&per_page=100&_fields=id,link,slug',
      '/wp/v2/categories?slug=coffee&per_page=100&_fields=id,link,slug',
      '/wp/v2/posts?slug=hello-from-the-demo&per_page=100&_fields=id,link,slug',
    ]);
  });

  it('an item that is only a fragment leads nowhere, and one to the home to the front page', async () => {
    const links = ['#', '#more', `${wordpress.url}/`, '/about/#team'];
    const content = links
      .map((address) => `<!-- wp:navigation-link ${JSON.stringify({ label: address, url: address })} /-->`)
      .join('');
    const id = await create('navigation', { title: 'Fragments', slug: 'fragments', status: 'publish', content });
    await using gateway = await openGateway(wordpress.url);
    const { data, errors } = await gateway.query(`{
      menu(id: "fragments", idType: SLUG) {
        menuItems { nodes { url connectedNode { node { __typename databaseId } } } }
      }
    }`);
    await fetch(`${wordpress.url}/wp-json/wp/v2/navigation/${id}?force=true`, {
      method: 'DELETE',
      headers: { authorization },
    });
    expect(errors).toBeUndefined();
    const toPage = (databaseId: number) => ({ node: { __typename: 'Page', databaseId } });
    expect(data.menu.menuItems.nodes).toEqual([
      { url: '#', connectedNode: null },
      { url: '#more', connectedNode: null },
      { url: `${wordpress.url}/`, connectedNode: toPage(201) },
      { url: '/about/#team', connectedNode: toPage(204) },
    ]);
  });

  it('any location can be asked for, in a literal and in a variable', async () => {
    await using gateway = await openGateway(wordpress.url, { menuLocations: ['header-menu'] });
    const { data, errors } = await gateway.query(
      `query ($location: MenuLocationEnum) {
        unknown: menuItems(where: { location: OFF_CANVAS }) { nodes { id } }
        slug: menuItems(where: { location: PRIMARY_MENU }) { nodes { label locations } }
        variable: menus(where: { location: $location }) { nodes { slug } }
        title: generalSettings { title }
      }`,
      { location: 'HEADER_MENU' },
    );
    expect(errors).toBeUndefined();
    expect(data.unknown.nodes).toEqual([]);
    expect(data.slug.nodes[0]).toEqual({ label: 'Home', locations: ['HEADER_MENU'] });
    expect(data.variable.nodes).toEqual([{ slug: 'primary-menu' }]);
    const wrong = await gateway.query('{ menuItems(where: { location: "PRIMARY" }) { nodes { id } } }');
    expect(wrong.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('credentials that WordPress refuses are as good as none', async () => {
    const wrong = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;
    await using gateway = await openGateway(wordpress.url, { authorization: wrong });
    const { data, errors } = await gateway.query('{ menus { nodes { slug } } generalSettings { dateFormat } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ menus: { nodes: [{ slug: 'primary-menu' }] }, generalSettings: { dateFormat: 'F j, Y' } });
    expect(gateway.lines.filter(({ level }) => level === 40).map(({ msg }) => msg)).toEqual([
      'the gateway’s own credentials do not open the menus',
    ]);
  });
});

describe('with credentials', () => {
  beforeAll(async () => {
    const menu = await create('menus', { name: 'Nowhere' });
    const item = await create('menu-items', { title: 'Secret', url: '/secret/', status: 'publish', menus: menu });
    const draft = await create('pages', { title: 'Unfinished', status: 'draft' });
    const draftItem = await create('menu-items', {
      ...{ status: 'publish', menus: 35, type: 'post_type', object: 'page', object_id: draft, menu_order: 20 },
    });
    hidden = { menu, item, draft, draftItem };
  });

  it('menus at no location stay private, by every way that leads to menus', async () => {
    await using gateway = await openGateway(wordpress.url, { authorization });
    const globalId = (prefix: string, id: number) => Buffer.from(`${prefix}:${id}`).toString('base64');
    const { data, errors } = await gateway.query(
      `query ($menu: ID!, $item: ID!, $menuId: Int, $itemId: Int, $menuNode: ID, $itemNode: ID) {
        byId: menu(id: $menu, idType: DATABASE_ID) { id }
        byName: menu(id: "Nowhere", idType: NAME) { id }
        bySlug: menu(id: "nowhere", idType: SLUG) { id }
        item: menuItem(id: $item, idType: DATABASE_ID) { id }
        menus(where: { id: $menuId }) { nodes { id } }
        all: menus { nodes { slug } }
        menuItems(where: { id: $itemId }) { nodes { id } }
        labels: menuItems(first: 100) { nodes { label } }
        menuNode: node(id: $menuNode) { id }
        itemNode: node(id: $itemNode) { id }
      }`,
      {
        menu: String(hidden.menu),
        item: String(hidden.item),
        menuId: hidden.menu,
        itemId: hidden.item,
        menuNode: globalId('term', hidden.menu),
        itemNode: globalId('post', hidden.item),
      },
    );
    expect(errors).toBeUndefined();
    const { all, labels, ...others } = data;
    const none = { nodes: [] };
    expect(others).toEqual({
      ...{ byId: null, byName: null, bySlug: null, item: null, menus: none, menuItems: none },
      ...{ menuNode: null, itemNode: null },
    });
    expect(all.nodes.map(({ slug }: { slug: string }) => slug)).toEqual(['footer-more', 'primary-menu']);
    expect(labels.nodes).toHaveLength(13);
    expect(JSON.stringify(labels)).not.toContain('Secret');
  });

  it('a draft in a menu is an item that leads nowhere', async () => {
    await using gateway = await openGateway(wordpress.url, { authorization });
    const { data, errors, authorized } = await gateway.query(
      `query ($item: ID!, $draft: ID!) {
        menuItem(id: $item, idType: DATABASE_ID) {
          label url connectedNode { node { id uri } } connectedObject { ... on Page { title content } }
        }
        page(id: $draft, idType: DATABASE_ID) { title }
        contentNode(id: $draft, idType: DATABASE_ID) { id }
      }`,
      { item: String(hidden.draftItem), draft: String(hidden.draft) },
    );
    expect(errors).toBeUndefined();
    // WPGraphQL shows as much, and so does the theme.
    expect(data).toEqual({
      menuItem: {
        label: 'Unfinished',
        url: `${wordpress.url}/?page_id=${hidden.draft}`,
        connectedNode: null,
        connectedObject: null,
      },
      page: null,
      contentNode: null,
    });
    expect(new Set(authorized.map((request) => request.split('?')[0]))).toEqual(
      new Set(['/wp/v2/menus', '/wp/v2/menu-items']),
    );
  });
});
