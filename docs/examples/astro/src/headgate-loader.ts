// Owns a content loader: the posts of a site, page by page, and at the next build only what has changed.

import type { Loader } from 'astro/loaders';
import { z } from 'astro/zod';

const schema = z.object({
  title: z.string(),
  uri: z.string(),
  date: z.string(),
  excerpt: z.string().nullable(),
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

const query = `query Posts($after: String) {
  posts(first: 20, after: $after) {
    nodes {
      id title uri slug date modifiedGmt excerpt content
      author { node { name } }
      seo { metaDesc }
      featuredImage { node { sourceUrl(size: LARGE) srcSet(size: LARGE) sizes(size: LARGE) altText } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Loads all posts of the site behind a gateway. */
export function headgateLoader({ url }: { readonly url: string }): Loader {
  async function ask(after: string | null) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { after } }),
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
      for (let after: string | null = null; ; ) {
        const { nodes, pageInfo } = await ask(after);
        for (const { id, slug, modifiedGmt, content, author, seo, featuredImage, ...post } of nodes) {
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
