// What a site has is found in what it really answered, and in answers of the oddest shapes.

import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { discover, discoverySchema } from '../../../src/wordpress/discovery.ts';
import { createDiscoveryClient, type DiscoveryAnswers, readDiscoveryAnswers } from '../../support/discovery-client.ts';

const site = { home: 'http://127.0.0.1:8801' };
const find = (answers: DiscoveryAnswers) => discover(createDiscoveryClient(answers), site);

describe('a recorded site', () => {
  it.each(['a', 'b', 'c'] as const)(
    '%s has its own types and taxonomies, and none of the internal ones',
    async (name) => {
      const { types, taxonomies } = await find(readDiscoveryAnswers(name));
      expect(types.map((type) => type.name)).toEqual(['post', 'page', 'attachment', 'book']);
      expect(taxonomies.map((taxonomy) => taxonomy.name)).toEqual(['category', 'post_tag', 'genre']);
      expect(types.at(-1)).toMatchObject({
        route: 'wp/v2/books',
        label: 'Books',
        hierarchical: false,
        icon: 'dashicons-book',
        taxonomies: ['genre'],
      });
      expect(taxonomies.at(-1)).toMatchObject({ route: 'wp/v2/genre', hierarchical: true, types: ['book'] });
    },
  );

  it('is asked for no more than what it takes', async () => {
    const client = createDiscoveryClient(readDiscoveryAnswers('a'));
    await discover(client, site);
    expect(client.asked.map((request) => request.replaceAll('wp/v2/', ''))).toEqual([
      'GET types',
      'GET taxonomies',
      ...['posts', 'pages', 'media', 'books', 'categories', 'tags', 'genre', 'users', 'comments'].map(
        (route) => `OPTIONS ${route}?_fields=schema.properties`,
      ),
      'GET books?per_page=1&_fields=link,slug',
      'GET media?per_page=20&media_type=image&_fields=media_details',
      'GET pages?per_page=100&_fields=template',
    ]);
  });

  it('has the fields of its routes, and the archive that its links begin with', async () => {
    const { types, users } = await find(readDiscoveryAnswers('a'));
    const book = types.at(-1);
    expect(book?.archive).toBe('books');
    expect(book?.fields).toEqual(expect.arrayContaining(['title', 'excerpt', 'menu_order', 'genre']));
    expect(book?.custom.meta.map(({ key, shape }) => [key, shape.kind])).toEqual([
      ['isbn', 'text'],
      ['page_count', 'int'],
      ['in_print', 'boolean'],
      ['rating', 'float'],
      ['awards', 'list'],
      ['dimensions', 'object'],
      ['retailer_urls', 'list'],
    ]);
    // What is for editors only is not shown to anybody.
    expect(users.meta.map(({ key }) => key)).toEqual(['twitter']);
  });

  it('is plain JSON that passes its own check', async () => {
    const discovery = await find(readDiscoveryAnswers('b'));
    expect(discoverySchema.parse(JSON.parse(JSON.stringify(discovery)))).toEqual(discovery);
  });
});

describe('a site with answers of odd shapes', () => {
  const kind = (more: object) => ({ slug: 'thing', name: 'Things', rest_base: 'things', ...more });
  const one = (more: object) => find({ types: { thing: kind(more) }, taxonomies: [] });

  it.each([
    ['lists in place of objects', { types: [], taxonomies: [] }],
    ['nothing', { types: null, taxonomies: '' }],
    ['refusals', {}],
  ])('gives %s: nothing is found, and nothing breaks', async (_, answers) => {
    const { types, taxonomies } = await find(answers);
    expect([types, taxonomies]).toEqual([[], []]);
  });

  it('tells what it refuses', async () => {
    const { problems } = await find({});
    expect(problems).toContain('GET /wp/v2/types: 404 rest_no_route: what it would tell is not known');
  });

  it('may leave out and mistype everything but the name', async () => {
    const { types } = await one({ name: 7, rest_base: false, hierarchical: 'yes', taxonomies: null, has_archive: 1 });
    expect(types).toEqual([
      {
        name: 'thing',
        route: 'wp/v2/thing',
        restBase: 'thing',
        label: '',
        description: '',
        hierarchical: false,
        archive: null,
        icon: null,
        taxonomies: [],
        templates: [],
        supports: null,
        fields: null,
        custom: { meta: [], acf: [] },
      },
    ]);
  });

  it('may write a list as an object', async () => {
    const { types } = await one({ taxonomies: { 1: 'genre', 3: 7 } });
    expect(types[0]?.taxonomies).toEqual(['genre']);
  });

  it.each(['a/(?P<id>[\\d]+)/b', '../users', 'a b', './posts'])(
    'may have a base that is no route: %s',
    async (base) => {
      const { types, problems } = await one({ rest_base: base });
      expect(types).toEqual([]);
      expect(problems.join()).toContain(base);
    },
  );

  it.each([
    ['http://127.0.0.1:8801/a/b/my-slug/', 'a/b'],
    ['http://127.0.0.1:8801/?thing=my-slug', '?post_type=thing'],
    ['http://127.0.0.1:8801/things/my-slug/?lang=de', 'things'],
    ['http://127.0.0.1:8801/my-slug/', 'thing'],
    ['http://127.0.0.1:8801/things/2024/', 'thing'],
    [7, 'thing'],
  ])('has its archive where its links begin: %s', async (link, archive) => {
    const { types } = await find({
      types: { thing: kind({ has_archive: true }) },
      taxonomies: {},
      rows: { things: [{ link, slug: 'my-slug' }] },
    });
    expect(types[0]?.archive).toBe(archive);
  });

  it.each([
    ['http://127.0.0.1:8801/things/my-slug/', 'all/things'],
    ['http://127.0.0.1:8801/?thing=my-slug', '?post_type=thing'],
    [null, 'all/things'],
  ])('has its archive at an address of its own, unless permalinks are plain: %s', async (link, archive) => {
    const { types } = await find({
      types: { thing: kind({ has_archive: '/all/things' }) },
      taxonomies: {},
      rows: { things: link === null ? [] : [{ link, slug: 'my-slug' }] },
    });
    expect(types[0]?.archive).toBe(archive);
  });

  it('below a folder has its archive below it', async () => {
    const answers = {
      types: { thing: kind({ has_archive: true }) },
      rows: { things: [{ link: 'https://example.org/blog/things/x/', slug: 'x' }] },
    };
    const { types } = await discover(createDiscoveryClient(answers), { home: 'https://example.org/blog' });
    expect(types[0]?.archive).toBe('things');
  });

  it('names its image sizes and templates by what its images and pages have', async () => {
    const { imageSizes, types } = await find({
      types: {
        page: kind({ slug: 'page', rest_base: 'pages' }),
        attachment: kind({ slug: 'attachment', rest_base: 'media' }),
      },
      taxonomies: {},
      rows: {
        pages: [{ template: 'wide.php' }, { template: '' }, { template: null }, 7],
        media: [
          { media_details: { sizes: { hero: {}, full: {} } } },
          { media_details: [] },
          { media_details: { sizes: [] } },
        ],
      },
    });
    expect(imageSizes).toEqual(['hero']);
    expect(types[0]?.templates).toEqual(['wide.php']);
  });

  it.each([
    [{ supports: { title: true, excerpt: true, thumbnail: false } }, ['title', 'excerpt']],
    [{ supports: [] }, null],
    [undefined, null],
  ])('tells the gateway itself what pages support: %j', async (page, supports) => {
    const client = createDiscoveryClient({
      types: { page: kind({ slug: 'page', rest_base: 'pages' }), thing: kind({}) },
      taxonomies: {},
      rows: page ? { page } : {},
    });
    const { types } = await discover(client, site, 'Basic x');
    expect(types.map((type) => type.supports)).toEqual([supports, null]);
    expect(client.asked).toContain('GET wp/v2/types/page?context=edit&_fields=supports');
  });

  it('is not taken for a site without anything while it is down', async () => {
    const down = new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /wp/v2/types: 503');
    await expect(find({ types: down, taxonomies: {} })).rejects.toBe(down);
  });
});
