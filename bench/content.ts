// Owns the content of the replayed site: as many posts as anybody asks for, each made of the recorded one.

import type { Recording } from './recording.ts';

/** An object of the REST API. */
export type RestObject = Readonly<Record<string, unknown>>;

/** A collection: how many objects it has, and each of them by its id. */
export interface Collection {
  readonly size: number;
  /** Ids of its objects are from 1 to `size`, plus this. */
  readonly firstId: number;
  object(id: number): RestObject;
}

/** Posts of a block share a category and two authors, which no other block has: each block can be cold once. */
export const postsPerBlock = 10;
const blocks = 100_000;
const contentBytes = 20_000;
const firstMediaId = 10_000_000;

/** The block of a post. */
export function blockOf(postId: number): number {
  return Math.ceil(postId / postsPerBlock);
}

/** The first post of a block. */
export function firstPostOf(block: number): number {
  return (block - 1) * postsPerBlock + 1;
}

/** The collections, by route. */
export function createCollections({ origin, templates }: Recording): ReadonlyMap<string, Collection> {
  const size = blocks * postsPerBlock;
  const template = (route: string) => templates[route] ?? {};
  const [posts, media] = [template('wp/v2/posts'), template('wp/v2/media')];
  const [users, categories] = [template('wp/v2/users'), template('wp/v2/categories')];
  const content = { rendered: toLength(contentBytes), protected: false };
  const post = (id: number) => {
    const slug = `post-${id}`;
    const block = blockOf(id);
    return {
      ...posts,
      ...timesOf(id),
      id,
      slug,
      content,
      link: `${origin}/${slug}/`,
      title: { rendered: `Post number ${id} &amp; what it says` },
      author: 2 * block - (id % 2),
      featured_media: firstMediaId + id,
      categories: [block],
      tags: [],
    };
  };
  const image = (id: number) => ({
    ...media,
    ...timesOf(id - firstMediaId),
    id,
    slug: `image-${id}`,
    source_url: `${origin}/wp-content/uploads/image-${id}.jpeg`,
  });
  const user = (id: number) => ({ ...users, id, slug: `author-${id}`, name: `Author ${id}` });
  const category = (id: number) => ({ ...categories, id, parent: 0, slug: `block-${id}`, name: `Block ${id}` });
  return new Map<string, Collection>([
    ['wp/v2/posts', { size, firstId: 1, object: post }],
    ['wp/v2/media', { size, firstId: firstMediaId + 1, object: image }],
    ['wp/v2/users', { size: 2 * blocks, firstId: 1, object: user }],
    ['wp/v2/categories', { size: blocks, firstId: 1, object: category }],
  ]);
}

/** One post a minute. */
function timesOf(id: number) {
  const date = new Date(Date.UTC(2020, 0, 1) + 60_000 * id).toISOString().slice(0, 19);
  return { date, date_gmt: date, modified: date, modified_gmt: date };
}

function toLength(length: number): string {
  const paragraph = '<p class="wp-block-paragraph">What was true a minute ago is usually still true.</p>\n';
  return paragraph.repeat(Math.ceil(length / paragraph.length)).slice(0, length);
}
