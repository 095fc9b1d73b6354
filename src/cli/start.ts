// Owns `headgate start`: a gateway that runs until it is told to stop.

import { setFlagsFromString } from 'node:v8';
import { type Config, loadConfig } from '../config/load-config.ts';
import { createLogger, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { drainMs } from '../server/drain.ts';
import { isFirst, isPrimary, runWorkers } from '../workers/run-workers.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import { askForSite } from './ask-for-site.ts';
import type { Command } from './command.ts';
import { unlessStopped } from './unless-stopped.ts';
import type { Start } from './wait-for-site.ts';

/** `headgate [start] [url]` */
export const startCommand: Command = {
  name: 'headgate start',
  description: 'Start the gateway for a WordPress site.',
  args: { ...siteArgument, ...settingArguments },
  async run(args, stop) {
    const settings = await unlessStopped(stop, askForSite(toSettings(args)));
    if (settings === null) process.exit(0);
    const config = loadConfig(undefined, settings);
    const logger = createLogger(config.logLevel);
    stop.addEventListener('abort', () => logger.info('stopping'));
    const runsWorkers = config.workers > 1 && isPrimary();
    const stopMs = config.server.lingerMs + drainMs + afterDrainMs;
    const workers = { count: config.workers, logger, stop, stopMs };
    process.exit(await (runsWorkers ? runWorkers(workers) : runGateway(config, logger, stop)));
  },
};

/**
 * How far the heap may grow between collections, in percent of what is in use. V8 takes machines to be large and lets it
 * triple, which would make the bound of the caches mean little; the time that this costs could not be measured.
 */
const heapGrowingPercent = 35;

/**
 * What outlives a collection or two, V8 begins to allocate among what is old: in a gateway, where busy moments let all of a
 * request live for so long, that keeps alive all that later ones allocate. Answers of the cache took twice as long (measured).
 */
const youngFirst = '--no-allocation-site-pretenuring';

/** What a worker may need for the rest of its stop, once it has no connections. */
const afterDrainMs = 1000;

/** Runs until it is told to stop, be it before it serves. */
async function runGateway(config: Config, logger: Logger, stop: AbortSignal): Promise<number> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
  setFlagsFromString(youngFirst);
  // A typing mistake should not wait for what serves.
  const code = await unlessStopped(stop, import('../index.ts'));
  if (code === null) return 0;
  const start: Start = (...given) => unlessStopped(stop, code.startHeadgate(...given));
  await using headgate = await (config.waitsForSite
    ? (await import('./wait-for-site.ts')).startWhenThere({ config, logger, stop, start })
    : start(config, logger));
  if (headgate === null) return 0;
  const { url, site, metrics } = headgate;
  const isBroken = watchErrors(logger, metrics);
  logger.info({ url, site: site.home, pid: process.pid }, 'listening');
  if (process.stderr.isTTY && isFirst()) {
    const { tellStart } = await import('./tell-start.ts');
    tellStart(headgate, config).catch((error: unknown) => logger.warn({ err: error }, 'the site was not examined'));
  }
  const end = AbortSignal.any([stop, isBroken]);
  void headgate.gateway.warmUp(end);
  await new Promise((resolve) => {
    if (end.aborted) resolve(null);
    end.addEventListener('abort', resolve);
  });
  return isBroken.aborted ? 1 : 0;
}

/**
 * Logs and counts errors that nobody handles. A promise that nobody waited for leaves nothing half done, and the process
 * goes on; after an exception that nobody caught anything may be half done: then the signal aborts, what is under way is
 * finished, and whoever started the process starts another one.
 */
function watchErrors(logger: Logger, metrics: Metrics): AbortSignal {
  const controller = new AbortController();
  process.on('unhandledRejection', (error) => {
    metrics.unhandled();
    logger.error({ err: error }, 'nobody handled a rejection');
  });
  process.on('uncaughtException', (error) => {
    metrics.unhandled();
    logger.fatal({ err: error }, 'nobody caught an exception; stopping');
    controller.abort();
  });
  return controller.signal;
}
