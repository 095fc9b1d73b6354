// Owns the root fields of content: one, by each kind of id, and many.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { loadAtAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { loadMediaByUrl } from '../../loaders/lookup.ts';
import { loadPreview } from '../../loaders/revisions.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration, Builder, FieldDeclarations } from '../builder.ts';
import { toContentList } from '../lists/content.ts';
import { connectionField, resolveConnection } from '../relay/connection.ts';
import { requireDatabaseId } from '../relay/ids.ts';

/** The root fields of one type of content. */
export function contentQueries(
  builder: Builder,
  type: ContentResource,
  where: Readonly<Record<string, ArgDeclaration>>,
): FieldDeclarations<unknown> {
  const { typeName, singular, plural } = type;
  const hasSlug = type.name !== 'page';
  const isMedia = type.name === 'attachment';
  builder.enum(`${typeName}IdType`, {
    DATABASE_ID: 'database_id',
    ID: 'id',
    ...(hasSlug ? { SLUG: 'slug' } : {}),
    ...(isMedia ? { SOURCE_URL: 'source_url' } : {}),
    URI: 'uri',
  });
  return {
    [singular]: {
      type: typeName,
      args: { asPreview: 'Boolean', id: 'ID!', idType: `${typeName}IdType` },
      resolve: async (_, { id, idType, asPreview }, context, info) => {
        const fields = planFields(info, typeName);
        // A preview needs rights, and without credentials there are none.
        if (asPreview === true && context.viewer === null) return null;
        const found = await findContent(type, id, idType, context, fields);
        return found && asPreview === true ? loadPreview(context, found, fields) : found;
      },
    },
    [`${singular}By`]: {
      type: typeName,
      deprecated: `Use ${singular} with an idType.`,
      args: { id: 'ID', [`${singular}Id`]: 'Int', uri: 'String', ...(hasSlug ? { slug: 'String' } : {}) },
      resolve: (_, args, context, info) => {
        const fields = planFields(info, typeName);
        const idTypes = { id: 'id', [`${singular}Id`]: 'database_id', uri: 'uri', slug: 'slug' };
        for (const [argument, idType] of Object.entries(idTypes)) {
          if (args[argument] !== undefined && args[argument] !== null) {
            return findContent(type, args[argument], idType, context, fields);
          }
        }
        throw new UserError(`${singular}By needs one of its arguments: ${Object.keys(idTypes).join(', ')}.`);
      },
    },
    [plural]: connectionField<unknown>(builder, {
      name: `RootQueryTo${typeName}`,
      node: typeName,
      where,
      resolve: async (_, args, context, info) =>
        resolveConnection(await toContentList(type, args['where'], context), args, context, info),
    }),
  };
}

async function findContent(
  type: ContentResource,
  id: unknown,
  idType: unknown,
  context: GatewayContext,
  fields: readonly string[],
): Promise<Entity | null> {
  const { loaders, resources } = context;
  const text = String(id);
  if (idType === 'uri') return loadAtAddress(context, type, text, fields);
  if (idType === 'source_url') return loadMediaByUrl(loaders, resources, text, fields);
  if (idType === 'slug') return (await loaders.loadBySlug(type, text, fields))[0] ?? null;
  const databaseId = requireDatabaseId(text);
  return databaseId > 0 ? loaders.load(type, databaseId, fields) : null;
}
