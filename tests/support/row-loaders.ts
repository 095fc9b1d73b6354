// Owns loaders over rows in memory, which filter, sort and page as REST does and put ties into any order, as databases do.

import { createMemoryCache } from '../../src/cache/memory-cache.ts';
import { createSingleFlight } from '../../src/cache/single-flight.ts';
import { UpstreamError, type UpstreamErrorCode } from '../../src/errors.ts';
import { createAskMany } from '../../src/loaders/ask-many.ts';
import { createSharedLoaders } from '../../src/loaders/loader-sets.ts';
import type { Loaders } from '../../src/loaders/loaders.ts';
import { createClosedRoutes } from '../../src/loaders/reader.ts';
import { createTrace } from '../../src/loaders/trace.ts';
import { coreResources, type Resource } from '../../src/wordpress/resources.ts';
import type { RestRequest, RestResponse, WordPressClient } from '../../src/wordpress/rest.ts';

/** A page as REST shows it. */
export interface Row {
  readonly id: number;
  readonly parent: number;
  readonly date: string;
  readonly menu_order: number;
  /** Counted by WordPress, and not shown. */
  readonly isHidden: boolean;
}

/** The loaders, and the requests that they send. */
export interface RowLoaders {
  readonly loaders: Loaders;
  readonly requests: RestRequest[];
}

/** What WordPress says to a request for some parents, where it does not answer. */
export type FailureOf = (parents: readonly number[]) => UpstreamErrorCode | null;

/** Opens loaders whose cache keeps nothing; `tellsTotals`: not where a host strips them. */
export function openRowLoaders(
  rows: readonly Row[],
  seed: number,
  failureOf: FailureOf = () => null,
  tellsTotals = true,
): RowLoaders {
  const requests: RestRequest[] = [];
  let random = seed;
  const chance = () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return random;
  };
  const answer = (request: RestRequest): RestResponse => {
    const { query = {} } = request;
    requests.push(request);
    const idsOf = (name: string) => [query[name] ?? []].flat().map(Number);
    const failure = failureOf(idsOf('parent'));
    if (failure) throw new UpstreamError(failure, 'these parents');
    const text = (name: string) => String(query[name]);
    const key = text('orderby') === 'menu_order' ? 'menu_order' : text('orderby') === 'id' ? 'id' : 'date';
    const sign = query['order'] === 'asc' ? 1 : -1;
    const found = rows
      .filter(({ id, parent, date }) => {
        const isWanted = (name: string, value: number) => query[name] === undefined || idsOf(name).includes(value);
        return (
          isWanted('parent', parent) &&
          isWanted('include', id) &&
          !idsOf('exclude').includes(id) &&
          (query['before'] === undefined || date < text('before')) &&
          (query['after'] === undefined || date > text('after'))
        );
      })
      .map((row) => ({ row, at: chance() }))
      .sort((a, b) => (a.row[key] === b.row[key] ? a.at - b.at : a.row[key] < b.row[key] ? -sign : sign))
      .map(({ row }) => row);
    const offset = Number(query['offset'] ?? 0);
    const body = found.slice(offset, offset + Number(query['per_page'])).filter(({ isHidden }) => !isHidden);
    return { status: 200, body, total: tellsTotals ? found.length : null, bytes: 1, cacheable: true };
  };
  const client: WordPressClient = {
    request: async (request) => answer(request),
    readPage: () => Promise.reject(new Error('no pages here')),
    sendForm: () => Promise.reject(new Error('no pages here')),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const reads = { client, flight: createSingleFlight<RestResponse>(), closed: createClosedRoutes({ seconds: 60 }) };
  const cache = createMemoryCache({ maxBytes: 1, freshSeconds: 0, negativeSeconds: 0 });
  return {
    requests,
    loaders: createSharedLoaders({ reads, askManyOf: createAskMany(), cache, waveMs: 1000 }, createTrace()),
  };
}

/** The resource of the rows. */
export function rowResource(): Resource {
  const pages = coreResources.get('page');
  if (!pages) throw new Error('there are no pages');
  return pages;
}
