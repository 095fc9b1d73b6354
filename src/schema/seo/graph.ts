// Owns reading of a head's schema.org graph: its nodes, what they refer to, and what it says of page and author.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { readString } from '../read.ts';
import { type Head, readHeadObject, readHeadString } from './head.ts';

/** A schema.org graph. */
export interface Graph {
  readonly nodes: readonly RestObject[];
  readonly byId: ReadonlyMap<string, RestObject>;
}

/** A node of a graph, as resolvers see it. */
export interface GraphNode {
  readonly __typename: string;
  readonly data: RestObject;
  readonly graph: Graph;
}

/** The graph of a head, or null where it has none. */
export function readGraph(head: Head): Graph | null {
  const schema = readHeadObject(head, 'schema');
  if (!schema) return null;
  // A filter may leave one node without a graph around it.
  const nodes = toList(schema['@graph'] ?? (schema['@type'] === undefined ? [] : schema)).filter(isRestObject);
  const byId = new Map<string, RestObject>();
  for (const node of nodes) {
    const id = idOf(node);
    if (id !== null) byId.set(id, node);
  }
  return { nodes, byId };
}

/** Its nodes, each with its GraphQL type. */
export function nodesOf(graph: Graph): GraphNode[] {
  return graph.nodes.map((data) => ({ __typename: typeNameOf(data), data, graph }));
}

/**
 * The nodes that a value stands for: a node, a reference to one (`{"@id": …}`, which may repeat some of its fields),
 * the text that schema.org allows in its place, or a list of these.
 */
export function toNodes(graph: Graph, value: unknown): GraphNode[] {
  return toList(value).flatMap((item) => {
    const data = typeof item === 'string' ? (graph.byId.get(item) ?? toTextNode(item)) : item;
    if (!isRestObject(data)) return [];
    const node = { ...graph.byId.get(idOf(data) ?? ''), ...data };
    return [{ __typename: typeNameOf(node), data: node, graph }];
  });
}

function toTextNode(text: string): RestObject {
  return URL.canParse(text) ? { url: text } : { name: text };
}

/** The schema.org types of a node. */
export function typesOf(node: RestObject): string[] {
  return toList(node['@type']).filter((type) => typeof type === 'string');
}

/** A value as a list: schema.org lets one stand for a list of one. */
export function toList(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function idOf(node: RestObject): string | null {
  const id = node['@id'];
  return typeof id === 'string' ? id : null;
}

const articleTypes = new Set([
  'Article',
  'AdvertiserContentArticle',
  'BlogPosting',
  'LiveBlogPosting',
  'NewsArticle',
  'Report',
  'SatiricalArticle',
  'ScholarlyArticle',
  'SocialMediaPosting',
  'TechArticle',
]);

const isPageType = (type: string) => type.endsWith('Page') || type === 'RealEstateListing';
const isArticleType = (type: string) => articleTypes.has(type);

/** GraphQL types by what schema.org types they stand for; the first that fits. */
const typeNames: readonly (readonly [string, (type: string) => boolean])[] = [
  ['SchemaOrgWebSite', (type) => type === 'WebSite'],
  ['SchemaOrgWebPage', isPageType],
  ['SchemaOrgArticle', isArticleType],
  ['SchemaOrgImageObject', (type) => type === 'ImageObject'],
  ['SchemaOrgBreadcrumbList', (type) => type === 'BreadcrumbList'],
  // Yoast makes a site's owner a ["Person", "Organization"].
  ['SchemaOrgPerson', (type) => type === 'Person'],
  ['SchemaOrgOrganization', (type) => type === 'Organization' || type.endsWith('Business')],
];

function typeNameOf(node: RestObject): string {
  const types = typesOf(node);
  return typeNames.find(([, fits]) => types.some(fits))?.[0] ?? 'SchemaOrgThing';
}

/** The types of the page that a graph describes, such as `["WebPage", "FAQPage"]`. */
export function pageTypesOf(graph: Graph): string[] {
  const page = pageOf(graph);
  return page ? typesOf(page) : [];
}

/** The types of its article; none where the content is not one. */
export function articleTypesOf(graph: Graph): string[] {
  const article = graph.nodes.find((node) => typesOf(node).some(isArticleType));
  return article ? typesOf(article) : [];
}

function pageOf(graph: Graph): RestObject | undefined {
  return graph.nodes.find((node) => typesOf(node).some(isPageType));
}

/** A step of the way from the front page. */
export interface Breadcrumb {
  readonly text: string | null;
  readonly url: string | null;
}

/** The way from the front page to what the head is of. */
export function readBreadcrumbs(head: Head): Breadcrumb[] {
  const graph = readGraph(head);
  const list = graph?.nodes.find((node) => typesOf(node).includes('BreadcrumbList'));
  if (!graph || !list) return [];
  const items = toList(list['itemListElement']).filter(isRestObject);
  return items.map((item, index) => ({
    text: breadcrumbText(item),
    url: itemUrl(item) ?? (index === items.length - 1 ? ownUrl(head, graph) : null),
  }));
}

function breadcrumbText(item: RestObject): string | null {
  return readString(item, 'name') ?? (isRestObject(item['item']) ? readString(item, 'item.name') : null);
}

/** What an item of a list leads to. */
export function itemUrl(item: RestObject): string | null {
  const target = item['item'];
  return isRestObject(target) ? (idOf(target) ?? readString(target, 'url')) : readString(item, 'item');
}

/** Yoast names a page by its permalink, which its canonical URL need not be; older versions append `#webpage`. */
function ownUrl(head: Head, graph: Graph): string | null {
  const id = idOf(pageOf(graph) ?? {})?.replace(/#.*$/s, '');
  return id || readHeadString(head, 'canonical') || readHeadString(head, 'og_url') || null;
}

const networks = {
  facebook: /(^|\.)facebook\.com$/,
  instagram: /(^|\.)instagram\.com$/,
  linkedIn: /(^|\.)linkedin\.com$/,
  mySpace: /(^|\.)myspace\.com$/,
  pinterest: /(^|\.)pinterest\.[a-z.]{1,20}$/,
  soundCloud: /(^|\.)soundcloud\.com$/,
  twitter: /(^|\.)(x|twitter)\.com$/,
  wikipedia: /(^|\.)wikipedia\.org$/,
  youTube: /(^|\.)(youtube\.com|youtu\.be)$/,
} as const;

/** A network that the add-on has a field for. */
export type Network = keyof typeof networks;

/** All of them. */
export const networkNames: readonly Network[] = [
  'facebook',
  'instagram',
  'linkedIn',
  'mySpace',
  'pinterest',
  'soundCloud',
  'twitter',
  'wikipedia',
  'youTube',
];

/** The profiles of the person that a page is about, by network; '' where there is none. */
export function readProfiles(head: Head): Readonly<Record<string, string>> {
  const people = readGraph(head)?.nodes.filter((node) => typesOf(node).includes('Person')) ?? [];
  // The site's owner may be a person as well.
  const person = people.find((node) => node['mainEntityOfPage'] !== undefined) ?? people[0];
  return toProfiles(toList(person?.['sameAs']));
}

/** The profiles among some addresses, by network; '' where there is none. */
export function toProfiles(addresses: readonly unknown[]): Readonly<Record<Network, string>> {
  const urls = addresses.filter((url) => typeof url === 'string');
  const profileOf = (network: Network) => urls.find((url) => networks[network].test(hostOf(url))) ?? '';
  return {
    facebook: profileOf('facebook'),
    instagram: profileOf('instagram'),
    linkedIn: profileOf('linkedIn'),
    mySpace: profileOf('mySpace'),
    pinterest: profileOf('pinterest'),
    soundCloud: profileOf('soundCloud'),
    twitter: profileOf('twitter'),
    wikipedia: profileOf('wikipedia'),
    youTube: profileOf('youTube'),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
