// Owns the tests of SEO metadata of Rank Math: what becomes of its HTML, what travels for it, and what fails.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

const rankMathHead = readFileSync(join(import.meta.dirname, '../../data/seo-plugins/rank-math-head.html'), 'utf8');

let gateway: RecordedGateway;

async function open(options: Omit<RecordedSiteOptions, 'style' | 'index'>): Promise<void> {
  gateway = await openRecordedGateway({
    ...options,
    style: 'path',
    index: { name: 'A Café', home: 'https://a.example', namespaces: ['wp/v2', 'rankmath/v1', 'rankmath/v1/an'] },
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

describe('Rank Math', () => {
  const post = { id: 21, link: 'https://a.example/tea-time/', title: { rendered: 'Tea' } };
  const answers = { 'rankmath/v1/getHead': { success: true, head: rankMathHead } };

  it('says all that stands in its HTML', async () => {
    await open({ collections: { 'wp/v2/posts': [post] }, answers });
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', `${everything} fullHead`)).toEqual({
      source: 'RANK_MATH',
      title: "Tea & Time – A Café's Diary",
      metaDesc: 'How we brew "slow" tea, & why 3 < 4 minutes matter.',
      canonical: 'https://a.example/tea-time/?ref=a&copy=1',
      metaRobotsNoindex: 'index',
      metaRobotsNofollow: 'follow',
      opengraphTitle: 'Tea & Time',
      opengraphDescription: 'How we brew "slow" tea.',
      opengraphUrl: 'https://a.example/tea-time/',
      opengraphType: 'article',
      opengraphSiteName: "A Café's Diary",
      opengraphAuthor: 'https://www.facebook.com/ann',
      opengraphPublisher: 'https://www.facebook.com/cafe',
      opengraphPublishedTime: '2026-05-01T10:00:00+02:00',
      opengraphModifiedTime: '2026-05-02T09:00:00+02:00',
      opengraphImages: [
        { id: null, url: image, width: 1200, height: 630, type: 'image/jpeg', alt: 'A cup & a clock' },
        { id: null, url: image.replace('tea.jpg', 'pot.png'), width: 800, height: null, type: null, alt: null },
      ],
      twitterCardType: 'summary_large_image',
      twitterTitle: 'Tea & Time on X',
      twitterDescription: 'Slow tea.',
      twitterImageUrl: image,
      twitterSite: '@cafe',
      twitterCreator: '@ann',
      next: 'https://a.example/tea-time/2/',
      prev: null,
      ogLocale: 'en_US',
      readingTime: 3,
      robots: { directives: ['index', 'follow', 'max-snippet:-1', 'max-video-preview:-1', 'max-image-preview:large'] },
      breadcrumbs: [
        { text: 'Home', url: 'https://a.example' },
        { text: 'Tea &amp; Time', url: 'https://a.example/tea-time/' },
      ],
      twitterMisc: [
        { label: 'Written by', value: 'Ann & Bob' },
        { label: 'Time to read', value: '3 minutes' },
      ],
      schema: { pageType: ['WebPage'], articleType: ['BlogPosting'] },
      schemaContext: 'https://schema.org',
      fullHead: rankMathHead,
    });
    expect(asked()).toEqual([
      ['wp/v2/posts', 'id,link'],
      ['rankmath/v1/getHead', 'https://a.example/tea-time/'],
    ]);
  });

  it('is known the next time, whatever is selected', async () => {
    await open({ collections: { 'wp/v2/posts': [post] }, answers });
    await seoOf('post(id: 21, idType: DATABASE_ID)', 'title');
    gateway.takeRequests();
    expect(await seoOf('post(id: 21, idType: DATABASE_ID)', 'source ogLocale')).toMatchObject({ ogLocale: 'en_US' });
    expect(asked()).toEqual([]);
  });

  it('says it of terms and users as well, once for each address', async () => {
    const link = (path: string) => `https://a.example/${path}/`;
    await open({
      collections: {
        'wp/v2/categories': [{ id: 4, taxonomy: 'category', link: link('drinks') }],
        'wp/v2/users': [{ id: 5, avatar_urls: {}, link: link('ann') }],
      },
      answers,
    });
    const { data, errors } = await gateway.query(`{
      category(id: 4, idType: DATABASE_ID) { a: seo { title } b: seo { source } }
      user(id: 5, idType: DATABASE_ID) { seo { source canonical social { facebook twitter youTube } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      category: { a: { title: "Tea & Time – A Café's Diary" }, b: { source: 'RANK_MATH' } },
      user: {
        seo: {
          source: 'RANK_MATH',
          social: { facebook: 'https://www.facebook.com/ann', twitter: 'https://x.com/ann' },
        },
      },
    });
    const heads = asked().filter(([route]) => route === 'rankmath/v1/getHead');
    expect(heads.map(([, url]) => url).sort()).toEqual([link('ann'), link('drinks')]);
  });

  it('with its headless support off costs one request, and leaves what can be derived', async () => {
    const posts = Array.from({ length: 5 }, (_, index) => ({ ...post, id: index + 1, link: `${post.link}${index}/` }));
    await open({ collections: { 'wp/v2/posts': posts } });
    const { data, errors } = await gateway.query('{ posts { nodes { seo { source title canonical } } } }');
    expect(errors).toBeUndefined();
    const nodes = Reflect.get(Object(data?.['posts']), 'nodes');
    expect(nodes).toHaveLength(5);
    expect(nodes).toContainEqual({
      seo: { source: 'DERIVED', title: 'Tea – A Café', canonical: 'https://a.example/tea-time/0/' },
    });
    const routes = asked().map(([route]) => route);
    expect(routes).toEqual(['wp/v2/posts', 'rankmath/v1/getHead', 'wp/v2/posts']);
  });

  it.each([
    ['no success', { success: false }],
    ['an empty head', { success: true, head: ' ' }],
    ['another type', { success: true, head: { html: '' } }],
  ])('with %s for one of several leaves what can be derived of that one', async (_, answer) => {
    let count = 0;
    const changing = {
      // The first address has a head, the second one has not.
      get 'rankmath/v1/getHead'() {
        count += 1;
        return count === 1 ? answers['rankmath/v1/getHead'] : answer;
      },
    };
    const posts = [post, { id: 22, link: 'https://a.example/other/', title: { rendered: 'Other &amp; more' } }];
    await open({ collections: { 'wp/v2/posts': posts }, answers: changing });
    const { data, errors } = await gateway.query(`{
      posts(where: { orderby: { field: DATE, order: DESC } }) { nodes { databaseId seo { source title } } }
    }`);
    expect(errors).toBeUndefined();
    const nodes = Reflect.get(Object(data?.['posts']), 'nodes');
    expect(nodes.map(({ seo }: { seo: { source: string } }) => seo.source).sort()).toEqual(['DERIVED', 'RANK_MATH']);
    const derived = nodes.find(({ seo }: { seo: { source: string } }) => seo.source === 'DERIVED');
    expect(derived.seo.title).toBe(derived.databaseId === 22 ? 'Other & more – A Café' : 'Tea – A Café');
  });

  it.each([
    ['a failure', { code: 'broken', message: 'Broken.', data: { status: 500 } }],
    ['a list', []],
  ])('with %s for one of several is an error at that one', async (_, answer) => {
    let count = 0;
    const changing = {
      get 'rankmath/v1/getHead'() {
        count += 1;
        return count === 1 ? answers['rankmath/v1/getHead'] : answer;
      },
    };
    await open({
      collections: { 'wp/v2/posts': [post, { id: 22, link: 'https://a.example/other/' }] },
      answers: changing,
    });
    const { data, errors } = await gateway.query('{ posts { nodes { seo { source } } } }');
    expect(data).toEqual({ posts: { nodes: [{ seo: { source: 'RANK_MATH' } }, { seo: null }] } });
    expect(errors?.map(({ path }) => path)).toEqual([['posts', 'nodes', 1, 'seo']]);
    expect(asked().map(([route]) => route)).toEqual([
      'wp/v2/posts',
      'wp/v2/posts',
      'rankmath/v1/getHead',
      'rankmath/v1/getHead',
    ]);
  });

  it('is not asked for what has no address', async () => {
    await open({ collections: { 'wp/v2/posts': [{ id: 1, title: { rendered: 'T' } }] }, answers });
    expect(await seoOf('post(id: 1, idType: DATABASE_ID)', 'source title canonical')).toEqual({
      source: 'DERIVED',
      title: 'T – A Café',
      canonical: '',
    });
    expect(asked().map(([route]) => route)).not.toContain('rankmath/v1/getHead');
  });
});
