// Owns the loaders of one GraphQL request: entities by id and slug, and lists. Public and viewer sets are different objects.

import DataLoader from 'dataloader';
import { allThere } from '../at-once.ts';
import type { Cache, ListRecord } from '../cache/memory-cache.ts';
import { createRequestCache } from '../cache/request-cache.ts';
import { UpstreamError } from '../errors.ts';
import type { Pace } from '../pace.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import type { Resource } from '../wordpress/resources.ts';
import type { PageAnswer } from '../wordpress/rest.ts';
import { type AddressBook, createAddressBook } from './address-book.ts';
import type { AskManyOf } from './ask-many.ts';
import { commentLists, createCommentCounts, type ReadRows } from './comment-counts.ts';
import type { Entity } from './entity.ts';
import { createEntityLoader, type EntityLoader, takeRows, toRows } from './entity-loader.ts';
import type { ReadRowsById } from './entity-rows.ts';
import { createKeeper, type Keep } from './keeper.ts';
import { createKnownLists } from './known-lists.ts';
import type { List, LoadEntity, LoadList } from './list.ts';
import { type ListUse, toCountUse, toRowsUse, useCounts, useList, useTerms } from './list-use.ts';
import { createObjectLoader, type LoadObject } from './object-loader.ts';
import { keyOf, type Query, type Read } from './reader.ts';
import { withoutEditFields } from './rights.ts';
import { shareCache } from './shared-cache.ts';
import { createSiblingPages, type SiblingPage } from './siblings.ts';
import { createSlugLoader, type SlugKey, slugsPerRequest, toSlug } from './slugs.ts';
import { makeDo, meetOutage } from './staleness.ts';
import { entityTag, listTag } from './tags.ts';
import type { Trace } from './trace.ts';
import type { Viewer } from './viewer.ts';
import { createWave } from './wave.ts';

/** What one GraphQL request reads WordPress through. */
export interface Loaders {
  load: LoadEntity;
  /** The same for something that is no part of the answer. */
  consult: LoadEntity;
  /** All entities with a slug: pages may share one under different parents. */
  loadBySlug(resource: Resource, slug: string, fields: readonly FieldPath[]): Promise<readonly Entity[]>;
  list: LoadList;
  /** Says that entities of a list are part of the answer; those that are loaded by themselves are. */
  show(entities: readonly Entity[]): void;
  /** A first page of one of several lists that differ in one id; null where it has to be asked for by itself. */
  siblingPage: SiblingPage;
  /** Says from which list, and what of it, the answer is made. */
  use(list: ListUse): void;
  /** Says that the answer depends on which entities of a resource there are, or of those that REST would filter. */
  watch(resource: ListedResource, query?: Query): void;
  /** Says that the answer depends on how many entities REST would filter. */
  watchCount(resource: ListedResource, filters: Query): void;
  /** Only ids and total of a list request, with no entity behind it. */
  count(resource: ListedResource, query: Query): Promise<ListRecord>;
  /** How many approved comments content has; null where WordPress does not say. */
  commentCount(contentId: number): Promise<number | null>;
  /** What an address shows: what is known of it, else what is found out. */
  address: AddressBook;
  /** A page of the site, as a visitor sees it. */
  readPage: ReadPage;
  /** The object of a route that is no list. */
  object: LoadObject;
  /** An object that is made of what is read, kept as if WordPress had given it. */
  keep: Keep;
  /** A REST route that is not a resource. */
  read: Read;
  /** Says that the answer makes do with what is known, for the rest cannot be read: it is one of before. */
  makeDo(): void;
  /** Says that what another request read for this one was made for somebody: nothing of this one is kept from then on. */
  withhold(): void;
  /** Stands for what is read until something is written: what is made of it may be kept by this object. */
  reading(): object;
  /** Forgets all that this request has read: something was written. */
  forget(): void;
  /** To be heeded by whatever takes long. */
  readonly pace: Pace;
}

/** Reads a page of the site. */
export type ReadPage = (method: 'GET' | 'HEAD', target: string) => Promise<PageAnswer>;

/** What loaders are made of. */
export interface LoadersParts extends Pick<Loaders, 'read' | 'readPage' | 'withhold'> {
  readonly readRows: ReadRowsById;
  readonly askManyOf: AskManyOf;
  /** Whose loaders they are; nobody's in particular without. */
  readonly viewer?: Viewer;
  /** The cache that outlives the request; null for a viewer. */
  readonly shared: Cache | null;
  readonly waveMs: number;
  readonly trace: Trace;
}

/** Loaders of one request. With a viewer they ask for what needs rights; whoever makes them sees to what is shared. */
export function createLoaders({
  read,
  readPage,
  withhold,
  readRows: rowsById,
  askManyOf,
  shared: cache,
  waveMs,
  trace,
  viewer,
}: LoadersParts): Loaders {
  const askMany = askManyOf(trace);
  const own = createRequestCache();
  const shared = cache && shareCache(cache);
  const wave = createWave(waveMs, trace.pace);
  const known = createKnownLists({ own, shared, trace, wave });
  const keep = createKeeper(own, shared, trace);
  const entityLoaders = new Map<string, EntityLoader>();
  const slugLoaders = new Map<string, DataLoader<SlugKey, readonly Entity[]>>();
  let reading = {};
  const listCalls = new Map<string, { readonly fields: readonly FieldPath[]; readonly call: Promise<List> }>();

  function loaderOf(resource: Resource): EntityLoader {
    const known = entityLoaders.get(resource.name);
    if (known) return known;
    const loader = createEntityLoader(resource, { readRows: rowsById, askMany, wave, own, shared, trace });
    entityLoaders.set(resource.name, loader);
    return loader;
  }

  const load: LoadEntity = (resource, id, fields) => {
    if (id <= 0) return null;
    trace.tags.add(entityTag(resource, id));
    useCounts(trace, resource, fields, [{ id }]);
    useTerms(trace, resource, fields);
    return consult(resource, id, fields);
  };

  const consult: LoadEntity = (resource, id, fields) => {
    // Ids of what REST has no list of are negative.
    if (id <= 0) return null;
    return loaderOf(resource).load(id, viewer ? fields : withoutEditFields(resource, fields));
  };

  async function loadAll(resource: Resource, ids: readonly number[], fields: readonly FieldPath[]): Promise<Entity[]> {
    const entities = await allThere(ids.map((id) => loaderOf(resource).load(id, fields)));
    return entities.filter((entity) => entity !== null);
  }

  async function fetchList(resource: Resource, key: string, query: Query, fields: readonly FieldPath[]) {
    const asked = toMinimalFields(['id', ...fields]);
    const { body, bytes, total } = await read(resource.route, { ...query, _fields: asked });
    // Many pages may come in one turn.
    const paused = trace.pace.pause();
    if (paused) await paused;
    const { rows, fault } = takeRows(body, resource.route);
    const entities = loaderOf(resource).absorb(rows, asked, bytes);
    // As where rows have no id, the others are the list; of nothing but such rows, nothing is known.
    if (fault && rows.length === 0) throw fault;
    if (rows.length > 0 && entities.length === 0) {
      throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${resource.route}: no row has an id`);
    }
    known.put(key, { ids: entities.map(({ id }) => id), total }, resource.name, [listTag(resource)]);
    return { entities, total, asked: rows.length, isKnown: false };
  }

  /** The list from farther caches, WordPress, or before WordPress failed. */
  async function bringList(resource: Resource, key: string, query: Query, fields: readonly FieldPath[]) {
    await known.reach([key]);
    const found = known.peek(key);
    if (found) return found;
    try {
      return await fetchList(resource, key, query, fields);
    } catch (error) {
      const old = meetOutage(trace, error) ? known.findOld(key) : undefined;
      if (!old) throw error;
      return old;
    }
  }

  async function toList(resource: Resource, { ids, total }: ListRecord, fields: readonly FieldPath[]) {
    return { entities: await loadAll(resource, ids, fields), total, asked: ids.length, isKnown: true };
  }

  const list: LoadList = async (resource, query, fields, decisive = { reads: fields }) => {
    // Lists of many objects are asked for in one turn, and their filters may be long.
    const paused = trace.pace.pause();
    if (paused) await paused;
    const found = await loadList(resource, query, fields);
    // Many may have waited for the same call.
    await trace.pace.pause(0);
    if (decisive) useList(trace, toRowsUse(resource, query, found.entities, found.asked, decisive));
    useCounts(trace, resource, fields, found.entities);
    return found;
  };

  async function loadList(resource: Resource, query: Query, given: readonly FieldPath[]): Promise<List> {
    const fields = withoutEditFields(resource, given);
    useTerms(trace, resource, fields);
    if (!viewer || fields === given) return shownList(resource, query, fields);
    const shown = await shownList(resource, query, fields);
    const ids = shown.entities.map(({ id }) => id);
    return { ...shown, entities: await loadAll(resource, ids, given) };
  }

  async function shownList(resource: Resource, query: Query, fields: readonly FieldPath[]): Promise<List> {
    const key = keyOf(resource.route, query);
    const found = known.find(key);
    if (found) return toList(resource, found, fields);
    const running = listCalls.get(key);
    if (running && fields.every((path) => running.fields.includes(path))) return running.call;
    // What is loaded of a list that is known waits for the wave itself.
    const call = wave
      .track(bringList(resource, key, query, fields))
      .then((brought) => ('entities' in brought ? brought : toList(resource, brought, fields)));
    listCalls.set(key, { fields, call });
    return call;
  }

  const loadSlugs = createSlugLoader({ askMany, known, loadList, load, viewer, trace });

  async function count(resource: ListedResource, query: Query): Promise<ListRecord> {
    const { route } = resource;
    const key = keyOf(route, query);
    useList(trace, toCountUse(resource, query));
    await known.reach([key]);
    const found = known.find(key);
    if (found) return found;
    try {
      const { body, total } = await read(route, query);
      const counted = { ids: toRows(body, route).map((row) => Number(row['id'])), total };
      known.put(key, counted, resource.name, [listTag(resource)]);
      return counted;
    } catch (error) {
      const old = meetOutage(trace, error) ? known.findOld(key) : undefined;
      if (!old) throw error;
      return old;
    }
  }

  const readRows: ReadRows = async (route, query) => {
    const { body, total } = await read(route, query);
    return { rows: toRows(body, route), total };
  };
  const commentsKey = (contentId: number) => keyOf(commentLists.route, { post: contentId });
  const commentCounts = createCommentCounts({
    askMany,
    readRows,
    count: (query) => count(commentLists, query),
    reach: async (contentIds) => known.reach(contentIds.map(commentsKey)),
    knownTotal: (contentId) => known.find(commentsKey(contentId))?.total,
    oldTotal: (contentId, error) =>
      meetOutage(trace, error) ? known.findOld(commentsKey(contentId))?.total : undefined,
    putTotal: (contentId, total) =>
      known.put(commentsKey(contentId), { ids: [], total }, commentLists.name, [listTag(commentLists)]),
    schedule: wave.schedule,
  });
  return {
    object: createObjectLoader(read, keep),
    keep,
    read,
    withhold,
    makeDo: () => makeDo(trace, shared?.cache.now() ?? performance.now()),
    // Entities that several addresses show are loaded together.
    readPage: (...asked) => wave.track(readPage(...asked)),
    address: createAddressBook(own, shared, trace),
    list,
    load,
    consult,
    use: (list) => useList(trace, list),
    watch: (resource, query) => useList(trace, { tag: listTag(resource), ...(query && { query }) }),
    watchCount: (resource, filters) => useList(trace, toCountUse(resource, filters)),
    show(entities) {
      for (const { resource, id } of entities) trace.tags.add(entityTag(resource, id));
    },
    pace: trace.pace,
    siblingPage: createSiblingPages({ askMany, list, load, schedule: wave.schedule, pace: trace.pace }),
    loadBySlug(resource, slug, fields) {
      let loader = slugLoaders.get(resource.name);
      if (!loader) {
        loader = new DataLoader((keys) => loadSlugs(resource, keys), {
          cache: false,
          maxBatchSize: slugsPerRequest,
          batchScheduleFn: wave.schedule,
        });
        slugLoaders.set(resource.name, loader);
      }
      return loader.load({ slug: toSlug(slug), fields });
    },
    count,
    reading: () => reading,
    forget() {
      reading = {};
      own.purge(null);
      listCalls.clear();
    },
    commentCount(contentId) {
      useList(trace, toCountUse(commentLists, { post: contentId }));
      return commentCounts.load(contentId);
    },
  };
}

/** What counting needs to know of a resource. */
export type ListedResource = Pick<Resource, 'name' | 'route' | 'typeName'>;
