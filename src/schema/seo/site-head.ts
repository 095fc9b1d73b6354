// Owns what Yoast SEO says of the site as a whole: the heads of its front page and of its archives, and who owns it.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import { isHidden } from '../../wordpress/failures.ts';
import { type ContentResource, ownName } from '../../wordpress/resources.ts';
import { readString } from '../read.ts';
import { type Graph, readGraph, toNodes, typesOf } from './graph.ts';
import { type Head, isGiven, type wholeHtml, wholeJson } from './head.ts';
import { parseHtmlHead } from './parse-html-head.ts';

const route = 'yoast/v1/get_head';

/** The head of the front page; null on a site without Yoast, or where it does not tell. */
export async function loadFrontHead(context: GatewayContext): Promise<Head | null> {
  const { json } = (await readFront(context, 'json')) ?? {};
  return isRestObject(json) ? { source: 'YOAST', data: { [wholeJson]: json } } : null;
}

/** The `meta` tags of the front page, by their names. */
export async function loadFrontMetas(context: GatewayContext): Promise<ReadonlyMap<string, string> | null> {
  const { html } = (await readFront(context, 'html')) ?? {};
  return typeof html === 'string' ? new Map(parseHtmlHead(html).metas) : null;
}

/** The head of the archive of a type of content; null where it has none. */
export async function loadArchiveHead(
  type: ContentResource,
  part: typeof wholeJson | typeof wholeHtml,
  { loaders, site }: GatewayContext,
): Promise<Head | null> {
  if (!hasYoast(site)) return null;
  // The name makes sure that there is something: PHP writes an empty object as a list.
  const data = await loaders.object(`wp/v2/types/${ownName(type.name)}`, ['slug', part]);
  return isGiven(data[part]) ? { source: 'YOAST', data } : null;
}

async function readFront({ loaders, site }: GatewayContext, part: 'json' | 'html'): Promise<RestObject | null> {
  if (!hasYoast(site)) return null;
  try {
    return await loaders.object(route, ['status', part], { url: `${site.home}/` });
  } catch (error) {
    // An option of Yoast closes the route.
    if (error instanceof UpstreamError && isHidden(error)) return null;
    throw error;
  }
}

function hasYoast({ namespaces }: GatewayContext['site']): boolean {
  return namespaces.includes('yoast/v1');
}

/** What the graph of a head says of the site. */
export interface SiteFacts {
  readonly website: RestObject | null;
  readonly owner: RestObject | null;
  readonly isPerson: boolean;
  readonly logoUrl: string | null;
}

/** Reads the site and its owner, an organisation or a person. */
export function readSite(head: Head): SiteFacts {
  const graph = readGraph(head);
  const website = graph?.nodes.find((node) => typesOf(node).includes('WebSite')) ?? null;
  const owner = (graph && website && nodeAt(graph, website['publisher'])) ?? null;
  const isPerson = owner !== null && typesOf(owner).includes('Person');
  const logo = graph && owner ? (nodeAt(graph, owner['logo']) ?? nodeAt(graph, owner['image'])) : null;
  return { website, owner, isPerson, logoUrl: logo && (readString(logo, 'url') ?? readString(logo, 'contentUrl')) };
}

function nodeAt(graph: Graph, value: unknown): RestObject | null {
  return toNodes(graph, value)[0]?.data ?? null;
}
