// Owns where the headers of a page lead: to another address, or to what it shows in the REST API.

import type { PageAnswer } from './rest.ts';

type Head = Pick<PageAnswer, 'status' | 'headers'>;

/** Whether an answer leads elsewhere than the one before. One that does not tell, such as a refusal, is no other. */
export function isOtherLead(before: Head, now: Head): boolean {
  const isTelling = (now.status >= 200 && now.status < 400) || now.status === 404 || now.status === 410;
  return isTelling && leadOf(now) !== leadOf(before);
}

function leadOf({ status, headers }: Head): string {
  return [status, headers.get('location'), alternateRoute(headers.get('link') ?? '')].join(' ');
}

/** The REST route in `<…/wp-json/wp/v2/pages/12>; rel="alternate"; type="application/json"`, whatever its root. */
export function alternateRoute(links: string): string | null {
  for (const [, url = '', attributes = ''] of links.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/rel="?alternate"?/i.test(attributes) || !/application\/json/i.test(attributes)) continue;
    if (/oembed/i.test(url)) continue;
    const address = URL.canParse(url) ? new URL(url) : null;
    const route = address?.searchParams.get('rest_route') ?? address?.pathname ?? '';
    const found = /(wp\/v2\/.+)$|(?:^|\/)([a-z0-9-]+\/v\d+\/.+)$/i.exec(route);
    if (found) return found[1] ?? found[2] ?? null;
  }
  return null;
}
