// Owns where a page says its REST API is: the `Link` header, or the link element of its head.

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

function fromHeader(header: string): string | null {
  for (const [, address, parameters] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (address !== undefined && isApi(parameters ?? '')) return address;
  }
  return null;
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
