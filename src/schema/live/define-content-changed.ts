// Owns `contentChanged`: what became different in WordPress, told to clients as it is noticed.

import { type GraphQLSchema, isObjectType } from 'graphql';
import type { LiveChange } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { planFields } from '../../planner/needs.ts';
import { globalIdPrefix, type Resource, type Resources } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import type { FindNode } from '../nodes/node-query.ts';
import { parseGlobalId, toGlobalId } from '../relay/ids.ts';

/** Declares the subscription. */
export function defineContentChanged(builder: Builder, findNode: FindNode): void {
  builder.enum(
    'ContentChangeActionEnum',
    { CREATED: 'created', DELETED: 'deleted', UPDATED: 'updated' },
    'What happened, as visitors see it: what is unpublished is deleted. Not in WPGraphQL.',
  );
  builder.object<LiveChange>('ContentChange', {
    description: 'Something that became different in WordPress. Not in WPGraphQL.',
    fields: {
      action: { type: 'ContentChangeActionEnum!' },
      databaseId: {
        type: 'Int',
        description: 'Null where it is not one object, or it is not known which.',
        resolve: ({ id }) => id,
      },
      id: { type: 'ID', description: 'The global id.', resolve: (change, _, { resources }) => idOf(change, resources) },
      node: {
        type: 'Node',
        description: 'What it is now, as anybody may see it; null for what is gone or not public.',
        resolve: (change, _, context, info) => {
          if (change.action === 'deleted' || change.id === null) return null;
          const resource = resourceOf(change, context.resources);
          if (resource)
            return context.loaders.load(resource, change.id, ['id', ...planFields(info, resource.typeName)]);
          const id = idOf(change, context.resources);
          return id === null ? null : findNode(id, context, info);
        },
      },
      tags: {
        type: '[String!]',
        description: 'What it makes stale, such as `post:12` and `list:post`; null for everything.',
      },
      type: { type: 'String', description: 'The GraphQL type, such as `Post`; null where it is not known.' },
      uri: { type: 'String', description: 'Its address on the site, where it is known.' },
    },
  });
  builder.subscription({
    contentChanged: {
      type: 'ContentChange!',
      description:
        'What becomes different in WordPress, while the client listens. A client that missed something is told that everything changed: an event without `type`, `databaseId` and `tags`. Not in WPGraphQL.',
      args: {
        ids: { type: '[ID!]', description: 'Changes of these objects alone, by global or database id.' },
        types: { type: '[String!]', description: 'Changes of these GraphQL types alone, such as `Post`.' },
      },
      subscribe: ({ ids, types }, { follow, resources }, { schema }) => {
        if (follow === null) throw new UserError('Nothing tells of changes here.', 'UNSUPPORTED');
        return follow(toFilter(ids, types, resources, schema));
      },
    },
  });
}

type Filter = (change: LiveChange) => boolean;

function toFilter(ids: unknown, types: unknown, resources: Resources, schema: GraphQLSchema): Filter {
  const wantedTypes = Array.isArray(types) ? new Set(types.map(String)) : null;
  for (const name of wantedTypes ?? []) {
    if (!isObjectType(schema.getType(name))) throw new UserError(`types: there is no type "${name}".`);
  }
  const wantedIds = Array.isArray(ids) ? new Set(ids.map((id) => toWantedId(String(id)))) : null;
  return (change) => {
    // Of what type it is may not be known: that it is not wanted is not, either.
    if (wantedTypes && change.type !== null && !wantedTypes.has(change.type)) return false;
    if (!wantedIds) return true;
    if (change.id === null) return change.tags?.some((tag) => wantedIds.has(tag)) ?? true;
    const prefix = prefixOf(change, resources);
    return wantedIds.has(String(change.id)) || (prefix !== null && wantedIds.has(`${prefix}:${change.id}`));
  };
}

/** `12` for a database id, `post:12` for a global one. */
function toWantedId(id: string): string {
  if (/^[1-9]\d{0,14}$/.test(id)) return id;
  const parts = parseGlobalId(id);
  if (!parts) throw new UserError(`ids: "${id}" is neither a database id nor a global id.`);
  return `${parts.prefix}:${parts.id}`;
}

function idOf(change: LiveChange, resources: Resources): string | null {
  const prefix = prefixOf(change, resources);
  return change.id === null || prefix === null ? null : toGlobalId(prefix, change.id);
}

/** The first part of the global id: by the type, or by the tag of the object itself where that is not known. */
function prefixOf(change: LiveChange, resources: Resources): string | null {
  const resource = resourceOf(change, resources);
  if (resource) return globalIdPrefix(resource);
  if (change.type === 'Menu') return 'term';
  const own = change.tags?.find((tag) => /^(?:post|term|user|comment):/.test(tag) && tag.endsWith(`:${change.id}`));
  return change.type === null ? (own?.split(':')[0] ?? null) : null;
}

function resourceOf({ type }: LiveChange, resources: Resources): Resource | undefined {
  return [...resources.values()].find(({ typeName }) => typeName === type);
}
