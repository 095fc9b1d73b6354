// Owns `search`: content of all types in one list, in the order of WordPress's own search.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { FieldsOf } from '../../loaders/lookup.ts';
import { loadSearchWindow } from '../../loaders/search.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import type { Builder } from '../builder.ts';
import { whereOf } from '../lists/where.ts';
import {
  type ConnectionSource,
  connectionField,
  nodePaths,
  offsetArg,
  parsePage,
  toConnection,
} from '../relay/connection.ts';

/** Declares the root field `search`, an extension of WPGraphQL. */
export function defineSearch(builder: Builder): void {
  builder.query({
    search: connectionField<unknown>(builder, {
      name: 'RootQueryToSearchResult',
      node: 'ContentNode',
      description: 'Content of all types that WordPress finds, in its own order, the most relevant first.',
      isExtension: true,
      where: {
        search: { type: 'String!', description: 'What to look for.' },
        contentTypes: { type: '[ContentTypeEnum]', description: 'Types to look through; all of them unless told.' },
        offsetPagination: offsetArg,
      },
      resolve: (_, args, context, info) => {
        const where = whereOf(args['where']);
        const text = where.text('search')?.trim();
        if (!text) throw new UserError('search needs where.search: what to look for.');
        return resolveSearch(text, where.list('contentTypes')?.map(String) ?? [], args, context, info);
      },
    }),
  });
}

/** Resolves a connection to what one search over several types finds. */
export async function resolveSearch(
  text: string,
  types: readonly string[],
  args: Args,
  { loaders, resources, scanLimit }: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionSource> {
  const page = parsePage(args);
  const fieldsOf: FieldsOf = ({ typeName }) => ['id', ...planFields(info, typeName, nodePaths)];
  const window = await loadSearchWindow(loaders, resources, { text, types, scanLimit }, page, fieldsOf);
  return toConnection(window.entities, page, window);
}
