// Owns which objects a site has shown: one that is missing where it was before may be in another answer.

import { createBoundedMap } from '../bounded-map.ts';
import type { RestRequest } from './rest.ts';

/** Objects that a site has shown. */
export interface ShownRows {
  /** Those that were asked for by their ids and are missing in an answer, though they were shown before. */
  missing(asked: AskedRows, body: unknown): readonly string[];
  /** Remembers what an answer shows, and forgets what it was asked for and does not show. */
  note(asked: AskedRows, body: unknown): void;
}

type AskedRows = Pick<RestRequest, 'route' | 'query'>;

const maxBytes = 1024 * 1024;
const row = {};

/** A memory of some thousands of objects. */
export function createShownRows(): ShownRows {
  const shown = createBoundedMap({ maxBytes, bytesOf: () => 0 });

  function missing({ route, query = {} }: AskedRows, body: unknown): string[] {
    const given = new Set(idsOf(body));
    const included = query['include'] === undefined ? [] : [query['include']].flat();
    return included.map(String).filter((id) => !given.has(id) && shown.get(`${route}/${id}`));
  }

  return {
    missing,
    note(asked, body) {
      for (const id of missing(asked, body)) shown.delete(`${asked.route}/${id}`);
      for (const id of idsOf(body)) shown.set(`${asked.route}/${id}`, row);
    },
  };
}

/** The ids of the objects of a list. */
export function idsOf(body: unknown): string[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((entry) => {
    const id: unknown = entry?.id;
    return typeof id === 'number' || typeof id === 'string' ? [String(id)] : [];
  });
}
