// Owns the check that the first query people see in GraphiQL fits the schema of any site.

import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { defaultQuery } from '../../src/plugins/use-graphiql.ts';
import { buildSchema } from '../../src/schema/build.ts';

it('fits the schema', () => {
  const schema = buildSchema({
    root: { origin: 'https://example.org', path: '/wp-json/', style: 'path' },
    name: null,
    description: null,
    url: null,
    home: 'https://example.org',
    timezone: null,
    gmtOffset: null,
    namespaces: ['wp/v2'],
    showOnFront: null,
    pageOnFront: null,
    pageForPosts: null,
    siteIconId: null,
    siteIconUrl: null,
  });
  expect(validate(schema, parse(defaultQuery))).toEqual([]);
});
