// Owns discovery: what types of content and taxonomies a site shows in REST, and what the schemas of their routes say.

import { decodeHTMLStrict } from 'entities';
import { z } from 'zod';
import { UpstreamError } from '../errors.ts';
import { isUnavailable } from './failures.ts';
import { customFieldsSchema, parseCustomFields } from './field-shape.ts';
import type { RestRequest, Site, WordPressClient } from './rest.ts';
import { withoutEndSlashes } from './url.ts';

const kindFact = {
  /** WordPress's own name, such as `book`. */
  name: z.string(),
  /** Route below the REST root. */
  route: z.string(),
  restBase: z.string(),
  /** Name for people, usually a plural in the language of the site. */
  label: z.string(),
  description: z.string(),
  hierarchical: z.boolean(),
  /** Names of the fields that its objects have in REST; null where WordPress did not say. */
  fields: z.array(z.string()).nullable(),
  custom: customFieldsSchema,
};
const typeFact = z.object({
  ...kindFact,
  /** Where its archive is below the site's home: a path without slashes at its ends, or a query, `?post_type=book`. */
  archive: z.string().nullable(),
  icon: z.string().nullable(),
  taxonomies: z.array(z.string()),
  templates: z.array(z.string()),
  /** What WordPress tells editors that the type supports, asked where the schema does not tell; null where it is not known. */
  supports: z.array(z.string()).nullable(),
});
const taxonomyFact = z.object({ ...kindFact, types: z.array(z.string()) });

/** Checks a discovery that was kept. */
export const discoverySchema = z.object({
  types: z.array(typeFact),
  taxonomies: z.array(taxonomyFact),
  users: customFieldsSchema,
  comments: customFieldsSchema,
  imageSizes: z.array(z.string()),
  /** What stood in the way, for people. */
  problems: z.array(z.string()),
});

/** What a site shows in REST: plain JSON, before anything has a GraphQL name. */
export type Discovery = z.output<typeof discoverySchema>;

/** A type of content that was found. */
export type DiscoveredType = z.output<typeof typeFact>;

/** A taxonomy that was found. */
export type DiscoveredTaxonomy = z.output<typeof taxonomyFact>;

/** PHP writes an empty object as `[]`, and makes an object of a list from which something was taken out. */
const looseList = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? Object.values(value) : []),
  z.array(z.unknown()).transform((values) => values.filter((value) => typeof value === 'string')),
);
const rawKind = z.object({
  slug: z.string().min(1),
  name: z.string().catch(''),
  description: z.string().catch(''),
  hierarchical: z.boolean().catch(false),
  rest_base: z.string().catch(''),
  rest_namespace: z.string().min(1).catch('wp/v2'),
  taxonomies: looseList,
  types: looseList,
  has_archive: z.union([z.boolean(), z.string()]).catch(false),
  icon: z.string().min(1).nullable().catch(null),
});

/** All that discovery takes of a client. */
export type DiscoveryClient = Pick<WordPressClient, 'request'>;

type RawKind = z.output<typeof rawKind>;

/** WordPress keeps `wp_` to itself: patterns, templates, navigation, styles, fonts. */
const internal = /^(?:wp_.*|nav_menu|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request)$/;

/** Enough for any real site; each costs a request. */
const maxKinds = 100;
/** Few at a time: a small host answers visitors meanwhile. */
const concurrency = 4;
const sampledImages = 20;

/**
 * Reads what a site shows. What it hides is a problem in the answer; rejects with `UpstreamError` only where the site
 * could not be asked. With an `Authorization` header of the gateway's own, also what only editors are told.
 */
export async function discover(
  client: DiscoveryClient,
  { home }: Pick<Site, 'home'>,
  authorization?: string,
): Promise<Discovery> {
  const problems: string[] = [];
  const get = (request: RestRequest) => ask(client, request, problems);
  const [types, taxonomies] = await Promise.all([
    get({ route: 'wp/v2/types' }).then((body) => parseKinds('type', body, problems)),
    get({ route: 'wp/v2/taxonomies' }).then((body) => parseKinds('taxonomy', body, problems)),
  ]);
  const schemas = await mapFew(
    [...types, ...taxonomies].map(routeOf).concat('wp/v2/users', 'wp/v2/comments'),
    async (route) => {
      const body = await get({ method: 'OPTIONS', route, query: { _fields: ['schema.properties'] } });
      return [route, propertiesOf(body)] as const;
    },
  );
  const properties = new Map(schemas);
  const describe = (raw: RawKind) => describeKind(raw, properties.get(routeOf(raw)));
  const archives = await mapFew(types, async (raw) => [raw.slug, await findArchive(get, raw, home)] as const);
  const archiveOf = new Map(archives);
  const [imageSizes, templates, supports] = await Promise.all([
    sampleSizes(get, types),
    sampleTemplates(get, types),
    authorization === undefined ? null : readSupports(client, authorization),
  ]);
  return {
    types: types.map((raw) => ({
      ...describe(raw),
      archive: archiveOf.get(raw.slug) ?? null,
      icon: raw.icon,
      taxonomies: raw.taxonomies,
      templates: [...new Set([...enumOf(properties.get(routeOf(raw))), ...(raw.slug === 'page' ? templates : [])])],
      supports: raw.slug === 'page' ? supports : null,
    })),
    taxonomies: taxonomies.map((raw) => ({ ...describe(raw), types: raw.types })),
    users: parseCustomFields(properties.get('wp/v2/users')),
    comments: parseCustomFields(properties.get('wp/v2/comments')),
    imageSizes,
    problems,
  };
}

/** The body of an answer, or null with a problem where WordPress refuses. */
async function ask(client: DiscoveryClient, request: RestRequest, problems: string[]): Promise<unknown> {
  try {
    return (await client.request(request)).body;
  } catch (error) {
    if (!(error instanceof UpstreamError) || isUnavailable(error)) throw error;
    problems.push(`${error.message}: what it would tell is not known`);
    return null;
  }
}

function parseKinds(noun: string, body: unknown, problems: string[]): RawKind[] {
  const values = typeof body === 'object' && body !== null ? Object.values(body) : [];
  const kinds = new Map<string, RawKind>();
  for (const value of values) {
    const parsed = rawKind.safeParse(value);
    if (!parsed.success) problems.push(`A ${noun} without a name is left out`);
    else if (internal.test(parsed.data.slug)) continue;
    else if (!/^[\w./%-]+$/.test(routeOf(parsed.data)) || /(^|\/)\.\.?(\/|$)/.test(routeOf(parsed.data))) {
      problems.push(`The ${noun} "${parsed.data.slug}" is left out: "${parsed.data.rest_base}" is no route`);
    } else kinds.set(parsed.data.slug, parsed.data);
  }
  if (kinds.size > maxKinds) problems.push(`Only ${maxKinds} of ${kinds.size} are taken up (${noun})`);
  return [...kinds.values()].slice(0, maxKinds);
}

function routeOf({ rest_namespace, rest_base, slug }: RawKind): string {
  return `${rest_namespace}/${rest_base || slug}`;
}

function describeKind(raw: RawKind, properties: Readonly<Record<string, unknown>> | undefined | null) {
  return {
    name: raw.slug,
    route: routeOf(raw),
    restBase: raw.rest_base || raw.slug,
    label: decodeHTMLStrict(raw.name),
    description: raw.description,
    hierarchical: raw.hierarchical,
    fields: properties ? Object.keys(properties) : null,
    custom: parseCustomFields(properties),
  };
}

function propertiesOf(body: unknown): Readonly<Record<string, unknown>> | null {
  const schema = isObject(body) ? body['schema'] : null;
  const properties = isObject(schema) ? schema['properties'] : null;
  return isObject(properties) ? properties : null;
}

function enumOf(properties: Readonly<Record<string, unknown>> | undefined | null): string[] {
  const template = properties?.['template'];
  const values = isObject(template) && Array.isArray(template['enum']) ? template['enum'] : [];
  return values.filter((value) => typeof value === 'string' && value !== '');
}

type Get = (request: RestRequest) => Promise<unknown>;

/**
 * WordPress says where an archive is only if it has an address of its own; otherwise it is what the links begin with.
 * Where permalinks are plain, or the type has none, all archives are queries.
 */
async function findArchive(get: Get, raw: RawKind, home: string): Promise<string | null> {
  const own = typeof raw.has_archive === 'string' ? raw.has_archive.replace(/^\/+|(?<!\/)\/+$/g, '') : null;
  if (own === '' || raw.has_archive === false) return null;
  const query = { per_page: 1, ...(raw.hierarchical ? { parent: 0 } : {}), _fields: ['link', 'slug'] };
  const [row] = toRows(await get({ route: routeOf(raw), query }));
  const { link, slug } = row ?? {};
  if (typeof link !== 'string' || typeof slug !== 'string' || !URL.canParse(link)) return own ?? raw.slug;
  const base = URL.canParse(home) ? withoutEndSlashes(new URL(home).pathname) : '';
  const { pathname, search } = new URL(link);
  const parts = (pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname).split('/').filter(Boolean);
  if (parts.length === 0 && search !== '') return `?post_type=${raw.slug}`;
  if (own !== null) return own;
  const isBelow = parts.length > 1 && parts.at(-1)?.toLowerCase() === slug.toLowerCase();
  return isBelow ? parts.slice(0, -1).join('/') : raw.slug;
}

/** Names of image sizes are nowhere in REST but in the images. */
async function sampleSizes(get: Get, types: readonly RawKind[]): Promise<string[]> {
  const media = types.find(({ slug }) => slug === 'attachment');
  if (!media) return [];
  const query = { per_page: sampledImages, media_type: 'image', _fields: ['media_details'] };
  const rows = toRows(await get({ route: routeOf(media), query }));
  const sizes = rows.map(({ media_details: details }) => (isObject(details) ? details['sizes'] : null));
  const names = sizes.filter(isObject).flatMap((size) => Object.keys(size));
  return [...new Set(names)].filter((name) => name !== 'full');
}

async function sampleTemplates(get: Get, types: readonly RawKind[]): Promise<string[]> {
  const page = types.find(({ slug }) => slug === 'page');
  if (!page) return [];
  const rows = toRows(await get({ route: routeOf(page), query: { per_page: 100, _fields: ['template'] } }));
  const templates = rows.map(({ template }) => template).filter((value) => typeof value === 'string' && value !== '');
  return [...new Set(templates)].map(String).sort();
}

/** The schema of pages has excerpts on every site; whether they are meant to have some, WordPress tells editors. */
async function readSupports(client: DiscoveryClient, authorization: string): Promise<string[] | null> {
  try {
    const query = { context: 'edit', _fields: ['supports'] };
    const { body } = await client.request({ route: 'wp/v2/types/page', query, authorization });
    const supports = isObject(body) ? body['supports'] : null;
    return isObject(supports) ? Object.keys(supports).filter((name) => supports[name] !== false) : null;
  } catch (error) {
    if (error instanceof UpstreamError) return null;
    throw error;
  }
}

function toRows(body: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(body) ? body.filter(isObject) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Maps a list, a few at a time. */
async function mapFew<Item, Result>(
  items: readonly Item[],
  toResult: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += concurrency) {
    results.push(...(await Promise.all(items.slice(start, start + concurrency).map(toResult))));
  }
  return results;
}
