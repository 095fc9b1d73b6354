// Owns reading of objects that are no rows of a list, such as the settings: cached by field like entities.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import { type FieldPath, toMinimalFields } from '../planner/fields.ts';
import type { Keep } from './keeper.ts';
import { keyOf, type Query, type Read } from './reader.ts';
import { routeTag } from './tags.ts';

/** Reads the object of a route with at least these fields. */
export type LoadObject = (route: string, fields: readonly FieldPath[], query?: Query) => Promise<RestObject>;

/** Whose times such objects have. */
const kind = 'settings';

/** A reader of objects. */
export function createObjectLoader(read: Read, keep: Keep): LoadObject {
  return (route, fields, query = {}) => {
    const asked = toMinimalFields(fields);
    const key = `object:${keyOf(route, query)}`;
    return keep({ key, kind, tags: [routeTag(route)], fields: asked }, async () => {
      const { body, bytes } = await read(route, { ...query, _fields: asked });
      if (!isRestObject(body)) throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `GET /${route}: not an object`);
      return { data: body, bytes };
    });
  };
}
