// Owns how a discovery becomes the table of resources: the rows of the core, told by the site, and a row for all it adds.

import type { DiscoveredTaxonomy, DiscoveredType, Discovery } from './discovery.ts';
import { type GivenNames, type Nameless, nameAll, type TakenNames } from './graphql-names.ts';
import {
  type ContentResource,
  coreResources,
  nameBesideTwin,
  type Resource,
  type Resources,
  type Support,
  type TermResource,
} from './resources.ts';

/** The table of a site. */
export interface ResourceTable {
  readonly resources: Resources;
  /** What people should know of it. */
  readonly problems: readonly string[];
}

/** How names are chosen. */
export interface NamingOptions {
  readonly given: GivenNames;
  readonly taken: TakenNames;
}

/** What the schema of a type's route tells of its supports. */
const supportOf: Readonly<Record<string, Support>> = {
  title: 'title',
  content: 'editor',
  excerpt: 'excerpt',
  author: 'author',
  featured_media: 'thumbnail',
  comment_status: 'comments',
  menu_order: 'page-attributes',
};

/** The rows of a site. The core's are always there: queries that name them stay valid where the site hides them. */
export function toResources(discovery: Discovery, naming: NamingOptions): ResourceTable {
  const problems = [...discovery.problems];
  const { types, taxonomies } = withoutTwins(discovery, problems);
  const nameless = [...types.map(namelessType), ...taxonomies.map(namelessTaxonomy)];
  const added = nameless.filter(({ name }) => !coreResources.has(name));
  const named = nameAll(added, naming.given, naming.taken);
  const namesOf = new Map([...named.names].map(([item, names]) => [item.name, names]));
  const links = linksOf(types, taxonomies);
  const rows: Resource[] = [];
  for (const core of coreResources.values()) {
    if (core.kind === 'content') rows.push(toldContent(core, discovery, links));
    else if (core.kind === 'term') rows.push(toldTerm(core, discovery, links));
    else rows.push({ ...core, customFields: core.kind === 'user' ? discovery.users : discovery.comments });
  }
  for (const type of types) {
    const names = namesOf.get(type.name);
    if (names) rows.push({ ...names, kind: 'content', ...contentFacts(type), ...contentShape(type, links) });
  }
  for (const taxonomy of taxonomies) {
    const names = namesOf.get(taxonomy.name);
    if (names) rows.push({ ...names, kind: 'term', ...termFacts(taxonomy), ...termShape(taxonomy, links) });
  }
  for (const row of rows) if (row.isHidden) problems.push(`The site does not show "${row.name}" in REST`);
  const place = ({ kind }: Resource) => (kind === 'content' ? 0 : kind === 'term' ? 1 : 2);
  const sorted = rows.sort((a, b) => place(a) - place(b));
  return { resources: new Map(sorted.map((row) => [row.name, row])), problems: [...problems, ...named.problems] };
}

function namelessType({ name, restBase, label }: DiscoveredType): Nameless {
  return { kind: 'content', name, restBase, label };
}

function namelessTaxonomy({ name, restBase, label }: DiscoveredTaxonomy): Nameless {
  return { kind: 'term', name, restBase, label };
}

/**
 * Gives everything a name of its own: rows are found by name alone, and WordPress lets a taxonomy be called as a type, and
 * a type as what its core has. Two things of one route cannot both be read: WordPress answers with one of them.
 */
function withoutTwins({ types, taxonomies }: Discovery, problems: string[]) {
  const kinds = new Map<string, Resource['kind']>([...coreResources].map(([name, { kind }]) => [name, kind]));
  const routes = new Map([...coreResources.values()].flatMap((row) => (isOfSite(row) ? [] : [[row.route, row.name]])));
  const take = <Kind extends DiscoveredType | DiscoveredTaxonomy>(kind: 'content' | 'term', found: Kind): Kind[] => {
    const isCore = kinds.get(found.name) === kind && coreResources.has(found.name);
    const printed = `${kind === 'content' ? 'Post type' : 'Taxonomy'} "${found.name}"`;
    const rival = routes.get(found.route);
    if (rival !== undefined && !isCore) {
      problems.push(
        `${printed} is left out: its route, ${found.route}, is that of "${rival}" too; with a rest_base of its own it is there`,
      );
      return [];
    }
    routes.set(found.route, found.name);
    const isTwin = (kinds.get(found.name) ?? kind) !== kind;
    if (!isTwin) kinds.set(found.name, kind);
    return [isTwin ? { ...found, name: nameBesideTwin(kind, found.name) } : found];
  };
  return {
    types: types.flatMap((type) => take('content', type)),
    taxonomies: taxonomies.flatMap((taxonomy) => take('term', taxonomy)),
  };
}

function isOfSite({ kind }: Resource): boolean {
  return kind === 'content' || kind === 'term';
}

interface Links {
  readonly taxonomiesOf: (type: string) => string[];
  readonly typesOf: (taxonomy: string) => string[];
}

/** Which taxonomies classify which types: each side may tell. */
function linksOf(types: readonly DiscoveredType[], taxonomies: readonly DiscoveredTaxonomy[]): Links {
  const rows = [...coreResources.values()];
  const known = {
    content: new Set([...rows.filter(({ kind }) => kind === 'content'), ...types].map(({ name }) => name)),
    term: new Set([...rows.filter(({ kind }) => kind === 'term'), ...taxonomies].map(({ name }) => name)),
  };
  const named = (all: ReadonlySet<string>, kind: 'content' | 'term', own: string) =>
    all.has(nameBesideTwin(kind, own)) ? nameBesideTwin(kind, own) : own;
  const pairs = [
    ...rows.flatMap((row) => (row.kind === 'content' ? row.taxonomies.map((name) => [row.name, name] as const) : [])),
    ...types.flatMap((type) => type.taxonomies.map((name) => [type.name, named(known.term, 'term', name)] as const)),
    ...taxonomies.flatMap((taxonomy) =>
      taxonomy.types.map((name) => [named(known.content, 'content', name), taxonomy.name] as const),
    ),
  ].filter(([type, taxonomy]) => known.content.has(type) && known.term.has(taxonomy));
  return {
    taxonomiesOf: (type) => [...new Set(pairs.filter(([name]) => name === type).map(([, taxonomy]) => taxonomy))],
    typesOf: (taxonomy) => [...new Set(pairs.filter(([, name]) => name === taxonomy).map(([type]) => type))],
  };
}

function toldContent(core: ContentResource, { types, imageSizes }: Discovery, links: Links): ContentResource {
  const type = types.find(({ name }) => name === core.name);
  // A site that tells nothing at all may have everything.
  if (!type) return types.length > 0 ? { ...core, isHidden: true } : core;
  const isMedia = core.name === 'attachment';
  return {
    ...core,
    ...contentFacts(type),
    // A site adds to what the core's types have; what it takes away is only empty.
    supports: isMedia ? core.supports : new Set([...core.supports, ...supportsOf(type).filter(isTold(type))]),
    taxonomies: links.taxonomiesOf(core.name),
    ...(isMedia ? { imageSizes } : {}),
  };
}

/** Pages have excerpts in REST on every site, made of their content: most sites do not mean them to have any. */
function isTold({ name, supports }: DiscoveredType): (support: Support) => boolean {
  return (support) => name !== 'page' || support !== 'excerpt' || (supports?.includes(support) ?? false);
}

function toldTerm(core: TermResource, { taxonomies }: Discovery, links: Links): TermResource {
  const taxonomy = taxonomies.find(({ name }) => name === core.name);
  if (!taxonomy) return taxonomies.length > 0 ? { ...core, isHidden: true } : core;
  return { ...core, ...termFacts(taxonomy), contentTypes: links.typesOf(core.name) };
}

function contentFacts({ name, route, label, description, archive, icon, templates, custom }: DiscoveredType) {
  return { name, route, label, description, archive, icon, templates, customFields: custom };
}

function contentShape(type: DiscoveredType, links: Links) {
  return {
    hierarchical: type.hierarchical,
    // REST does not tell which types have revisions: all may, without any to show.
    supports: new Set<Support>([...supportsOf(type), 'revisions']),
    taxonomies: links.taxonomiesOf(type.name),
  };
}

function termFacts({ name, route, restBase, label, description, custom }: DiscoveredTaxonomy) {
  return { name, route, restBase, label, description, customFields: custom };
}

function termShape(taxonomy: DiscoveredTaxonomy, links: Links) {
  return { hierarchical: taxonomy.hierarchical, contentTypes: links.typesOf(taxonomy.name) };
}

/** Without a schema to tell, a type supports everything: what it does not have is null. */
function supportsOf({ fields }: DiscoveredType): Support[] {
  return Object.entries(supportOf).flatMap(([field, support]) => ((fields?.includes(field) ?? true) ? [support] : []));
}
