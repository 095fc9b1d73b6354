// Owns the SEO types, and the `seo` field that leads to them.

import type { GraphQLResolveInfo } from 'graphql';
import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { isDenied } from '../../loaders/reader.ts';
import { isSelected } from '../../planner/needs.ts';
import type { Site } from '../../wordpress/rest.ts';
import { asExtension, type Builder, type FieldDeclaration, type FieldDeclarations } from '../builder.ts';
import { readInt, readString } from '../read.ts';
import { defineGraph } from './define-graph.ts';
import { articleTypesOf, networkNames, pageTypesOf, readGraph } from './graph.ts';
import { type Head, type HeadPart, sourceNames } from './head.ts';
import { type SchemaSource, type SeoField, type SeoType, seoFields } from './seo-fields.ts';
import type { SeoKind } from './source.ts';
import { sourcesOf } from './sources.ts';

export type { SeoType } from './seo-fields.ts';

const kinds = { PostTypeSEO: 'content', TaxonomySEO: 'term', SEOUser: 'user' } as const satisfies Record<
  SeoType,
  SeoKind
>;

/** The `seo` field of content, terms or users of a site. */
export function seoField(type: SeoType, site: Pick<Site, 'namespaces'>): FieldDeclaration {
  const sources = sourcesOf(site);
  return {
    type,
    description: 'SEO metadata: what the plugin of the site says, or else what the content itself tells; see `source`.',
    part: true,
    resolve: async (entity, _, context, info) => {
      const parts = partsOf(info, type);
      for (const source of sources) {
        const needs = source.needs(parts, kinds[type]);
        // Only what the first source needs of the selected parts is in the plan.
        const isPlanned = needs.length === 0 || (source === sources[0] && parts.length > 0);
        const known = isPlanned ? entity : await loadShown(entity, needs, context);
        const head = known && (await source.readHead(known, parts, context));
        if (head) return head;
      }
      return null;
    },
  };
}

/** Users may be hidden, and then nothing is known of them: that is no error. */
async function loadShown(
  entity: Entity,
  needs: readonly string[],
  { loaders }: GatewayContext,
): Promise<Entity | null> {
  try {
    return await loaders.load(entity.resource, entity.id, needs);
  } catch (error) {
    if (entity.resource.kind === 'user' && isDenied(error)) return null;
    throw error;
  }
}

const selected = new WeakMap<GraphQLResolveInfo['fieldNodes'], readonly HeadPart[]>();

/** The parts of a head that are selected; the field nodes are the same for all entities of a list. */
function partsOf(info: GraphQLResolveInfo, type: SeoType): readonly HeadPart[] {
  const known = selected.get(info.fieldNodes);
  if (known) return known;
  const fields = Object.entries<SeoField>(seoFields[type]).filter(([name]) => isSelected(info, [name]));
  const parts = [...new Set(fields.flatMap(([, { reads = [] }]) => reads))];
  selected.set(info.fieldNodes, parts);
  return parts;
}

/** Declares all types of SEO metadata of a site. */
export function defineSeo(builder: Builder, site: Pick<Site, 'namespaces'>): void {
  const [first] = sourcesOf(site);
  const fieldsOf = (type: SeoType): FieldDeclarations<Head> =>
    Object.fromEntries(
      Object.entries<SeoField>(seoFields[type]).map(([name, { reads, ...field }]) => [
        name,
        reads && first ? { ...field, needs: first.needs(reads, kinds[type]) } : field,
      ]),
    );
  defineGraph(builder);
  builder.object<Head>('PostTypeSEO', { description: 'SEO metadata of content.', fields: fieldsOf('PostTypeSEO') });
  builder.object<Head>('TaxonomySEO', { description: 'SEO metadata of a term.', fields: fieldsOf('TaxonomySEO') });
  builder.object<Head>('SEOUser', { description: 'SEO metadata of an author.', fields: fieldsOf('SEOUser') });
  defineSchemaTypes(builder);
  defineExtensions(builder);
  builder.object('SEOPostTypeBreadcrumbs', {
    description: 'A step of the way from the front page.',
    fields: {
      text: { type: 'String', description: 'As it stands in JSON-LD: of Yoast with HTML entities.' },
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
      resolve: ({ head }) => articleTypesOf(readGraph(head) ?? emptyGraph),
    },
    pageType: {
      type: '[String]',
      description: 'Types of the page.',
      resolve: ({ head }) => pageTypesOf(readGraph(head) ?? emptyGraph),
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
  builder.enum(
    'SEOSource',
    Object.fromEntries(Object.keys(sourceNames).map((name) => [name, name])),
    asExtension(
      `Where SEO metadata comes from: ${Object.entries(sourceNames)
        .map(([name, meaning]) => `\`${name}\` is ${meaning}`)
        .join(', ')}.`,
    ),
  );
  builder.object<RestObject>('SEORobots', {
    description: asExtension('What search engines may do with a page.'),
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
    description: asExtension('An image for Open Graph.'),
    fields: {
      id: { type: 'Int', description: 'Its id in the media library.', resolve: (image) => readInt(image, 'id') },
      url: { type: 'String', resolve: (image) => readString(image, 'url') },
      width: {
        type: 'Int',
        description: 'null where it is not known.',
        resolve: (image) => readInt(image, 'width'),
      },
      height: {
        type: 'Int',
        description: 'null where it is not known.',
        resolve: (image) => readInt(image, 'height'),
      },
      type: { type: 'String', description: 'Its MIME type.', resolve: (image) => readString(image, 'type') },
      alt: { type: 'String', resolve: (image) => readString(image, 'alt') },
      json: { type: 'JSON', description: 'All of it, in the words of Yoast.', resolve: (image) => image },
    },
  });
  builder.object('SEOTwitterMisc', {
    description: asExtension('A label and its value.'),
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
