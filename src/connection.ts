// Owns the way from a configuration to a site that is read and has its schema.

import type { Config } from './config/load-config.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type ServedSite, serveSite } from './schema/serve-site.ts';
import { toAuthorization } from './wordpress/application-password.ts';
import type { KnownSite } from './wordpress/discovery-file.ts';
import { type FindRestRoot, type OpenSite, openSite, type SharedDiscovery } from './wordpress/open-site.ts';

/** A client and what it found at the site. */
export interface Connection extends OpenSite {
  /** The site with its schema. */
  readonly served: ServedSite;
}

/** How to connect. */
export interface ConnectOptions {
  /** What is kept of the site will do at first. */
  readonly keptFirst?: boolean;
  /** Told when an answer of the site was that to another request: what was read just before may have been, too. */
  readonly onShift?: () => void;
  /** Counts what is asked of the site. */
  readonly metrics?: Metrics;
  /** Where processes share what they know of the site. */
  readonly shared?: SharedDiscovery;
  /** Finds the REST root where nothing is kept of the site. */
  readonly findRoot?: FindRestRoot | undefined;
}

/**
 * Finds the REST API of the configured site and reads what the site is and has; while it is down, or at first where that
 * is preferred, what is kept of it will do. Rejects with a `SiteError` for people.
 */
export async function connectSite(
  config: Config,
  logger: Logger,
  { keptFirst = false, onShift = () => {}, metrics, shared, findRoot }: ConnectOptions = {},
): Promise<Connection> {
  const { wordpressUrl: address, discovery } = config;
  const upstream = { ...config.upstream, onShift, ...(metrics ? { metrics } : {}) };
  const authorization = config.credentials ? toAuthorization(config.credentials) : undefined;
  const menuLocations = { named: config.menuLocations, authorization };
  const open = await openSite({
    ...{ address, upstream, logger, discoveryFile: discovery.file, menuLocations, keptFirst, findRoot },
    ...(shared ? { shared } : {}),
  });
  try {
    return { ...open, served: serveKnown(open.known, config) };
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** What is served of a site as it is known. */
export function serveKnown(known: KnownSite, { discovery: { names } }: Config): ServedSite {
  return serveSite(known, { names, menuLocations: known.menuLocations });
}
