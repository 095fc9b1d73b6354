// Owns a client over recorded answers to discovery: types, taxonomies, schemas and a few rows, with the requests it got.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpstreamError } from '../../src/errors.ts';
import type { DiscoveryClient } from '../../src/wordpress/discovery.ts';
import type { RestRequest } from '../../src/wordpress/rest.ts';
import { printQuery } from '../../src/wordpress/url.ts';

/** What a site answers. A missing route is 404; an error is thrown. */
export interface DiscoveryAnswers {
  readonly types?: unknown;
  readonly taxonomies?: unknown;
  /** Answers to OPTIONS, by route. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  /** Rows by the last part of the route. */
  readonly rows?: Readonly<Record<string, unknown>>;
}

/** A client, and what it was asked: `OPTIONS wp/v2/books?_fields=schema.properties`. */
export interface RecordedClient extends DiscoveryClient {
  readonly asked: string[];
}

/** What was recorded of a real site: `a` is WordPress 6.1, `b` 7.1, `c` 7.1 with plain permalinks. */
export function readDiscoveryAnswers(name: 'a' | 'b' | 'c'): DiscoveryAnswers {
  return JSON.parse(readFileSync(join(import.meta.dirname, `../data/discovery/${name}.json`), 'utf8'));
}

/** A client that answers so. */
export function createDiscoveryClient(answers: DiscoveryAnswers): RecordedClient {
  const asked: string[] = [];
  const find = ({ method, route }: RestRequest): unknown => {
    if (route === 'wp/v2/types') return answers.types;
    if (route === 'wp/v2/taxonomies') return answers.taxonomies;
    return method === 'OPTIONS' ? answers.schemas?.[route] : answers.rows?.[route.split('/').at(-1) ?? ''];
  };
  return {
    asked,
    async request(request) {
      const { method = 'GET', route, query = {} } = request;
      asked.push(`${method} ${route}${Object.keys(query).length > 0 ? `?${printQuery(query)}` : ''}`);
      const body = find(request);
      if (body instanceof Error) throw body;
      if (body === undefined) {
        throw new UpstreamError('UPSTREAM_NOT_FOUND', `${method} /${route}: 404 rest_no_route`, { status: 404 });
      }
      return { status: 200, body, total: null, bytes: 1, cacheable: true };
    },
  };
}
