// Owns the rows of a site with books and genres, the site that WPGraphQL's schema was recorded on.

import { coreResources, type Resource, type Resources } from '../../src/wordpress/resources.ts';
import type { Site } from '../../src/wordpress/rest.ts';

const added: readonly Resource[] = [
  {
    kind: 'content',
    name: 'book',
    route: 'wp/v2/books',
    typeName: 'Book',
    singular: 'book',
    plural: 'books',
    hierarchical: false,
    supports: new Set([
      ...(['title', 'editor', 'excerpt', 'author', 'thumbnail', 'comments', 'revisions', 'page-attributes'] as const),
    ]),
    taxonomies: ['genre'],
    archive: 'books',
  },
  {
    kind: 'term',
    name: 'genre',
    route: 'wp/v2/genre',
    typeName: 'Genre',
    singular: 'genre',
    plural: 'genres',
    hierarchical: true,
    restBase: 'genre',
    contentTypes: ['book'],
  },
];

/** The core's rows with those of books and genres, as discovery would tell them. */
export const bookResources: Resources = new Map([
  ...coreResources,
  ...added.map((row): [string, Resource] => [row.name, row]),
]);

/** The site that these rows are of, as its index tells it. */
export const bookSite: Site = {
  root: { origin: 'http://wordpress.test', path: '/wp-json/', style: 'path' },
  name: 'A site with books',
  description: null,
  url: 'http://wordpress.test',
  home: 'http://wordpress.test',
  timezone: null,
  gmtOffset: 0,
  namespaces: ['wp/v2', 'yoast/v1'],
  showOnFront: 'posts',
  pageOnFront: null,
  pageForPosts: null,
  siteIconId: null,
  siteIconUrl: null,
};
