// Owns discovery: what types of content and taxonomies a site shows in REST, and what the schemas of their routes say.

import { decodeHTMLStrict } from 'entities';
import { z } from 'zod';
import { type CustomFields, customFieldsSchema, noCustomFields, parseCustomFields } from './field-shape.ts';
import { isObject, type Reading, type ReadingClient, startReading } from './reading.ts';
import type { Site } from './rest.ts';
import { findArchive, sampleSizes, sampleTemplates } from './samples.ts';

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
  /** Some of it the site failed to tell: that is as it was before, or not known. */
  isPartial: z.boolean().optional(),
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
export type DiscoveryClient = ReadingClient;

/** How a site is discovered. */
export interface DiscoverOptions {
  /** An `Authorization` header of the gateway's own, for what only editors are told. */
  readonly authorization?: string | undefined;
  /** What was known: what the site does not tell this time is as it was. */
  readonly before?: Discovery;
}

type RawKind = z.output<typeof rawKind>;
type Properties = Readonly<Record<string, unknown>>;

/** WordPress keeps `wp_` to itself: patterns, templates, navigation, styles, fonts. */
const internal = /^(?:wp_.*|nav_menu|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request)$/;

/** Enough for any real site; each costs a request. */
const maxKinds = 100;
/** Few at a time: a small host, and a gateway that has four slots at first, answer visitors meanwhile. */
const concurrency = 3;

/** Nothing is known of a site. */
export const noDiscovery: Discovery = {
  types: [],
  taxonomies: [],
  users: noCustomFields,
  comments: noCustomFields,
  imageSizes: [],
  problems: [],
};

/**
 * Reads what a site shows. What it does not tell is a problem in the answer, and as it was; rejects with `UpstreamError`
 * only where the site could not be asked.
 */
export async function discover(
  client: DiscoveryClient,
  { home }: Pick<Site, 'home'>,
  { authorization, before = noDiscovery }: DiscoverOptions = {},
): Promise<Discovery> {
  const reading = startReading(client);
  const [types, taxonomies] = await Promise.all([
    readKinds(reading, 'type', 'wp/v2/types'),
    readKinds(reading, 'taxonomy', 'wp/v2/taxonomies'),
  ]);
  const routes = [...(types ?? []), ...(taxonomies ?? [])].map(routeOf).concat('wp/v2/users', 'wp/v2/comments');
  const properties = new Map(await mapFew(routes, async (route) => [route, await readSchema(reading, route)] as const));
  const customOf = (route: string, known: CustomFields) => {
    const told = properties.get(route);
    return told ? parseCustomFields(told) : known;
  };
  const routesOfTypes = types?.map((raw) => ({ name: raw.slug, route: routeOf(raw) })) ?? before.types;
  const media = routesOfTypes.find(({ name }) => name === 'attachment');
  const [described, imageSizes] = await Promise.all([
    types ? describeTypes(reading, types, { properties, home, authorization, before: before.types }) : before.types,
    media ? sampleSizes(reading, media.route) : [],
  ]);
  return {
    types: described,
    taxonomies: taxonomies
      ? taxonomies.map((raw) => ({ ...describeKind(raw, properties, before.taxonomies), types: raw.types }))
      : before.taxonomies,
    users: customOf('wp/v2/users', before.users),
    comments: customOf('wp/v2/comments', before.comments),
    imageSizes: imageSizes ?? before.imageSizes,
    problems: reading.problems,
    ...(reading.isPartial ? { isPartial: true } : {}),
  };
}

/** Null where the site does not tell: every site has types and taxonomies of WordPress's own. */
function readKinds({ get, problems }: Reading, noun: string, route: string): Promise<RawKind[] | null> {
  return get({ route }, (body) => {
    const values = typeof body === 'object' && body !== null ? Object.values(body) : [];
    return values.some((value) => rawKind.safeParse(value).success) ? parseKinds(noun, values, problems) : null;
  });
}

function readSchema({ get }: Reading, route: string): Promise<Properties | null> {
  return get({ method: 'OPTIONS', route, query: { _fields: ['schema.properties'] } }, (body) => {
    const schema = isObject(body) ? body['schema'] : null;
    const properties = isObject(schema) ? schema['properties'] : null;
    return isObject(properties) && Object.keys(properties).length > 0 ? properties : null;
  });
}

interface TypesContext {
  readonly properties: ReadonlyMap<string, Properties | null>;
  readonly home: string;
  readonly authorization: string | undefined;
  readonly before: readonly DiscoveredType[];
}

async function describeTypes(
  reading: Reading,
  types: readonly RawKind[],
  { properties, home, authorization, before }: TypesContext,
): Promise<DiscoveredType[]> {
  const knownOf = (name: string) => before.find((type) => type.name === name);
  const archives = await mapFew(types, (raw) => {
    const type = { ...raw, route: routeOf(raw), hasArchive: raw.has_archive };
    return findArchive(reading, type, home, knownOf(raw.slug)?.archive ?? null);
  });
  const page = types.find(({ slug }) => slug === 'page');
  const [used, supports] = await Promise.all([
    page ? sampleTemplates(reading, routeOf(page)) : [],
    authorization === undefined ? null : readSupports(reading, authorization),
  ]);
  return types.map((raw, index) => {
    const known = knownOf(raw.slug);
    const told = properties.get(routeOf(raw));
    const samples = raw.slug === 'page' ? used : [];
    const templates = [...(told && samples ? [] : (known?.templates ?? [])), ...enumOf(told), ...(samples ?? [])];
    return {
      ...describeKind(raw, properties, before),
      archive: archives[index] ?? null,
      icon: raw.icon,
      taxonomies: raw.taxonomies,
      templates: [...new Set(templates)],
      supports: (raw.slug === 'page' ? supports : null) ?? known?.supports ?? null,
    };
  });
}

function parseKinds(noun: string, values: readonly unknown[], problems: string[]): RawKind[] {
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

/** A kind does not lose its fields to one failure of its route. */
function describeKind(
  raw: RawKind,
  properties: ReadonlyMap<string, Properties | null>,
  before: readonly (DiscoveredType | DiscoveredTaxonomy)[],
) {
  const told = properties.get(routeOf(raw));
  const known = told ? undefined : before.find(({ name }) => name === raw.slug);
  return {
    name: raw.slug,
    route: routeOf(raw),
    restBase: raw.rest_base || raw.slug,
    label: decodeHTMLStrict(raw.name),
    description: raw.description,
    hierarchical: raw.hierarchical,
    fields: told ? Object.keys(told) : (known?.fields ?? null),
    custom: known?.custom ?? parseCustomFields(told),
  };
}

function enumOf(properties: Properties | undefined | null): string[] {
  const template = properties?.['template'];
  const values = isObject(template) && Array.isArray(template['enum']) ? template['enum'] : [];
  return values.filter((value) => typeof value === 'string' && value !== '');
}

/** The schema of pages has excerpts on every site; whether they are meant to have some, WordPress tells editors. */
async function readSupports({ getExtra }: Reading, authorization: string): Promise<string[] | null> {
  const query = { context: 'edit', _fields: ['supports'] };
  const request = { route: 'wp/v2/types/page', query, authorization };
  const supports = (await getExtra(request, (body) => (isObject(body) ? body : null)))?.['supports'];
  return isObject(supports) ? Object.keys(supports).filter((name) => supports[name] !== false) : null;
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
