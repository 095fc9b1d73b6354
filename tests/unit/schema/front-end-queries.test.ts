// Queries that front ends for WPGraphQL send are valid here: those it was recorded with, and many in the manner of starters.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, buildSchema as parseSchema, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/schema/build.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';
import { frontEndQueries } from '../../support/front-end-queries.ts';

const data = join(import.meta.dirname, '../../data');
const reference = parseSchema(readFileSync(join(data, 'wpgraphql.graphql'), 'utf8'));
const schema = buildSchema(bookSite, bookResources);

const recorded = readdirSync(join(data, 'answers/queries')).map((file): [string, string] => {
  const { query } = JSON.parse(readFileSync(join(data, 'answers/queries', file), 'utf8'));
  return [file.replace('.json', ''), query];
});

describe('recorded queries', () => {
  it.each(recorded)('%s', (_, query) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });
});

describe('queries of front ends', () => {
  it('are many', () => {
    expect(frontEndQueries.length).toBeGreaterThanOrEqual(60);
  });

  it.each(frontEndQueries)('%s', (_, query) => {
    expect(validate(reference, parse(query)), 'in WPGraphQL').toEqual([]);
    expect(validate(schema, parse(query)), 'here').toEqual([]);
  });
});
