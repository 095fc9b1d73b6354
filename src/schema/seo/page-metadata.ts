// Owns metadata as pages carry it, names and values of `meta` tags, and what it is in the words of a head.

import type { RestObject } from '../../cache/fields-record.ts';

/** What the head of a page says; texts are plain. */
export interface PageMetadata {
  readonly title?: string | undefined;
  readonly canonical?: string | undefined;
  readonly prev?: string | undefined;
  readonly next?: string | undefined;
  /** `name` or `property`, and `content`, in the order of the page. */
  readonly metas: readonly (readonly [name: string, content: string])[];
  readonly schema?: RestObject | undefined;
}

/** Parts of a head that are one `meta` tag each, and the tag's name. */
export const metaNames: Readonly<Record<string, string>> = {
  description: 'description',
  author: 'author',
  og_locale: 'og:locale',
  og_type: 'og:type',
  og_title: 'og:title',
  og_description: 'og:description',
  og_url: 'og:url',
  og_site_name: 'og:site_name',
  article_author: 'article:author',
  article_publisher: 'article:publisher',
  article_published_time: 'article:published_time',
  article_modified_time: 'article:modified_time',
  twitter_card: 'twitter:card',
  twitter_title: 'twitter:title',
  twitter_description: 'twitter:description',
  twitter_image: 'twitter:image',
  twitter_creator: 'twitter:creator',
  twitter_site: 'twitter:site',
};

/** The same metadata in the words of `yoast_head_json`. */
export function toHeadJson({ title, canonical, prev, next, metas, schema }: PageMetadata): RestObject {
  const first = (name: string) => metas.find(([known, content]) => known === name && content !== '')?.[1];
  const texts = { title, canonical, prev, next };
  const named = Object.entries(metaNames).map(([part, name]) => [part, first(name)] as const);
  const given = [...Object.entries(texts), ...named].filter(([, value]) => value !== undefined && value !== '');
  const images = imagesOf(metas);
  const misc = miscOf(first);
  return {
    ...Object.fromEntries(given),
    robots: toRobots(first('robots')),
    ...(images.length > 0 ? { og_image: images } : {}),
    ...(misc.length > 0 ? { twitter_misc: Object.fromEntries(misc) } : {}),
    ...(schema ? { schema } : {}),
  };
}

/** Directives by name, as Yoast writes them; search engines take what is not forbidden as allowed. */
export function toRobots(content = ''): RestObject {
  const text = content.toLowerCase().split(':').map(trim).join(':');
  const words = text.split(/[,\s]+/);
  const has = (name: string) => words.includes(name) || words.includes('none');
  const directives = text.split(',').map(trim);
  const others = directives.filter((name) => name !== '' && !/^(?:(?:no)?(?:index|follow)|none|all)$/.test(name));
  return {
    index: has('noindex') ? 'noindex' : 'index',
    follow: has('nofollow') ? 'nofollow' : 'follow',
    ...Object.fromEntries(others.map((directive) => [directive.replace(/:.*$/s, ''), directive])),
  };
}

function trim(text: string): string {
  return text.trim();
}

/** `og:image` begins an image; `og:image:width` and its like tell more of the last one. */
function imagesOf(metas: PageMetadata['metas']): RestObject[] {
  const images: Record<string, string>[] = [];
  for (const [name, content] of metas) {
    if (name === 'og:image' && content !== '') images.push({ url: content });
    const detail = /^og:image:(width|height|type|alt)$/.exec(name)?.[1];
    const image = images.at(-1);
    if (detail && image) image[detail] ??= content;
  }
  return images;
}

/** `twitter:label1` names what `twitter:data1` says. */
function miscOf(first: (name: string) => string | undefined): [label: string, value: string][] {
  return [1, 2, 3, 4].flatMap((number) => {
    const [label, value] = [first(`twitter:label${number}`), first(`twitter:data${number}`)];
    return label && value ? [[label, value]] : [];
  });
}
