// Owns reading of objects that are no rows of a list, such as the settings: cached by field like entities.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import type { Cache } from '../cache/memory-cache.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import { freshUntilOf } from './entity-loader.ts';
import { keyOf, type Query, type Read } from './reader.ts';
import { routeTag } from './tags.ts';
import { limitFreshness, type Trace } from './trace.ts';

/** Reads the object of a route with at least these fields. */
export type LoadObject = (route: string, fields: readonly FieldPath[], query?: Query) => Promise<RestObject>;

/** A reader of objects; `caches` from the nearest. */
export function createObjectLoader(read: Read, caches: readonly Cache[], trace: Trace): LoadObject {
  return async (route, fields, query = {}) => {
    const key = `object:${keyOf(route, query)}`;
    trace.tags.add(routeTag(route));
    for (const cache of caches) {
      const record = cache.entity(key);
      if (!record?.data) continue;
      const freshUntil = Math.min(...fields.map((path) => freshUntilOf(record, path)));
      if (freshUntil <= cache.now()) continue;
      limitFreshness(trace, freshUntil);
      return record.data;
    }
    const asked = toMinimalFields(fields);
    const { body, bytes } = await read(route, { ...query, _fields: asked });
    if (!isRestObject(body)) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not an object`);
    for (const cache of caches) limitFreshness(trace, cache.putEntity(key, asked, body, bytes));
    return body;
  };
}
