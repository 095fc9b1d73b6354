// Owns `search`: content of all types in one list, in the order of WordPress's own search.

import { UserError } from '../../errors.ts';
import { loadSearchWindow } from '../../loaders/search.ts';
import { planFields } from '../../planner/needs.ts';
import type { Builder } from '../builder.ts';
import { whereOf } from '../lists/where.ts';
import { connectionField, nodePaths, parsePage, toConnection } from '../relay/connection.ts';

/** Declares the root field `search`, an extension of WPGraphQL. */
export function defineSearch(builder: Builder): void {
  builder.query({
    search: connectionField<unknown>(builder, {
      name: 'RootQueryToSearchResult',
      node: 'ContentNode',
      description:
        'Content of all types that WordPress finds, in its own order, the most relevant first. An extension of WPGraphQL.',
      where: {
        search: { type: 'String!', description: 'What to look for.' },
        contentTypes: { type: '[ContentTypeEnum]', description: 'Types to look through; all of them unless told.' },
        offsetPagination: 'OffsetPagination',
      },
      resolve: async (_, args, { loaders, resources, scanLimit }, info) => {
        const where = whereOf(args['where']);
        const text = where.text('search')?.trim();
        if (!text) throw new UserError('search needs where.search: what to look for.');
        const types = where.list('contentTypes')?.map(String) ?? [];
        const page = parsePage(args);
        const window = await loadSearchWindow(loaders, resources, { text, types, scanLimit }, page, ({ typeName }) => [
          'id',
          ...planFields(info, typeName, nodePaths),
        ]);
        return toConnection(window.entities, page, window);
      },
    }),
  });
}
