// Owns `headgate start`: a gateway that runs until it is told to stop.

import { setFlagsFromString } from 'node:v8';
import { type Config, loadConfig } from '../config/load-config.ts';
import { createLogger, type Logger } from '../log.ts';
import { isFirst, isPrimary, runWorkers } from '../workers/run-workers.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import { askForSite } from './ask-for-site.ts';
import type { Command } from './command.ts';

/** `headgate [start] [url]` */
export const startCommand: Command = {
  name: 'headgate start',
  description: 'Start the gateway for a WordPress site.',
  args: { ...siteArgument, ...settingArguments },
  async run(args) {
    const config = loadConfig(undefined, await askForSite(toSettings(args)));
    const logger = createLogger(config.logLevel);
    const stop = createStopSignal(logger);
    const runsWorkers = config.workers > 1 && isPrimary();
    process.exit(await (runsWorkers ? runWorkers(config.workers, logger, stop) : runGateway(config, logger, stop)));
  },
};

/**
 * How far the heap may grow between collections, in percent of what is in use. V8 takes machines to be large and lets it
 * triple, which would make the bound of the caches mean little; the time that this costs could not be measured.
 */
const heapGrowingPercent = 50;

/** Runs until it is told to stop. */
async function runGateway(config: Config, logger: Logger, stop: AbortSignal): Promise<number> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
  // A typing mistake should not wait for what serves.
  const { startHeadgate } = await import('../index.ts');
  await using headgate = await startHeadgate(config, logger);
  const { url, site } = headgate;
  logger.info({ url, site: site.home, pid: process.pid }, 'listening');
  if (process.stderr.isTTY && isFirst()) {
    const { tellStart } = await import('./tell-start.ts');
    tellStart(headgate, config).catch((error: unknown) => logger.warn({ err: error }, 'the site was not examined'));
  }
  await new Promise((resolve) => {
    if (stop.aborted) resolve(null);
    stop.addEventListener('abort', resolve);
  });
  return 0;
}

/** Aborts at the first SIGTERM or SIGINT; the second one ends the process at once. */
function createStopSignal(logger: Logger): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    // Who asks twice does not want to wait.
    if (controller.signal.aborted) process.exit(1);
    logger.info('stopping');
    controller.abort();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  return controller.signal;
}
