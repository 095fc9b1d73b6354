// Owns the public API: a running gateway from a configuration, and the parts to put one together otherwise.

import { noneGone } from './cache/old.ts';
import { createRateStore } from './cache/rate-store.ts';
import type { ResponseStore } from './cache/response-store.ts';
import { type ChangeStream, createChangeStream } from './changes/change-stream.ts';
import { createFollowChanges } from './changes/follow-changes.ts';
import { keepWatching } from './changes/keep-watching.ts';
import { createPurger } from './changes/purger.ts';
import { createWebhookReceiver } from './changes/receive-webhook.ts';
import { tellTargets } from './changes/tell-targets.ts';
import { watchSite } from './changes/watch-site.ts';
import { createLoadGauge } from './clients/load-gauge.ts';
import { openRateLimit } from './clients/open-rate-limit.ts';
import type { Config } from './config/load-config.ts';
import { type ConnectOptions, connectSite, serveKnown } from './connection.ts';
import { createContextFactory } from './context.ts';
import { openForwarding } from './forwarding.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { noLimits } from './limits.ts';
import { tagsAtAddress } from './loaders/address.ts';
import { isKeptEmpty, keptIdsOf, typeOfKept } from './loaders/kept-entities.ts';
import { knownTagsAt } from './loaders/known-addresses.ts';
import { routeTag } from './loaders/tags.ts';
import { createLogger, type Logger } from './log.ts';
import { createMetrics, type Metrics, printMetrics } from './metrics.ts';
import { createCallers } from './operations/callers.ts';
import { createPersistedOperations } from './operations/persisted-operations.ts';
import type { ServedSite } from './schema/serve-site.ts';
import { createTraffic } from './server/traffic.ts';
import { type Server, startServer } from './server.ts';
import { createSiteReport } from './status/site-report.ts';
import { createStatusPage } from './status/status-page.ts';
import { openStores } from './stores.ts';
import { toAuthorization } from './wordpress/application-password.ts';
import { type KnownSite, toFacts } from './wordpress/discovery-file.ts';
import type { Site } from './wordpress/rest.ts';
import { openBus } from './workers/bus.ts';

export { type Config, loadConfig } from './config/load-config.ts';
export { type Connection, type ConnectOptions, connectSite } from './connection.ts';
export { type ContextOptions, createContextFactory, type GatewayContext } from './context.ts';
export {
  ConfigError,
  type ErrorCode,
  errorCodes,
  HeadgateError,
  LimitError,
  SiteError,
  UpstreamError,
  UserError,
} from './errors.ts';
export { createGateway, type Gateway, type GatewayOptions, type GatewayRequest } from './gateway.ts';
export { createLogger, type Logger } from './log.ts';
export { buildSchema } from './schema/build.ts';
export { type ServedSite, serveSite } from './schema/serve-site.ts';
export { createListener, type ListenerOptions, type Server, type ServerOptions, startServer } from './server.ts';
export { coreResources } from './wordpress/resources.ts';
export type { RestRequest, RestResponse, RestRoot, Site, WordPressClient } from './wordpress/rest.ts';

/** A gateway that listens. */
export interface Headgate extends AsyncDisposable {
  /** Where people on this machine reach it, without trailing slash. */
  readonly url: string;
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  /** The site as it was last read. */
  readonly site: Site;
  /** Drops what depends on these tags, in all processes, and tells it on; null drops everything. */
  purge(tags: readonly string[] | null): void;
  /** What became different in WordPress, as this process hears of it. */
  readonly changes: ChangeStream;
  /** Asks WordPress now for changes of every kind, where this process is the one that does; resolves when they are purged. */
  checkForChanges(): Promise<void>;
  /** Reads anew what the site has; the schema follows. It happens by itself from time to time. */
  rediscover(): Promise<void>;
}

/** What whoever starts does before. */
export interface StartOptions extends Pick<ConnectOptions, 'findRoot'> {
  /** Gives the server that listens to the port already, where there is one; from then on the gateway owns it. */
  readonly takeServer?: () => Promise<Server | undefined>;
}

/** How long answers may have been shifted before one of them was seen to be. */
const shiftedMs = 60_000;

/** Starts a gateway for the configured site: when this resolves, it answers. */
export async function startHeadgate(
  config: Config,
  logger: Logger = createLogger(config.logLevel),
  { findRoot, takeServer }: StartOptions = {},
): Promise<Headgate> {
  const metrics = createMetrics();
  // What a snapshot brings back must hear of it as well.
  const early: (() => void)[] = [];
  let hear = (tags: readonly string[] | null, details?: unknown) => void early.push(() => hear(tags, details));
  let doubt: () => void = () => void early.push(() => doubt());
  let onShift = () => {};
  const stores = await openStores({
    ...{ config, logger, metrics, onPurge: (tags, details) => hear(tags, details) },
    onLost: () => doubt(),
  });
  const connection = await connectSite(config, logger, {
    ...{ keptFirst: true, onShift: () => onShift(), metrics, findRoot },
    ...(stores.discovery ? { shared: stores.discovery } : {}),
  }).catch(async (error: unknown) => {
    await stores[Symbol.asyncDispose]();
    throw error;
  });
  const { client } = connection;
  try {
    const { cache, scanLimit, limits, discovery, graphiql, introspection, trace, hardened } = config;
    let { served } = connection;
    tellProblems(served, [], logger);
    const stream = createChangeStream();
    const createContext = createContextFactory({
      client,
      site: () => served.site,
      resources: () => served.resources,
      cache,
      scanLimit,
      timeoutMs: config.upstream.timeoutMs,
      files: config.files,
      anonymousComments: config.anonymousComments,
      ...(config.previewSecret ? { previewSecret: config.previewSecret } : {}),
      purge: (tags, written) => purger.written(tags, written),
      follow: createFollowChanges(stream),
      limits,
      logger,
      ...(stores.tier ? { tier: stores.tier } : {}),
      menuLocations: config.menuLocations,
      ...(config.credentials ? { authorization: toAuthorization(config.credentials) } : {}),
    });
    const store: ResponseStore = {
      ...stores.answers,
      get(key) {
        changes.asked();
        return stores.answers.get(key);
      },
    };
    stores.setSite(connection.known);
    await stores.restore(createContext.cache);
    const persisted = createPersistedOperations(config.persisted, (document) => bus.learn(document));
    const purger = createPurger({
      store,
      stream,
      site: () => served.site,
      resources: () => served.resources,
      forget(tags, gone) {
        createContext.purge(tags, gone);
        stores.forget(tags, gone);
      },
      onDropped: metrics.purged,
      tell(purge) {
        bus.purge(purge);
        stores.tier?.purge(purge.tags, { release: config.version, details: purge.details });
      },
      look: (told) => changes.look(told),
      learn: (edits) => changes.learn(edits),
      // Much of what is settings is kept with the site.
      onTags: async (tags) => {
        if (tags?.includes(routeTag('wp/v2/settings'))) await watch.now();
      },
    });
    const bus = openBus({
      onPurge: purger.hear,
      onWatch: () => changes.start(),
      onLearn: persisted.learn,
      onTraffic: () => traffic.heard(),
      snapshot: metrics.snapshot,
    });
    const traffic = createTraffic(bus.tellTraffic);
    const changes = keepWatching(() => ({
      ...config.watch,
      ...{ client, logger, site: served.site, resources: served.resources, slots: config.upstream.maxConcurrent },
      authorization: config.credentials ? toAuthorization(config.credentials) : undefined,
      ...{ onPurge: purger.purge, remembrance: stores.remembrance },
      keptOf: (resource) => keptIdsOf(createContext.cache, resource),
      isKeptEmpty: (resource) => isKeptEmpty(createContext.cache, resource),
    }));
    onShift = () => {
      // What processes share says nothing of when each process got it.
      if (stores.tier) return purger.purgeTags(null);
      createContext.purge(null);
      metrics.purged(store.dropSince(store.now() - shiftedMs), 'everything');
    };
    const { maxDelayMs, ...clientLimits } = config.clients;
    const load = createLoadGauge({ maxDelayMs });
    const callers = createCallers(config.callers);
    const count = stores.tier?.countRates ?? createRateStore;
    const rateLimit = openRateLimit({ ...clientLimits, callers, count });
    const forwarding = openForwarding(config, { site: () => served.site, rateLimit, metrics, logger });
    const { secret, token, targets, targetsSecret } = config.webhooks;
    const receiveWebhook = createWebhookReceiver({
      ...{ secret, token, marks: stores.tier?.quickMarks, logger, metrics, rateLimit, served: () => served },
      typeOf: (kind, id) => changes.typeOf(kind, id) ?? typeOfKept(createContext.cache, served.resources, kind, id),
      told: async () => (await stores.tier?.told()) ?? true,
      publish: purger.told,
      knownAt: (uris) => knownTagsAt({ cache: createContext.cache, ...served }, uris),
      tagsAt: (uri, signal) => tagsAtAddress(createContext({ signal }, { acceptsStale: false, limits: noLimits }), uri),
    });
    const told = { changes: stream, logger, metrics };
    const telling = targetsSecret === null ? null : tellTargets({ urls: targets, secret: targetsSecret, ...told });
    const report = createSiteReport(config, () => served.site.root);
    const gateway = createGateway({
      ...{ store, persisted, metrics, load, rateLimit, callers, proxies: config.clients.proxies },
      ...{ schema: () => served.schema, createContext, logger },
      ...{ graphiql, introspection, trace, hardened, limits, findings: report },
      forms: { maxBodyBytes: config.server.maxBodyBytes, maxFileBytes: config.files.maxBytes },
    });
    let last = connection.known;
    const watch = watchSite<KnownSite>({
      read: () => connection.rediscover(),
      onRead: (known) => {
        const isAsBefore = isSame(toFacts(known), toFacts(last));
        if (isAsBefore && isSame(known.discovery.problems, last.discovery.problems)) return;
        const before = served;
        const isSameSite = isSame(known.site, served.site);
        last = known;
        served = serveKnown(known, config);
        tellProblems(served, before.problems, logger);
        // Documents are validated anew for a new schema: only where there is something new.
        if (isAsBefore) {
          served = { ...before, problems: served.problems };
          return;
        }
        stores.setSite(known);
        // What was read stands under another schema; what addresses show may depend on the site's settings.
        if (isSameSite) metrics.purged(store.clear(noneGone), 'everything');
        else purger.doubt();
        changes.restart();
      },
      ...{ known: connection.known, isPartial: ({ discovery }) => discovery.isPartial === true },
      isStale: connection.isStale,
      intervalSeconds: discovery.intervalSeconds,
      logger,
    });
    doubt = purger.doubt;
    hear = (tags, said) => {
      const { release, details }: { release?: unknown; details?: unknown } = Object(said);
      purger.hear({ tags, details: release === config.version ? details : undefined });
    };
    for (const purge of early.splice(0)) purge();
    const shown = { config, report, served: () => served, snapshots: bus.snapshots, graphiql: gateway.graphiql };
    const serving = {
      ...{ ...config.server, gateway, logger, metrics, traffic, receiveWebhook, forward: forwarding?.forward },
      printMetrics: async () => printMetrics(await bus.snapshots()),
      home: createStatusPage(shown),
    };
    const taken = await takeServer?.();
    taken?.handOver(serving);
    const server = taken ?? (await startServer(serving));
    return {
      url: server.url,
      gateway,
      metrics,
      get site() {
        return served.site;
      },
      purge: (tags) => void purger.told([{ type: null, id: null, action: 'updated', tags, source: 'call' }]),
      changes: stream,
      checkForChanges: changes.round,
      rediscover: () => watch.now(),
      async [Symbol.asyncDispose]() {
        await changes[Symbol.asyncDispose]();
        await watch[Symbol.asyncDispose]();
        await server.close();
        await bus[Symbol.asyncDispose]();
        await telling?.[Symbol.asyncDispose]();
        await gateway[Symbol.asyncDispose]();
        await forwarding?.[Symbol.asyncDispose]();
        await stores[Symbol.asyncDispose]();
        await connection[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await stores[Symbol.asyncDispose]();
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Each problem once. */
function tellProblems({ problems }: ServedSite, told: readonly string[], logger: Logger): void {
  for (const problem of problems) if (!told.includes(problem)) logger.warn(problem);
}
