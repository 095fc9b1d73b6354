// Owns `node`: any object by its global id, and finding one that way.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { loadContent, loadTerm } from '../../loaders/lookup.ts';
import { planFields } from '../../planner/needs.ts';
import type { Resource } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { parseGlobalId } from '../relay/ids.ts';

/** Finds a node of a domain by the id in its global id; null where there is none. */
export type FindNode = (id: string, context: GatewayContext, info: GraphQLResolveInfo) => unknown;

const entityPrefixes: ReadonlySet<string> = new Set(['post', 'term', 'user', 'comment']);

/** Finds any node by its global id. `others` finds, by the prefix of the global id, what is no entity. */
export function createFindNode(others: ReadonlyMap<string, FindNode>): FindNode {
  return async (id, context, info) => {
    const { loaders, resources } = context;
    const parts = parseGlobalId(id);
    if (!parts) throw new UserError('The ID input is invalid: it is not a global id.');
    const fieldsOf = ({ typeName }: Resource) => planFields(info, typeName);
    const other = () => others.get(parts.prefix)?.(parts.id, context, info) ?? null;
    if (!entityPrefixes.has(parts.prefix)) return other();
    const databaseId = Number(parts.id);
    if (!Number.isSafeInteger(databaseId)) return null;
    if (databaseId <= 0) return other();
    const users = resources.get('user');
    if (parts.prefix === 'post') return (await loadContent(loaders, resources, databaseId, fieldsOf)) ?? other();
    if (parts.prefix === 'term') return (await loadTerm(loaders, resources, databaseId, fieldsOf)) ?? other();
    if (parts.prefix === 'user' && users) return loaders.load(users, databaseId, ['id', ...fieldsOf(users)]);
    const comments = resources.get('comment');
    if (parts.prefix === 'comment' && comments) return loaders.load(comments, databaseId, fieldsOf(comments));
    return null;
  };
}

/** Declares the root field `node`. */
export function defineNodeQuery(builder: Builder, findNode: FindNode): void {
  builder.query({
    node: {
      type: 'Node',
      description: 'Any object by its global id.',
      args: { id: 'ID' },
      resolve: (_, { id }, context, info) =>
        id === undefined || id === null ? null : findNode(String(id), context, info),
    },
  });
}
