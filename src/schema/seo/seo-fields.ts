// Owns the fields of the SEO types: WPGraphQL's, in the words of its Yoast add-on, and ours beyond them.

import type { GraphQLResolveInfo } from 'graphql';
import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { loadMediaByUrl } from '../../loaders/lookup.ts';
import { planFields } from '../../planner/needs.ts';
import type { FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readId, readString, readValue } from '../read.ts';
import { nodesOf, readBreadcrumbs, readGraph, readProfiles } from './graph.ts';
import {
  readOpengraphImages,
  readReadingTime,
  readTwitterMisc,
  readYoastObject,
  readYoastString,
  readYoastText,
  yoastPath,
} from './read-yoast.ts';

const extension = 'An extension of WPGraphQL.';

/** A text as the add-on shows it: without HTML entities, '' for none. */
function text(name: string, description?: string): FieldDeclaration {
  return {
    type: 'String',
    needs: [yoastPath(name)],
    ...(description ? { description } : {}),
    resolve: (entity) => readYoastText(entity, name),
  };
}

/** A text that the add-on leaves as it is. */
function rawText(name: string): FieldDeclaration {
  return { ...text(name), resolve: (entity) => readYoastString(entity, name) };
}

/** A text that only we have: null for none. */
function ownText(name: string, description: string): FieldDeclaration {
  return {
    ...text(name, `${description} ${extension}`),
    resolve: (entity) => (readValue(entity.data, yoastPath(name)) === null ? null : readYoastText(entity, name)),
  };
}

function robotsText(directive: 'index' | 'follow', description: string): FieldDeclaration {
  return {
    type: 'String',
    description,
    needs: [yoastPath('robots')],
    resolve: ({ data }) => readString(data, yoastPath(`robots.${directive}`)) ?? '',
  };
}

function constant(type: string, value: unknown, description: string): FieldDeclaration {
  return { type, description, resolve: () => value };
}

const opengraphImage: FieldDeclaration = {
  type: 'MediaItem',
  description: 'The first image for Open Graph; null if it is not in the media library.',
  needs: [yoastPath('og_image')],
  resolve: (entity, _, context, info) => {
    const image = readOpengraphImages(entity)[0];
    return image ? loadImage(readId(image, 'id'), readString(image, 'url'), context, info) : null;
  },
};

const twitterImage: FieldDeclaration = {
  type: 'MediaItem',
  description: 'The image for X (Twitter); null if it is not in the media library.',
  needs: [yoastPath('twitter_image')],
  resolve: (entity, _, context, info) => loadImage(null, readYoastText(entity, 'twitter_image'), context, info),
};

async function loadImage(
  id: number | null,
  url: string | null,
  { loaders, resources }: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<Entity | null> {
  const fields = planFields(info, 'MediaItem');
  const media = resources.get('attachment');
  if (id !== null) return media ? loaders.load(media, id, fields) : null;
  // An avatar's URL names no file: there is nothing to look for.
  if (!url || !URL.canParse(url) || !/\.\w+$/.test(new URL(url).pathname)) return null;
  return loadMediaByUrl(loaders, resources, url, fields);
}

const fullHead: FieldDeclaration = {
  type: 'String',
  description: "All of Yoast's HTML for the head of the page.",
  needs: ['yoast_head'],
  resolve: ({ data }) => readString(data, 'yoast_head') ?? '',
};

const breadcrumbs: FieldDeclaration = {
  type: '[SEOPostTypeBreadcrumbs]',
  description: 'The way from the front page.',
  needs: [yoastPath('schema'), yoastPath('canonical'), yoastPath('og_url')],
  resolve: readBreadcrumbs,
};

/** The `schema` field of a type. */
function schema(type: string): FieldDeclaration {
  return { type, description: "Yoast's schema.org metadata.", needs: [yoastPath('schema')], resolve: readSchema };
}

/** What the fields of `schema` read. */
export interface SchemaSource {
  readonly schema: RestObject;
  readonly entity: Entity;
}

function readSchema(entity: Entity): SchemaSource | null {
  const value = readYoastObject(entity, 'schema');
  return value && { schema: value, entity };
}

/** What only we have, for every type. */
const extensionFields: FieldDeclarations = {
  robots: {
    type: 'SEORobots',
    description: `What search engines may do. ${extension}`,
    needs: [yoastPath('robots')],
    resolve: (entity) => readYoastObject(entity, 'robots'),
  },
  prev: ownText('prev', 'URL of the page before this one.'),
  next: ownText('next', 'URL of the page after this one.'),
  ogLocale: ownText('og_locale', 'Locale for Open Graph, such as `en_US`.'),
  opengraphImages: {
    type: '[SEOOpengraphImage!]!',
    description: `All images for Open Graph. ${extension}`,
    needs: [yoastPath('og_image')],
    resolve: readOpengraphImages,
  },
  author: ownText('author', 'Name of the author.'),
  twitterCreator: ownText('twitter_creator', "The author's name on X (Twitter)."),
  twitterSite: ownText('twitter_site', "The site's name on X (Twitter)."),
  twitterImageUrl: ownText('twitter_image', 'URL of the image for X (Twitter).'),
  twitterMisc: {
    type: '[SEOTwitterMisc!]!',
    description: `Labels and values such as author and reading time, in the language of the site. ${extension}`,
    needs: [yoastPath('twitter_misc')],
    resolve: readTwitterMisc,
  },
  schemaContext: {
    type: 'String',
    description: `The vocabulary of the schema (\`@context\`). ${extension}`,
    needs: [yoastPath('schema')],
    resolve: (entity) => readString(readYoastObject(entity, 'schema'), '@context'),
  },
  schemaGraph: {
    type: '[SchemaOrgNode!]',
    description: `The nodes of the schema.org graph of the page. ${extension}`,
    needs: [yoastPath('schema')],
    resolve: (entity) => {
      const graph = readGraph(entity);
      return graph && nodesOf(graph);
    },
  },
  json: {
    type: 'JSON',
    description: `All that Yoast says in REST (\`yoast_head_json\`). ${extension}`,
    needs: ['yoast_head_json'],
    resolve: ({ data }) => toObject(readValue(data, 'yoast_head_json')),
  },
};

function toObject(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? {} : value;
}

const privateOption = 'WordPress does not give it in REST.';

const pageFields: FieldDeclarations = {
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

/** Fields of `PostTypeSEO`. */
export const postTypeFields: FieldDeclarations = {
  ...pageFields,
  readingTime: {
    type: 'Float',
    description: 'Minutes it takes to read, as Yoast tells them; null where it does not.',
    needs: [yoastPath('twitter_misc'), yoastPath('author')],
    resolve: readReadingTime,
  },
  schema: schema('SEOPostTypeSchema'),
  ...extensionFields,
};

/** Fields of `TaxonomySEO`. */
export const taxonomyFields: FieldDeclarations = {
  ...pageFields,
  schema: schema('SEOTaxonomySchema'),
  ...extensionFields,
};

/** Fields of `SEOUser`; the add-on decodes only two of them. */
export const userFields: FieldDeclarations = {
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
    description: 'Profiles of the author, by the hosts of the URLs that Yoast gives.',
    needs: [yoastPath('schema')],
    resolve: readProfiles,
  },
  title: text('title'),
  twitterDescription: rawText('twitter_description'),
  twitterImage,
  twitterTitle: rawText('twitter_title'),
  ...extensionFields,
  breadcrumbs: { ...breadcrumbs, description: `The way from the front page. ${extension}` },
  opengraphSiteName: ownText('og_site_name', 'Name of the site for Open Graph.'),
  opengraphType: ownText('og_type', 'Type for Open Graph, such as `profile`.'),
  opengraphUrl: ownText('og_url', 'URL for Open Graph.'),
  twitterCardType: ownText('twitter_card', 'Type of the card for X (Twitter).'),
};
