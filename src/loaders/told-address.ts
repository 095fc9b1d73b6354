// Owns what the page at an address tells of it by its headers, and whether that can be so.

import type { AddressRecord } from '../cache/memory-cache.ts';
import { alternateRoute, isWordPressPage } from '../wordpress/link.ts';
import { destinationOf, isSentAway } from '../wordpress/redirect.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { PageAnswer, Site } from '../wordpress/rest.ts';
import { withoutEndSlashes } from '../wordpress/url.ts';
import type { Entity } from './entity.ts';
import type { Loaders } from './loaders.ts';
import { type Address, comparable, decodeUri, idInQuery, normalise } from './lookup.ts';
import { baseOf, hasPages } from './page-address.ts';

/** An entity by its type and id. */
export type EntityRecord = Extract<AddressRecord, { readonly kind: 'entity' }>;

/** An entity, nothing, or that visitors are led to the front page, to a file, or to another address of the site. */
export type Told = EntityRecord | { readonly kind: 'nothing' | 'front' | 'file' | 'elsewhere' };

/** What asking stands on. */
export interface Pages {
  readonly loaders: Pick<Loaders, 'readPage'>;
  readonly site: Site;
  readonly resources: Resources;
}

/**
 * What the headers of the page say (`rest_output_link_header`, WordPress 5.5): the REST route of what it shows.
 * Null where they say nothing, because a host drops them, does not show pages to the gateway, has none where its REST API
 * is, or the site sends visitors elsewhere. Throws where WordPress fails, or does not show pages any more.
 */
export async function askWordPress(pages: Pages, address: Address): Promise<Told | null> {
  const { loaders, site, resources } = pages;
  if (!hasPages(site)) return null;
  const { path, asGiven, query } = address;
  const home = baseOf(site);
  const target = (slash: string, extra: Readonly<Record<string, string>> = {}) => {
    const parameters = new URLSearchParams([...query, ...Object.entries(extra)]);
    // What was encoded in a path is no query of it.
    const encoded = encodeURI(asGiven).replace(/[?#]/g, encodeURIComponent);
    return `${home}/${encoded}${path === '' ? '' : slash}${parameters.size > 0 ? `?${parameters}` : ''}`;
  };
  let answer = await loaders.readPage('HEAD', target('/'));
  if (isSentAway(answer, site)) return null;
  const redirect = redirectOf(answer, site);
  if (redirect !== null && redirect === path) {
    // A canonical address that differs by its slash or its host only, which a proxy may change: a preview stands still.
    answer = await loaders.readPage('HEAD', target('/', { preview: 'true' }));
  } else if (redirect !== null && `${redirect}/` === path.replace(/(?<!\d)\d+$/, '')) {
    // A page of a text that is not cut into pages: WordPress leads to the text.
    return askWordPress(pages, { ...address, path: redirect, asGiven: asGiven.replace(/\/\d+$/, '') });
  } else if (redirect === '') {
    return { kind: 'front' };
  } else if (redirect !== null && /\.\w+$/.test(redirect)) {
    // Pages of media lead to the file, unless the site is older than WordPress 6.4.
    return { kind: 'file' };
  } else if (redirect !== null) {
    // WordPress guesses what a wrong address may have meant, where WPGraphQL finds nothing; or a plugin leads all elsewhere.
    return { kind: 'elsewhere' };
  }
  const { status } = answer;
  // A web server that does not get as far as WordPress has no word of REST.
  if (status === 404 && isWordPressPage(answer.headers)) return { kind: 'nothing' };
  if (status !== 200) return null;
  const route = alternateRoute(answer.headers.get('link') ?? '');
  if (route) return recordOf(route, resources);
  // It speaks of REST, yet not of what it shows: a date, a search, a feed.
  return isWordPressPage(answer.headers) ? { kind: 'nothing' } : null;
}

/** Names after the address of something that show it in another form. */
const forms = /(?:^|\/)(feed|rdf|rss|rss2|atom|embed)$/;

/**
 * Whether an address is that of a feed of something, or of what other sites embed of it: they name the same route as its
 * page, and are nothing of their own. A term may have such a name as its slug, so its link is looked at.
 */
export function isOtherForm(site: Site, { path }: Address, entity: Entity): boolean {
  const [, form] = forms.exec(path) ?? [];
  return form !== undefined && forms.exec(linkOf(site, entity))?.[1] !== form;
}

/**
 * Whether something can be at an address, by WPGraphQL's rule: its slug or id is in it. Translations, pages of a text and
 * what plugins add have more around it than its link has. Where that is not so, it may be what all visitors are shown.
 */
export function isLikelyAt(site: Site, { path, query }: Address, entity: Entity): boolean {
  const { resource, id, data } = entity;
  if (path === '') return (idInQuery(resource, query) ?? id) === id;
  if (typeof data['link'] !== 'string') return true;
  const link = linkOf(site, entity);
  const slug = link.slice(link.lastIndexOf('/') + 1);
  return (slug !== '' && path.split('/').includes(slug)) || path.split(/\D+/).includes(String(id));
}

function linkOf(site: Site, { data }: Entity): string {
  return comparable(site, String(data['link'] ?? ''));
}

function redirectOf(answer: PageAnswer, site: Site): string | null {
  const to = destinationOf(answer, site);
  return to && normalise(to.pathname.slice(withoutEndSlashes(new URL(site.home).pathname).length));
}

/** Null where the type is not known: templates of page builders are none that visitors ask for. */
function recordOf(route: string, resources: Resources): EntityRecord | null {
  const [, base = '', id = ''] = /^(.*)\/(\d+)$/.exec(route) ?? [];
  const resource = [...resources.values()].find((row) => row.route === decodeUri(base));
  return resource ? { kind: 'entity', resource: resource.name, id: Number(id) } : null;
}
