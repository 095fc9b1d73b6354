// Owns the root fields that lead to nodes of any type: by address, by id, and in lists over several types.

import type { GatewayContext } from '../../context.ts';
import { loadAtAddress, resolveAddress } from '../../loaders/address.ts';
import type { Entity } from '../../loaders/entity.ts';
import { type FieldsOf, loadContent, loadTerm } from '../../loaders/lookup.ts';
import { loadPreview } from '../../loaders/revisions.ts';
import { loadWindow } from '../../loaders/window.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource, Resource, Resources, TermResource } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { toAnyContentLists } from '../lists/any-content.ts';
import { anyContentWhere } from '../lists/content.ts';
import { allFormats, filterFormats, findFormat, postFormats, toRow, usedFormats } from '../lists/post-formats.ts';
import { termWhere, toTermList } from '../lists/terms.ts';
import { whereOf } from '../lists/where.ts';
import { isObject } from '../read.ts';
import { connectionField, defineNodeConnection, resolveMergedConnection, resolveNodes } from '../relay/connection.ts';
import { requireDatabaseId } from '../relay/ids.ts';
import { resolveSearch } from './search-query.ts';

/** What an archive of a type of content is as a node. */
export type ArchiveNode = (type: ContentResource, context: GatewayContext) => unknown;

/** Declares `nodeByUri`, `contentNode`, `contentNodes`, `termNode` and `terms`. */
export function defineNodes(builder: Builder, resources: Resources, archiveNode: ArchiveNode): void {
  const shown = [...resources.values()].filter(({ isHidden }) => !isHidden);
  const types = shown.filter((resource) => resource.kind === 'content');
  const taxonomies = shown.filter((resource) => resource.kind === 'term');
  defineNodeConnection(builder, 'TermNode');
  builder.enum('ContentNodeIdTypeEnum', { DATABASE_ID: 'database_id', ID: 'id', URI: 'uri' });
  builder.enum('TermNodeIdTypeEnum', {
    DATABASE_ID: 'database_id',
    ID: 'id',
    NAME: 'name',
    SLUG: 'slug',
    URI: 'uri',
  });
  builder.query({
    nodeByUri: {
      type: 'UniformResourceIdentifiable',
      description: 'What an address of the site shows, as WordPress itself resolves it.',
      args: { uri: 'String!' },
      resolve: async (_, { uri }, context, info) => {
        const shown = await resolveAddress(context, String(uri), ({ typeName }) => planFields(info, typeName));
        if (shown === null) return findFormat(context, String(uri), 'uri');
        if ('entity' in shown) return shown.entity;
        const type = types.find(({ name }) => name === shown.archiveOf);
        return type ? archiveNode(type, context) : null;
      },
    },
    contentNode: {
      type: 'ContentNode',
      args: { asPreview: 'Boolean', contentType: 'ContentTypeEnum', id: 'ID!', idType: 'ContentNodeIdTypeEnum' },
      resolve: async (_, { id, idType, contentType, asPreview }, context, info) => {
        const fieldsOf: FieldsOf = ({ typeName }) => planFields(info, typeName);
        // A preview needs rights, and without credentials there are none.
        if (asPreview === true && context.viewer === null) return null;
        const found = await findContent(String(id), idType, contentType, context, fieldsOf);
        if (asPreview !== true || !found) return found;
        return loadPreview(context, found, fieldsOf(found.resource));
      },
    },
    contentNodes: connectionField<unknown>(builder, {
      name: 'RootQueryToContentNode',
      node: 'ContentNode',
      where: { contentTypes: '[ContentTypeEnum]', ...anyContentWhere },
      resolve: async (_, args, context, info) => {
        const search = plainSearch(args['where'], types);
        if (search) return resolveSearch(search.text, search.types, args, context, info);
        return resolveMergedConnection(await toAnyContentLists(types, args['where'], context), args, context, info);
      },
    }),
    termNode: {
      type: 'TermNode',
      args: { id: 'ID!', idType: 'TermNodeIdTypeEnum', taxonomy: 'TaxonomyEnum' },
      resolve: (_, { id, idType, taxonomy }, context, info) =>
        findTerm(taxonomies, String(id), idType, taxonomy, context, ({ typeName }) => planFields(info, typeName)),
    },
    terms: connectionField<unknown>(builder, {
      name: 'RootQueryToTermNode',
      node: 'TermNode',
      where: { taxonomies: '[TaxonomyEnum]', ...termWhere },
      resolve: async (_, args, context, info) => {
        const asked = whereOf(args['where']).list('taxonomies');
        if (asked?.length && asked.every((name) => name === postFormats.name)) {
          return resolveNodes(await filterFormats(allFormats(context.site), args['where'], context), args);
        }
        const isWanted = ({ name }: TermResource) => !asked?.length || asked.includes(name);
        const [lists, formats] = await Promise.all([
          Promise.all(taxonomies.filter(isWanted).map((taxonomy) => toTermList(taxonomy, args['where'], context))),
          isWanted(postFormats) ? usedFormats(context) : [],
        ]);
        const shown = await filterFormats(formats, args['where'], context);
        return resolveMergedConnection(
          lists.filter((list) => list !== null),
          args,
          context,
          info,
          shown.map((node) => ({ node, row: toRow(node) })),
        );
      },
    }),
  });
}

/** A search by nothing but text and types: WordPress has a route for it, and it alone can tell what is most relevant. */
function plainSearch(given: unknown, types: readonly ContentResource[]) {
  const where = whereOf(given);
  const text = where.text('search')?.trim();
  const others = isObject(given) ? Object.keys(given).filter((name) => !plainArguments.has(name)) : [];
  if (!text || others.some((name) => where.value(name) !== null)) return null;
  const asked = where.list('contentTypes')?.map(String) ?? types.map(({ name }) => name);
  const searched = asked.filter((name) => name !== 'attachment');
  return searched.length > 1 ? { text, types: searched } : null;
}

const plainArguments = new Set(['search', 'contentTypes', 'offsetPagination']);

/** `contentType` says where to look first; WPGraphQL does not insist on it either. */
async function findContent(
  id: string,
  idType: unknown,
  contentType: unknown,
  context: GatewayContext,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  const { loaders, resources } = context;
  const hinted = resources.get(String(contentType));
  if (idType === 'uri') {
    if (hinted) return loadAtAddress(context, hinted, id, fieldsOf(hinted));
    const shown = await resolveAddress(context, id, fieldsOf);
    return shown && 'entity' in shown && shown.entity.resource.kind === 'content' ? shown.entity : null;
  }
  const databaseId = requireDatabaseId(id);
  if (databaseId <= 0) return null;
  const found = hinted ? await loaders.load(hinted, databaseId, fieldsOf(hinted)) : null;
  return found ?? loadContent(loaders, resources, databaseId, fieldsOf);
}

async function findTerm(
  taxonomies: readonly TermResource[],
  id: string,
  idType: unknown,
  taxonomy: unknown,
  context: GatewayContext,
  fieldsOf: FieldsOf,
): Promise<Entity | null> {
  const { loaders, resources } = context;
  const format = findFormat(context, id, idType);
  // A slug or name alone may be that of another term.
  if (taxonomy === postFormats.name || (format && idType !== 'slug' && idType !== 'name')) return format;
  const asked = taxonomies.filter(({ name }) => taxonomy === undefined || taxonomy === null || name === taxonomy);
  if (idType === 'uri') {
    const shown = await resolveAddress(context, id, fieldsOf);
    return shown && 'entity' in shown && isOf(shown.entity, asked) ? shown.entity : null;
  }
  if (idType === 'slug' || idType === 'name') {
    for (const resource of asked) {
      const found = await findBy(resource, idType, id, context, fieldsOf(resource));
      if (found) return found;
    }
    return null;
  }
  const databaseId = requireDatabaseId(id);
  return databaseId > 0 ? loadTerm(loaders, resources, databaseId, fieldsOf) : null;
}

async function findBy(
  resource: TermResource,
  idType: 'slug' | 'name',
  id: string,
  context: GatewayContext,
  fields: readonly string[],
): Promise<Entity | null> {
  if (idType === 'slug') return (await context.loaders.loadBySlug(resource, id, fields))[0] ?? null;
  const list = await toTermList(resource, { name: [id] }, context);
  if (!list) return null;
  const window = await loadWindow(context.loaders, list, { size: 1, direction: 'forward' }, fields);
  return window.entities[0] ?? null;
}

function isOf({ resource }: Entity, rows: readonly Resource[]): boolean {
  return rows.some(({ name }) => name === resource.name);
}
