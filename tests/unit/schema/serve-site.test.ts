// A site may call its types as it likes: the schema is valid all the same, and keeps what the core has.

import { isObjectType, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema, declareSchema } from '../../../src/schema/build.ts';
import { collectNames } from '../../../src/schema/collect-names.ts';
import { serveSite } from '../../../src/schema/serve-site.ts';
import { discover } from '../../../src/wordpress/discovery.ts';
import type { Site } from '../../../src/wordpress/rest.ts';
import { createDiscoveryClient, readDiscoveryAnswers } from '../../support/discovery-client.ts';

const site: Site = {
  ...{ root: { origin: 'http://a.test', path: '/wp-json/', style: 'path' }, name: 'A', description: null, url: null },
  ...{ home: 'http://a.test', timezone: null, gmtOffset: 0, namespaces: [], showOnFront: 'posts', pageOnFront: null },
  ...{ pageForPosts: null, siteIconId: null, siteIconUrl: null },
};

async function serve(types: readonly string[], taxonomies: readonly string[]) {
  const kindOf = (slug: string) => ({ slug, name: slug, rest_base: slug });
  const client = createDiscoveryClient({
    types: Object.fromEntries(
      types.map((slug) => [slug, { ...kindOf(slug), hierarchical: true, taxonomies: taxonomies.slice(0, 2) }]),
    ),
    taxonomies: Object.fromEntries(taxonomies.map((slug) => [`t-${slug}`, { ...kindOf(slug), hierarchical: true }])),
  });
  return serveSite({ site, discovery: await discover(client, site) });
}

const taken = collectNames((builder) => declareSchema(builder, site));
const names = [...taken.types, ...taken.fields].filter(
  (name) => !/(Connection|ConnectionEdge|PageInfo|Args)$/.test(name),
);
const isOdd = (_: string, index: number) => index % 2 === 1;

it('knows the names of the core without making its schema', () => {
  const core = buildSchema(site);
  const types = Object.values(core.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const entities = types
    .filter(isObjectType)
    .filter((type) => type.getInterfaces().some(({ name }) => ['ContentNode', 'TermNode', 'Commenter'].includes(name)));
  const roots = [core.getQueryType(), core.getMutationType()].flatMap((type) => type ?? []);
  expect([...taken.types].filter((name) => !types.some((type) => type.name === name))).toEqual([]);
  expect(types.map(({ name }) => name).filter((name) => !taken.types.has(name))).toEqual([]);
  const fields = new Set([...roots, ...entities].flatMap((type) => Object.keys(type.getFields())));
  expect(taken.fields).toEqual(fields);
});

describe('a site', () => {
  it.each(Array.from({ length: Math.ceil(names.length / 90) }, (_, page) => page))(
    'may call types and taxonomies as the core calls its own (%i)',
    async (page) => {
      const some = names.slice(90 * page, 90 * page + 90);
      const own = ['post', 'page', 'attachment', 'user', 'comment', 'category', 'post_tag'];
      const slugs = [...new Set(some)].filter((name) => !own.includes(name));
      const { schema, resources, problems } = await serve(
        slugs.filter((name, index) => !isOdd(name, index)),
        slugs.filter(isOdd),
      );
      expect(validateSchema(schema)).toEqual([]);
      expect(resources.size).toBeGreaterThan(slugs.length - 10);
      expect(problems.length).toBeGreaterThan(0);
      expect(schema.getType('Post')).toBeDefined();
    },
    60_000,
  );

  it('that was recorded has the schema of its books', async () => {
    const discovery = await discover(createDiscoveryClient(readDiscoveryAnswers('b')), site);
    const { schema } = serveSite({ site, discovery });
    expect(validateSchema(schema)).toEqual([]);
    for (const name of [
      'Book',
      'BookMetaFields',
      'BookMetaFieldsDimensions',
      'GenreToBookConnection',
      'Template_PageNoTitle',
    ]) {
      expect(schema.getType(name), name).toBeDefined();
    }
  });

  it('that hides everything has the core', async () => {
    const { schema, resources } = await serve([], []);
    expect(validateSchema(schema)).toEqual([]);
    expect([...resources.values()].some(({ isHidden }) => isHidden)).toBe(false);
  });
});
