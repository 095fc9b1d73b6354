// Owns the SEO types, and the `seo` field that leads to them.

import type { RestObject } from '../../cache/fields-record.ts';
import { planFields } from '../../planner/needs.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { readInt, readString } from '../read.ts';
import { defineGraph } from './define-graph.ts';
import { articleTypesOf, networkNames, pageTypesOf, readGraph } from './graph.ts';
import { hasYoast, yoastPath } from './read-yoast.ts';
import { postTypeFields, type SchemaSource, taxonomyFields, userFields } from './seo-fields.ts';

/** The types of `seo` fields. */
export type SeoType = 'PostTypeSEO' | 'TaxonomySEO' | 'SEOUser';

/** The `seo` field of content, terms or users. */
export function seoField(type: SeoType): FieldDeclaration {
  return {
    type,
    description: 'What Yoast SEO says of it; null on a site without Yoast.',
    part: true,
    resolve: async (entity, _, { loaders }, info) => {
      // Fields that cost nothing tell nothing: whether there is Yoast has to be asked then.
      const isAsked = planFields(info, type).length > 0;
      const known = isAsked ? entity : await loaders.load(entity.resource, entity.id, [yoastPath('title')]);
      return known && hasYoast(known) ? known : null;
    },
  };
}

/** Declares all types of SEO metadata. */
export function defineSeo(builder: Builder): void {
  defineGraph(builder);
  builder.object('PostTypeSEO', { description: 'What Yoast SEO says of content.', fields: postTypeFields });
  builder.object('TaxonomySEO', { description: 'What Yoast SEO says of a term.', fields: taxonomyFields });
  builder.object('SEOUser', { description: 'What Yoast SEO says of an author.', fields: userFields });
  defineSchemaTypes(builder);
  defineExtensions(builder);
  builder.object('SEOPostTypeBreadcrumbs', {
    description: 'A step of the way from the front page.',
    fields: {
      text: { type: 'String', description: 'As Yoast writes it, with HTML entities.' },
      url: { type: 'String' },
    },
  });
  builder.object('SEOUserSocial', {
    description: "Profiles of an author; '' for none.",
    fields: Object.fromEntries(networkNames.map((network) => [network, { type: 'String' }])),
  });
  builder.object('SEOPageInfoSchema', { fields: { raw: { type: 'String' } } });
  builder.object('SEOPostTypePageInfo', {
    description: 'SEO metadata of a list, which WordPress does not have in REST.',
    fields: { schema: { type: 'SEOPageInfoSchema' } },
  });
}

function defineSchemaTypes(builder: Builder): void {
  const raw: FieldDeclaration<SchemaSource> = {
    type: 'String',
    description: 'The JSON-LD of the page.',
    resolve: ({ schema }) => toAsciiJson(schema),
  };
  const types: Record<string, FieldDeclaration<SchemaSource>> = {
    articleType: {
      type: '[String]',
      description: 'Types of the article; empty where it is none.',
      resolve: ({ entity }) => articleTypesOf(readGraph(entity) ?? emptyGraph),
    },
    pageType: {
      type: '[String]',
      description: 'Types of the page.',
      resolve: ({ entity }) => pageTypesOf(readGraph(entity) ?? emptyGraph),
    },
  };
  builder.object<SchemaSource>('SEOPostTypeSchema', { fields: { ...types, raw } });
  builder.object<SchemaSource>('SEOUserSchema', { fields: { ...types, raw } });
  builder.object<SchemaSource>('SEOTaxonomySchema', { fields: { raw } });
}

const emptyGraph = { nodes: [], byId: new Map<string, RestObject>() };

/** As PHP writes it with unescaped slashes: what the add-on gives, byte for byte. */
function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function defineExtensions(builder: Builder): void {
  builder.object<RestObject>('SEORobots', {
    description: 'What search engines may do with a page. An extension of WPGraphQL.',
    fields: {
      index: directive('index', '`index` or `noindex`.'),
      follow: directive('follow', '`follow` or `nofollow`.'),
      maxSnippet: limit('max-snippet', 'Most characters of an excerpt; -1 for any.'),
      maxImagePreview: {
        type: 'String',
        description: 'Size of a preview: `none`, `standard` or `large`.',
        resolve: (robots) => settingOf(robots, 'max-image-preview'),
      },
      maxVideoPreview: limit('max-video-preview', 'Most seconds of a preview; -1 for any.'),
      directives: {
        type: '[String!]!',
        description: 'All directives as they stand in the robots tag, such as `max-snippet:-1`.',
        resolve: (robots) => Object.values(robots).filter((value) => typeof value === 'string'),
      },
    },
  });
  builder.object<RestObject>('SEOOpengraphImage', {
    description: 'An image for Open Graph. An extension of WPGraphQL.',
    fields: {
      id: { type: 'Int', description: 'Its id in the media library.', resolve: (image) => readInt(image, 'id') },
      url: { type: 'String', resolve: (image) => readString(image, 'url') },
      width: {
        type: 'Int',
        description: 'null where Yoast leaves it empty.',
        resolve: (image) => readInt(image, 'width'),
      },
      height: {
        type: 'Int',
        description: 'null where Yoast leaves it empty.',
        resolve: (image) => readInt(image, 'height'),
      },
      type: { type: 'String', description: 'Its MIME type.', resolve: (image) => readString(image, 'type') },
      alt: { type: 'String', resolve: (image) => readString(image, 'alt') },
      json: { type: 'JSON', description: 'All of it, as Yoast writes it.', resolve: (image) => image },
    },
  });
  builder.object('SEOTwitterMisc', {
    description: 'A label and its value. An extension of WPGraphQL.',
    fields: { label: { type: 'String!' }, value: { type: 'String!' } },
  });
}

function directive(name: string, description: string): FieldDeclaration<RestObject> {
  return { type: 'String', description, resolve: (robots) => readString(robots, name) };
}

function limit(name: string, description: string): FieldDeclaration<RestObject> {
  return { type: 'Int', description, resolve: (robots) => readInt({ [name]: settingOf(robots, name) }, name) };
}

/** The value of a directive such as `max-snippet:-1`. */
function settingOf(robots: RestObject, name: string): string | null {
  return readString(robots, name)?.replace(/^[^:]*:/, '') ?? null;
}
