// Owns the public API: a running gateway from a configuration, and the parts to put one together otherwise.

import type { Config } from './config/load-config.ts';
import { createContextFactory } from './context.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createLogger, type Logger } from './log.ts';
import { buildSchema } from './schema/build.ts';
import { startServer } from './server.ts';
import { createClient } from './wordpress/client.ts';
import { findRestRoot } from './wordpress/find-root.ts';
import { coreResources } from './wordpress/resources.ts';
import type { Site, WordPressClient } from './wordpress/rest.ts';
import { loadSite } from './wordpress/site.ts';

export { type Config, loadConfig } from './config/load-config.ts';
export { type ContextOptions, createContextFactory, type GatewayContext } from './context.ts';
export {
  ConfigError,
  type ErrorCode,
  errorCodes,
  HeadgateError,
  SiteError,
  UpstreamError,
  UserError,
} from './errors.ts';
export { createGateway, type Gateway, type GatewayOptions, type GatewayRequest } from './gateway.ts';
export { createLogger, type Logger } from './log.ts';
export { buildSchema } from './schema/build.ts';
export { createListener, type ListenerOptions, type Server, type ServerOptions, startServer } from './server.ts';
export { coreResources } from './wordpress/resources.ts';
export type { RestRequest, RestResponse, RestRoot, Site, WordPressClient } from './wordpress/rest.ts';

/** A gateway that listens. */
export interface Headgate extends AsyncDisposable {
  /** Where people on this machine reach it, without trailing slash. */
  readonly url: string;
  readonly gateway: Gateway;
  readonly site: Site;
}

/** A client and what it found at the site. */
export interface Connection extends AsyncDisposable {
  readonly client: WordPressClient;
  readonly site: Site;
}

/** Finds the REST API of the configured site and reads what the site is. Rejects with a `SiteError` for people. */
export async function connectSite(config: Config, logger: Logger): Promise<Connection> {
  const root = await findRestRoot(config.wordpressUrl, { timeoutMs: config.upstream.timeoutMs });
  const client = createClient(root, { ...config.upstream, logger });
  try {
    const site = await loadSite(client, root);
    return { client, site, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts a gateway for the configured site: when this resolves, it answers. */
export async function startHeadgate(config: Config, logger: Logger = createLogger(config.logLevel)): Promise<Headgate> {
  const connection = await connectSite(config, logger);
  const { client, site } = connection;
  try {
    const { cache, scanLimit } = config;
    const createContext = createContextFactory({
      client,
      site,
      resources: coreResources,
      cache,
      scanLimit,
      logger,
      ...(config.credentials ? { authorization: toAuthorization(config.credentials) } : {}),
    });
    const gateway = createGateway({
      schema: buildSchema(site),
      createContext,
      logger,
      graphiql: config.graphiql,
      trace: config.trace,
    });
    const server = await startServer({ ...config.server, gateway, logger });
    return {
      url: server.url,
      gateway,
      site,
      async [Symbol.asyncDispose]() {
        await server.close();
        await gateway[Symbol.asyncDispose]();
        await connection[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Basic authentication with an application password (WordPress 5.6). */
function toAuthorization({ username, applicationPassword }: NonNullable<Config['credentials']>): string {
  return `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`;
}
