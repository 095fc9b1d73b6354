// Owns search over all types of content at once, in the order of WordPress's own search.

import { isRestObject } from '../cache/fields-record.ts';
import { LimitError } from '../errors.ts';
import { findByOwnName, maxPerPage, ownName, type Resource, type Resources } from '../wordpress/resources.ts';
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

/** What a search reads through. */
export type SearchLoaders = Pick<Loaders, 'read' | 'load' | 'watch'>;

interface Hit {
  readonly resource: Resource;
  readonly id: number;
}

/** Loads a page of the results of a search (`WP_REST_Search_Controller`, WordPress 5.0). */
export async function loadSearchWindow(
  loaders: SearchLoaders,
  resources: Resources,
  search: SearchSpec,
  page: PageSpec,
  fieldsOf: FieldsOf,
): Promise<Window> {
  const { size, after, before, offset = 0 } = page;
  const isForward = page.direction === 'forward';
  const placeIn = (hits: readonly Hit[], id: number | undefined) =>
    id === undefined ? -1 : hits.findIndex((hit) => hit.id === id);
  /** Whether these first results tell the page, and whether another follows. */
  const isEnough = (hits: readonly Hit[]) => {
    const afterAt = placeIn(hits, after);
    if (after !== undefined && afterAt === -1) return false;
    if (before !== undefined) return placeIn(hits, before) !== -1;
    return isForward && hits.length > Math.max(offset, afterAt + 1) + size;
  };
  const wanted = offset + size + 1;
  const isPlain = isForward && after === undefined && before === undefined && wanted <= maxPerPage;
  const { hits, total } = await readHits(loaders, resources, search, isPlain ? wanted : maxPerPage, isEnough);
  const [afterAt, beforeAt] = [placeIn(hits, after), placeIn(hits, before)];
  const from = afterAt === -1 ? offset : afterAt + 1;
  const to = beforeAt === -1 ? hits.length : beforeAt;
  const [start, end] = isForward ? [from, Math.min(to, from + size)] : [Math.max(from, to - size), to];
  const load = ({ resource, id }: Hit) => loaders.load(resource, id, fieldsOf(resource));
  const shown = await Promise.all(hits.slice(start, end).map(load));
  return {
    entities: shown.filter((entity) => entity !== null),
    hasMore: isForward ? end < to : start > from,
    foundAfter: afterAt !== -1,
    foundBefore: beforeAt !== -1,
    total,
  };
}

/** The first results, until there are enough of them or no more. */
async function readHits(
  loaders: SearchLoaders,
  resources: Resources,
  { text, types, scanLimit }: SearchSpec,
  perPage: number,
  isEnough: (hits: readonly Hit[]) => boolean,
) {
  // Each type of content is searched.
  for (const resource of resources.values()) {
    if (resource.kind === 'content' && (types.length === 0 || types.includes(resource.name)))
      loaders.watch(resource, { search: text });
  }
  const hits: Hit[] = [];
  let total: number | null = null;
  for (let page = 1; !isEnough(hits); page += 1) {
    if ((page - 1) * perPage >= scanLimit) throw searchLimitError(scanLimit, total);
    const subtype = types.length > 0 ? types.map(ownName) : 'any';
    const query = { search: text, type: 'post', subtype, per_page: perPage, page };
    const answer = await loaders.read(route, { ...query, _fields: ['id', 'subtype'] });
    const rows = toRows(answer.body, route);
    total ??= answer.total;
    for (const row of rows) {
      const resource = isRestObject(row) ? findByOwnName(resources, 'content', String(row['subtype'])) : undefined;
      const id = Number(row['id']);
      if (resource && Number.isSafeInteger(id)) hits.push({ resource, id });
    }
    // A page beyond the last is an error there, not an empty list.
    if (rows.length < perPage || (answer.total !== null && page * perPage >= answer.total)) break;
  }
  return { hits, total };
}

function searchLimitError(scanLimit: number, total: number | null): LimitError {
  return new LimitError(
    `WordPress cannot begin a page of search results after a cursor, and the gateway reads at most ${scanLimit} of them` +
      ` to find it (there are ${total ?? 'more'}). Search for something rarer.`,
    { name: 'scan', max: scanLimit },
  );
}
