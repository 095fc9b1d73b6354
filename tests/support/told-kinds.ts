// Owns what the smallest sites of tests tell of themselves, as every WordPress does: its kinds of content, and schemas.

const toKinds = (bases: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(bases).map(([slug, base]) => [slug, { slug, name: slug, rest_base: base }]));

const told: Readonly<Record<string, object>> = {
  '/wp-json/wp/v2/types': toKinds({ post: 'posts', page: 'pages', attachment: 'media' }),
  '/wp-json/wp/v2/taxonomies': toKinds({ category: 'categories', post_tag: 'tags' }),
};

/** What a site answers to a request for that; null to any other. */
export function tellKinds(method: string | undefined, path: string): object | null {
  if (method === 'OPTIONS') return { schema: { properties: { id: { type: 'integer' } } } };
  return told[path] ?? null;
}
