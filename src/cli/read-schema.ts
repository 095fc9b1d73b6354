// Owns the schema of a site for commands that print it: stdout is for what they print alone.

import type { GraphQLSchema } from 'graphql';
import type { Flags } from '../config/given-settings.ts';
import { loadConfig } from '../config/load-config.ts';
import { connectSite } from '../index.ts';
import { createLogger } from '../log.ts';

/** The schema that the gateway offers for the configured site; what the site does not tell is told on stderr. */
export async function readSchema(flags: Flags): Promise<GraphQLSchema> {
  await using connection = await connectSite(loadConfig(undefined, flags), createLogger('silent'));
  for (const problem of connection.served.problems) console.error(problem);
  return connection.served.schema;
}
