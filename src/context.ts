// Owns the context of a GraphQL request: the loaders it reads through, and what it may know of the site.

import { type CacheOptions, createMemoryCache } from './cache/memory-cache.ts';
import { createSingleFlight } from './cache/single-flight.ts';
import { createPublicLoaders, type Loaders } from './loaders/loaders.ts';
import { createClosedRoutes, type PublicReads } from './loaders/reader.ts';
import type { Logger } from './log.ts';
import { coreResources, type Resources } from './wordpress/resources.ts';
import type { RestResponse, Site, WordPressClient } from './wordpress/rest.ts';

/** What resolvers get beside their source and arguments. One for each request. */
export interface GatewayContext {
  readonly loaders: Loaders;
  readonly site: Site;
  readonly resources: Resources;
  /** Most rows that are read to sort or filter what WordPress cannot. */
  readonly scanLimit: number;
  readonly logger: Logger;
}

/** What the contexts of all requests share. */
export interface ContextOptions {
  readonly client: WordPressClient;
  readonly site: Site;
  /** The site's resources; those of every WordPress unless told. */
  readonly resources?: Resources;
  readonly cache: CacheOptions;
  readonly scanLimit: number;
  readonly logger: Logger;
  /** Longest time that loads wait for lists on their way, in ms. */
  readonly waveMs?: number;
  /** Seconds for which a route that refuses everybody is not asked again. */
  readonly closedSeconds?: number;
}

/** Makes the context of a request; its signal ends what the request reads. */
export type ContextFactory = (request: { readonly signal?: AbortSignal }) => GatewayContext;

/** The contexts of one gateway: they share one cache and one client. */
export function createContextFactory(options: ContextOptions): ContextFactory {
  const cache = createMemoryCache(options.cache);
  const reads: PublicReads = {
    client: options.client,
    flight: createSingleFlight<RestResponse>(),
    closed: createClosedRoutes(options.closedSeconds ?? 60),
  };
  const { site, resources = coreResources, scanLimit, logger, waveMs = 1000 } = options;
  return ({ signal }) => ({
    loaders: createPublicLoaders({ reads, cache, waveMs }, signal),
    site,
    resources,
    scanLimit,
    logger,
  });
}
