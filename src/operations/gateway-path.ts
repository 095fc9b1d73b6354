// Owns the paths of the gateway: GraphQL's own, and those where clients of WPGraphQL look.

/** Where the schema is, as a file. */
export const schemaPath = '/schema.graphql';

/** What GraphiQL is told of the site, in contrast to what it is made of. */
const siteFiles: ReadonlySet<string> = new Set(['/graphiql/tabs.json', '/graphiql/findings.json']);

/**
 * The path that the gateway knows a request by, or null where it is none of the gateway's. WPGraphQL's clients also
 * look at `/index.php?graphql` and `/?graphql`, which is where it answers without permalinks.
 */
export function toGatewayPath(url: string): string | null {
  // The path that is asked most needs no taking apart.
  if (url.startsWith('/graphql?') || url === '/graphql') return url;
  const [path = '', query] = splitOnce(url, '?');
  if (path === '/graphql/') return url;
  // A file: what a query says is of no operation.
  if (path.startsWith('/graphiql/')) return path;
  if (path === schemaPath) return schemaPath;
  if ((path !== '/' && path !== '/index.php') || query === undefined) return null;
  const parameters = new URLSearchParams(query);
  if (!parameters.has('graphql')) return null;
  parameters.delete('graphql');
  return parameters.size === 0 ? '/graphql' : `/graphql?${parameters}`;
}

/** Whether there is nothing at such a path for a method: files are read, and nothing else. */
export function isOnlyRead(method: string, path: string): boolean {
  return path.startsWith('/graphiql/') && !reads.has(method);
}

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request for such a path asks for an operation rather than a page, a file or leave to ask. */
export function asksForOperation(method: string, path: string): boolean {
  if (path.startsWith('/graphiql/') || path === schemaPath) return false;
  return method === 'POST' || (method === 'GET' && new URLSearchParams(splitOnce(path, '?')[1]).has('query'));
}

/** Whether a request for such a path asks for nothing that is of the site: leave to ask, GraphiQL's page or its files. */
export function asksForPage(method: string, path: string): boolean {
  if (method === 'OPTIONS') return true;
  if (path.startsWith('/graphiql/')) return reads.has(method) && !siteFiles.has(path);
  return method === 'GET' && path !== schemaPath && !path.includes('?');
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
