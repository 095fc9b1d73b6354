// Owns `headgate start`: a gateway that runs until it is told to stop.

import { defineCommand } from 'citty';
import { loadConfig } from '../config/load-config.ts';
import { type Headgate, startHeadgate } from '../index.ts';
import { createLogger } from '../log.ts';

/** `headgate [start] [url]` */
export const startCommand = defineCommand({
  meta: { name: 'headgate start', description: 'Start the gateway for a WordPress site.' },
  args: {
    url: { type: 'positional', required: false, description: 'Address of the site; instead of WORDPRESS_URL.' },
  },
  async run({ args }) {
    const config = loadConfig(undefined, args.url);
    const logger = createLogger(config.logLevel);
    let headgate: Headgate | undefined;
    let stopping = false;
    const stop = async () => {
      // Who asks twice does not want to wait.
      if (stopping) process.exit(1);
      stopping = true;
      logger.info('stopping');
      await headgate?.[Symbol.asyncDispose]();
      process.exit(0);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
    headgate = await startHeadgate(config, logger);
    const { url, site } = headgate;
    logger.info({ url, site: site.home }, 'listening');
    if (process.stderr.isTTY) {
      const what = headgate.gateway.graphiql ? 'GraphiQL and the GraphQL API' : 'The GraphQL API';
      console.error(`${what} of ${site.home}: ${url}/graphql`);
    }
  },
});
