// Owns the tests of SEO metadata: what WPGraphQL's add-on answered, what travels for it, and recorded sites.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway, readRecording } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

const recordedOrigin = 'http://127.0.0.1:8812';
const [post, paged, noindex, page, category, user, media, recording] = [
  'post',
  'post-paged',
  'post-noindex',
  'page-nested',
  'category',
  'user',
  'media',
  'wpgraphql-answer',
].map((name) => JSON.parse(readFileSync(join(import.meta.dirname, `../../data/yoast/${name}.json`), 'utf8')));

let gateway: RecordedGateway;

async function open(collections: RecordedSiteOptions['collections']): Promise<RecordedGateway> {
  const index = { name: 'Lab', url: recordedOrigin, home: recordedOrigin };
  gateway = await openRecordedGateway({ style: 'path', index, collections, recordedOrigin });
  return gateway;
}

const fieldsAsked = () => gateway.takeRequests().map(({ query }) => query['_fields']?.split(','));

afterEach(() => gateway[Symbol.asyncDispose]());

describe('SEO metadata', () => {
  it('is what WPGraphQL with its Yoast add-on answered for the same post, category and author', async () => {
    const { query, origin, takeRequests } = await open({
      'wp/v2/posts': [post],
      'wp/v2/categories': [category],
      'wp/v2/users': [user],
      'wp/v2/media': [media],
    });
    const expected = JSON.parse(JSON.stringify(recording.answer).replaceAll('http://127.0.0.1:8802', origin));
    expect(JSON.parse(JSON.stringify(await query(recording.query)))).toEqual({ data: expected.data });
    expect(takeRequests().map(({ route }) => route)).toEqual([
      'wp/v2/posts',
      'wp/v2/categories',
      'wp/v2/users',
      'wp/v2/media',
    ]);
  });

  it('keeps a page from search engines in the words of the add-on', async () => {
    await open({ 'wp/v2/posts': [noindex] });
    const { data } = await gateway.query(`{ post(id: 2299, idType: DATABASE_ID) { seo {
      metaRobotsNoindex metaRobotsNofollow canonical robots { directives maxSnippet } breadcrumbs { url }
    } } }`);
    expect(data).toEqual({
      post: {
        seo: {
          metaRobotsNoindex: 'noindex',
          metaRobotsNofollow: 'follow',
          canonical: '',
          robots: { directives: ['noindex', 'follow'], maxSnippet: null },
          // Its own address, although Yoast was told of another canonical one.
          breadcrumbs: [{ url: `${gateway.origin}/` }, { url: `${gateway.origin}/silver-cache-stops-the-fact-1996/` }],
        },
      },
    });
  });

  it('leads to the other pages of content', async () => {
    await open({ 'wp/v2/posts': [paged], 'wp/v2/pages': [page] });
    const { data } = await gateway.query(`{
      post(id: 2253, idType: DATABASE_ID) { seo { next prev } }
      page(id: 2471, idType: DATABASE_ID) { seo { breadcrumbs { text url } } }
    }`);
    expect(data).toEqual({
      post: { seo: { next: `${gateway.origin}/broken-student-stops-the-school-1950/2/`, prev: null } },
      page: {
        seo: {
          breadcrumbs: [
            { text: 'Home', url: `${gateway.origin}/` },
            { text: '会社概要', url: expect.stringMatching(/%e4%bc%9a%e7%a4%be%e6%a6%82%e8%a6%81\/$/) },
            { text: '会社概要 – chapter 3', url: expect.stringMatching(/-chapter-3\/$/) },
          ],
        },
      },
    });
  });

  it('of an author has profiles by network, and texts as the add-on leaves them', async () => {
    await open({ 'wp/v2/users': [user] });
    const { data } = await gateway.query(`{ user(id: "author09", idType: SLUG) { seo {
      title opengraphTitle language region breadcrumbTitle opengraphImage { databaseId } opengraphType
      social { twitter facebook youTube } schema { pageType articleType raw }
    } } }`);
    expect(data).toEqual({
      user: {
        seo: {
          title: 'Mei-Ling Chén, Author at Lab modern – Café & Code',
          opengraphTitle: 'Mei-Ling Chén, Author at Lab modern – Café &amp; Code',
          language: null,
          region: null,
          breadcrumbTitle: null,
          opengraphImage: null,
          opengraphType: 'profile',
          social: { twitter: 'https://x.com/@author09', facebook: '', youTube: '' },
          schema: {
            pageType: ['ProfilePage'],
            articleType: [],
            raw: expect.stringMatching(/^\{"@context":"https:\/\/schema.org".*Mei-Ling Ch\\u00e9n/),
          },
        },
      },
    });
    // An avatar is not in the media library: nothing is asked for it.
    expect(gateway.takeRequests().map(({ route }) => route)).toEqual(['wp/v2/users']);
  });
});

describe('images', () => {
  const url = `${recordedOrigin}/wp-content/uploads/2023/11/lab-image-223`;

  it.each([
    ['by its id', { og_image: [{ id: 226, url: 'https://cdn.example/1' }] }, 226, [['include', '226']]],
    ['by its address', { og_image: [{ url: `${url}.jpg`, width: '', height: '' }] }, 226, [['slug', 'lab-image-223']]],
    [
      'by the address of a size',
      { og_image: [{ url: `${url}-300x200.jpg` }] },
      226,
      [['slug', 'lab-image-223,lab-image-223-300x200']],
    ],
    [
      'that are elsewhere',
      { og_image: [{ url: 'https://b.example/lab-image-223.jpg' }] },
      null,
      [['slug', 'lab-image-223']],
    ],
    ['that name no file', { og_image: [{ url: 'https://b.example/avatar/00ff?s=96' }] }, null, []],
    ['that WordPress does not show', { og_image: [{ id: 9, url: `${url}.jpg` }] }, null, [['include', '9']]],
  ])('%s', async (_, yoast, id, asked) => {
    const stored = { ...media, media_details: { sizes: { medium: { source_url: `${url}-300x200.jpg` } } } };
    await open({ 'wp/v2/posts': [{ id: 1, yoast_head_json: yoast }], 'wp/v2/media': [stored] });
    const { data, errors } = await gateway.query(
      '{ post(id: 1, idType: DATABASE_ID) { seo { opengraphImage { databaseId altText } } } }',
    );
    expect(errors).toBeUndefined();
    const image = id === null ? null : { databaseId: id, altText: media.alt_text };
    expect(data).toEqual({ post: { seo: { opengraphImage: image } } });
    const requests = gateway.takeRequests().filter(({ route }) => route === 'wp/v2/media');
    expect(requests.map(({ query }) => Object.entries(query).find(([name]) => /include|slug/.test(name)))).toEqual(
      asked,
    );
  });

  it('for X are found by their address', async () => {
    await open({
      'wp/v2/posts': [{ id: 1, yoast_head_json: { twitter_image: `${url}.jpg` } }],
      'wp/v2/media': [media],
    });
    const { data } = await gateway.query(
      '{ post(id: 1, idType: DATABASE_ID) { seo { twitterImage { databaseId } twitterImageUrl } } }',
    );
    const twitterImageUrl = `${gateway.origin}/wp-content/uploads/2023/11/lab-image-223.jpg`;
    expect(data).toEqual({ post: { seo: { twitterImage: { databaseId: 226 }, twitterImageUrl } } });
  });
});

describe('what travels for a selection', () => {
  it.each([
    ['title', ['title']],
    ['title metaDesc canonical', ['canonical', 'description', 'title']],
    ['metaRobotsNoindex robots { maxSnippet }', ['robots']],
    ['opengraphTitle opengraphPublishedTime', ['article_published_time', 'og_title']],
    ['opengraphImages { url }', ['og_image']],
    ['readingTime', ['author', 'twitter_misc']],
    ['schema { pageType } schemaGraph { id }', ['schema']],
    ['breadcrumbs { text }', ['canonical', 'og_url', 'schema']],
    ['title cornerstone focuskw', ['title']],
    // What costs nothing does not tell whether there is Yoast.
    ['cornerstone', ['title']],
    ['__typename', ['title']],
  ])('{ %s }', async (selection, names) => {
    await open({ 'wp/v2/posts': [post] });
    const { data } = await gateway.query(`{ post(id: 2210, idType: DATABASE_ID) { seo { ${selection} } } }`);
    expect(data).toEqual({ post: { seo: expect.anything() } });
    // WordPress is asked once, for these and nothing else.
    const asked = fieldsAsked().map((fields) => fields?.filter((field) => field.startsWith('yoast')));
    expect(asked.filter((fields) => fields?.length)).toEqual([names.map((name) => `yoast_head_json.${name}`)]);
  });

  it('is the whole metadata only where it is asked for, and HTML only for the head', async () => {
    await open({ 'wp/v2/posts': [post] });
    await gateway.query('{ post(id: 2210, idType: DATABASE_ID) { seo { json title } } }');
    expect(fieldsAsked()).toEqual([['id', 'yoast_head_json']]);
    await gateway.query('{ post(id: 2210, idType: DATABASE_ID) { seo { fullHead title } } }');
    expect(fieldsAsked()).toEqual([['id', 'yoast_head']]);
  });

  it('is nothing for what is known', async () => {
    await open({ 'wp/v2/posts': [post] });
    const query = '{ post(id: 2210, idType: DATABASE_ID) { seo { title next description: metaDesc } } }';
    const first = await gateway.query(query);
    gateway.takeRequests();
    expect(await gateway.query(query)).toEqual(first);
    expect(gateway.takeRequests()).toEqual([]);
  });

  it('does not make forget what is known', async () => {
    await open({ 'wp/v2/posts': [post] });
    const query = (field: string) => gateway.query(`{ post(id: 2210, idType: DATABASE_ID) { seo { ${field} } } }`);
    const first = await query('title');
    // WordPress answers with an empty list where the metadata has none of the fields that were asked for.
    await query('next');
    expect(await query('title')).toEqual(first);
  });
});

describe('a recorded site', () => {
  const selection = `seo {
    title metaDesc canonical metaRobotsNoindex opengraphTitle opengraphPublishedTime fullHead twitterCardType
    breadcrumbs { text url } robots { index maxSnippet maxImagePreview maxVideoPreview directives }
    opengraphImages { url width height type id alt } twitterMisc { label value } schemaContext json
    schemaGraph { __typename id type name url description image { width height caption } }
  }`;
  const query = `{
    posts { nodes { ${selection} } }
    pages { nodes { ${selection} } }
    categories { nodes { ${selection} } }
    tags { nodes { ${selection} } }
  }`;

  it('with Yoast gives all of it', async () => {
    gateway = await openRecordedGateway(readRecording('c'));
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    for (const [name, count] of [
      ['posts', 3],
      ['pages', 3],
      ['categories', 5],
      ['tags', 8],
    ] as const) {
      const nodes = Reflect.get(Object(data?.[name]), 'nodes');
      expect(nodes).toHaveLength(count);
      for (const { seo } of nodes) {
        expect(seo).toMatchObject({
          title: expect.stringMatching(/Café & Code$/),
          schemaContext: 'https://schema.org',
        });
        expect(seo.breadcrumbs.at(-1).url).toMatch(/^http:/);
        expect(seo.schemaGraph.map(({ __typename: type }: { __typename: string }) => type)).not.toContain(
          'SchemaOrgThing',
        );
      }
    }
  });
});
