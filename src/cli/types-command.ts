// Owns `headgate types`: what normalising caches of clients must know of a site's schema.

import { toClientIntrospection, toPossibleTypes } from '../schema/client-types.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import type { Command } from './command.ts';
import { readSchema } from './read-schema.ts';
import { UsageError } from './usage-error.ts';

/** `headgate types [url] --possible-types` */
export const typesCommand: Command = {
  name: 'headgate types',
  description: 'Print what caches of GraphQL clients must know of the schema, as JSON.',
  args: {
    ...siteArgument,
    'possible-types': {
      type: 'boolean',
      description: "The types of each interface and union: Apollo's possibleTypes.",
    },
    'minified-introspection': {
      type: 'boolean',
      description: "The least introspection that urql's normalised cache needs.",
    },
    ...settingArguments,
  },
  async run(args) {
    const [possibleTypes, introspection] = [args['possible-types'] === true, args['minified-introspection'] === true];
    if (possibleTypes === introspection) {
      throw new UsageError(
        'Say what to print: headgate types --possible-types, or headgate types --minified-introspection.',
      );
    }
    const schema = await readSchema(toSettings(args));
    const printed = possibleTypes ? toPossibleTypes(schema) : toClientIntrospection(schema);
    process.stdout.write(`${JSON.stringify(printed, null, possibleTypes ? 2 : undefined)}\n`);
  },
};
