// Owns the context of a GraphQL request: the loaders it reads through, and what it may know of the site.

import { type CacheOptions, createMemoryCache } from './cache/memory-cache.ts';
import { createSingleFlight } from './cache/single-flight.ts';
import { createLimits, type LimitSettings } from './limits.ts';
import { createSharedLoaders, type Loaders, type LoadersOptions } from './loaders/loaders.ts';
import { createMenusFactory, type Menus } from './loaders/menus.ts';
import { createClosedRoutes } from './loaders/reader.ts';
import { createTrace, type Trace } from './loaders/trace.ts';
import type { Logger } from './log.ts';
import { coreResources, type Resources } from './wordpress/resources.ts';
import type { RestResponse, Site, WordPressClient } from './wordpress/rest.ts';

/** What resolvers get beside their source and arguments. One for each request. */
export interface GatewayContext {
  readonly loaders: Loaders;
  /**
   * Reads with the gateway's own credentials; null where it has none. Only for what is made public on purpose: menus at a
   * location, and the settings that WPGraphQL shows.
   */
  readonly ownLoaders: Loaders | null;
  /** The menus that are at a location, whichever source shows them. */
  readonly menus: Menus;
  readonly site: Site;
  readonly resources: Resources;
  /** Most rows that are read to sort or filter what WordPress cannot. */
  readonly scanLimit: number;
  readonly logger: Logger;
  /** What this request has read so far. */
  readonly trace: Trace;
}

/** What the contexts of all requests share. */
export interface ContextOptions {
  readonly client: WordPressClient;
  /** The site, or what gives it as of the moment. */
  readonly site: Site | (() => Site);
  /** The site's resources, or what gives those of the moment; those of every WordPress unless told. */
  readonly resources?: Resources | (() => Resources);
  readonly cache: CacheOptions;
  readonly scanLimit: number;
  /** Limits of what one operation may read and return. */
  readonly limits?: LimitSettings;
  readonly logger: Logger;
  /** The gateway's own credentials, as the value of an `Authorization` header. */
  readonly authorization?: string;
  /** Names of menu locations to look for where WordPress shows no menus. */
  readonly menuLocations?: readonly string[];
  /** Longest time that loads wait for lists on their way, in ms. */
  readonly waveMs?: number;
  /** Seconds for which a route that refuses everybody is not asked again. */
  readonly closedSeconds?: number;
}

/** Makes the context of a request; its signal ends what the request reads. */
export type ContextFactory = (request: { readonly signal?: AbortSignal }) => GatewayContext;

/** The contexts of one gateway: they share one cache and one client. */
export function createContextFactory(options: ContextOptions): ContextFactory {
  const { client, site, resources = coreResources, scanLimit, logger, authorization } = options;
  const siteOf = () => (typeof site === 'function' ? site() : site);
  const { waveMs = 1000, closedSeconds = 60 } = options;
  // What is read with credentials has a cache, a single flight and a memory of refusals of its own.
  const kindOf = (credentials: string | undefined): LoadersOptions => ({
    reads: {
      client,
      flight: createSingleFlight<RestResponse>(),
      closed: createClosedRoutes(closedSeconds),
      ...(credentials ? { authorization: credentials } : {}),
    },
    cache: createMemoryCache(options.cache),
    waveMs,
  });
  const [open, own] = [kindOf(undefined), authorization ? kindOf(authorization) : null];
  const { freshSeconds } = options.cache;
  const limits = createLimits(options.limits);
  const menusOf = createMenusFactory({ named: options.menuLocations ?? [], freshSeconds, logger });
  return ({ signal }) => {
    const trace = createTrace(limits);
    const loaders = createSharedLoaders(open, trace, signal);
    const ownLoaders = own && createSharedLoaders(own, trace, signal);
    return {
      loaders,
      ownLoaders,
      menus: menusOf({ loaders, own: ownLoaders, site: siteOf(), scanLimit, trace, signal }),
      site: siteOf(),
      resources: typeof resources === 'function' ? resources() : resources,
      scanLimit,
      logger,
      trace,
    };
  };
}
