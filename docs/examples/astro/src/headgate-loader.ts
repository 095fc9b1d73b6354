// Owns a content loader: the newest posts of a site, page by page.

import type { Loader } from 'astro/loaders';
import { z } from 'astro/zod';

const schema = z.object({
  title: z.string(),
  uri: z.string(),
  date: z.string(),
  author: z.string().nullable(),
  description: z.string().nullable(),
  image: z
    .object({
      sourceUrl: z.string(),
      srcSet: z.string().nullable(),
      sizes: z.string().nullable(),
      altText: z.string().nullable(),
    })
    .nullable(),
});

/** One page of posts is one request of WordPress, which renders their content one after the other. */
const pageSize = 10;

const query = `query Posts($first: Int!, $after: String) {
  posts(first: $first, after: $after) {
    nodes {
      id title uri date modifiedGmt content
      author { node { name } }
      seo { metaDesc }
      featuredImage { node { sourceUrl(size: LARGE) srcSet(size: LARGE) sizes(size: LARGE) altText } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Where posts come from, and how many: all of them where it is not said. */
export interface HeadgateLoaderOptions {
  readonly url: string;
  readonly newest?: number;
}

/** Loads the newest posts of the site behind a gateway. */
export function headgateLoader({ url, newest = Number.POSITIVE_INFINITY }: HeadgateLoaderOptions): Loader {
  async function ask(first: number, after: string | null) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { first, after } }),
    });
    const { data, errors } = await response.json();
    // A site that is built from a part of what there is would lose the rest.
    if (errors) throw new Error(errors[0].message);
    return data.posts;
  }

  return {
    name: 'headgate',
    schema,
    async load({ store, parseData, logger }) {
      const seen = new Set<string>();
      for (let after: string | null = null; seen.size < newest; ) {
        const { nodes, pageInfo } = await ask(Math.min(pageSize, newest - seen.size), after);
        for (const { id, modifiedGmt, content, author, seo, featuredImage, ...post } of nodes) {
          seen.add(id);
          const image = featuredImage?.node ?? null;
          const given = { ...post, image, author: author?.node?.name ?? null, description: seo?.metaDesc ?? null };
          const data = await parseData({ id, data: given });
          store.set({ id, data, digest: modifiedGmt, rendered: { html: content ?? '' } });
        }
        if (!pageInfo.hasNextPage) break;
        after = pageInfo.endCursor;
      }
      for (const id of store.keys()) if (!seen.has(id)) store.delete(id);
      logger.info(`${seen.size} posts`);
    },
  };
}
