// Owns the source that every site has: what follows from title, excerpt, link, dates and image of the content itself.

import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { FieldPath } from '../../planner/fields.ts';
import type { Site } from '../../wordpress/rest.ts';
import { decodeText, isObject, readValue } from '../read.ts';
import { toDerivedSchema } from './derived-schema.ts';
import { type Head, type HeadPart, type SourceName, wholeHtml, wholeJson } from './head.ts';
import { completeImages } from './images.ts';
import { describedLength, toDescription, toPlainText } from './plain-text.ts';
import { printHead } from './print-head.ts';
import type { SeoKind, SeoSource } from './source.ts';

type Kind = SeoKind | 'media';

/** REST fields that a part is made of; a part that is not here needs none. */
const needsOf: Readonly<Record<Kind, Readonly<Record<HeadPart, readonly FieldPath[]>>>> = {
  content: {
    title: ['title.rendered'],
    description: ['content.protected', 'excerpt.rendered'],
    canonical: ['link'],
    robots: ['content.protected'],
    og_image: ['featured_media'],
    article_published_time: ['date_gmt'],
    article_modified_time: ['date_gmt', 'modified_gmt'],
    schema: ['title.rendered', 'link', 'date_gmt', 'modified_gmt'],
  },
  media: {
    title: ['title.rendered'],
    // The controller of media knows no paths below these fields.
    description: ['caption', 'alt_text'],
    canonical: ['link'],
    og_image: ['media_type'],
    article_published_time: ['date_gmt'],
    article_modified_time: ['date_gmt', 'modified_gmt'],
    schema: ['title.rendered', 'link', 'date_gmt', 'modified_gmt'],
  },
  term: { title: ['name'], description: ['description'], canonical: ['link'], schema: ['name', 'link'] },
  user: { title: ['name'], description: ['description'], canonical: ['link'], schema: ['name', 'link', 'url'] },
};

/** What the values of the parts are made of. */
interface Facts {
  readonly kind: Kind;
  readonly entity: Entity;
  readonly site: Site;
  readonly isFrontPage: boolean;
  /** Plain texts. */
  readonly name: string;
  readonly description: string;
  readonly siteName: string;
}

const makers: Readonly<Record<HeadPart, (facts: Facts) => unknown>> = {
  title: ({ isFrontPage, name, siteName, site }) =>
    // As WordPress itself titles its pages.
    [isFrontPage ? siteName : name, isFrontPage ? toPlainText(site.description ?? '') : siteName]
      .filter((text) => text !== '')
      .join(' – '),
  description: ({ description }) => description,
  canonical: ({ entity }) => textAt(entity, 'link'),
  robots: ({ entity }) => ({
    index: isProtected(entity) ? 'noindex' : 'index',
    follow: 'follow',
    'max-image-preview': 'max-image-preview:large',
  }),
  og_type: typeOf,
  og_title: ({ isFrontPage, name, siteName }) => (isFrontPage ? siteName : name),
  og_description: ({ description }) => description,
  og_url: ({ entity }) => textAt(entity, 'link'),
  og_site_name: ({ siteName }) => siteName,
  og_image: imagesOf,
  article_published_time: ({ entity }) => toUtc(textAt(entity, 'date_gmt')),
  article_modified_time: ({ entity }) => {
    const [published, modified] = [textAt(entity, 'date_gmt'), textAt(entity, 'modified_gmt')];
    return modified === published ? '' : toUtc(modified);
  },
  twitter_card: (facts) => (imagesOf(facts).length > 0 ? 'summary_large_image' : 'summary'),
  schema: ({ entity, isFrontPage, name, siteName, site }) =>
    toDerivedSchema({
      kind: entity.resource.kind,
      isFrontPage,
      name,
      link: textAt(entity, 'link'),
      siteName,
      home: site.home,
      published: toUtc(textAt(entity, 'date_gmt')),
      modified: toUtc(textAt(entity, 'modified_gmt')),
      website: textAt(entity, 'url'),
    }),
};

/** Parts whose values are made of those of others. */
const sameNeeds: Readonly<Record<HeadPart, HeadPart>> = {
  og_title: 'title',
  og_description: 'description',
  og_url: 'canonical',
  twitter_card: 'og_image',
};

/** The source that always has something to say. */
export const derivedSource: SeoSource = {
  needs: derivedNeeds,
  readHead: async (entity, parts, context) =>
    completeHead('DERIVED', await deriveParts(entity, parts, context), parts, context),
};

/** The parts that a field selects are the same for all entities of a list. */
const needsOfParts = new WeakMap<readonly HeadPart[], Map<Kind, readonly FieldPath[]>>();

/** REST fields that derived parts are made of. */
export function derivedNeeds(parts: readonly HeadPart[], kind: Kind): readonly FieldPath[] {
  const known = needsOfParts.get(parts) ?? new Map<Kind, readonly FieldPath[]>();
  needsOfParts.set(parts, known);
  const needs = known.get(kind) ?? expand(parts).flatMap((part) => needsOf[kind][sameNeeds[part] ?? part] ?? []);
  known.set(kind, needs);
  return needs;
}

function expand(parts: readonly HeadPart[]): readonly HeadPart[] {
  return parts.includes(wholeJson) || parts.includes(wholeHtml) ? Object.keys(makers) : parts;
}

/** Parts of a head that follow from an entity, in the words of `yoast_head_json`; without those of which nothing is known. */
export async function deriveParts(
  given: Entity,
  parts: readonly HeadPart[],
  context: GatewayContext,
): Promise<RestObject> {
  const kind = kindOf(given);
  const entity = await withFields(given, derivedNeeds(parts, kind), context);
  const { site, trace } = context;
  const wanted = expand(parts);
  await trace.pace.pause();
  const facts: Facts = {
    kind,
    entity,
    site,
    isFrontPage: given.resource.kind === 'content' && given.id === site.pageOnFront,
    name: toPlainText(textAt(entity, given.resource.kind === 'content' ? 'title.rendered' : 'name')),
    description: wanted.some((part) => (sameNeeds[part] ?? part) === 'description')
      ? await describe(kind, entity, context)
      : '',
    siteName: decodeText(site.name ?? '').trim(),
  };
  const made = wanted.map((part) => [part, makers[part]?.(facts)] as const);
  return Object.fromEntries(made.filter(([, value]) => value !== undefined && value !== '' && value !== null));
}

/** A head of these parts, with what its source does not give by itself. */
export async function completeHead(
  source: SourceName,
  json: RestObject,
  parts: readonly HeadPart[],
  context: GatewayContext,
): Promise<Head> {
  if (!parts.includes(wholeJson) && !parts.includes(wholeHtml)) return { source, data: { yoast_head_json: json } };
  const images = Array.isArray(json['og_image']) ? await completeImages(json['og_image'], context) : [];
  const whole = { ...json, ...(images.length > 0 ? { og_image: images } : {}) };
  await context.trace.pace.pause();
  return { source, data: { yoast_head_json: whole, yoast_head: printHead(whole) } };
}

/** The entity with fields that it may lack: another source has been asked before, or it is of a type with fields of its own. */
async function withFields(entity: Entity, fields: readonly FieldPath[], { loaders }: GatewayContext): Promise<Entity> {
  if (fields.every((path) => valueAt(entity, path) !== null)) return entity;
  return (await loaders.load(entity.resource, entity.id, fields)) ?? entity;
}

/** Content without an excerpt of its own is described by its beginning. */
async function describe(kind: Kind, entity: Entity, context: GatewayContext): Promise<string> {
  if (kind === 'media') {
    return descriptionAt(entity, 'caption.rendered') || toDescription(textAt(entity, 'alt_text'));
  }
  if (kind !== 'content') return descriptionAt(entity, 'description');
  const excerpt = descriptionAt(entity, 'excerpt.rendered');
  if (excerpt !== '' || isProtected(entity)) return excerpt;
  const whole = await withFields(entity, ['content.rendered'], context);
  await context.trace.pace.pause();
  return descriptionAt(whole, 'content.rendered');
}

/** Data never changes once it is there, and each alias asks for the same. */
const descriptions = new WeakMap<RestObject, Map<FieldPath, string>>();

function descriptionAt(entity: Entity, path: FieldPath): string {
  const known = descriptions.get(entity.data) ?? new Map<FieldPath, string>();
  descriptions.set(entity.data, known);
  const description = known.get(path) ?? toDescription(toPlainText(textAt(entity, path), describedLength));
  known.set(path, description);
  return description;
}

function kindOf({ resource }: Entity): Kind {
  if (resource.kind === 'term' || resource.kind === 'user') return resource.kind;
  return resource.name === 'attachment' ? 'media' : 'content';
}

function typeOf({ entity: { resource }, isFrontPage }: Facts): string {
  if (resource.kind === 'user') return 'profile';
  return resource.kind === 'content' && !resource.hierarchical && !isFrontPage ? 'article' : 'website';
}

/** Only ids: what else is known of an image is asked for where it is wanted. */
function imagesOf({ kind, entity }: Facts): RestObject[] {
  if (kind === 'media') return textAt(entity, 'media_type') === 'image' ? [{ id: entity.id }] : [];
  const id = Number(valueAt(entity, 'featured_media'));
  return Number.isSafeInteger(id) && id > 0 ? [{ id }] : [];
}

function isProtected(entity: Entity): boolean {
  return valueAt(entity, 'content.protected') === true;
}

/** WordPress writes dates without an offset, and zeros for none. */
function toUtc(date: string): string {
  return /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date) ? `${date}+00:00` : '';
}

function textAt(entity: Entity, path: FieldPath): string {
  const value = valueAt(entity, path);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

/** A value that is of no use is none: a description is no reason for an error. */
function valueAt({ data }: Entity, path: FieldPath): unknown {
  const [name = '', ...below] = path.split('.');
  const value = data[name];
  if (below.length === 0) return value ?? null;
  return isObject(value) ? readValue(value, below.join('.')) : null;
}
