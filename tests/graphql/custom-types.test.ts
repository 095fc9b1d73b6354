// What a site adds to WordPress is in the schema by itself: types, taxonomies, their connections and their custom fields.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import { discover } from '../../src/wordpress/discovery.ts';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import type { RestRequest } from '../../src/wordpress/rest.ts';
import { loadSite } from '../../src/wordpress/site.ts';
import { printQuery } from '../../src/wordpress/url.ts';
import { countRoutes, openGateway, type TestGateway } from '../support/gateway.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { url } = inject('wordpress');
const globalId = (text: string) => Buffer.from(text).toString('base64');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url);
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe('the start', () => {
  it('takes one request for each type and taxonomy, and a few samples', async () => {
    const { logger } = createRecordingLogger();
    const root = await findRestRoot(url);
    await using client = createClient(root, { logger });
    const site = await loadSite(client, root);
    const asked: string[] = [];
    const record = (request: RestRequest) => {
      asked.push(`${request.method ?? 'GET'} ${request.route.slice(6)}?${printQuery(request.query ?? {})}`);
      return client.request(request);
    };
    const discovery = await discover({ request: record }, site);
    expect(asked).toEqual([
      'GET types?',
      'GET taxonomies?',
      ...['posts', 'pages', 'media', 'books', 'categories', 'tags', 'genre', 'users', 'comments'].map(
        (route) => `OPTIONS ${route}?_fields=schema.properties`,
      ),
      'GET media?per_page=20&media_type=image&_fields=media_details',
      'GET books?per_page=1&_fields=link,slug',
      'GET pages?per_page=100&_fields=template',
    ]);
    expect(discovery.problems).toEqual([]);
    expect(discovery.types.find(({ name }) => name === 'book')).toMatchObject({
      archive: 'books',
      description: 'What stands on the shelf of the café.',
    });
  });
});

describe('books', () => {
  it('come with genres and typed metadata, for just the fields that are shown', async () => {
    const { data, errors, requests } = await gateway.query(`{
      books(first: 12) {
        nodes {
          __typename databaseId title menuOrder
          genres { nodes { name parentDatabaseId } }
          metaFields { isbn pageCount inPrint rating awards dimensions { width height unit } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const byId = (id: number) => data.books.nodes.find((node: { databaseId: number }) => node.databaseId === id);
    expect(data.books.nodes).toHaveLength(12);
    expect(byId(301)).toMatchObject({
      ...{ __typename: 'Book', title: 'The Left Hand of Brewing', menuOrder: 6 },
      genres: { nodes: [{ name: 'Science Fiction' }] },
      metaFields: {
        ...{ isbn: '9780000000301', pageCount: 304, inPrint: true, rating: 4.5 },
        awards: ['Golden Bean', 'Best Foam'],
      },
    });
    expect(byId(306)).toMatchObject({
      title: 'A Short Book',
      metaFields: { isbn: '', pageCount: 12, awards: [], dimensions: { width: 12.5, height: 19, unit: 'cm' } },
    });
    const meta = ['awards', 'dimensions', 'in_print', 'isbn', 'page_count', 'rating'].map((key) => `meta.${key}`);
    expect(requests[0]).toContain(`_fields=date,genre,id,menu_order,${meta.join()},title.rendered`);
    expect(countRoutes(requests)).toEqual({ '/wp/v2/books': 1, '/wp/v2/genre': 1 });
  });

  it.each([
    ['DATABASE_ID', '303'],
    ['ID', globalId('post:303')],
    ['SLUG', '珈琲の本'],
    ['URI', '/book/珈琲の本/'],
  ])('are found by %s', async (idType, id) => {
    const { data, errors } = await gateway.query(
      `query ($id: ID!) { book(id: $id, idType: ${idType}) { databaseId title } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.book).toEqual({ databaseId: 303, title: '珈琲の本' });
  });

  it('have what they support, and nothing else', () => {
    const type = gateway.schema.getType('Book');
    const interfaces = type && 'getInterfaces' in type ? type.getInterfaces().map(({ name }) => name) : [];
    expect(interfaces.filter((name) => name.startsWith('NodeWith')).sort()).toEqual([
      ...['NodeWithAuthor', 'NodeWithComments', 'NodeWithContentEditor', 'NodeWithExcerpt', 'NodeWithFeaturedImage'],
      ...['NodeWithPageAttributes', 'NodeWithRevisions', 'NodeWithTemplate', 'NodeWithTitle'],
    ]);
    expect(interfaces).not.toContain('HierarchicalContentNode');
  });

  it('are content like any other', async () => {
    const { data, errors } = await gateway.query(`{
      contentNodes(first: 1, where: { contentTypes: [BOOK] }) { nodes { __typename contentTypeName } }
      contentNode(id: 305, idType: DATABASE_ID) { __typename }
      node(id: "${globalId('post:305')}") { __typename }
      user(id: 2, idType: DATABASE_ID) { books(first: 1) { nodes { author { node { databaseId } } } } }
      archive: nodeByUri(uri: "/books/") { __typename ... on ContentType { name label uri } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      contentNodes: { nodes: [{ __typename: 'Book', contentTypeName: 'book' }] },
      contentNode: { __typename: 'Book' },
      node: { __typename: 'Book' },
      user: { books: { nodes: [{ author: { node: { databaseId: 2 } } }] } },
      archive: { __typename: 'ContentType', name: 'book', label: 'Books', uri: '/books/' },
    });
  });
});

describe('custom fields of books', () => {
  it('that are registered may be dates, ids, several values, lists of objects and objects in objects', async () => {
    await using fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(`{
      book(id: 301, idType: DATABASE_ID) { metaFields { ...Meta } }
      none: book(id: 302, idType: DATABASE_ID) { metaFields { ...Meta } }
    }
    fragment Meta on BookMetaFields {
      printedAt sequel translators translations editions { year cover } publisher { name address { city } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      book: {
        metaFields: {
          ...{ printedAt: '2023-04-05 06:07:08', sequel: 305, translators: ['Ada', 'Grace'], translations: [302, 303] },
          editions: [
            { year: 2019, cover: 'hard' },
            { year: 2023, cover: 'soft' },
          ],
          publisher: { name: 'Crema & Sons', address: { city: 'Trieste' } },
        },
      },
      none: {
        metaFields: {
          ...{ printedAt: null, sequel: 0, translators: [], translations: [], editions: [], publisher: null },
        },
      },
    });
    const meta = ['editions', 'printed_at', 'publisher', 'sequel', 'translations', 'translators'];
    expect(requests).toEqual([
      `/wp/v2/books?include=301,302&per_page=100&_fields=id,${meta.map((key) => `meta.${key}`).join()}`,
    ]);
  });

  it('of ACF have their types, for just the fields that are shown', async () => {
    await using fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(`{
      books(first: 3, where: { in: [301, 302, 306], orderby: { field: IN, order: ASC } }) {
        nodes {
          acfFields {
            tagline price onLoan condition boughtOn backCover reviewedIn readNext recommendedBy
            firstEdition { year city scan } quotes { text page picture }
          }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const none = {
      ...{ tagline: null, price: null, onLoan: false, condition: null, boughtOn: null, backCover: null },
      ...{ reviewedIn: null, readNext: null, recommendedBy: null, firstEdition: null, quotes: null },
    };
    expect(data.books.nodes.map(({ acfFields }: { acfFields: unknown }) => acfFields)).toEqual([
      {
        ...{ tagline: 'Winter is a roast', price: 12.5, onLoan: true, condition: 'used', boughtOn: '20240131' },
        ...{ backCover: 402, reviewedIn: 4301, readNext: [303, 305], recommendedBy: 3 },
        firstEdition: { year: 1969, city: 'Trieste', scan: 404 },
        quotes: [
          { text: 'The milk is the left hand of the coffee.', page: 12, picture: 402 },
          { text: '“Grind finer.”', page: null, picture: null },
        ],
      },
      {
        ...none,
        ...{ tagline: 'Zwölf Gedichte & eine Tasse', price: 9, condition: 'new', readNext: [307], recommendedBy: 2 },
      },
      none,
    ]);
    const acf = ['back_cover', 'bought_on', 'condition', 'first_edition', 'on_loan', 'price', 'quotes', 'read_next'];
    const keys = [...acf, 'recommended_by', 'reviewed_in', 'tagline'].map((key) => `acf.${key}`).join();
    expect(requests).toEqual([
      '/wp/v2/books?include=301,302,306&per_page=100&_fields=id',
      `/wp/v2/books?include=301,302,306&per_page=100&_fields=${keys},id`,
    ]);
  });

  it('of ACF refer to nodes, which are loaded together', async () => {
    await using fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(`{
      books(first: 2, where: { in: [301, 302], orderby: { field: IN, order: ASC } }) {
        nodes {
          acfFields {
            backCoverNode { altText }
            reviewedInNode { __typename ... on Post { slug } }
            readNextNodes { __typename ... on Book { title } }
            alsoShelvedNodes { __typename ... on Genre { slug } }
            recommendedByNode { __typename ... on User { name } }
            firstEdition { scanNode { altText } }
            quotes { pictureNode { databaseId } }
          }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.books.nodes.map(({ acfFields }: { acfFields: unknown }) => acfFields)).toEqual([
      {
        backCoverNode: { altText: 'A cup of espresso "to go"' },
        reviewedInNode: {
          __typename: 'Post',
          slug: 'iom-chiefs-visit-to-guatemala-highlights-urgent-needs-for-people-returning-home',
        },
        readNextNodes: [
          { __typename: 'Book', title: '珈琲の本' },
          { __typename: 'Book', title: 'The Cache' },
        ],
        alsoShelvedNodes: [
          { __typename: 'Genre', slug: 'fiction' },
          { __typename: 'Genre', slug: 'lyrik' },
        ],
        recommendedByNode: { __typename: 'User', name: 'Jürgen Müller' },
        firstEdition: { scanNode: { altText: 'A chart: p50 < p99' } },
        quotes: [{ pictureNode: { databaseId: 402 } }, { pictureNode: null }],
      },
      {
        ...{ backCoverNode: null, reviewedInNode: null },
        readNextNodes: [{ __typename: 'Book', title: 'Gedichte über Käse' }],
        ...{ alsoShelvedNodes: [], firstEdition: null, quotes: null },
        recommendedByNode: { __typename: 'User', name: 'Edda Lindqvist' },
      },
    ]);
    const keys = [
      'also_shelved',
      'back_cover',
      'first_edition',
      'quotes',
      'read_next',
      'recommended_by',
      'reviewed_in',
    ];
    expect(requests.slice(0, 2)).toEqual([
      '/wp/v2/books?include=301,302&per_page=100&_fields=id',
      `/wp/v2/books?include=301,302&per_page=100&_fields=_links,${keys.map((key) => `acf.${key}`).join()},id`,
    ]);
    // One for each kind, of both books and all their fields, in any order.
    expect(requests.slice(2).sort()).toEqual([
      '/wp/v2/books?include=303,305,307&per_page=100&_fields=id,title.rendered',
      '/wp/v2/genre?include=21,24&per_page=100&_fields=id,slug',
      '/wp/v2/media?include=402,404&per_page=100&_fields=alt_text,id',
      '/wp/v2/posts?include=4301&per_page=100&_fields=id,slug',
      '/wp/v2/users?include=3,2&per_page=100&_fields=id,name',
    ]);
  });
});

describe('genres', () => {
  it('have their books, their tree and their metadata', async () => {
    const fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(`{
      genre(id: "science-fiction", idType: SLUG) {
        name
        metaFields { color }
        parent { node { name } }
        ancestors { nodes { slug } }
        books { nodes { databaseId } }
        taxonomy { node { name connectedContentTypes { nodes { name } } } }
      }
    }`);
    await fresh[Symbol.asyncDispose]();
    expect(errors).toBeUndefined();
    expect(data.genre).toMatchObject({
      name: 'Science Fiction',
      books: { nodes: [{ databaseId: 305 }, { databaseId: 301 }] },
      taxonomy: { node: { name: 'genre', connectedContentTypes: { nodes: [{ name: 'book' }] } } },
    });
    expect(typeof data.genre.metaFields.color).toBe('string');
    // The controller of terms computes metadata for the bare name only.
    expect(requests[0]).toBe('/wp/v2/genre?slug=science-fiction&per_page=100&_fields=id,meta,name,parent,slug');
  });
});

describe('posts and users', () => {
  it('have their metadata typed as well', async () => {
    const { data, errors, requests } = await gateway.query(`{
      post(id: 4301, idType: DATABASE_ID) { metaFields { subtitle readingMinutes jetpackMembershipsContainsPaidContent } }
      user(id: 2, idType: DATABASE_ID) { metaFields { twitter } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.post.metaFields).toEqual({
      subtitle: expect.any(String),
      readingMinutes: expect.any(Number),
      jetpackMembershipsContainsPaidContent: expect.any(Boolean),
    });
    expect(data.user.metaFields).toEqual({ twitter: expect.any(String) });
    expect(requests.find((request) => request.startsWith('/wp/v2/users'))).toContain('_fields=id,meta');
  });
});

describe('content types and taxonomies', () => {
  it('are told without a request', async () => {
    const { data, errors, requests } = await gateway.query(`{
      contentTypes { nodes { id name label description hierarchical graphqlSingleName graphqlPluralName uri isFrontPage
        hasArchive restBase menuIcon labels { name } connectedTaxonomies { nodes { name } } } pageInfo { endCursor } }
      taxonomies(first: 3) { nodes { name graphqlSingleName restBase label hierarchical } pageInfo { hasNextPage } }
      contentType(id: "book", idType: NAME) { databaseId: id }
      taxonomy(id: "${globalId('taxonomy:genre')}") { name description }
      none: contentType(id: "ghost", idType: NAME) { id }
      node(id: "${globalId('post_type:page')}") { ... on ContentType { name } }
    }`);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([]);
    const { nodes, pageInfo } = data.contentTypes;
    expect(nodes.map(({ name }: { name: string }) => name)).toEqual(['post', 'page', 'attachment', 'book']);
    expect(nodes[3]).toEqual({
      ...{ id: globalId('post_type:book'), name: 'book', label: 'Books', hierarchical: false, uri: '/books/' },
      ...{
        description: 'What stands on the shelf of the café.',
        graphqlSingleName: 'Book',
        graphqlPluralName: 'Books',
      },
      ...{ isFrontPage: false, hasArchive: null, restBase: null, menuIcon: null, labels: null },
      connectedTaxonomies: { nodes: [{ name: 'genre' }] },
    });
    expect(nodes[1]).toMatchObject({ uri: null, hierarchical: true, connectedTaxonomies: null });
    expect(pageInfo.endCursor).toBe(globalId('arrayconnection:book'));
    expect(data.taxonomies).toEqual({
      nodes: [
        { name: 'category', graphqlSingleName: 'category', restBase: 'categories', label: null, hierarchical: true },
        { name: 'post_tag', graphqlSingleName: 'tag', restBase: 'tags', label: null, hierarchical: false },
        { name: 'post_format', graphqlSingleName: 'postFormat', restBase: null, label: null, hierarchical: false },
      ],
      pageInfo: { hasNextPage: true },
    });
    expect(data.contentType).toEqual({ databaseId: globalId('post_type:book') });
    expect(data.taxonomy).toEqual({ name: 'genre', description: 'Kinds of books.' });
    expect(data.none).toBeNull();
    expect(data.node).toEqual({ name: 'page' });
  });

  it('are an edge of content and terms, for no request of their own', async () => {
    const { data, errors, requests } = await gateway.query(`{
      contentNodes(first: 2, where: { contentTypes: [BOOK, PAGE] }) { nodes { contentType { node { name } } } }
      categories(first: 1) { nodes { taxonomy { node { name } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.contentNodes.nodes[0].contentType.node.name).toMatch(/^(book|page)$/);
    expect(data.categories.nodes).toEqual([{ taxonomy: { node: { name: 'category' } } }]);
    expect(requests.filter((request) => /types|taxonomies/.test(request))).toEqual([]);
  });

  it('are asked for with an id that is theirs', async () => {
    const { data, errors } = await gateway.query(`{ contentType(id: "${globalId('taxonomy:genre')}") { name } }`);
    expect(data.contentType).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('names', () => {
  it('can be set', async () => {
    const names = new Map([['book', { single: 'Volume', plural: 'shelf' }]]);
    await using named = await openGateway(url, { names });
    const { data, errors } = await named.query(`{
      shelf(first: 1) { nodes { __typename volumeId: databaseId } }
      genres(first: 1) { nodes { shelf { nodes { id } } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.shelf.nodes[0].__typename).toBe('Volume');
  });
});

describe('image sizes', () => {
  it('that the schema does not know do not break a query', async () => {
    const { data, errors } = await gateway.query(
      `query ($size: MediaItemSizeEnum) {
      mediaItem(id: 402, idType: DATABASE_ID) {
        plain: sourceUrl
        unknown: sourceUrl(size: HERO_BANNER)
        variable: sourceUrl(size: $size)
        known: sourceUrl(size: MEDIUM)
        mediaDetails { sizes(include: [HERO_BANNER]) { name } }
      }
    }`,
      { size: 'HERO_BANNER' },
    );
    expect(errors).toBeUndefined();
    const { plain, unknown, variable, known } = data.mediaItem;
    expect([unknown, variable]).toEqual([plain, plain]);
    expect(known).not.toBe(plain);
  });

  it.each(['"medium"', '7', 'hero_banner', '[[MEDIUM]]'])('that are no names are refused: %s', async (size) => {
    const { errors } = await gateway.query(`{ mediaItems { nodes { sourceUrl(size: ${size}) } } }`);
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
