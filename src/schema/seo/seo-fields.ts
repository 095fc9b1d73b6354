// Owns the fields of the SEO types: WPGraphQL's, in the words of its Yoast add-on, and ours beyond them.

import type { RestObject } from '../../cache/fields-record.ts';
import { asExtension, type FieldDeclaration } from '../builder.ts';
import { readId, readString, readValue } from '../read.ts';
import { nodesOf, readBreadcrumbs, readGraph, readProfiles } from './graph.ts';
import {
  type Head,
  type HeadPart,
  headPath,
  readHeadObject,
  readHeadString,
  readHeadText,
  readOpengraphImages,
  readReadingTime,
  readTwitterMisc,
  wholeHtml,
  wholeJson,
} from './head.ts';
import { completeImages, loadImage } from './images.ts';

/** A field of the SEO types, with what it reads of a head. */
export interface SeoField extends Omit<FieldDeclaration<Head>, 'needs' | 'part'> {
  readonly reads?: readonly HeadPart[];
}

/** Fields by name. */
export type SeoFields = Readonly<Record<string, SeoField>>;

/** A text as the add-on shows it: without HTML entities, '' for none. */
function text(name: string, description?: string): SeoField {
  return {
    type: 'String',
    reads: [name],
    ...(description ? { description } : {}),
    resolve: (head) => readHeadText(head, name),
  };
}

/** A text that the add-on leaves as it is. */
function rawText(name: string): SeoField {
  return { ...text(name), resolve: (head) => readHeadString(head, name) };
}

/** A text that only we have: null for none. */
function ownText(name: string, description: string): SeoField {
  return {
    ...text(name, asExtension(`${description}`)),
    resolve: (head) => (readValue(head.data, headPath(name)) === null ? null : readHeadText(head, name)),
  };
}

function robotsText(directive: 'index' | 'follow', description: string): SeoField {
  return {
    type: 'String',
    description,
    reads: ['robots'],
    resolve: ({ data }) => readString(data, headPath(`robots.${directive}`)) ?? '',
  };
}

function constant(type: string, value: unknown, description: string): SeoField {
  return { type, description, resolve: () => value };
}

const opengraphImage: SeoField = {
  type: 'MediaItem',
  description: 'The first image for Open Graph; null if it is not in the media library.',
  reads: ['og_image'],
  resolve: (head, _, context, info) => {
    const image = readOpengraphImages(head)[0];
    return image ? loadImage(readId(image, 'id'), readString(image, 'url'), context, info) : null;
  },
};

const twitterImage: SeoField = {
  type: 'MediaItem',
  description: 'The image for X (Twitter); null if it is not in the media library.',
  reads: ['twitter_image'],
  resolve: (head, _, context, info) => loadImage(null, readHeadText(head, 'twitter_image'), context, info),
};

const fullHead: SeoField = {
  type: 'String',
  description: 'All of it as HTML for the head of the page.',
  reads: [wholeHtml],
  resolve: ({ data }) => readString(data, 'yoast_head') ?? '',
};

const breadcrumbs: SeoField = {
  type: '[SEOPostTypeBreadcrumbs]',
  description: 'The way from the front page.',
  reads: ['schema', 'canonical', 'og_url'],
  resolve: readBreadcrumbs,
};

/** The `schema` field of a type. */
function schema(type: string): SeoField {
  return { type, description: 'schema.org metadata.', reads: ['schema'], resolve: readSchema };
}

/** What the fields of `schema` read. */
export interface SchemaSource {
  readonly schema: RestObject;
  readonly head: Head;
}

function readSchema(head: Head): SchemaSource | null {
  const value = readHeadObject(head, 'schema');
  return value && { schema: value, head };
}

/** What only we have, for every type. */
const extensionFields: SeoFields = {
  source: { type: 'SEOSource!', description: asExtension('Where all of this comes from.') },
  robots: {
    type: 'SEORobots',
    description: asExtension('What search engines may do.'),
    reads: ['robots'],
    resolve: (head) => readHeadObject(head, 'robots'),
  },
  prev: ownText('prev', 'URL of the page before this one.'),
  next: ownText('next', 'URL of the page after this one.'),
  ogLocale: ownText('og_locale', 'Locale for Open Graph, such as `en_US`.'),
  opengraphImages: {
    type: '[SEOOpengraphImage!]!',
    description: asExtension('All images for Open Graph.'),
    reads: ['og_image'],
    resolve: (head, _, context) => completeImages(readOpengraphImages(head), context),
  },
  author: ownText('author', 'Name of the author.'),
  twitterCreator: ownText('twitter_creator', "The author's name on X (Twitter)."),
  twitterSite: ownText('twitter_site', "The site's name on X (Twitter)."),
  twitterImageUrl: ownText('twitter_image', 'URL of the image for X (Twitter).'),
  twitterMisc: {
    type: '[SEOTwitterMisc!]!',
    description: asExtension('Labels and values such as author and reading time, in the language of the site.'),
    reads: ['twitter_misc'],
    resolve: readTwitterMisc,
  },
  schemaContext: {
    type: 'String',
    description: asExtension('The vocabulary of the schema (`@context`).'),
    reads: ['schema'],
    resolve: (head) => readString(readHeadObject(head, 'schema'), '@context'),
  },
  schemaGraph: {
    type: '[SchemaOrgNode!]',
    description: asExtension('The nodes of the schema.org graph of the page.'),
    reads: ['schema'],
    resolve: (head) => {
      const graph = readGraph(head);
      return graph && nodesOf(graph);
    },
  },
  json: {
    type: 'JSON',
    description: asExtension(`All of it, in the words of Yoast's \`yoast_head_json\`, whatever the source.`),
    reads: [wholeJson],
    resolve: ({ data }) => toObject(readValue(data, 'yoast_head_json')),
  },
};

function toObject(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? {} : value;
}

const privateOption = 'WordPress does not give it in REST.';

const pageFields: SeoFields = {
  breadcrumbs,
  canonical: text('canonical', "'' where search engines are kept out."),
  cornerstone: constant('Boolean', false, `Always false: ${privateOption}`),
  focuskw: constant('String', '', `Always '': ${privateOption}`),
  fullHead,
  metaDesc: text('description'),
  metaKeywords: constant('String', '', `Always '': ${privateOption}`),
  metaRobotsNofollow: robotsText('follow', '`follow` or `nofollow`.'),
  metaRobotsNoindex: robotsText('index', '`index` or `noindex`.'),
  opengraphAuthor: text('article_author'),
  opengraphDescription: text('og_description'),
  opengraphImage,
  opengraphModifiedTime: text('article_modified_time'),
  opengraphPublishedTime: text('article_published_time'),
  opengraphPublisher: text('article_publisher'),
  opengraphSiteName: text('og_site_name'),
  opengraphTitle: text('og_title'),
  opengraphType: text('og_type'),
  opengraphUrl: text('og_url'),
  title: text('title'),
  twitterCardType: text('twitter_card'),
  twitterDescription: text('twitter_description'),
  twitterImage,
  twitterTitle: text('twitter_title'),
};

const postTypeFields: SeoFields = {
  ...pageFields,
  readingTime: {
    type: 'Float',
    description: 'Minutes it takes to read, as the source tells them; null where it does not.',
    reads: ['twitter_misc', 'author'],
    resolve: readReadingTime,
  },
  schema: schema('SEOPostTypeSchema'),
  ...extensionFields,
};

const taxonomyFields: SeoFields = {
  ...pageFields,
  schema: schema('SEOTaxonomySchema'),
  ...extensionFields,
};

/** The add-on decodes only two of them. */
const userFields: SeoFields = {
  breadcrumbTitle: constant('String', null, `Always null: ${privateOption}`),
  canonical: rawText('canonical'),
  fullHead,
  language: constant('String', null, `Always null: ${privateOption}`),
  metaDesc: text('description'),
  metaRobotsNofollow: robotsText('follow', '`follow` or `nofollow`.'),
  metaRobotsNoindex: robotsText('index', '`index` or `noindex`.'),
  opengraphDescription: rawText('og_description'),
  opengraphImage,
  opengraphTitle: rawText('og_title'),
  region: constant('String', null, `Always null: ${privateOption}`),
  schema: schema('SEOUserSchema'),
  social: {
    type: 'SEOUserSocial',
    description: 'Profiles of the author, by the hosts of the URLs in the schema.',
    reads: ['schema'],
    resolve: readProfiles,
  },
  title: text('title'),
  twitterDescription: rawText('twitter_description'),
  twitterImage,
  twitterTitle: rawText('twitter_title'),
  ...extensionFields,
  breadcrumbs: { ...breadcrumbs, description: asExtension('The way from the front page.') },
  opengraphSiteName: ownText('og_site_name', 'Name of the site for Open Graph.'),
  opengraphType: ownText('og_type', 'Type for Open Graph, such as `profile`.'),
  opengraphUrl: ownText('og_url', 'URL for Open Graph.'),
  twitterCardType: ownText('twitter_card', 'Type of the card for X (Twitter).'),
};

/** The types of `seo` fields, and their fields. */
export const seoFields = {
  PostTypeSEO: postTypeFields,
  TaxonomySEO: taxonomyFields,
  SEOUser: userFields,
} as const satisfies Record<string, SeoFields>;

/** One of them. */
export type SeoType = keyof typeof seoFields;
