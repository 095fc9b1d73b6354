// Owns the one entity loader: it batches, dedupes, merges field sets and asks the caches before WordPress.

import DataLoader from 'dataloader';
import type { MaybePromise } from '../at-once.ts';
import { type FieldsRecord, isRestObject, type RestObject } from '../cache/fields-record.ts';
import type { Cache } from '../cache/memory-cache.ts';
import type { Times } from '../cache/times.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, isCovered, parentsOf, toMinimalFields } from '../planner/fields.ts';
import { inSpan } from '../tracing.ts';
import { entityKey, maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { AskMany } from './ask-many.ts';
import type { Entity } from './entity.ts';
import type { ReadRowsById } from './entity-rows.ts';
import type { Shared } from './shared-cache.ts';
import { isUsable, isUsableInOutage, meetOutage, useKnown } from './staleness.ts';
import { keptTags } from './tags.ts';
import { learn, type Trace } from './trace.ts';
import type { Wave } from './wave.ts';

/** Loads entities of one resource. */
export interface EntityLoader {
  /** The entity with at least these fields, at once where they are known; null if WordPress does not show it. */
  load(id: number, fields: readonly FieldPath[]): MaybePromise<Entity | null>;
  /** Takes in the rows of a list answer, and gives them back as entities in their order. */
  absorb(rows: readonly unknown[], fields: readonly FieldPath[], bytes: number): Entity[];
}

/** What a loader stands on. */
export interface EntityLoaderOptions {
  readonly readRows: ReadRowsById;
  readonly askMany: AskMany;
  readonly wave: Wave;
  /** The request's own cache. */
  readonly own: Cache;
  /** The cache that outlives the request; none for a viewer. */
  readonly shared: Shared | null;
  readonly trace: Trace;
}

const none: readonly FieldPath[] = [];

interface Key {
  readonly id: number;
  readonly fields: readonly FieldPath[];
}

interface Pending {
  readonly fields: ReadonlySet<FieldPath>;
  /** What came to nothing. */
  readonly failing: Promise<ReadonlyMap<number, Error>>;
}

/** A loader for one resource and one GraphQL request. */
export function createEntityLoader(
  resource: Resource,
  { readRows, askMany, wave, own, shared, trace }: EntityLoaderOptions,
): EntityLoader {
  // What was fresh then is so for the whole request: an adopted record may have fields that were not.
  const startedAt = shared?.cache.now() ?? 0;
  const pending = new Map<number, Pending>();
  const traceBatch = (keys: readonly Key[]) => {
    const attributes = { 'headgate.resource': resource.name, 'headgate.batch.size': keys.length };
    return inSpan({ name: `load ${resource.name}`, attributes }, () => loadBatch(keys));
  };
  const loader = new DataLoader<Key, Entity | null>(traceBatch, {
    cache: false,
    batchScheduleFn: wave.schedule,
  });

  /** Brings what the shared cache knows into the request's own one, and says which fields are still missing. */
  function pull(id: number, fields: readonly FieldPath[], key = entityKey(resource, id)): readonly FieldPath[] {
    const mine = own.entity(key);
    if (mine?.data === null) return none;
    const wanted = mine ? use(mine, fields, startedAt) : fields;
    const found = wanted.length > 0 ? shared?.cache.entity(key) : undefined;
    if (!found || !shared) return wanted;
    const now = shared.cache.now();
    if (found.data === null) {
      if (mine || use(found, ['id'], now).length > 0) return wanted;
      own.adoptEntity(key, found);
      return none;
    }
    const missing = use(found, wanted, now);
    const usable = missing.length === 0 ? wanted : wanted.filter((path) => !missing.includes(path));
    // Nearly always the whole is there, and nothing has to be copied.
    if (!own.entity(key) && missing.length === 0) own.adoptEntity(key, found);
    else if (usable.length > 0) putOwn(id, usable, found.data);
    return missing;
  }

  /** Takes what a record has of some fields, if that is usable at a moment; the rest is given back. */
  function use(record: FieldsRecord, fields: readonly FieldPath[], moment: number): readonly FieldPath[] {
    let missing: FieldPath[] | undefined;
    for (const path of fields) {
      const times = timesOf(record, path);
      if (times && isUsable(times, trace, moment)) useKnown(trace, times, moment);
      else {
        missing ??= [];
        missing.push(path);
      }
    }
    return missing ?? none;
  }

  /** Brings in what was known before WordPress failed, where that is all that is asked for. */
  function pullOld(id: number, fields: Iterable<FieldPath>): boolean {
    const key = entityKey(resource, id);
    const found = shared?.cache.entity(key);
    if (!shared || !found) return false;
    const now = shared.cache.now();
    const paths = found.data ? [...fields] : ['id'];
    const known = paths.flatMap((path) => timesOf(found, path) ?? []);
    if (known.length < paths.length || !known.every((times) => isUsableInOutage(times, trace, now))) return false;
    for (const times of known) useKnown(trace, times, now);
    if (found.data) putOwn(id, paths, found.data);
    else own.adoptEntity(key, found);
    return true;
  }

  function putOwn(id: number, fields: readonly FieldPath[], data: RestObject): void {
    own.putEntity(entityKey(resource, id), { kind: resource.name, tags: none, since: 0, fields, data, bytes: 0 });
  }

  function known(id: number, key = entityKey(resource, id)): Entity | null | undefined {
    const record = own.entity(key);
    if (!record) return undefined;
    return record.data ? { resource, id, data: record.data } : null;
  }

  function put(id: number, fields: readonly FieldPath[], data: RestObject | null, bytes: number): void {
    const key = entityKey(resource, id);
    const said = { kind: resource.name, tags: keptTags(resource, id), fields, data, bytes };
    own.putEntity(key, { ...said, since: 0 });
    if (shared) learn(trace, shared.cache.putEntity(key, { ...said, since: shared.since }));
  }

  function store(rows: readonly RestObject[], fields: readonly FieldPath[], bytes: number): number[] {
    const ids: number[] = [];
    for (const row of rows) {
      const id = Number(row['id']);
      if (!Number.isSafeInteger(id) || id <= 0) continue;
      ids.push(id);
      put(id, fields, row, Math.ceil(bytes / rows.length));
    }
    return ids;
  }

  /** Fetches ids at once; why some are missing in the answer, or null. */
  async function fetchPart(ids: readonly number[], fields: readonly FieldPath[]): Promise<Error | null> {
    const { body, bytes, isPartial } = await readRows(resource, ids, fields);
    const asked = new Set(ids);
    const { rows, fault } = takeRows(body, resource.route);
    const own = rows.filter((row) => asked.has(Number(row['id'])));
    const found = new Set(store(own, fields, bytes));
    if (fault) return fault;
    if (isPartial || own.length < rows.length) {
      return new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${resource.route}: an object that was not asked for`);
    }
    for (const id of ids) if (!found.has(id)) put(id, ['id'], null, 0);
    return null;
  }

  async function loadBatch(keys: readonly Key[]): Promise<(Entity | null | Error)[]> {
    const wanted = new Map<number, Set<FieldPath>>();
    for (const { id, fields } of keys) {
      const set = wanted.get(id) ?? new Set(['id']);
      for (const field of fields) set.add(field);
      wanted.set(id, set);
    }
    const unknown = [...wanted].filter(([id, fields]) => pull(id, [...fields]).length > 0);
    if (unknown.length > 0 && shared?.cache.reach) {
      await shared.cache.reach(
        'entity',
        unknown.map(([id]) => entityKey(resource, id)),
      );
    }
    const ids: number[] = [];
    const union = new Set<FieldPath>(['id']);
    const others = new Map<number, Pending['failing']>();
    for (const [id, fields] of unknown) {
      const flight = pending.get(id);
      const missing = pull(id, [...fields]).filter((path) => !flight || !isCovered(path, (p) => flight.fields.has(p)));
      if (flight) others.set(id, flight.failing);
      if (missing.length === 0) continue;
      ids.push(id);
      for (const path of missing) union.add(path);
    }
    const failures = await fetchAll(ids, toMinimalFields(union));
    for (const [id, failing] of others) {
      const error = (await failing).get(id);
      if (error) failures.set(id, error);
    }
    for (const [id, error] of failures) {
      if (meetOutage(trace, error) && pullOld(id, wanted.get(id) ?? none)) failures.delete(id);
    }
    return keys.map(({ id }) => failures.get(id) ?? known(id) ?? null);
  }

  /** Fetches ids in chunks. */
  async function fetchAll(ids: readonly number[], fields: readonly FieldPath[]): Promise<Map<number, Error>> {
    const chunks: number[][] = [];
    for (let start = 0; start < ids.length; start += maxPerPage) chunks.push(ids.slice(start, start + maxPerPage));
    const failures = await Promise.all(chunks.map((chunk) => fetchChunk(chunk, fields)));
    return new Map(failures.flatMap((failed) => [...failed]));
  }

  async function fetchChunk(ids: readonly number[], fields: readonly FieldPath[]): Promise<Map<number, Error>> {
    const failing = askMany(resource.name, ids, (part) => fetchPart(part, fields)).then(
      // What came all the same is no failure.
      (failures) => new Map([...failures].filter(([id]) => pull(id, fields).length > 0)),
    );
    const flight: Pending = { fields: new Set(fields), failing };
    for (const id of ids) pending.set(id, flight);
    const failures = await failing;
    for (const id of ids) if (pending.get(id) === flight) pending.delete(id);
    return failures;
  }

  return {
    load(id, fields) {
      const key = entityKey(resource, id);
      const entity = pull(id, fields, key).length === 0 ? known(id, key) : undefined;
      if (entity === undefined) trace.misses += 1;
      else trace.hits += 1;
      return entity === undefined ? loader.load({ id, fields }) : entity;
    },
    absorb(rows, fields, bytes) {
      const ids = store(rows.filter(isRestObject), fields, bytes);
      return ids.flatMap((id) => known(id) ?? []);
    },
  };
}

/** Until when a field may be used: by itself, or as a part of what it stands in. */
export function timesOf({ fields }: FieldsRecord, path: FieldPath): Times | undefined {
  let times = fields.get(path)?.times;
  if (path.includes('.')) {
    for (const parent of parentsOf(path)) {
      const known = fields.get(parent)?.times;
      if (known && (!times || known.freshUntil > times.freshUntil)) times = known;
    }
  }
  return times;
}

/** Rows of a collection's answer. */
export interface TakenRows {
  readonly rows: readonly RestObject[];
  /** Why these are not all: a plugin left nothing of a row. */
  readonly fault: UpstreamError | null;
}

/** What can be used of a collection's answer. */
export function takeRows(body: unknown, route: string): TakenRows {
  if (!Array.isArray(body)) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not a list`);
  const rows = body.filter(isRestObject);
  const isWhole = rows.length === body.length;
  const fault = isWhole ? null : new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: a row that is no object`);
  return { rows, fault };
}

/** The rows of a collection's answer, which is of no use without all of them. */
export function toRows(body: unknown, route: string): readonly RestObject[] {
  const { rows, fault } = takeRows(body, route);
  if (fault) throw fault;
  return rows;
}
