// Owns search over all types of content at once, in the order of WordPress's own search.

import { isRestObject } from '../cache/fields-record.ts';
import { maxPerPage, type Resource, type Resources } from '../wordpress/resources.ts';
import type { Entity } from './entity.ts';
import { toRows } from './entity-loader.ts';
import type { PageSpec, Window } from './list-spec.ts';
import type { Loaders } from './loaders.ts';
import type { FieldsOf } from './lookup.ts';

const route = 'wp/v2/search';

/** What is searched for. */
export interface SearchSpec {
  readonly text: string;
  /** Names of the types of content to look through; none for all. */
  readonly types: readonly string[];
  /** Most results that are read to find a cursor among them. */
  readonly scanLimit: number;
}

interface Hit {
  readonly resource: Resource;
  readonly id: number;
}

/** Loads a page of the results of a search (`WP_REST_Search_Controller`, WordPress 5.0). */
export async function loadSearchWindow(
  loaders: Loaders,
  resources: Resources,
  search: SearchSpec,
  page: PageSpec,
  fieldsOf: FieldsOf,
): Promise<Window> {
  const isPlain = page.direction === 'forward' && page.after === undefined && page.before === undefined;
  const offset = page.offset ?? 0;
  const wanted = offset + page.size + 1;
  const isOneRequest = isPlain && wanted <= maxPerPage;
  const { hits, total } = await readHits(loaders, resources, search, isOneRequest ? wanted : search.scanLimit);
  const at = (id: number | undefined) => (id === undefined ? -1 : hits.findIndex((hit) => hit.id === id));
  const [afterAt, beforeAt] = [at(page.after), at(page.before)];
  const from = afterAt === -1 ? offset : afterAt + 1;
  const to = beforeAt === -1 ? hits.length : beforeAt;
  const [start, end] =
    page.direction === 'forward' ? [from, Math.min(to, from + page.size)] : [Math.max(from, to - page.size), to];
  const load = ({ resource, id }: Hit): Promise<Entity | null> => loaders.load(resource, id, fieldsOf(resource));
  const shown = await Promise.all(hits.slice(start, end).map(load));
  return {
    entities: shown.filter((entity) => entity !== null),
    hasMore: page.direction === 'forward' ? end < to : start > from,
    foundAfter: afterAt !== -1,
    foundBefore: beforeAt !== -1,
    total,
  };
}

/** The first results, at most `limit`. */
async function readHits(loaders: Loaders, resources: Resources, { text, types }: SearchSpec, limit: number) {
  const perPage = Math.min(maxPerPage, limit);
  // Each type of content is searched.
  for (const resource of resources.values()) {
    if (resource.kind === 'content' && (types.length === 0 || types.includes(resource.name)))
      loaders.watch(resource, { search: text });
  }
  const hits: Hit[] = [];
  let total: number | null = null;
  for (let page = 1; hits.length < limit; page += 1) {
    const query = { search: text, type: 'post', subtype: types.length > 0 ? types : 'any', per_page: perPage, page };
    const answer = await loaders.read(route, { ...query, _fields: ['id', 'subtype'] });
    const rows = toRows(answer.body, route);
    total ??= answer.total;
    for (const row of rows) {
      const resource = isRestObject(row) ? resources.get(String(row['subtype'])) : undefined;
      const id = Number(row['id']);
      if (resource && Number.isSafeInteger(id)) hits.push({ resource, id });
    }
    // A page beyond the last is an error there, not an empty list.
    if (rows.length < perPage || (answer.total !== null && page * perPage >= answer.total)) break;
  }
  return { hits, total };
}
