// Owns queries in the manner of front ends for WPGraphQL, with values for their variables that fit the demo site.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A query document by its name. */
export type NamedQuery = readonly [name: string, query: string];

/** All of them. */
export const frontEndQueries: readonly NamedQuery[] = readFolder(
  join(import.meta.dirname, '../data/front-end-queries'),
);

function readFolder(folder: string): NamedQuery[] {
  const files = readdirSync(folder).sort();
  return files.map((file) => [file.replace('.graphql', ''), readFileSync(join(folder, file), 'utf8')] as const);
}

const post = { id: '101', idType: 'DATABASE_ID', databaseId: '101', slug: 'hello-from-the-demo' };
const terms = { name: 'coffee', category: '2', tag: 'slow', slugs: ['slow', 'emoji'] };
const lists = { first: 3, year: 2024, month: 1, in: ['101', '102'], not: ['101'], names: ['hello-from-the-demo'] };
const usual = { ...post, ...terms, ...lists, uri: '/about/', text: 'coffee', short: false };

/** Where a query means something else by a name. */
const others: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'author-archive': { slug: 'admin' },
  'book-single': { slug: 'a-short-book' },
  'category-by-slug': { slug: 'coffee' },
  'comments-thread': { id: 'hello-from-the-demo' },
  'content-node': { id: '/about/', type: 'PAGE' },
  'media-page': { uri: '/tiny-bean/' },
  'media-sizes': { id: '401' },
  'menu-by-name': { name: 'Primary menu' },
  'node-by-global-id': { id: Buffer.from('post:101').toString('base64') },
  'page-by-uri': { uri: '/about/' },
  'page-preview-revision': { id: '201' },
  'post-by': { id: 101 },
  'posts-of-any-may': { month: 5, year: 2024 },
  'post-by-uri': { uri: '/hello-from-the-demo/' },
  'popular-posts': { category: 2 },
  'posts-by-author': { name: 'admin', id: 1 },
  'seo-terms-and-users': { slug: 'coffee' },
  'template-page': { databaseId: '204' },
  'template-archive-any': { uri: '/category/coffee/' },
  'template-category': { uri: '/category/coffee/' },
  'term-node': { id: 'coffee' },
  'user-by': { id: '1' },
};

/** The variables of a query, and others that it does not know. */
export function variablesOf(name: string): Record<string, unknown> {
  return { ...usual, ...others[name] };
}
