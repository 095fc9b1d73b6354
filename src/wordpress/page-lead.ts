// Owns what the headers of a page tell of REST: the route of what it shows.

/** The REST route in `<…/wp-json/wp/v2/pages/12>; rel="alternate"; type="application/json"`, whatever its root. */
export function alternateRoute(links: string): string | null {
  for (const [, url = '', attributes = ''] of links.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/rel="?alternate"?/i.test(attributes) || !/application\/json/i.test(attributes)) continue;
    if (/oembed/i.test(url)) continue;
    const address = URL.canParse(url) ? new URL(url) : null;
    const route = address?.searchParams.get('rest_route') ?? address?.pathname ?? '';
    const found = /(wp\/v2\/.+)$|(?:^|\/)([a-z0-9-]+\/v\d+\/.+)$/is.exec(route);
    if (found) return found[1] ?? found[2] ?? null;
  }
  return null;
}
