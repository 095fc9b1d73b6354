// Owns what of entities a cache can tell without being asked for one: which of a type it keeps, whether there are none, and
// of which type one is.

import type { MemoryCache } from '../cache/memory-cache.ts';
import { entityKey, type Resource, type Resources } from '../wordpress/resources.ts';

/** Ids of the entities of a type that are kept as shown. */
export function* keptIdsOf(cache: MemoryCache, resource: Resource): Generator<number> {
  for (const [key, { data }] of cache.content().entities) {
    const id = Number(data?.['id']);
    if (id > 0 && key === entityKey(resource, id)) yield id;
  }
}

/** Whether it is kept, and used, that there are none of a type at all. */
export function isKeptEmpty(cache: MemoryCache, { route }: Resource): boolean {
  for (const [key, { value, times }] of cache.content().lists) {
    const isNone = value.ids.length === 0 && (value.total ?? 0) === 0 && times.staleUntil > cache.now();
    if (isNone && key.startsWith(`${route}?`) && isOfAll(key.slice(route.length + 1))) return true;
  }
  return false;
}

/** Whether the query of a list leaves nothing out, from its beginning. */
function isOfAll(query: string): boolean {
  return query.split('&').every((pair) => /^(?:_fields|order|orderby|per_page)=/.test(pair));
}

/** Name of the type of an entity that is kept as shown; those of one kind share their ids. */
export function typeOfKept(
  cache: MemoryCache,
  resources: Resources,
  kind: Resource['kind'],
  id: number,
): string | undefined {
  const own = [...resources.values()].filter((resource) => resource.kind === kind);
  return own.find((resource) => cache.entity(entityKey(resource, id))?.data)?.name;
}
