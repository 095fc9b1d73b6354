// Owns which proxies the environment names for requests of this machine.

const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** Names of the variables that are set; their values may hold passwords. */
export function findProxies(env: NodeJS.ProcessEnv = process.env): string[] {
  return names.filter((name) => (env[name] ?? '').trim() !== '');
}
