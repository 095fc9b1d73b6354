// Owns `headgate schema`: the GraphQL schema of a site as text.

import { printSdl } from '../schema/print.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import type { Command } from './command.ts';
import { readSchema } from './read-schema.ts';

/** `headgate schema [url]` */
export const schemaCommand: Command = {
  name: 'headgate schema',
  description: 'Print the GraphQL schema that the gateway offers for a site.',
  args: { ...siteArgument, ...settingArguments },
  async run(args) {
    process.stdout.write(printSdl(await readSchema(toSettings(args))));
  },
};
