// Owns `headgate schema`: the GraphQL schema of a site as text.

import { defineCommand } from 'citty';
import { loadConfig } from '../config/load-config.ts';
import { connectSite } from '../index.ts';
import { createLogger } from '../log.ts';
import { printSdl } from '../schema/print.ts';

/** `headgate schema [url]` */
export const schemaCommand = defineCommand({
  meta: { name: 'headgate schema', description: 'Print the GraphQL schema that the gateway offers for a site.' },
  args: {
    url: { type: 'positional', required: false, description: 'Address of the site; instead of WORDPRESS_URL.' },
  },
  async run({ args }) {
    const config = loadConfig(undefined, { WORDPRESS_URL: args.url });
    // stdout is for the schema alone.
    const connection = await connectSite(config, createLogger('silent'));
    try {
      process.stdout.write(printSdl(connection.served.schema));
      for (const problem of connection.served.problems) console.error(problem);
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  },
});
