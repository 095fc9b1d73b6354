// Owns the tests of SEO metadata of AIOSEO and SEOPress: what becomes of it, what travels for it, and what fails.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

const [aioseoPost, aioseoCategory, seopressPost, seopressTerm] = [
  'aioseo-post',
  'aioseo-category',
  'seopress-post',
  'seopress-term',
].map((name) => JSON.parse(readFileSync(join(import.meta.dirname, `../../data/seo-plugins/${name}.json`), 'utf8')));

let gateway: RecordedGateway;

async function open(namespace: string, options: Omit<RecordedSiteOptions, 'style' | 'index'>): Promise<void> {
  gateway = await openRecordedGateway({
    ...options,
    style: 'path',
    index: { name: 'A Café', home: 'https://a.example', namespaces: ['wp/v2', namespace] },
  });
}

/** `seo` of something, without errors. */
async function seoOf(field: string, selection: string): Promise<Record<string, unknown>> {
  const { data, errors } = await gateway.query(`{ it: ${field} { seo { ${selection} } } }`);
  expect(errors).toBeUndefined();
  return Reflect.get(Object(data?.['it']), 'seo');
}

/** Route and address or fields of all requests. */
const asked = () => gateway.takeRequests().map(({ route, query }) => [route, query['url'] ?? query['_fields']]);

afterEach(() => gateway[Symbol.asyncDispose]());

const everything = `
  source title metaDesc canonical metaRobotsNoindex metaRobotsNofollow
  opengraphTitle opengraphDescription opengraphUrl opengraphType opengraphSiteName opengraphAuthor opengraphPublisher
  opengraphPublishedTime opengraphModifiedTime opengraphImages { id url width height type alt }
  twitterCardType twitterTitle twitterDescription twitterImageUrl twitterSite twitterCreator
  next prev ogLocale readingTime robots { directives } breadcrumbs { text url } twitterMisc { label value }
  schema { pageType articleType } schemaContext`;

const image = 'https://a.example/wp-content/uploads/2026/05/tea.jpg';

describe('All in One SEO', () => {
  it('says all that stands in its fields', async () => {
    await open('aioseo/v1', { collections: { 'wp/v2/posts': [aioseoPost] } });
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', `${everything} fullHead`)).toEqual({
      source: 'AIOSEO',
      title: 'Tea & Time | A Café',
      metaDesc: 'How we brew "slow" tea.',
      canonical: 'https://a.example/tea-time/',
      metaRobotsNoindex: 'index',
      metaRobotsNofollow: 'follow',
      opengraphTitle: 'Tea & Time',
      opengraphDescription: 'How we brew tea.',
      opengraphUrl: 'https://a.example/tea-time/',
      opengraphType: 'article',
      opengraphSiteName: 'A Café - Slow drinks',
      opengraphAuthor: '',
      opengraphPublisher: 'https://www.facebook.com/cafe',
      opengraphPublishedTime: '2026-05-01T08:00:00+00:00',
      opengraphModifiedTime: '2026-05-02T07:00:00+00:00',
      opengraphImages: [{ id: null, url: image, width: 1200, height: 630, type: null, alt: null }],
      twitterCardType: 'summary_large_image',
      twitterTitle: 'Tea on X',
      twitterDescription: 'Slow tea.',
      twitterImageUrl: image,
      twitterSite: '@cafe',
      twitterCreator: '@ann',
      next: null,
      prev: null,
      ogLocale: 'en_US',
      readingTime: 3,
      robots: { directives: ['index', 'follow', 'max-image-preview:large'] },
      breadcrumbs: [
        { text: 'Home', url: 'https://a.example' },
        { text: 'Tea & Time', url: 'https://a.example/tea-time/' },
      ],
      twitterMisc: [
        { label: 'Written by', value: 'Ann' },
        { label: 'Est. reading time', value: '3 minutes' },
      ],
      schema: { pageType: ['WebPage'], articleType: ['BlogPosting'] },
      schemaContext: 'https://schema.org',
      fullHead: aioseoPost.aioseo_head.trim(),
    });
    expect(gateway.takeRequests()).toHaveLength(1);
  });

  it.each([
    ['title', 'title'],
    ['canonical metaRobotsNoindex', 'canonical_url robots'],
    ['opengraphImages { url }', 'og:image og:image:alt og:image:height og:image:type og:image:width'],
    ['opengraphPublishedTime twitterTitle', 'article:published_time twitter:title'],
    ['schema { raw }', 'schema'],
    // What costs nothing does not tell whether there is a head.
    ['source', 'title'],
  ])('is asked for no more than { %s } needs', async (selection, members) => {
    await open('aioseo/v1', { collections: { 'wp/v2/posts': [aioseoPost] } });
    await seoOf('post(id: 21, idType: DATABASE_ID)', selection);
    const fields = ['id', ...members.split(' ').map((name) => `aioseo_head_json.${name}`)].sort();
    expect(asked().at(-1)).toEqual(['wp/v2/posts', fields.join()]);
  });

  it('is read where it has little to say', async () => {
    await open('aioseo/v1', { collections: { 'wp/v2/categories': [aioseoCategory] } });
    expect(
      await seoOf(
        'category(id: 4, idType: DATABASE_ID)',
        'source title metaDesc metaRobotsNoindex metaRobotsNofollow opengraphTitle schema { raw } breadcrumbs { text }',
      ),
    ).toEqual({
      source: 'AIOSEO',
      title: 'Drinks | A Café',
      metaDesc: '',
      metaRobotsNoindex: 'noindex',
      metaRobotsNofollow: 'nofollow',
      opengraphTitle: '',
      schema: null,
      breadcrumbs: [],
    });
  });

  it.each<[unknown, Record<string, unknown>]>([
    ['{"title":"As text","og:image":"https://a.example/a.jpg"}', { source: 'AIOSEO', title: 'As text' }],
    ['{broken', { source: 'AIOSEO', title: '' }],
    [
      { title: { raw: 'x' }, 'og:image': ['https://a.example/a.jpg', 5] },
      { source: 'AIOSEO', title: '' },
    ],
    [[], { source: 'AIOSEO', title: '' }],
    [null, { source: 'DERIVED', title: 'Tea & Time – A Café' }],
    [undefined, { source: 'DERIVED', title: 'Tea & Time – A Café' }],
  ])('of an odd type (%j) breaks nothing', async (json, seo) => {
    const { aioseo_head_json: _, ...post } = aioseoPost;
    const odd = json === undefined ? post : { ...post, aioseo_head_json: json };
    await open('aioseo/v1', { collections: { 'wp/v2/posts': [odd] } });
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', 'source title opengraphImages { url }')).toMatchObject(seo);
  });
});

describe('SEOPress', () => {
  const post = {
    ...aioseoPost,
    featured_media: 0,
  };
  const answers = { 'seopress/v1/posts/21': seopressPost, 'seopress/v1/terms/4': seopressTerm };
  const collections = { 'wp/v2/posts': [post], 'wp/v2/categories': [aioseoCategory] };
  const members = 'canonical,description,og,robots,title,twitter';

  it('says what its route gives; what it does not give is derived', async () => {
    await open('seopress/v1', { collections, answers });
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', everything)).toEqual({
      source: 'SEOPRESS',
      title: 'Tea & Time - A Café',
      metaDesc: 'How we brew "slow" tea.',
      canonical: 'https://a.example/tea-time/',
      metaRobotsNoindex: 'index',
      metaRobotsNofollow: 'nofollow',
      opengraphTitle: 'Tea for friends',
      opengraphDescription: 'How we brew "slow" tea.',
      opengraphUrl: 'https://a.example/tea-time/',
      opengraphType: 'article',
      opengraphSiteName: 'A Café',
      opengraphAuthor: '',
      opengraphPublisher: '',
      opengraphPublishedTime: '2026-05-01T08:00:00+00:00',
      opengraphModifiedTime: '2026-05-02T07:00:00+00:00',
      opengraphImages: [{ id: 70, url: image, width: 1200, height: 630, type: null, alt: null }],
      twitterCardType: 'summary_large_image',
      twitterTitle: 'Tea on X',
      twitterDescription: '',
      twitterImageUrl: image.replace('tea', 'tea-x'),
      twitterSite: null,
      twitterCreator: null,
      next: null,
      prev: null,
      ogLocale: null,
      readingTime: null,
      robots: { directives: ['index', 'nofollow', 'nosnippet'] },
      breadcrumbs: [
        { text: 'Home', url: 'https://a.example/' },
        { text: 'Tea & Time', url: 'https://a.example/tea-time/' },
      ],
      twitterMisc: [],
      schema: { pageType: ['WebPage'], articleType: [] },
      schemaContext: 'https://schema.org',
    });
    expect(asked()).toEqual([
      ['wp/v2/posts', 'date_gmt,featured_media,id,link,modified_gmt,title.rendered'],
      ['seopress/v1/posts/21', members],
    ]);
  });

  it('needs nothing of a post for what its route gives, and is known the next time', async () => {
    await open('seopress/v1', { collections, answers });
    const query = () => seoOf('post(id: 21, idType: DATABASE_ID)', 'title metaDesc metaRobotsNoindex twitterTitle');
    const first = await query();
    expect(asked()).toEqual([
      ['wp/v2/posts', 'id'],
      ['seopress/v1/posts/21', members],
    ]);
    expect(await query()).toEqual(first);
    expect(asked()).toEqual([]);
  });

  it('leaves to the content what it has not been told of a term', async () => {
    await open('seopress/v1', { collections, answers });
    const selection = 'source title metaDesc canonical metaRobotsNoindex metaRobotsNofollow opengraphTitle fullHead';
    expect(await seoOf('category(id: 4, idType: DATABASE_ID)', selection)).toMatchObject({
      source: 'SEOPRESS',
      title: 'Drinks - A Café',
      metaDesc: 'All that is drunk.',
      canonical: 'https://a.example/category/drinks/',
      metaRobotsNoindex: 'noindex',
      metaRobotsNofollow: 'follow',
      opengraphTitle: 'Drinks - A Café',
      fullHead: expect.stringContaining('<meta name="robots" content="noindex, follow" />'),
    });
  });

  it('knows nothing of users', async () => {
    await open('seopress/v1', {
      collections: { 'wp/v2/users': [{ id: 5, avatar_urls: {}, name: 'Ann', link: 'https://a.example/author/ann/' }] },
    });
    expect(await seoOf('user(id: 5, idType: DATABASE_ID)', 'source title canonical')).toEqual({
      source: 'DERIVED',
      title: 'Ann – A Café',
      canonical: 'https://a.example/author/ann/',
    });
    expect(asked().map(([route]) => route)).not.toContain('seopress/v1/posts/5');
  });

  it('that gives no object is an error', async () => {
    await open('seopress/v1', { collections, answers: { 'seopress/v1/posts/21': [] } });
    const { data, errors } = await gateway.query('{ post(id: 21, idType: DATABASE_ID) { seo { source } } }');
    expect(data).toEqual({ post: { seo: null } });
    expect(errors?.map(({ path }) => path)).toEqual([['post', 'seo']]);
    expect(asked().map(([route]) => route)).toEqual(['wp/v2/posts', 'seopress/v1/posts/21']);
  });

  it('that refuses leaves what can be derived', async () => {
    await open('seopress/v1', { collections, refuse: { 'seopress/v1': { status: 401, code: 'rest_forbidden' } } });
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', 'source title metaDesc')).toEqual({
      source: 'DERIVED',
      title: 'Tea & Time – A Café',
      metaDesc: 'Slow tea.',
    });
  });
});

describe('a site with several plugins', () => {
  it('is described by the first one that says anything of an entity', async () => {
    gateway = await openRecordedGateway({
      style: 'path',
      index: { name: 'A', home: 'https://a.example', namespaces: ['wp/v2', 'aioseo/v1', 'yoast/v1'] },
      collections: { 'wp/v2/posts': [aioseoPost, { ...aioseoPost, id: 22, yoast_head_json: { title: 'Y &amp; Z' } }] },
    });
    const { data } = await gateway.query('{ posts { nodes { databaseId seo { source title } } } }');
    const nodes = Reflect.get(Object(data?.['posts']), 'nodes');
    expect(nodes).toContainEqual({ databaseId: 21, seo: { source: 'AIOSEO', title: 'Tea & Time | A Café' } });
    expect(nodes).toContainEqual({ databaseId: 22, seo: { source: 'YOAST', title: 'Y & Z' } });
  });
});
