// Menus read with the gateway's own credentials: exact answers, and the REST requests they take.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');
const { authorization } = credentials.admin;
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url, { authorization });
});

afterAll(() => gateway[Symbol.asyncDispose]());

const id = (prefix: string, number: number) => Buffer.from(`${prefix}:${number}`).toString('base64');
const menusRequest = '/wp/v2/menus?orderby=id&order=asc&per_page=100&_fields=id,locations,name,slug';
const itemsRequest = (menu: number) =>
  `/wp/v2/menu-items?menus=${menu}&orderby=id&order=asc&per_page=100` +
  '&_fields=attr_title,classes,description,id,menu_order,object,object_id,parent,target,title.rendered,type,url,xfn';

const footer = {
  id: id('term', 35),
  databaseId: 35,
  menuId: 35,
  name: 'Footer &amp; more',
  slug: 'footer-more',
  count: 3,
  locations: ['FOOTER'],
  isRestricted: false,
};

describe('a menu', () => {
  it.each([
    ['ID', footer.id],
    ['DATABASE_ID', '35'],
    ['NAME', 'Footer & more'],
    ['NAME', 'footer &amp; More'],
    ['SLUG', 'footer-more'],
    ['LOCATION', 'FOOTER'],
    ['LOCATION', 'footer'],
  ])('is found by %s %s', async (idType, given) => {
    const { data, errors } = await gateway.query(
      `query ($id: ID!, $idType: MenuNodeIdTypeEnum) {
        menu(id: $id, idType: $idType) { id databaseId menuId name slug count locations isRestricted }
      }`,
      { id: given, idType },
    );
    expect(errors).toBeUndefined();
    expect(data.menu).toEqual(footer);
  });

  it('is null where there is none, and an error where a location or an id makes no sense', async () => {
    const { data, errors } = await gateway.query(`{
      a: menu(id: 999, idType: DATABASE_ID) { id }
      b: menu(id: "none", idType: SLUG) { id }
      c: menu(id: "none", idType: NAME) { id }
      d: menu(id: "none", idType: LOCATION) { id }
      e: menu(id: "!") { id }
    }`);
    expect(data).toEqual({ a: null, b: null, c: null, d: null, e: null });
    expect(errors?.map(({ path, message }) => `${path}: ${message}`).sort()).toEqual([
      'd: No menu set for the provided location',
      'e: The ID input is invalid. Make sure you set the proper idType for your input.',
    ]);
  });

  it('costs one request without its items, and one more with them', async () => {
    await using fresh = await openGateway(url, { authorization });
    const menus = await fresh.query(
      '{ menus { nodes { name locations } } menu(id: "PRIMARY", idType: LOCATION) { slug } }',
    );
    expect(menus.data).toEqual({
      menus: {
        nodes: [
          { name: 'Footer &amp; more', locations: ['FOOTER'] },
          { name: 'Primary menu', locations: ['PRIMARY'] },
        ],
      },
      menu: { slug: 'primary-menu' },
    });
    expect(menus.requests).toEqual([menusRequest]);
    const items = await fresh.query(`{
      menuItems(where: { location: PRIMARY }) { nodes { label childItems { nodes { label } } } }
      menu(id: "primary", idType: LOCATION) { count menuItems { nodes { label } } }
    }`);
    expect(items.requests).toEqual([itemsRequest(34)]);
    expect(items.authorized).toEqual(items.requests);
    const again = await fresh.query('{ menuItem(id: 509, idType: DATABASE_ID) { label } menus { nodes { count } } }');
    expect(again.data).toEqual({
      menuItem: { label: 'GraphQL & friends' },
      menus: { nodes: [{ count: 3 }, { count: 9 }] },
    });
    expect(again.requests).toEqual([itemsRequest(35)]);
  });
});

const itemFields = `id databaseId menuItemId parentId parentDatabaseId order label title url uri path target cssClasses
  linkRelationship description locations isRestricted menu { node { databaseId } }
  connectedNode { node { __typename databaseId uri isTermNode ... on NodeWithTitle { title } } }`;

describe('items', () => {
  it('have the fields of WPGraphQL', async () => {
    await using fresh = await openGateway(url, { authorization });
    const { data, errors, requests, authorized } = await fresh.query(
      `{ menuItems(first: 9, where: { location: PRIMARY }) { nodes { ${itemFields} } } }`,
    );
    expect(errors).toBeUndefined();
    const { nodes } = data.menuItems;
    expect(nodes.map((node: { databaseId: number }) => node.databaseId)).toEqual([
      501, 502, 503, 504, 505, 506, 507, 508, 509,
    ]);
    const common = { isRestricted: false, locations: ['PRIMARY'], menu: { node: { databaseId: 34 } } };
    expect(nodes[0]).toEqual({
      ...common,
      ...{ id: id('post', 501), databaseId: 501, menuItemId: 501, parentId: null, parentDatabaseId: 0, order: 1 },
      ...{ label: 'Home', title: null, url: `${url}/`, uri: '/', path: '/', target: null, cssClasses: [] },
      ...{ linkRelationship: null, description: null, connectedNode: null },
    });
    expect(nodes[2]).toEqual({
      ...common,
      ...{ id: id('post', 503), databaseId: 503, menuItemId: 503, order: 3 },
      ...{ parentId: id('post', 502), parentDatabaseId: 502, label: 'The team', title: 'Who is who' },
      ...{ url: `${url}/about/team/`, uri: '/about/team/', path: '/about/team/', target: null },
      ...{ cssClasses: ['highlight', 'wide'], linkRelationship: null, description: null },
      connectedNode: {
        node: { __typename: 'Page', databaseId: 205, uri: '/about/team/', isTermNode: false, title: 'Team' },
      },
    });
    expect(nodes[3].label).toBe('日本のチーム');
    expect(nodes[5].connectedNode.node).toMatchObject({
      __typename: 'Category',
      uri: '/category/coffee/',
      isTermNode: true,
    });
    // The archive of a type of content is no node.
    expect(nodes[6]).toMatchObject({ label: 'Books', path: '/books/', connectedNode: null });
    expect(nodes[8]).toMatchObject({
      ...{ label: 'GraphQL & friends', url: 'https://graphql.org/?a=1&b=2', target: '_blank' },
      ...{ uri: 'https://graphql.org/?a=1&b=2', path: 'https://graphql.org/?a=1&b=2' },
      ...{ linkRelationship: 'friend met', description: 'Leads elsewhere.', connectedNode: null },
    });
    expect(requests).toEqual([
      menusRequest,
      itemsRequest(34),
      '/wp/v2/pages?include=204,205,208,206&per_page=100&_fields=id,link,title.rendered',
      '/wp/v2/categories?include=2&per_page=100&_fields=id,link',
      '/wp/v2/posts?include=101&per_page=100&_fields=id,link,title.rendered',
    ]);
    // What menus lead to is read as everybody reads it.
    expect(authorized).toEqual([menusRequest, itemsRequest(34)]);
  });

  it('lead to objects of a union, too', async () => {
    const { data } = await gateway.query(`{
      menuItem(id: "${id('post', 506)}") { connectedObject { __typename ... on Category { name } ... on Page { title } } }
    }`);
    expect(data.menuItem.connectedObject).toEqual({ __typename: 'Category', name: 'Coffee' });
  });

  it('nest', async () => {
    const { data, requests } = await gateway.query(`{
      menu(id: "primary", idType: LOCATION) {
        menuItems(where: { parentId: "0" }) {
          nodes { label childItems { nodes { label parentDatabaseId childItems { nodes { label } } } } }
        }
      }
    }`);
    const none = { nodes: [] };
    expect(data.menu.menuItems.nodes.slice(0, 3)).toEqual([
      { label: 'Home', childItems: none },
      {
        label: 'About',
        childItems: {
          nodes: [
            { label: 'The team', parentDatabaseId: 502, childItems: { nodes: [{ label: '日本のチーム' }] } },
            { label: 'History', parentDatabaseId: 502, childItems: none },
          ],
        },
      },
      { label: 'Coffee', childItems: none },
    ]);
    expect(requests.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['location: FOOTER', [510, 511, 512]],
    ['parentDatabaseId: 502', [503, 505]],
    ['parentId: 502', [503, 505]],
    [`parentId: "${id('post', 502)}"`, [503, 505]],
    ['parentId: "nothing"', []],
    ['parentDatabaseId: 0, location: PRIMARY', [501, 502, 506, 507, 508, 509]],
    ['id: 511', [511]],
    ['id: 511, location: PRIMARY', []],
  ])('are found by %s', async (where, ids) => {
    const { data } = await gateway.query(`{ menuItems(where: { ${where} }) { nodes { databaseId } } }`);
    expect(data.menuItems.nodes.map((node: { databaseId: number }) => node.databaseId)).toEqual(ids);
  });

  it('come ten at a time, as anything else', async () => {
    const page = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor total } nodes { databaseId }';
    const cursor = (number: number) => id('arrayconnection', number);
    const { data } = await gateway.query(`{
      all: menuItems { ${page} }
      first: menuItems(first: 2, after: "${cursor(509)}") { ${page} }
      last: menuItems(last: 2) { ${page} }
      menus(first: 1) { pageInfo { hasNextPage endCursor } edges { cursor node { slug } } }
    }`);
    const idsOf = (list: { nodes: { databaseId: number }[] }) => list.nodes.map(({ databaseId }) => databaseId);
    expect(idsOf(data.all)).toEqual([501, 502, 503, 504, 505, 506, 507, 508, 509, 510]);
    expect(data.all.pageInfo).toMatchObject({ hasNextPage: false, endCursor: cursor(510), total: 12 });
    expect(idsOf(data.first)).toEqual([510, 511]);
    expect(data.first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true, startCursor: cursor(510) });
    expect(idsOf(data.last)).toEqual([511, 512]);
    expect(data.last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(data.menus).toEqual({
      pageInfo: { hasNextPage: true, endCursor: cursor(35) },
      edges: [{ cursor: cursor(35), node: { slug: 'footer-more' } }],
    });
  });
});

describe('lists of menus', () => {
  it.each([
    ['location: PRIMARY', [34]],
    ['id: 35', [35]],
    ['id: 35, location: PRIMARY', [35]],
    ['slug: "footer-more"', [35]],
    ['slug: "footer-more", location: PRIMARY', []],
  ])('are found by %s', async (where, ids) => {
    const { data } = await gateway.query(`{ menus(where: { ${where} }) { nodes { databaseId } } }`);
    expect(data.menus.nodes.map((node: { databaseId: number }) => node.databaseId)).toEqual(ids);
  });
});

describe('nodes', () => {
  it('are menus and items by global id', async () => {
    const { data } = await gateway.query(`{
      menu: node(id: "${footer.id}") { __typename id ... on Menu { slug } }
      item: node(id: "${id('post', 501)}") { __typename id ... on MenuItem { label menu { node { slug } } } }
    }`);
    expect(data).toEqual({
      menu: { __typename: 'Menu', id: footer.id, slug: 'footer-more' },
      item: { __typename: 'MenuItem', id: id('post', 501), label: 'Home', menu: { node: { slug: 'primary-menu' } } },
    });
  });
});

describe('locations', () => {
  it('are those that the theme registers, and no others', async () => {
    const { data } = await gateway.query('{ __type(name: "MenuLocationEnum") { enumValues { name } } }');
    expect(data.__type.enumValues.map(({ name }: { name: string }) => name).sort()).toEqual(['FOOTER', 'PRIMARY']);
    const { errors } = await gateway.query('{ menuItems(where: { location: SIDEBAR }) { nodes { id } } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('the gateway’s user', () => {
  it('may be anybody who edits posts', async () => {
    await using fresh = await openGateway(url, { authorization: credentials.author.authorization });
    const { data, requests } = await fresh.query('{ menus { nodes { count } } }');
    expect(data.menus.nodes).toEqual([{ count: 3 }, { count: 9 }]);
    expect(requests).toEqual([menusRequest, itemsRequest(35), itemsRequest(34)]);
    expect(fresh.lines.filter(({ msg }) => msg?.startsWith('menus come')).map(({ source }) => source)).toEqual([
      'rest',
    ]);
  });
});
