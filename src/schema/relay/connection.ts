// Owns connections: their types in WPGraphQL's names, the arguments of a page, and the one resolver of them all.

import type { GraphQLResolveInfo } from 'graphql';
import { whenThere } from '../../at-once.ts';
import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import { type ListSpec, type PageSpec, requireAddress, type Window } from '../../loaders/list-spec.ts';
import { loadContent, loadTerm } from '../../loaders/lookup.ts';
import { type ExtraNode, type FindCursor, loadMergedWindow } from '../../loaders/merged.ts';
import { loadWindow } from '../../loaders/window.ts';
import { type Args, isSelected, planFields } from '../../planner/needs.ts';
import type { Resource } from '../../wordpress/resources.ts';
import {
  type ArgDeclaration,
  asExtension,
  type Builder,
  type FieldDeclaration,
  type FieldDeclarations,
} from '../builder.ts';
import { isObject } from '../read.ts';
import { sharedArgs } from '../shared-args.ts';
import { parseCursor, toCursor } from './ids.ts';

/** WPGraphQL's default and greatest size of a page. */
const defaultSize = 10;
const maxSize = 100;

/** A connection as its resolver gives it to its fields. */
export interface ConnectionSource {
  readonly edges: readonly { readonly cursor: string; readonly node: unknown }[];
  readonly nodes: readonly unknown[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly total: number | null;
    readonly offsetPagination: OffsetPaginationSource;
  };
}

interface OffsetPaginationSource {
  readonly total: number | null;
  readonly hasMore: boolean;
  readonly hasPrevious: boolean;
}

/** Where a selection has the entities of a connection. */
export const nodePaths = [['nodes'], ['edges', 'node']];

/** The arguments of every connection. */
export const pageArgs = { after: 'String', before: 'String', first: 'Int', last: 'Int' };

/** The argument `where.offsetPagination` of every connection that has a `where`. */
export const offsetArg: ArgDeclaration = {
  type: 'OffsetPagination',
  description: asExtension('A page by its offset, as an alternative to cursors.'),
};

/** Declares what all connections to one type of node share: `PostConnection`, its edge and its page info. */
export function defineNodeConnection(builder: Builder, node: string): void {
  const shape = shapeOf(`${node}ConnectionEdge`, node, `${node}ConnectionPageInfo`);
  builder.interface(`${node}Connection`, { interfaces: ['Connection'], fields: shape.connection });
  builder.interface(`${node}ConnectionEdge`, { interfaces: ['Edge'], fields: shape.edge });
  builder.interface(`${node}ConnectionPageInfo`, { interfaces: ['PageInfo', 'WPPageInfo'], fields: {} });
}

/** A connection's own types, and the field that leads to it. */
export interface ConnectionOptions<Source> {
  /** Name of the types, such as `PostToCategory`: `PostToCategoryConnection` and so on. */
  readonly name: string;
  readonly node: string;
  readonly where?: Readonly<Record<string, ArgDeclaration>>;
  readonly edgeFields?: FieldDeclarations<unknown>;
  readonly description?: string;
  /** WPGraphQL has no such connection. */
  readonly isExtension?: boolean;
  readonly needs?: FieldDeclaration['needs'];
  readonly resolve: NonNullable<FieldDeclaration<Source>['resolve']>;
}

/** Declares the types of one connection, and gives the field. */
export function connectionField<Source = Entity>(
  builder: Builder,
  { name, node, where, edgeFields, description, isExtension, needs, resolve }: ConnectionOptions<Source>,
): FieldDeclaration<Source> {
  const shape = shapeOf(`${name}ConnectionEdge`, node, `${name}ConnectionPageInfo`);
  const own = isExtension ? { description: asExtension('') } : {};
  builder.object(`${name}Connection`, {
    ...own,
    interfaces: ['Connection', `${node}Connection`],
    fields: shape.connection,
  });
  builder.object(`${name}ConnectionEdge`, {
    ...own,
    interfaces: ['Edge', `${node}ConnectionEdge`],
    fields: { ...shape.edge, ...edgeFields },
  });
  builder.object(`${name}ConnectionPageInfo`, {
    ...own,
    interfaces: ['PageInfo', 'WPPageInfo', `${node}ConnectionPageInfo`],
    fields: {},
  });
  if (where) builder.input(`${name}ConnectionWhereArgs`, where, own.description);
  return {
    type: `${name}Connection`,
    args: { ...pageArgs, ...(where ? { where: `${name}ConnectionWhereArgs` } : {}) },
    resolve: (source, args, context, info) =>
      whenThere(resolve(source, where ? sharedArgs(args, info) : args, context, info), (connection) => {
        if (isConnection(connection)) context.trace.countNodes(connection.nodes.length);
        return connection;
      }),
    ...(description ? { description: isExtension ? asExtension(description) : description } : {}),
    ...(needs ? { needs } : {}),
  };
}

function isConnection(value: unknown): value is Pick<ConnectionSource, 'nodes'> {
  return isObject(value) && Array.isArray(value['nodes']);
}

/** Declares the type of a relation to one node, such as `NodeWithAuthorToUserConnectionEdge`. */
export function defineOneToOneEdge(builder: Builder, name: string, node: string, fields: FieldDeclarations = {}): void {
  builder.object(name, {
    interfaces: ['Edge', 'OneToOneConnection', `${node}ConnectionEdge`],
    fields: { node: { type: `${node}!` }, ...fields },
  });
}

function shapeOf(edge: string, node: string, pageInfo: string) {
  return {
    connection: {
      edges: { type: `[${edge}!]!` },
      nodes: { type: `[${node}!]!` },
      pageInfo: { type: `${pageInfo}!` },
    },
    edge: { node: { type: `${node}!` } },
  };
}

/** The page that the arguments of a connection ask for, by WPGraphQL's rules. */
export function parsePage(args: Args): PageSpec & { readonly isFirst: boolean; readonly isLast: boolean } {
  const [first, last] = [sizeOf(args, 'first'), sizeOf(args, 'last')];
  if (first && last) throw new UserError('"first" and "last" cannot be used together: a page has one direction.');
  const after = cursorOf(args, 'after');
  const before = cursorOf(args, 'before');
  const offset = offsetOf(args['where']);
  return {
    size: Math.min(maxSize, offset?.size ?? first ?? last ?? defaultSize),
    direction: last ? 'backward' : 'forward',
    isFirst: first !== undefined,
    isLast: last !== undefined,
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(offset ? { offset: offset.offset } : {}),
  };
}

/** `first: 0` is as good as no `first`. */
function sizeOf(args: Args, name: 'first' | 'last'): number | undefined {
  const size = args[name];
  if (typeof size !== 'number' || size === 0) return undefined;
  if (size < 0) throw new UserError(`"${name}" must be a positive integer.`);
  return size;
}

function offsetOf(where: unknown): { readonly offset: number; readonly size?: number } | undefined {
  const given = isObject(where) ? where['offsetPagination'] : undefined;
  if (!isObject(given)) return undefined;
  const [offset, size] = [given['offset'] ?? 0, given['size'] ?? undefined];
  if (typeof offset !== 'number' || offset < 0)
    throw new UserError('where.offsetPagination.offset must not be negative.');
  if (size === undefined) return { offset };
  if (typeof size !== 'number' || size < 1) throw new UserError('where.offsetPagination.size must be at least 1.');
  return { offset, size };
}

/** Resolves a connection to a REST list. */
export async function resolveConnection(
  list: ListSpec | null,
  args: Args,
  { loaders }: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionSource> {
  const page = parsePage(args);
  if (!list) return toConnection([], page, emptyWindow);
  requireAddress(list);
  const fields = planFields(info, list.resource.typeName, nodePaths);
  const [isFinal, needsTotal] = [!showsCursor(info), wantsTotal(info)];
  const window = await loadWindow(loaders, list, { ...page, isFinal, needsTotal }, ['id', ...fields]);
  if (needsTotal) loaders.watchCount(list.resource, list.filters);
  const total = window.total ?? (needsTotal ? await countAll(loaders, list) : null);
  return toConnection(window.entities, page, { ...window, total });
}

/** Resolves a connection to several lists as one, with other nodes among them. */
export async function resolveMergedConnection(
  lists: readonly ListSpec[],
  args: Args,
  { loaders, resources }: GatewayContext,
  info: GraphQLResolveInfo,
  extra: readonly ExtraNode[] = [],
): Promise<ConnectionSource> {
  const page = parsePage(args);
  lists.forEach(requireAddress);
  const fieldsOf = ({ typeName }: Resource) => ['id', ...planFields(info, typeName, nodePaths)];
  const load = lists[0]?.resource.kind === 'term' ? loadTerm : loadContent;
  const findCursor: FindCursor = (id, cursorFieldsOf) => load(loaders, resources, id, cursorFieldsOf);
  const window = await loadMergedWindow(loaders, lists, page, fieldsOf, findCursor, extra);
  if (wantsTotal(info)) for (const { resource, filters } of lists) loaders.watchCount(resource, filters);
  if (window.total !== null || !wantsTotal(info)) return toConnection(window.entities, page, window);
  const totals = await Promise.all(lists.map((list) => countAll(loaders, list)));
  const total = totals.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
  return toConnection(window.entities, page, { ...window, total });
}

function showsCursor(info: GraphQLResolveInfo): boolean {
  return isSelected(info, ['pageInfo']) || isSelected(info, ['edges', 'cursor']);
}

function wantsTotal(info: GraphQLResolveInfo): boolean {
  return isSelected(info, ['pageInfo', 'total']) || isSelected(info, ['pageInfo', 'offsetPagination']);
}

/** Resolves a connection to nodes that are known already. */
export function resolveNodes(nodes: readonly NodeWithKey[], args: Args): ConnectionSource {
  const page = parsePage(args);
  const [afterAt, beforeAt] = [indexOfKey(nodes, args['after']), indexOfKey(nodes, args['before'])];
  const from = page.offset ?? (afterAt === -1 ? 0 : afterAt + 1);
  const to = beforeAt === -1 ? nodes.length : beforeAt;
  const [start, end] =
    page.direction === 'forward' ? [from, Math.min(to, from + page.size)] : [Math.max(from, to - page.size), to];
  const window = {
    hasMore: page.direction === 'forward' ? end < to : start > from,
    foundAfter: afterAt !== -1,
    foundBefore: beforeAt !== -1,
    total: nodes.length,
  };
  return toConnection(nodes.slice(start, end), page, window);
}

/** A node that a cursor can name: by its id, or by its name where it has none. */
export interface NodeWithKey {
  readonly id: number | string;
}

const emptyWindow = { hasMore: false, foundAfter: false, foundBefore: false, total: 0 };

/** A page of nodes as its connection. */
export function toConnection(
  nodes: readonly NodeWithKey[],
  page: ReturnType<typeof parsePage>,
  { hasMore, foundAfter, foundBefore, total }: Omit<Window, 'entities'>,
): ConnectionSource {
  const hasOffset = page.offset !== undefined;
  const hasPrevious = hasOffset && (page.offset ?? 0) > 0;
  const cursorAt = (at: number) => {
    const node = nodes.at(at);
    return node ? toCursor(node.id) : null;
  };
  // Most queries ask for nodes alone: the rest is made where it is asked for.
  return {
    nodes,
    get edges() {
      return nodes.map((node) => ({ cursor: toCursor(node.id), node }));
    },
    get pageInfo() {
      return {
        startCursor: cursorAt(0),
        endCursor: cursorAt(-1),
        hasNextPage: page.isFirst || hasOffset ? hasMore : foundBefore,
        hasPreviousPage: page.isLast ? hasMore : hasOffset ? hasPrevious : foundAfter,
        total,
        offsetPagination: { total, hasMore, hasPrevious },
      };
    },
  };
}

/** The id in a cursor; what is none is ignored, as WPGraphQL does. */
function cursorOf(args: Args, name: 'after' | 'before'): number | undefined {
  return parseCursor(args[name], Number);
}

function indexOfKey(nodes: readonly NodeWithKey[], cursor: unknown): number {
  const key = parseCursor(cursor, String);
  return key === undefined ? -1 : nodes.findIndex(({ id }) => String(id) === key);
}

async function countAll(
  loaders: GatewayContext['loaders'],
  { resource, filters, keep }: ListSpec,
): Promise<number | null> {
  // WordPress would count what is left out here.
  if (keep.length > 0) return null;
  return (await loaders.count(resource, { ...filters, per_page: 1, _fields: ['id'] })).total;
}
