// Addresses that name something in another way than its own link does, on sites with pretty and with plain permalinks.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookResources } from '../../support/book-resources.ts';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

const origin = 'http://recorded.test';
const index = { name: 'Books', url: origin, home: origin, namespaces: ['wp/v2'] };
const frontPage = { show_on_front: 'page', page_on_front: 7, page_for_posts: 9 };

/** Links, by id, of pages, and of one book and one file. */
function collections(link: (id: number) => string): RecordedSiteOptions['collections'] {
  const row = (id: number, slug: string, more: object = {}) => ({ id, slug, link: `${origin}${link(id)}`, ...more });
  return {
    'wp/v2/posts': [],
    'wp/v2/pages': [
      row(5, 'about', { parent: 0 }),
      row(7, 'legal', { parent: 5, link: `${origin}/` }),
      row(9, 'docs', { parent: 0 }),
    ],
    'wp/v2/books': [row(11, 'dune')],
    'wp/v2/media': [row(12, 'cover')],
    'wp/v2/categories': [],
    'wp/v2/tags': [],
    'wp/v2/genre': [],
    'wp/v2/users': [],
  };
}

async function nodeAt(gateway: RecordedGateway, uri: string): Promise<unknown> {
  const source = `query ($uri: String!) {
    nodeByUri(uri: $uri) { __typename uri ... on DatabaseIdentifier { databaseId } ... on ContentType { name } }
  }`;
  const { data, errors } = await gateway.query(source, { uri });
  expect(errors).toBeUndefined();
  return data?.['nodeByUri'];
}

const books = { __typename: 'ContentType', name: 'book' };
const posts = { __typename: 'ContentType', name: 'post' };

describe('a site that leads all visitors elsewhere', () => {
  const open = (to: string, refuse: RecordedSiteOptions['refuse'] = {}) =>
    openRecordedGateway(
      {
        ...{ index, refuse, style: 'path', recordedOrigin: origin },
        collections: collections(() => '/books/dune/'),
        pages: { '/books/dune/': { to } },
      },
      bookResources,
    );

  it.each(['https://front.example/', '/wp-login.php?redirect_to=x', '/maintenance/'])(
    'is asked by REST what is at an address: %s',
    async (to) => {
      await using gateway = await open(to);
      const node = { __typename: 'Book', databaseId: 11, uri: '/books/dune/' };
      expect(await nodeAt(gateway, '/books/dune/')).toEqual(node);
    },
  );

  it('does not say that there is nothing where its REST API is closed as well', async () => {
    await using gateway = await open('/maintenance/', { 'wp/v2': { status: 401, code: 'rest_not_logged_in' } });
    const { data, errors } = await gateway.query('{ nodeByUri(uri: "/books/dune/") { __typename } }');
    expect(data).toEqual({ nodeByUri: null });
    expect(errors).toMatchObject([{ path: ['nodeByUri'], originalError: { code: 'UPSTREAM_FORBIDDEN' } }]);
  });
});

describe('a site with pretty permalinks', () => {
  const paths = new Map([
    [5, '/about/'],
    [9, '/docs/'],
    [11, '/books/dune/'],
    [12, '/cover/'],
  ]);
  let gateway: RecordedGateway;

  beforeAll(async () => {
    gateway = await openRecordedGateway(
      {
        index: { ...index, ...frontPage },
        collections: collections((id) => paths.get(id) ?? '/'),
        pages: {
          '/about/': { shows: 'wp/v2/pages/5' },
          '/books/dune/': { shows: 'wp/v2/books/11' },
          '/about/legal/': { to: '/' },
          '/gone/': { to: '/' },
          '/legal/': { to: '/' },
        },
        style: 'path',
        recordedOrigin: origin,
      },
      bookResources,
    );
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([
    ['/books/?utm_source=x', { ...books, uri: '/books/' }],
    ['/docs/?utm_source=x&s=y', { ...posts, uri: '/docs/' }],
    ['/about/?p=11', { __typename: 'Page', databaseId: 5, uri: '/about/' }],
    ['/books/dune/?utm_source=x#top', { __typename: 'Book', databaseId: 11, uri: '/books/dune/' }],
    ['/books/dune/?feed=rss2', null],
  ])('has at a path what it has without its query: %s', async (uri, node) => {
    expect(await nodeAt(gateway, uri)).toEqual(node);
  });

  it.each([
    ['/?post_type=book', { ...books, uri: '/books/' }],
    ['/?page_id=9', { ...posts, uri: '/docs/' }],
  ])('has its archives at their queries too: %s', async (uri, node) => {
    expect(await nodeAt(gateway, uri)).toEqual(node);
  });

  it('has the front page at the address that it would have elsewhere, and nothing else that leads to the front', async () => {
    const page = { __typename: 'Page', databaseId: 7, uri: '/' };
    expect(await nodeAt(gateway, '/about/legal/')).toEqual(page);
    expect(await nodeAt(gateway, '/legal/')).toBeNull();
    expect(await nodeAt(gateway, '/gone/')).toBeNull();
    const { data } = await gateway.query('{ page(id: "/about/legal/", idType: URI) { databaseId } }');
    expect(data).toEqual({ page: { databaseId: 7 } });
  });

  it('has nothing at an address that is longer than any, and asks nobody', async () => {
    gateway.takeRequests();
    for (const uri of ['/a'.repeat(5000), `/about/?x=${'y'.repeat(9000)}`]) {
      const { data } = await gateway.query('query ($uri: String!) { nodeByUri(uri: $uri) { id } }', { uri });
      expect(data).toEqual({ nodeByUri: null });
      expect(gateway.takeRequests()).toEqual([]);
    }
  });

  it('has the link of its posts where the archive of posts is', async () => {
    const { data } = await gateway.query(
      '{ seo { contentTypes { post { archive { archiveLink } } book { archive { archiveLink } } page { archive { archiveLink } } } } }',
    );
    expect(data?.['seo']).toEqual({
      contentTypes: {
        post: { archive: { archiveLink: `${gateway.origin}/docs/` } },
        book: { archive: { archiveLink: `${gateway.origin}/books/` } },
        page: { archive: { archiveLink: null } },
      },
    });
  });
});

describe('a site with plain permalinks', () => {
  const queries = new Map([
    [11, '/?book=dune'],
    [12, '/?attachment_id=12'],
  ]);
  const book = bookResources.get('book');
  if (book?.kind !== 'content') throw new Error('no books');
  const resources = new Map([...bookResources, ['book', { ...book, archive: '?post_type=book' }] as const]);
  let gateway: RecordedGateway;

  beforeAll(async () => {
    gateway = await openRecordedGateway(
      {
        index: { ...index, ...frontPage },
        collections: collections((id) => queries.get(id) ?? `/?page_id=${id}`),
        pages: {
          '/?book=dune': { shows: 'wp/v2/books/11' },
          '/?attachment_id=12': { to: '/wp-content/uploads/cover.jpg' },
        },
        style: 'query',
        recordedOrigin: origin,
      },
      resources,
    );
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([
    ['/?post_type=book', { ...books, uri: '/?post_type=book' }],
    ['/index.php?post_type=book', { ...books, uri: '/?post_type=book' }],
    ['/?post_type=book&s=dune', null],
    ['/?page_id=9', { ...posts, uri: '/?page_id=9' }],
    ['/?book=dune', { __typename: 'Book', databaseId: 11, uri: '/?book=dune' }],
    ['/?attachment_id=12', { __typename: 'MediaItem', databaseId: 12, uri: '/?attachment_id=12' }],
  ])('has at a query what WordPress shows there: %s', async (uri, node) => {
    expect(await nodeAt(gateway, uri)).toEqual(node);
  });

  it('finds a file by its address among all content', async () => {
    const { data } = await gateway.query('{ contentNode(id: "/?attachment_id=12", idType: URI) { databaseId } }');
    expect(data).toEqual({ contentNode: { databaseId: 12 } });
  });
});
