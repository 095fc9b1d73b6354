// Owns what a request is for: a path of the gateway and a query, in whatever form a client writes them.

/** What a request is for. */
export interface RequestTarget {
  /** Path and query; the path has no dot segments. */
  readonly url: string;
  /** The host that the target names, which outweighs that of the header (RFC 9112, section 3.2.2). */
  readonly host?: string;
}

const absolute = /^https?:\/\/([^/?#]+)(.*)$/i;

/** `.` and `..` as segments, whichever of the characters around are encoded. */
const dots = /(?:[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:[/\\]|%2f|%5c|$)/i;

/**
 * Reads the target of a request. Dot segments are resolved as in all addresses, so that nothing is above the root. Null for
 * what is no path, for a host that is none or comes with credentials (RFC 9110, section 4.2.4), and for dots between encoded
 * slashes: what they mean is up to each server on the way.
 */
export function readTarget(target: string): RequestTarget | null {
  const [, host, rest = target] = absolute.exec(target) ?? [];
  if (host !== undefined && !isHost(host)) return null;
  const given = host !== undefined && !rest.startsWith('/') ? `/${rest}` : rest;
  if (!given.startsWith('/')) return null;
  const queryAt = given.indexOf('?');
  const path = queryAt === -1 ? given : given.slice(0, queryAt);
  const named = host === undefined ? {} : { host };
  if (!dots.test(path)) return { url: given, ...named };
  const resolved = new URL(`http://host${path}`).pathname;
  return dots.test(resolved) ? null : { url: resolved + given.slice(path.length), ...named };
}

function isHost(text: string): boolean {
  return !text.includes('@') && URL.canParse(`http://${text}`);
}
