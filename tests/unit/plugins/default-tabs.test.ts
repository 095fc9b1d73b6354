// Owns the tests of the tabs that GraphiQL opens with: each fits the schema of any site, and one is the site's own.

import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printDefaultTabs } from '../../../src/plugins/default-tabs.ts';
import { buildSchema } from '../../../src/schema/build.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';
import { standInSchema } from '../../support/stand-in.ts';

const namesOf = (tabs: readonly { readonly query: string }[]) =>
  tabs.map(({ query }) => /query (\w+)/.exec(query)?.[1]);

describe('the tabs of GraphiQL', () => {
  it('are of posts, an address, menus, SEO and the first type that the site adds', () => {
    const schema = buildSchema(bookSite, bookResources);
    const tabs = printDefaultTabs(schema, false);
    expect(namesOf(tabs)).toEqual(['LatestPosts', 'PageByAddress', 'Menus', 'Seo', 'Books']);
    for (const { query } of tabs) expect(validate(schema, parse(query))).toEqual([]);
    expect(tabs.at(-1)?.query).toBe(
      'query Books {\n  books(first: 5) {\n    nodes {\n      title\n      date\n      uri\n      excerpt\n    }\n  }\n}\n',
    );
  });

  it('are four on a site that adds nothing', () => {
    const tabs = printDefaultTabs(buildSchema(bookSite, coreResources), false);
    expect(namesOf(tabs)).toEqual(['LatestPosts', 'PageByAddress', 'Menus', 'Seo']);
  });

  it('do not name what the site adds where the schema is closed', () => {
    const tabs = printDefaultTabs(buildSchema(bookSite, bookResources), true);
    expect(namesOf(tabs)).toEqual(['LatestPosts', 'PageByAddress', 'Menus', 'Seo']);
  });

  it('leave out what a schema does not have', () => {
    expect(namesOf(printDefaultTabs(standInSchema, false))).toEqual(['LatestPosts']);
  });
});
