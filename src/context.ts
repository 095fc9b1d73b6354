// Owns the context of a GraphQL request: the loaders it reads through, and what it may know of the site.

import { type CacheOptions, createMemoryCache, type MemoryCache } from './cache/memory-cache.ts';
import type { Gone } from './cache/old.ts';
import type { SharedTier } from './cache/redis/redis-tier.ts';
import { createSingleFlight } from './cache/single-flight.ts';
import { createTieredCache } from './cache/tiered-cache.ts';
import type { ContextRequest, PublicRequest, RunOptions } from './context/request.ts';
import { UserError } from './errors.ts';
import { createLimits, type LimitSettings } from './limits.ts';
import { createMinuteLimit, createSendComment, type SendComment } from './loaders/anonymous-comments.ts';
import { createAskMany } from './loaders/ask-many.ts';
import { createOnceFactory, type Once } from './loaders/idempotency.ts';
import { createSharedLoaders, createViewerLoaders, type LoadersOptions } from './loaders/loader-sets.ts';
import type { Loaders } from './loaders/loaders.ts';
import { createMenusFactory, type Menus } from './loaders/menus.ts';
import { createPreviewLoaders, previewer } from './loaders/preview-loaders.ts';
import { createPreviewTokens, type PreviewTokens } from './loaders/preview-tokens.ts';
import { createClosedRoutes } from './loaders/reader.ts';
import { createShareRead } from './loaders/share-read.ts';
import { createTrace, type Trace } from './loaders/trace.ts';
import { createViewerCheck, type Viewer } from './loaders/viewer.ts';
import { createWrite, type Write, type Written } from './loaders/write.ts';
import type { Logger } from './log.ts';
import { readAuthorization, readHeader } from './wordpress/credentials.ts';
import { untilAborted } from './wordpress/deadline.ts';
import { createFetchFile, type FetchFile, type FetchFileOptions } from './wordpress/fetch-file.ts';
import { coreResources, type Resources } from './wordpress/resources.ts';
import type { RestResponse, Site, WordPressClient } from './wordpress/rest.ts';

/** The longest pause between attempts with the gateway's own credentials while these are refused. */
const loginSeconds = 600;

/** What resolvers get beside their source and arguments. One for each request. */
export interface GatewayContext {
  /** The viewer's own where the request came with credentials, else those that all requests share a cache by. */
  readonly loaders: Loaders;
  /** Whose credentials came with the request; null without any. */
  readonly viewer: Viewer | null;
  /** Writes as the viewer; null without one. */
  readonly write: Write | null;
  /** Sends comments of people without credentials; null where the gateway does not. */
  readonly sendComment: SendComment | null;
  /** Forgets what carries one of some tags, wherever it is kept. */
  readonly purge: Purge;
  /** Makes creations safe to repeat where the request names a key; null where nobody can be told from others. */
  readonly once: Once | null;
  /** Tokens by which content is shown before it is published; null where the gateway makes none. */
  readonly previews: PreviewTokens | null;
  /** Fetches a file from elsewhere, by an address that a client gave. */
  readonly fetchFile: FetchFile;
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
  /** Follows what becomes different in WordPress; null where nothing tells. */
  readonly follow: FollowChanges | null;
  /** A context without credentials for what is read later, such as when something changed. */
  renew(signal: AbortSignal): GatewayContext;
}

/** Something that became different in WordPress, as whoever noticed it tells. */
export interface LiveChange {
  /** GraphQL type of it; null where it is not known. */
  readonly type: string | null;
  /** WordPress's id of it; null where it is of no single entity. */
  readonly id: number | null;
  readonly action: 'created' | 'updated' | 'deleted';
  /** What it makes stale; null: everything. */
  readonly tags: readonly string[] | null;
  /** Its address below the site's home. */
  readonly uri?: string;
}

/** Follows the changes that are wanted, and those of everything, until the signal aborts. */
export type FollowChanges = (
  isWanted: (change: LiveChange) => boolean,
  signal?: AbortSignal,
) => AsyncIterableIterator<LiveChange>;

/** What the contexts of all requests share. */
export interface ContextOptions {
  readonly client: WordPressClient;
  /** The site, or what gives it as of the moment. */
  readonly site: Site | (() => Site);
  /** The site's resources, or what gives those of the moment; those of every WordPress unless told. */
  readonly resources?: Resources | (() => Resources);
  readonly cache: CacheOptions;
  /** What other processes know of what everybody may see. */
  readonly tier?: SharedTier;
  /** How long a read of WordPress may take, in ms, waiting for what another process reads included. */
  readonly timeoutMs?: number;
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
  /** What tokens of previews are signed with; they show what the gateway's own credentials may edit. */
  readonly previewSecret?: string;
  /** How many comments a minute are sent for people without credentials; 0 for none. */
  readonly anonymousComments?: number;
  /** Whence and how large files are that clients name by their address. */
  readonly files?: FetchFileOptions;
  /** Forgets what a write has touched, the caches here included, before the write is answered; they alone where not told. */
  readonly purge?: Purge;
  /** What clients follow. */
  readonly follow?: FollowChanges;
}

/** Forgets what carries one of some tags, after a write. */
export type Purge = (tags: readonly string[], written: Written) => void | Promise<void>;

/** How an operation runs. */
interface Run extends Pick<RunOptions, 'acceptsStale' | 'share' | 'prove' | 'limits'> {
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
  /** Ends what it reads. */
  readonly reading: AbortSignal | undefined;
}

/** Makes the context of a request. Rejects with UNAUTHENTICATED where its credentials are not valid. */
export interface ContextFactory {
  (request: PublicRequest, run?: RunOptions): GatewayContext;
  (request: PublicRequest | ContextRequest, run?: RunOptions): GatewayContext | Promise<GatewayContext>;
  /**
   * Forgets what was read of WordPress and carries one of these tags; null forgets everything. What is not gone, which is
   * all unless told, stays for when WordPress fails.
   */
  purge(tags: readonly string[] | null, gone?: Gone): void;
  /** What everybody may see, as it is kept in this process. */
  readonly cache: MemoryCache;
}

/** The contexts of one gateway: they share one cache and one client. */
export function createContextFactory(options: ContextOptions): ContextFactory {
  const { client, site, resources = coreResources, scanLimit, logger, authorization } = options;
  const siteOf = () => (typeof site === 'function' ? site() : site);
  const { waveMs = 1000, closedSeconds = 60, timeoutMs = 10_000 } = options;
  // What is read with credentials has a cache, a single flight and a memory of refusals of its own.
  const { tier, follow, anonymousComments = 0 } = options;
  const memory = createMemoryCache(options.cache);
  const cache = tier ? createTieredCache(memory, tier) : memory;
  const kindOf = (credentials: string | undefined): LoadersOptions => {
    const isOpen = credentials === undefined;
    return {
      reads: {
        client,
        flight: createSingleFlight<RestResponse>(),
        closed: createClosedRoutes({ seconds: closedSeconds, ...(isOpen ? {} : { loginSeconds }) }),
        ...(tier && isOpen ? { share: createShareRead(tier, timeoutMs) } : {}),
        ...(credentials ? { authorization: credentials } : {}),
      },
      askManyOf: createAskMany(),
      cache: isOpen ? cache : createMemoryCache(options.cache),
      waveMs,
    };
  };
  const open = kindOf(undefined);
  const own = authorization ? kindOf(authorization) : null;
  const usual = createLimits(options.limits);
  const menusOf = createMenusFactory({ named: options.menuLocations ?? [], logger });
  const check = createViewerCheck(client);
  const fetchFile = createFetchFile(options.files);
  const onceOf = createOnceFactory({ marks: tier?.marks });
  // Anybody can make up clients and keys: those of people with credentials are not forgotten for them.
  const onceOfAnybody = createOnceFactory({ marks: tier?.marks });
  const countComment = createMinuteLimit(anonymousComments);
  // Where batches were never taken, they will hardly be within a day.
  const singly = createClosedRoutes({ seconds: 86_400 });
  const known = { open: open.reads.closed, shown: createClosedRoutes({ seconds: 0 }) };
  const previews = options.previewSecret && authorization ? createPreviewTokens(options.previewSecret) : null;
  const forget = (tags: readonly string[] | null, gone?: Gone) => {
    for (const kind of [open, own]) {
      kind?.cache.purge(tags, gone);
      // What is published, and who has published something, is shown from then on.
      kind?.reads.closed.clear();
    }
  };
  const purge: Purge = options.purge ?? ((tags) => forget(tags));

  function createPublicContext({ signal, reading, share, acceptsStale, limits = usual }: Run): GatewayContext {
    const trace = createTrace({ limits, acceptsStale, share, signal });
    const since = open.cache.mark();
    const loaders = createSharedLoaders(open, trace, reading);
    const ownLoaders = own && createSharedLoaders(own, trace, reading);
    return {
      loaders,
      viewer: null,
      write: null,
      sendComment:
        anonymousComments > 0
          ? createSendComment({ client, site: siteOf(), loaders, trace, count: countComment })
          : null,
      purge,
      once: null,
      fetchFile,
      previews,
      ownLoaders,
      menus: menusOf({ loaders, own: ownLoaders, site: siteOf(), scanLimit, since, signal: reading }),
      site: siteOf(),
      resources: typeof resources === 'function' ? resources() : resources,
      scanLimit,
      logger,
      trace,
      follow: follow ? (isWanted) => follow(isWanted, signal) : null,
      renew: (later) => createPublicContext({ signal: later, reading: later, acceptsStale: false }),
    };
  }

  /** Where it counts whether they are valid, WordPress is asked for that to the end: guesses that leave count as well. */
  function prove(credentials: string, { prove, signal, reading }: Run): Promise<Viewer> {
    if (!prove) return check(credentials, reading);
    const proven = prove(() => check(credentials), signal);
    return reading ? untilAborted(reading, proven) : proven;
  }

  async function createViewerContext(credentials: string, key: string | null, run: Run): Promise<GatewayContext> {
    const { reading } = run;
    const once = onceOf(credentials, key);
    const viewer = await prove(credentials, run);
    // What is public on purpose stays so: menus are read as for everybody.
    const context = createPublicContext({ ...run, acceptsStale: false });
    const { trace } = context;
    const forgetViewer = () => check.forget(credentials);
    const recheck = () => {
      forgetViewer();
      return check(credentials, reading);
    };
    const own = { client, authorization: credentials, ...known, viewer, recheck, waveMs };
    const loaders = createViewerLoaders(own, trace, reading);
    const write = createWrite({ client, authorization: credentials, loaders, purge, trace, forgetViewer, singly });
    return { ...context, loaders, viewer, write, once };
  }

  function createPreviewContext(token: string, run: Run): GatewayContext {
    const id = previews?.read(token) ?? null;
    if (id === null || !authorization) {
      throw new UserError('The token of the preview is not valid, or not any more.', 'UNAUTHENTICATED');
    }
    const context = createPublicContext({ ...run, acceptsStale: false });
    const { trace } = context;
    const asEditor = { client, authorization, ...known, viewer: previewer, waveMs };
    const editing = createViewerLoaders(asEditor, trace, run.reading);
    const loaders = createPreviewLoaders({ id, resources: context.resources, open: context.loaders, editing });
    return { ...context, loaders, viewer: previewer };
  }

  function createContext(request: PublicRequest, run?: RunOptions): GatewayContext;
  function createContext(
    request: PublicRequest | ContextRequest,
    run?: RunOptions,
  ): GatewayContext | Promise<GatewayContext>;
  function createContext(
    { headers, ...request }: PublicRequest | ContextRequest,
    { isMutation = false, signal = request.signal, client: caller, ...others }: RunOptions = { acceptsStale: false },
  ) {
    const run: Run = { ...others, signal, reading: isMutation ? undefined : signal };
    const credentials = headers ? readAuthorization(headers) : null;
    const key = headers ? readHeader(headers, 'idempotency-key') : null;
    if (credentials === null) {
      const context = createPublicContext(run);
      return isMutation && caller !== undefined ? { ...context, once: onceOfAnybody(caller, key) } : context;
    }
    const [, token] = /^preview +(.*)$/i.exec(credentials) ?? [];
    if (token !== undefined) return createPreviewContext(token, run);
    return createViewerContext(credentials, key, run);
  }
  return Object.assign(createContext, { purge: forget, cache });
}
