// What single objects of the demo are: fields, relations and what is kept from the public.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
});

afterAll(() => gateway[Symbol.asyncDispose]());

/** Runs a query that must succeed. */
async function ask(query: string) {
  const { data, errors, requests } = await gateway.query(query);
  expect(errors).toBeUndefined();
  return { data, requests };
}

describe('a protected post', () => {
  it('has a title and an address, and no text', async () => {
    const { data } = await ask(`{
      post(id: "120", idType: DATABASE_ID) {
        databaseId title slug uri status hasPassword isRestricted password
        content excerpt commentCount
        author { node { databaseId } }
      }
      open: post(id: "101", idType: DATABASE_ID) { hasPassword isRestricted commentCount }
    }`);
    expect(data).toEqual({
      post: {
        databaseId: 120,
        title: 'The secret recipe',
        slug: 'the-secret-recipe',
        uri: '/the-secret-recipe/',
        status: 'publish',
        hasPassword: true,
        isRestricted: true,
        password: null,
        content: null,
        excerpt: null,
        commentCount: null,
        author: { node: { databaseId: 2 } },
      },
      open: { hasPassword: false, isRestricted: false, commentCount: 7 },
    });
  });

  it('asks for no comments', async () => {
    const { requests } = await ask('{ post(id: "120", idType: DATABASE_ID) { commentCount } }');
    expect(requests).toEqual(['/wp/v2/posts?include=120&per_page=100&_fields=content.protected,id']);
  });
});

describe('a post', () => {
  it('has its texts decoded, and its relations', async () => {
    const { data, requests } = await ask(`{
      post(id: "102", idType: DATABASE_ID) {
        id postId databaseId contentTypeName title slug uri link date dateGmt modified isSticky status
        excerpt rawTitle: title(format: RAW) commentStatus pingStatus
        authorId authorDatabaseId author { node { id name slug uri } }
        featuredImageId featuredImageDatabaseId featuredImage { node { id sourceUrl altText } }
        categories { nodes { name slug parentDatabaseId } }
        tags { nodes { name } }
      }
    }`);
    expect(data.post).toMatchObject({
      id: Buffer.from('post:102').toString('base64'),
      postId: 102,
      databaseId: 102,
      contentTypeName: 'post',
      title: expect.stringContaining('Tom & Jerry’s “quoted”'),
      slug: 'tom-jerrys-quoted-title',
      uri: '/tom-jerrys-quoted-title/',
      link: `${url}/tom-jerrys-quoted-title/`,
      date: '2023-01-19T07:22:09',
      dateGmt: '2023-01-19T06:22:09',
      isSticky: false,
      status: 'publish',
      excerpt: expect.stringContaining('<strong>excerpt</strong>'),
      rawTitle: null,
      commentStatus: 'open',
      pingStatus: 'open',
      authorId: Buffer.from('user:2').toString('base64'),
      authorDatabaseId: 2,
      author: { node: { name: 'Edda Lindqvist', slug: 'edda-lindqvist', uri: '/author/edda-lindqvist/' } },
      featuredImageId: Buffer.from('post:407').toString('base64'),
      featuredImageDatabaseId: 407,
      featuredImage: { node: { altText: 'Säcke in der Rösterei' } },
      categories: {
        nodes: [
          { name: 'Coffee', slug: 'coffee', parentDatabaseId: null },
          { name: 'Käse & Öl', slug: 'kaese-oel', parentDatabaseId: null },
        ],
      },
      tags: { nodes: [{ name: '“Quotes” & more' }, { name: 'Why?' }] },
    });
    expect(requests).toHaveLength(5);
  });

  it('of Japan has its slug and address in its own letters', async () => {
    const { data } = await ask('{ post(id: "104", idType: DATABASE_ID) { slug uri link title } }');
    expect(data.post).toEqual({
      slug: '日本語の記事',
      uri: '/日本語の記事/',
      link: `${url}/日本語の記事/`,
      title: '日本語の記事',
    });
  });

  it('without title, image, excerpt or terms has null or nothing in their place', async () => {
    const { data } = await ask(`{
      post(id: "108", idType: DATABASE_ID) {
        title featuredImage { node { id } } featuredImageId tags { nodes { name } pageInfo { total } }
      }
      empty: post(id: "133", idType: DATABASE_ID) { content excerpt }
    }`);
    expect(data.post).toEqual({
      title: null,
      featuredImage: null,
      featuredImageId: null,
      tags: { nodes: [], pageInfo: { total: 0 } },
    });
    expect(data.empty).toEqual({ content: null, excerpt: null });
  });

  it('is found by postBy as by post', async () => {
    const { data } = await ask(`{
      byId: postBy(id: "${Buffer.from('post:101').toString('base64')}") { databaseId }
      byPostId: postBy(postId: 101) { databaseId }
      bySlug: postBy(slug: "hello-from-the-demo") { databaseId }
      byUri: postBy(uri: "/hello-from-the-demo/") { databaseId }
      none: postBy(slug: "nothing") { databaseId }
      page: pageBy(uri: "/about/team/") { databaseId }
      pageById: pageBy(pageId: 204) { databaseId }
      media: mediaItemBy(mediaItemId: 401) { databaseId }
      preview: post(id: "101", idType: DATABASE_ID, asPreview: true) { databaseId }
    }`);
    expect(data).toEqual({
      byId: { databaseId: 101 },
      byPostId: { databaseId: 101 },
      bySlug: { databaseId: 101 },
      byUri: { databaseId: 101 },
      none: null,
      page: { databaseId: 205 },
      pageById: { databaseId: 204 },
      media: { databaseId: 401 },
      preview: null,
    });
  });

  it('by nothing is an error that names what is missing', async () => {
    const { data, errors } = await gateway.query('{ postBy { databaseId } }');
    expect(data).toEqual({ postBy: null });
    expect(errors).toMatchObject([
      {
        path: ['postBy'],
        message: 'postBy needs one of its arguments: id, postId, uri, slug.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });
});

describe('a page', () => {
  it('knows its tree', async () => {
    const { data } = await ask(`{
      page(id: "/about/team/日本/", idType: URI) {
        databaseId title uri menuOrder parentDatabaseId
        parent { node { __typename uri ... on Page { title } } }
        ancestors { nodes { uri } }
        children { nodes { uri } }
      }
      about: page(id: "204", idType: DATABASE_ID) {
        parent { node { id } } parentId ancestors { nodes { id } }
        children { nodes { uri ... on NodeWithTitle { title } } }
      }
    }`);
    expect(data.page).toEqual({
      databaseId: 208,
      title: '日本のチーム',
      uri: '/about/team/日本/',
      menuOrder: 2,
      parentDatabaseId: 205,
      parent: { node: { __typename: 'Page', uri: '/about/team/', title: 'Team' } },
      ancestors: { nodes: [{ uri: '/about/team/' }, { uri: '/about/' }] },
      children: { nodes: [] },
    });
    expect(data.about).toEqual({
      parent: null,
      parentId: null,
      ancestors: null,
      children: {
        nodes: [
          { uri: '/about/history/', title: 'History' },
          { uri: '/about/team/', title: 'Team' },
        ],
      },
    });
  });

  it('may be the front page or the page of posts', async () => {
    const { data } = await ask(`{
      pages(first: 100, where: { in: [201, 202, 203] }) { nodes { databaseId uri isFrontPage isPostsPage } }
      post(id: "101", idType: DATABASE_ID) { isFrontPage isPostsPage isContentNode isTermNode isComment }
      category(id: "3", idType: DATABASE_ID) { isFrontPage isContentNode isTermNode }
    }`);
    expect(data).toEqual({
      pages: {
        nodes: [
          { databaseId: 201, uri: '/', isFrontPage: true, isPostsPage: false },
          { databaseId: 202, uri: null, isFrontPage: false, isPostsPage: true },
          { databaseId: 203, uri: '/privacy/', isFrontPage: false, isPostsPage: false },
        ],
      },
      post: { isFrontPage: false, isPostsPage: false, isContentNode: true, isTermNode: false, isComment: false },
      category: { isFrontPage: false, isContentNode: false, isTermNode: true },
    });
  });
});

describe('a term', () => {
  it('knows its tree and its content', async () => {
    const { data } = await ask(`{
      category(id: "brewing", idType: SLUG) {
        categoryId name description count taxonomyName
        parent { node { name } } ancestors { nodes { name } } children { nodes { name uri } }
        posts(first: 2) { nodes { databaseId } pageInfo { total hasNextPage } }
      }
      top: category(id: "coffee", idType: SLUG) { parent { node { name } } ancestors { nodes { name } } parentId }
      empty: category(id: "empty-shelf", idType: SLUG) { count posts { nodes { id } } }
    }`);
    expect(data).toEqual({
      category: {
        categoryId: 3,
        name: 'Brewing & Roasting',
        description: null,
        count: 3,
        taxonomyName: 'category',
        parent: { node: { name: 'Coffee' } },
        ancestors: { nodes: [{ name: 'Coffee' }] },
        children: { nodes: [{ name: 'Filter', uri: '/category/coffee/brewing/filter/' }] },
        posts: { nodes: [{ databaseId: 138 }, { databaseId: 120 }], pageInfo: { total: 3, hasNextPage: true } },
      },
      top: { parent: null, ancestors: null, parentId: null },
      empty: { count: null, posts: { nodes: [] } },
    });
  });
});

describe('a user', () => {
  it('shows what everybody may see', async () => {
    const { data } = await ask(`{
      user(id: "yuki", idType: SLUG) {
        userId name slug uri url description email username roles: capabilities locale
        posts(first: 2) { nodes { databaseId } }
        pages { nodes { databaseId } }
      }
      viewer { name }
    }`);
    expect(data).toMatchObject({
      user: {
        userId: 4,
        name: '田中 ゆき',
        slug: 'yuki',
        uri: '/author/yuki/',
        url: 'https://tanaka.example/',
        description: '東京でコーヒーとコードについて書いています。',
        email: null,
        username: null,
        roles: null,
        locale: null,
        pages: { nodes: [{ databaseId: 208 }] },
      },
      viewer: null,
    });
    expect(data.user.posts.nodes).toHaveLength(2);
  });
});

describe('the general settings', () => {
  it('are what the index of the REST API tells', async () => {
    const { data, requests } = await ask(`{
      generalSettings { title description url homeUrl timezone siteIcon { node { databaseId } } }
    }`);
    const index = await (await fetch(`${url}/wp-json/?_fields=name,description`)).json();
    expect(data.generalSettings).toEqual({
      title: index.name,
      description: index.description,
      url,
      homeUrl: url,
      timezone: 'Europe/Berlin',
      siteIcon: { node: { databaseId: 409 } },
    });
    expect(requests).toEqual(['/wp/v2/media?include=409&per_page=100&_fields=id']);
  });
});
