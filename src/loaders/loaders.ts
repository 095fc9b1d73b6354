// Owns the loaders of one GraphQL request: entities by id and slug, and lists. Public and viewer sets are different objects.

import DataLoader from 'dataloader';
import { type AddressRecord, type Cache, createRequestCache, type ListRecord } from '../cache/memory-cache.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { PageAnswer } from '../wordpress/rest.ts';
import { commentLists, createCommentCounts, type ReadRows } from './comment-counts.ts';
import type { Entity } from './entity.ts';
import { createEntityLoader, type EntityLoader, toRows } from './entity-loader.ts';
import { isNotAllowed, type ReadRowsById } from './entity-rows.ts';
import { type Decisive, toCountUse, toRowsUse, useCounts, useList } from './list-use.ts';
import { createObjectLoader, type LoadObject } from './object-loader.ts';
import { keyOf, type Query, type Read } from './reader.ts';
import { hiddenStatus, withoutEditFields } from './rights.ts';
import { createSiblingPages, type SiblingPage } from './siblings.ts';
import { toSlug } from './slug.ts';
import { entityTag, listTag, uriTag } from './tags.ts';
import { limitFreshness, type Trace } from './trace.ts';
import type { Viewer } from './viewer.ts';
import { createWave } from './wave.ts';

/** A list of entities as one REST request gave it. */
export interface List {
  readonly entities: readonly Entity[];
  /** How many there are in all, or null where WordPress did not say. */
  readonly total: number | null;
}

/** What one GraphQL request reads WordPress through. */
export interface Loaders {
  /** The entity with at least these fields; null if WordPress does not show it. */
  load(resource: Resource, id: number, fields: readonly FieldPath[]): Promise<Entity | null>;
  /** All entities with a slug: pages may share one under different parents. */
  loadBySlug(resource: Resource, slug: string, fields: readonly FieldPath[]): Promise<readonly Entity[]>;
  /**
   * One list request; `query` has filters, order and paging. What of its rows decides on the answer, even where it does not
   * show them, is all that is read of all of them unless told.
   */
  list(resource: Resource, query: Query, fields: readonly FieldPath[], decisive?: Decisive): Promise<List>;
  /** Says that entities of a list are part of the answer; those that are loaded by themselves are. */
  show(entities: readonly Entity[]): void;
  /** A first page of one of several lists that differ in one id; null where it has to be asked for by itself. */
  siblingPage: SiblingPage;
  /** Says that the answer depends on which entities of a resource there are, or of those that REST would filter. */
  watch(resource: ListedResource, query?: Query): void;
  /** Says that the answer depends on how many entities REST would filter. */
  watchCount(resource: ListedResource, filters: Query): void;
  /** Only ids and total of a list request, with no entity behind it. */
  count(resource: ListedResource, query: Query): Promise<ListRecord>;
  /** How many approved comments content has; null where WordPress does not say. */
  commentCount(contentId: number): Promise<number | null>;
  /** What an address shows, as far as it is known. */
  address(key: string): AddressRecord | undefined;
  putAddress(key: string, address: AddressRecord): void;
  /** A page of the site, as a visitor sees it. */
  readPage(method: 'GET' | 'HEAD', target: string): Promise<PageAnswer>;
  /** The object of a route that is no list. */
  object: LoadObject;
  /** A REST route that is not a resource. */
  read: Read;
  /** Forgets all that this request has read: something was written. */
  forget(): void;
}

/** Reads a page of the site. */
export type ReadPage = (method: 'GET' | 'HEAD', target: string) => Promise<PageAnswer>;

/** What loaders are made of. */
export interface LoadersParts {
  readonly read: Read;
  readonly readPage: ReadPage;
  readonly readRows: ReadRowsById;
  /** Whose loaders they are; nobody's in particular without. */
  readonly viewer?: Viewer;
  readonly shared: readonly Cache[];
  readonly waveMs: number;
  readonly trace: Trace;
}

/** Loaders of one request. With a viewer they ask for what needs rights; whoever makes them sees to what is shared. */
export function createLoaders({
  read,
  readPage,
  readRows: rowsById,
  shared,
  waveMs,
  trace,
  viewer,
}: LoadersParts): Loaders {
  const own = createRequestCache();
  const wave = createWave(waveMs);
  const entityLoaders = new Map<string, EntityLoader>();
  const slugLoaders = new Map<string, DataLoader<SlugKey, readonly Entity[]>>();
  const listCalls = new Map<string, { readonly fields: readonly FieldPath[]; readonly call: Promise<FoundList> }>();

  function loaderOf(resource: Resource): EntityLoader {
    const known = entityLoaders.get(resource.name);
    if (known) return known;
    const loader = createEntityLoader(resource, { readRows: rowsById, wave, own, shared, trace });
    entityLoaders.set(resource.name, loader);
    return loader;
  }

  const load: Loaders['load'] = async (resource, id, fields) => {
    // Ids of what REST has no list of are negative.
    if (id <= 0) return null;
    trace.tags.add(entityTag(resource, id));
    useCounts(trace, resource, fields, [{ id }]);
    return loaderOf(resource).load(id, viewer ? fields : withoutEditFields(resource, fields));
  };

  function knownList(key: string): ListRecord | undefined {
    for (const cache of [own, ...shared]) {
      const list = cache.list(key);
      if (!list) continue;
      trace.hits += 1;
      limitFreshness(trace, list.freshUntil);
      return list.value;
    }
    trace.misses += 1;
    return undefined;
  }

  function putList(key: string, list: ListRecord): void {
    for (const cache of [own, ...shared]) limitFreshness(trace, cache.putList(key, list));
  }

  async function loadAll(resource: Resource, ids: readonly number[], fields: readonly FieldPath[]): Promise<Entity[]> {
    return present(await Promise.all(ids.map((id) => loaderOf(resource).load(id, fields))));
  }

  async function fetchList(
    resource: Resource,
    key: string,
    query: Query,
    fields: readonly FieldPath[],
  ): Promise<FoundList> {
    const asked = toMinimalFields(['id', ...fields]);
    const { body, bytes, total } = await read(resource.route, { ...query, _fields: asked });
    const rows = toRows(body, resource.route);
    const entities = loaderOf(resource).absorb(rows, asked, bytes);
    if (rows.length > 0 && entities.length === 0) {
      throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${resource.route}: no row has an id`);
    }
    putList(key, { ids: entities.map(({ id }) => id), total });
    return { entities, total, asked: rows.length };
  }

  const list: Loaders['list'] = async (resource, query, fields, decisive = { reads: fields }) => {
    trace.tags.add(listTag(resource));
    const found = await loadList(resource, query, fields);
    useList(trace, toRowsUse(resource, query, found.entities, found.asked, decisive));
    useCounts(trace, resource, fields, found.entities);
    return found;
  };

  async function loadList(resource: Resource, query: Query, given: readonly FieldPath[]): Promise<FoundList> {
    const fields = withoutEditFields(resource, given);
    if (!viewer || fields === given) return shownList(resource, query, fields);
    const { entities, total, asked } = await shownList(resource, query, fields);
    const ids = entities.map(({ id }) => id);
    return { entities: await loadAll(resource, ids, given), total, asked };
  }

  async function shownList(resource: Resource, query: Query, fields: readonly FieldPath[]): Promise<FoundList> {
    const key = keyOf(resource.route, query);
    const known = knownList(key);
    if (known) {
      return { entities: await loadAll(resource, known.ids, fields), total: known.total, asked: known.ids.length };
    }
    const running = listCalls.get(key);
    if (running && fields.every((path) => running.fields.includes(path))) return running.call;
    const call = wave.track(fetchList(resource, key, query, fields));
    listCalls.set(key, { fields, call });
    return call;
  }

  /** Slugs that are known go by id; the others are asked for in one request. */
  async function loadSlugs(resource: Resource, keys: readonly SlugKey[]): Promise<(readonly Entity[])[]> {
    const slugs = [...new Set(keys.map(({ slug }) => slug))].sort();
    const fields = toMinimalFields(['slug', ...keys.flatMap((key) => key.fields)]);
    const keyOfSlug = (slug: string) => keyOf(resource.route, { slug });
    const unknown = slugs.filter((slug) => !knownList(keyOfSlug(slug)));
    if (unknown.length > 0) {
      const query = { slug: unknown, per_page: maxPerPage };
      const status = viewer ? hiddenStatus(viewer, resource) : {};
      const { entities } = await loadList(resource, { ...query, ...status }, fields).catch((error: unknown) => {
        if (Object.keys(status).length === 0 || !isNotAllowed(error)) throw error;
        return loadList(resource, query, fields);
      });
      for (const slug of unknown) {
        const ids = entities.filter(({ data }) => toSlug(String(data['slug'] ?? '')) === slug).map(({ id }) => id);
        putList(keyOfSlug(slug), { ids, total: ids.length });
      }
    }
    return Promise.all(
      keys.map(async ({ slug }) => {
        const ids = knownList(keyOfSlug(slug))?.ids ?? [];
        // What a slug shows changes with the entity itself; what shows nothing, with any that appears.
        if (ids.length === 0) useList(trace, { tag: listTag(resource), query: { slug } });
        return present(await Promise.all(ids.map((id) => load(resource, id, fields))));
      }),
    );
  }

  async function count(resource: ListedResource, query: Query): Promise<ListRecord> {
    const { route } = resource;
    const key = keyOf(route, query);
    useList(trace, toCountUse(resource, query));
    const known = knownList(key);
    if (known) return known;
    const { body, total } = await read(route, query);
    const counted = { ids: toRows(body, route).map((row) => Number(row['id'])), total };
    putList(key, counted);
    return counted;
  }

  const readRows: ReadRows = async (route, query) => {
    const { body, total } = await read(route, query);
    return { rows: toRows(body, route), total };
  };
  const commentsKey = (contentId: number) => keyOf(commentLists.route, { post: contentId });
  const commentCounts = createCommentCounts({
    readRows,
    count: (query) => count(commentLists, query),
    knownTotal: (contentId) => knownList(commentsKey(contentId))?.total,
    putTotal: (contentId, total) => putList(commentsKey(contentId), { ids: [], total }),
    schedule: wave.schedule,
  });
  return {
    object: createObjectLoader(read, [own, ...shared], trace),
    read,
    // Entities that several addresses show are loaded together.
    readPage: (method, target) => wave.track(readPage(method, target)),
    address(key) {
      trace.tags.add(uriTag(key));
      for (const cache of [own, ...shared]) {
        const known = cache.address(key);
        if (!known) continue;
        limitFreshness(trace, known.freshUntil);
        return known.value;
      }
      return undefined;
    },
    putAddress(key, address) {
      for (const cache of [own, ...shared]) limitFreshness(trace, cache.putAddress(key, address));
    },
    list,
    load,
    watch: (resource, query) => useList(trace, { tag: listTag(resource), ...(query && { query }) }),
    watchCount: (resource, filters) => useList(trace, toCountUse(resource, filters)),
    show(entities) {
      for (const { resource, id } of entities) trace.tags.add(entityTag(resource, id));
    },
    siblingPage: createSiblingPages({ list, load, schedule: wave.schedule }),
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
    forget() {
      own.clear();
      listCalls.clear();
    },
    commentCount(contentId) {
      useList(trace, toCountUse(commentLists, { post: contentId }));
      return commentCounts.load(contentId);
    },
  };
}

/** A list, and how many rows WordPress gave, those included that are no entities. */
interface FoundList extends List {
  readonly asked: number;
}

/** What counting needs to know of a resource. */
export type ListedResource = Pick<Resource, 'route' | 'typeName'>;

interface SlugKey {
  readonly slug: string;
  readonly fields: readonly FieldPath[];
}

function present(entities: readonly (Entity | null)[]): Entity[] {
  return entities.filter((entity) => entity !== null);
}

/** Slugs are up to 200 characters long, and some hosts cut addresses at 8 KB. */
const slugsPerRequest = 25;
