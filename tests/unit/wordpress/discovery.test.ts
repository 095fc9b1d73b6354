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
      'GET media?per_page=20&media_type=image&_fields=media_details',
      'GET books?per_page=1&_fields=link,slug',
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
    const { types } = await discover(client, site, { authorization: 'Basic x' });
    expect(types.map((type) => type.supports)).toEqual([supports, null]);
    expect(client.asked).toContain('GET wp/v2/types/page?context=edit&_fields=supports');
  });

  it('is not taken for a site without anything while it is down', async () => {
    const down = new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /wp/v2/types: 503');
    await expect(find({ types: down, taxonomies: {} })).rejects.toBe(down);
  });

  it('may let no OPTIONS through: its types are known all the same', async () => {
    const recorded = readDiscoveryAnswers('a');
    const down = new UpstreamError('UPSTREAM_UNAVAILABLE', 'OPTIONS /wp/v2/posts: reset');
    const schemas = Object.fromEntries(Object.keys(recorded.schemas ?? {}).map((route) => [route, down]));
    const { types, isPartial } = await find({ ...recorded, schemas });
    expect(types.map(({ name }) => name)).toContain('book');
    expect(isPartial).toBe(true);
  });
});

describe('a site that does not tell what it told before', () => {
  const answers = readDiscoveryAnswers('a');
  const sized = (...names: string[]) => ({
    media_details: { sizes: Object.fromEntries(names.map((name) => [name, {}])) },
  });
  const routes = ['posts', 'pages', 'media', 'categories', 'tags', 'genre'].map((name) => `wp/v2/${name}`);
  const schemas: Record<string, unknown> = {
    ...Object.fromEntries(routes.map((route) => [route, { schema: { properties: { id: { type: 'integer' } } } }])),
    ...answers.schemas,
    'wp/v2/comments': {
      schema: { properties: { meta: { type: 'object', properties: { rating: { type: 'integer' } } } } },
    },
  };
  const rows = { books: [], ...answers.rows, media: [sized('hero')], pages: [{ template: 'wide.php' }] };
  const whole = { ...answers, schemas, rows };
  const page = { supports: { title: true } };
  const again = async (now: DiscoveryAnswers) => {
    const before = await find(whole);
    return { before, now: await discover(createDiscoveryClient(now), site, { before }) };
  };
  const withSchema = (route: string, schema: unknown) => ({ ...whole, schemas: { ...schemas, [route]: schema } });
  const failure = new UpstreamError('UPSTREAM_ERROR', 'GET: 500');
  const refusal = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 403', { status: 403, restCode: 'rest_forbidden' });
  const page403 = new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 403', { status: 403, kind: 'html' });
  const page200 = new UpstreamError('UPSTREAM_NOT_JSON', 'GET: an HTML page');
  const noAnswers: [string, unknown][] = [
    ['fails', failure],
    ['gives a page', page200],
    ['gives {}', {}],
    ['gives []', []],
    ['gives the index', { name: 'Site', namespaces: ['wp/v2'], routes: {} }],
    ['gives rows', [{ id: 1 }]],
  ];
  const missing = new UpstreamError('UPSTREAM_NOT_FOUND', 'GET: 404', { status: 404, restCode: 'rest_no_route' });
  const refusals: [string, unknown][] = [
    ['refuses', refusal],
    ['has no such route', missing],
  ];

  describe.each([
    ['types', (answer: unknown) => ({ ...whole, types: answer })],
    ['taxonomies', (answer: unknown) => ({ ...whole, taxonomies: answer })],
    ['fields of a type', (answer: unknown) => withSchema('wp/v2/books', answer)],
    ['fields of a taxonomy', (answer: unknown) => withSchema('wp/v2/genre', answer)],
    ['fields of users', (answer: unknown) => withSchema('wp/v2/users', answer)],
    ['fields of comments', (answer: unknown) => withSchema('wp/v2/comments', answer)],
  ])('about %s', (_, answering) => {
    it.each([...noAnswers, ...refusals])('has them as before where it %s', async (_, answer) => {
      const { before, now } = await again(answering(answer));
      const { problems, isPartial, ...facts } = now;
      expect({ ...facts, problems: [] }).toEqual({ ...before, problems: [] });
      expect(problems).toHaveLength(1);
      expect(isPartial).toBe(refusals.some(([, refused]) => refused === answer) ? undefined : true);
    });
  });

  it('is to be read again soon where it was not WordPress that refused, but for what some servers never let through', async () => {
    const { now } = await again({ ...whole, types: page403 });
    expect(now.isPartial).toBe(true);
    expect((await again(withSchema('wp/v2/books', page403))).now.isPartial).toBeUndefined();
  });

  it.each([...noAnswers, ...refusals])(
    'in rows has image sizes, archives and templates as before where it %s',
    async (_, answer) => {
      const plain = { books: [{ link: 'http://127.0.0.1:8801/?book=x', slug: 'x' }] };
      const before = await find({ ...whole, rows: { ...rows, ...plain } });
      const now = await discover(createDiscoveryClient({ ...whole, rows: { ...rows, media: answer } }), site, {
        before,
      });
      expect(now.imageSizes).toEqual(['hero']);
      if (Array.isArray(answer)) return;
      const noRows = { books: answer, pages: answer };
      const { types } = await discover(createDiscoveryClient({ ...whole, rows: noRows }), site, { before });
      expect(types.find(({ name }) => name === 'book')?.archive).toBe('?post_type=book');
      expect(types.find(({ name }) => name === 'page')?.templates).toEqual(['wide.php']);
    },
  );

  it('keeps what editors were told', async () => {
    const authorization = 'Basic x';
    const before = await discover(createDiscoveryClient({ ...whole, rows: { ...rows, page } }), site, {
      authorization,
    });
    const now = await discover(createDiscoveryClient({ ...whole, rows: { ...rows, page: failure } }), site, {
      ...{ authorization, before },
    });
    expect(now).toEqual({ ...before, isPartial: true });
  });

  it('is believed where it tells of less', async () => {
    const { types, taxonomies } = whole;
    const without = (kinds: unknown, name: string) =>
      Object.fromEntries(Object.entries(Object(kinds)).filter(([key]) => key !== name));
    const less = {
      types: without(types, 'book'),
      taxonomies: without(taxonomies, 'genre'),
      schemas: { ...schemas, 'wp/v2/comments': { schema: { properties: { id: {} } } } },
      rows: { ...rows, media: [sized('small')], pages: [{ template: '' }] },
    };
    const { now } = await again(less);
    expect(now.types.map(({ name }) => name)).toEqual(['post', 'page', 'attachment']);
    expect(now.taxonomies.map(({ name }) => name)).toEqual(['category', 'post_tag']);
    expect([now.comments.meta, now.imageSizes, now.problems, now.isPartial]).toEqual([[], ['small'], [], undefined]);
    expect(now.types.find(({ name }) => name === 'page')?.templates).toEqual([]);
  });
});
