// Owns what a page says of its REST API: where that is, and the route of what it shows; by `Link` headers, or in its head.

import type { Visit } from './visit.ts';

const relation = /\brel=["']?https:\/\/api\.w\.org\//i;

/** What servers take. */
const maxAddressLength = 8192;

/** The address with http or https that a page names for the REST API, whatever its origin. */
export function apiAddressOf({ url, headers, body }: Pick<Visit, 'url' | 'headers' | 'body'>): URL | null {
  const address = fromHeader(headers.get('link') ?? '') ?? fromHtml(body.toString('utf8'));
  if (address === null || address.length > maxAddressLength || !URL.canParse(address, url)) return null;
  const named = new URL(address, url);
  // The path of `blob:http://…` and of others is an address itself.
  return named.protocol === 'http:' || named.protocol === 'https:' ? named : null;
}

/** Whether WordPress made a page, which names its REST API in the headers of each. */
export function isWordPressPage(headers: ReadonlyMap<string, string>): boolean {
  return (headers.get('link') ?? '').includes('https://api.w.org/');
}

/** The REST route in `<…/wp-json/wp/v2/pages/12>; rel="alternate"; type="application/json"`, whatever its root. */
export function alternateRoute(header: string): string | null {
  for (const { address, parameters } of linksIn(header)) {
    if (!/rel="?alternate"?/i.test(parameters) || !/application\/json/i.test(parameters)) continue;
    if (/oembed/i.test(address)) continue;
    const url = URL.canParse(address) ? new URL(address) : null;
    const route = url?.searchParams.get('rest_route') ?? url?.pathname ?? '';
    const found = /(wp\/v2\/.+)$|(?:^|\/)([a-z0-9-]+\/v\d+\/.+)$/is.exec(route);
    if (found) return found[1] ?? found[2] ?? null;
  }
  return null;
}

function fromHeader(header: string): string | null {
  for (const { address, parameters } of linksIn(header)) if (isApi(parameters)) return address;
  return null;
}

function* linksIn(header: string): Generator<{ readonly address: string; readonly parameters: string }> {
  for (const [, address = '', parameters = ''] of header.matchAll(/<([^<>]*)>([^<]*)/g)) yield { address, parameters };
}

function fromHtml(html: string): string | null {
  for (const [element] of html.matchAll(/<link\b[^<>]*>/gi)) {
    const address = /\bhref=(?:"([^"]*)"|'([^']*)')/i.exec(element);
    if (address && isApi(element))
      return (address[1] ?? address[2] ?? '').replaceAll('&amp;', '&').replaceAll('&#038;', '&');
  }
  return null;
}

function isApi(attributes: string): boolean {
  return relation.test(attributes);
}
