// Owns what a Redis address says: one server, a cluster, or servers behind sentinels; with or without TLS.

/** A server to connect to. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** What an address says. */
export interface RedisAddress {
  readonly kind: 'single' | 'cluster' | 'sentinel';
  readonly nodes: readonly RedisNode[];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Name by which sentinels know the servers. */
  readonly name: string;
}

const pattern = /^redis(s?)(?:-(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?$/i;
const usualPorts = { single: 6379, cluster: 6379, sentinel: 26_379 };

/**
 * Reads an address; null for what is none: `redis://user:password@host:6379/0`, `rediss://…` with TLS,
 * `redis-cluster://host:port,host:port`, `redis-sentinel://host:port,host:port/name`.
 */
export function parseRedisUrl(url: string): RedisAddress | null {
  const [match, secure = '', given = 'single', credentials, hosts = '', path = ''] = pattern.exec(url) ?? [];
  if (match === undefined) return null;
  const kind =
    given.toLowerCase() === 'cluster' ? 'cluster' : given.toLowerCase() === 'sentinel' ? 'sentinel' : 'single';
  const nodes = hosts.split(',').map((host) => toNode(host, usualPorts[kind]));
  const login = credentials === undefined ? {} : toLogin(credentials);
  const database = kind === 'single' && path !== '' ? Number(path) : 0;
  const isUsable = kind === 'sentinel' ? path !== '' : kind === 'single' ? nodes.length === 1 : path === '';
  if (!isUsable || login === null || !Number.isSafeInteger(database) || database < 0) return null;
  const known = nodes.filter((node) => node !== null);
  if (known.length < nodes.length) return null;
  const { username, password } = { username: undefined, password: undefined, ...login };
  return {
    kind,
    nodes: known,
    tls: secure !== '',
    username,
    password,
    database,
    name: kind === 'sentinel' ? path : '',
  };
}

function toNode(text: string, usualPort: number): RedisNode | null {
  if (!URL.canParse(`tcp://${text}`)) return null;
  const { hostname, port, pathname } = new URL(`tcp://${text}`);
  if (hostname === '' || pathname !== '') return null;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usualPort : Number(port) };
}

/** ACL users have a name; a password alone is that of the default user. */
function toLogin(
  text: string,
): { readonly username: string | undefined; readonly password: string | undefined } | null {
  const at = text.indexOf(':');
  const [name, password] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  try {
    const decoded = [decodeURIComponent(name), decodeURIComponent(password)];
    return { username: decoded[0] || undefined, password: decoded[1] || undefined };
  } catch {
    return null;
  }
}
