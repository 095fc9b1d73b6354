// Owns the tests of SEO metadata on a site without a plugin for it: what follows from the content, and what travels for it.

import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway, readRecording } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

let gateway: RecordedGateway;

afterEach(() => gateway[Symbol.asyncDispose]());

/** Route and fields of all requests. */
const asked = () => gateway.takeRequests().map(({ route, query }) => `${route} ${query['_fields']}`);

describe('a recorded site without a plugin', () => {
  const site = 'Lab stock – Café & Code';
  const open = async () => {
    gateway = await openRecordedGateway(readRecording('a'));
  };

  it('describes a post', async () => {
    await open();
    const { data, errors } = await gateway.query(`{ post(id: 2302, idType: DATABASE_ID) { seo {
      source title metaDesc canonical metaRobotsNoindex metaRobotsNofollow robots { directives maxImagePreview }
      opengraphTitle opengraphDescription opengraphType opengraphUrl opengraphSiteName opengraphAuthor
      opengraphPublishedTime opengraphModifiedTime opengraphImage { id } opengraphImages { url } twitterCardType
      twitterTitle twitterImage { id } ogLocale readingTime focuskw breadcrumbs { text url } schema { pageType articleType }
    } } }`);
    expect(errors).toBeUndefined();
    const link = `${gateway.origin}/patient-level-loses-the-program-1999/`;
    const description = 'The careful face builds and the woman every bright night,. & more';
    expect(data).toEqual({
      post: {
        seo: {
          source: 'DERIVED',
          title: `Patient level loses the program 1999 – ${site}`,
          metaDesc: description,
          canonical: link,
          metaRobotsNoindex: 'index',
          metaRobotsNofollow: 'follow',
          robots: { directives: ['index', 'follow', 'max-image-preview:large'], maxImagePreview: 'large' },
          opengraphTitle: 'Patient level loses the program 1999',
          opengraphDescription: description,
          opengraphType: 'article',
          opengraphUrl: link,
          opengraphSiteName: site,
          opengraphAuthor: '',
          opengraphPublishedTime: '2026-08-31T13:49:16+00:00',
          opengraphModifiedTime: '2026-09-11T01:49:16+00:00',
          opengraphImage: null,
          opengraphImages: [],
          twitterCardType: 'summary',
          twitterTitle: '',
          twitterImage: null,
          ogLocale: null,
          readingTime: null,
          focuskw: '',
          breadcrumbs: [
            { text: 'Home', url: `${gateway.origin}/` },
            { text: 'Patient level loses the program 1999', url: link },
          ],
          schema: { pageType: ['WebPage'], articleType: [] },
        },
      },
    });
    expect(asked()).toEqual([
      'wp/v2/posts content.protected,date_gmt,excerpt.rendered,featured_media,id,link,modified_gmt,title.rendered',
    ]);
  });

  it('describes a term and a user', async () => {
    await open();
    const { data, errors } = await gateway.query(`{
      category(id: 15, idType: DATABASE_ID) { seo { title metaDesc canonical opengraphType schema { raw } } }
      user(id: 2, idType: DATABASE_ID) {
        seo { title metaDesc canonical opengraphTitle opengraphType social { facebook } schema { pageType } }
      }
    }`);
    expect(errors).toBeUndefined();
    const link = `${gateway.origin}/category/travel/asia/`;
    expect(data).toEqual({
      category: {
        seo: {
          title: `Asia – ${site}`,
          metaDesc: 'About Asia & friends bold',
          canonical: link,
          opengraphType: 'website',
          schema: { raw: expect.stringContaining(`{"@type":"CollectionPage","@id":"${link}"`) },
        },
      },
      user: {
        seo: {
          title: `Ada Lovelace – ${site}`,
          metaDesc: 'Bio of Ada Lovelace. Writes about president & gateway. Site 🚀',
          canonical: `${gateway.origin}/author/editor01/`,
          opengraphTitle: 'Ada Lovelace',
          opengraphType: 'profile',
          social: { facebook: '' },
          schema: { pageType: ['ProfilePage'] },
        },
      },
    });
    expect(asked().sort()).toEqual([
      'wp/v2/categories description,id,link,name',
      'wp/v2/users description,id,link,name,url',
    ]);
  });

  it('describes a media item, for which other fields are needed', async () => {
    await open();
    const { data, errors } = await gateway.query(`{ mediaItem(id: 301, idType: DATABASE_ID) {
      seo { title metaDesc opengraphImages { id url width height type alt } opengraphImage { databaseId } }
    } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      mediaItem: {
        seo: {
          title: `Lab image 298 – ${site}`,
          metaDesc: expect.stringMatching(/^Caption 298: The digital education/),
          opengraphImages: [
            {
              id: 301,
              url: `${gateway.origin}/wp-content/uploads/2025/07/lab-image-298.png`,
              width: 1024,
              height: 768,
              type: 'image/png',
              alt: 'A stable festival',
            },
          ],
          opengraphImage: { databaseId: 301 },
        },
      },
    });
  });

  it.each([
    ['title', 'title.rendered'],
    ['title metaDesc canonical', 'content.protected excerpt.rendered link title.rendered'],
    ['metaRobotsNoindex robots { index }', 'content.protected'],
    ['opengraphTitle opengraphPublishedTime', 'date_gmt title.rendered'],
    ['opengraphImage { databaseId } twitterCardType', 'featured_media'],
    ['breadcrumbs { text }', 'date_gmt link modified_gmt title.rendered'],
    ['opengraphType opengraphSiteName source twitterTitle', ''],
  ])('is asked for no more than { %s } needs', async (selection, fields) => {
    await open();
    await gateway.query(`{ post(id: 2302, idType: DATABASE_ID) { seo { ${selection} } } }`);
    expect(asked()).toEqual([
      `wp/v2/posts ${['id', ...fields.split(' ')]
        .filter((name) => name)
        .sort()
        .join()}`,
    ]);
  });

  it('is asked once for all images of a list', async () => {
    await open();
    const { errors } = await gateway.query('{ posts { nodes { seo { title opengraphImages { url } } } } }');
    expect(errors).toBeUndefined();
    expect(asked()).toEqual([
      'wp/v2/posts date,featured_media,id,title.rendered',
      'wp/v2/media alt_text,id,media_details,mime_type,source_url',
    ]);
  });
});

describe('what follows from content', () => {
  const image = { id: 7, source_url: 'https://a.example/a&b.jpg', mime_type: 'image/jpeg', alt_text: 'A "b"' };
  const post = {
    id: 1,
    link: 'https://a.example/p/',
    title: { rendered: 'A <em>&amp;</em> B' },
    date_gmt: '2026-01-02T03:04:05',
    modified_gmt: '2026-01-02T03:04:05',
    content: { rendered: '<p>Content.</p>', protected: false },
    excerpt: { rendered: '<p>Excerpt.</p>', protected: false },
    featured_media: 7,
  };

  async function seoOf(
    row: Record<string, unknown>,
    selection: string,
    index: RecordedSiteOptions['index'] = {},
  ): Promise<Record<string, unknown>> {
    gateway = await openRecordedGateway({
      style: 'path',
      index: { name: 'S &amp; T', description: 'Tag &#8211; line', home: 'https://a.example', ...index },
      collections: {
        'wp/v2/posts': [{ ...post, ...row }],
        'wp/v2/pages': [{ ...post, ...row }],
        'wp/v2/media': [{ ...image, media_details: { width: 30, height: '20' } }],
      },
    });
    const field = index['page_on_front'] ? 'page' : 'post';
    const { data, errors } = await gateway.query(
      `{ it: ${field}(id: 1, idType: DATABASE_ID) { seo { ${selection} } } }`,
    );
    expect(errors).toBeUndefined();
    return Reflect.get(Object(data?.['it']), 'seo');
  }

  const namespaces = ['wp/v2'];

  it.each([
    [
      'protected content',
      { content: { rendered: '', protected: true }, excerpt: { rendered: '', protected: true } },
      '',
    ],
    ['content without an excerpt', { excerpt: undefined }, 'Content.'],
    ['an empty excerpt', { excerpt: { rendered: ' <p></p>\n' } }, 'Content.'],
    [
      'an excerpt that ends with a link',
      { excerpt: { rendered: 'Some&hellip; <a class="more-link">More</a>' } },
      'Some…',
    ],
    ['nothing', { excerpt: undefined, content: undefined }, ''],
    ['what is no text', { excerpt: { rendered: ['x'] }, content: 5 }, ''],
  ])('of %s', async (name, row, metaDesc) => {
    const isProtected = name === 'protected content';
    expect(await seoOf(row, 'title metaDesc metaRobotsNoindex canonical', { namespaces })).toEqual({
      title: 'A & B – S & T',
      metaDesc,
      metaRobotsNoindex: isProtected ? 'noindex' : 'index',
      canonical: 'https://a.example/p/',
    });
    // Content is rendered only where the excerpt tells nothing.
    const needsContent = !isProtected && metaDesc !== 'Some…';
    expect(asked().filter((request) => request.includes('content.rendered'))).toHaveLength(needsContent ? 1 : 0);
  });

  it('of the front page is what the site is', async () => {
    const selection = 'title opengraphTitle opengraphType breadcrumbs { text }';
    expect(await seoOf({}, selection, { namespaces, show_on_front: 'page', page_on_front: 1 })).toEqual({
      title: 'S & T – Tag – line',
      opengraphTitle: 'S & T',
      opengraphType: 'website',
      breadcrumbs: [{ text: 'Home' }],
    });
  });

  it.each([
    [{ title: { rendered: '' } }, { title: 'S & T', opengraphTitle: '' }],
    [
      { title: 'x', link: 5, date_gmt: null },
      { title: 'S & T', canonical: '5', opengraphPublishedTime: '' },
    ],
    [
      { date_gmt: '0000-00-00T00:00:00', modified_gmt: 'soon' },
      { opengraphPublishedTime: '', opengraphModifiedTime: '' },
    ],
    [{ link: null }, { canonical: '', schema: null, breadcrumbs: [] }],
    [{ featured_media: 0 }, { opengraphImages: [], twitterCardType: 'summary' }],
    [{ featured_media: 9 }, { opengraphImages: [], twitterCardType: 'summary_large_image' }],
    [{ featured_media: 'x' }, { opengraphImages: [] }],
  ])('of odd values (%j) is as much as can be told', async (row, seo) => {
    const selection = `title canonical opengraphTitle opengraphPublishedTime opengraphModifiedTime schema { raw }
      breadcrumbs { text } opengraphImages { url } twitterCardType`;
    expect(await seoOf(row, selection, { namespaces })).toMatchObject(seo);
  });

  it('of a site without a name is what the content says', async () => {
    expect(await seoOf({}, 'title opengraphSiteName', { name: null, namespaces })).toEqual({
      title: 'A & B',
      opengraphSiteName: '',
    });
  });

  it('is there as a whole: as HTML and as JSON', async () => {
    const { fullHead, json } = await seoOf({}, 'fullHead json', { namespaces });
    expect(String(fullHead).split('\n')).toEqual([
      '<title>A &amp; B – S &amp; T</title>',
      '<meta name="robots" content="index, follow, max-image-preview:large" />',
      '<link rel="canonical" href="https://a.example/p/" />',
      '<meta name="description" content="Excerpt." />',
      '<meta property="og:type" content="article" />',
      '<meta property="og:title" content="A &amp; B" />',
      '<meta property="og:description" content="Excerpt." />',
      '<meta property="og:url" content="https://a.example/p/" />',
      '<meta property="og:site_name" content="S &amp; T" />',
      '<meta property="article:published_time" content="2026-01-02T03:04:05+00:00" />',
      '<meta name="twitter:card" content="summary_large_image" />',
      '<meta property="og:image" content="https://a.example/a&amp;b.jpg" />',
      '<meta property="og:image:width" content="30" />',
      '<meta property="og:image:height" content="20" />',
      '<meta property="og:image:type" content="image/jpeg" />',
      '<meta property="og:image:alt" content="A &quot;b&quot;" />',
      expect.stringMatching(/^<script type="application\/ld\+json">\{"@context":"https:\/\/schema\.org".*<\/script>$/),
    ]);
    expect(json).toMatchObject({ title: 'A & B – S & T', og_image: [{ id: 7, url: 'https://a.example/a&b.jpg' }] });
    expect(gateway.takeRequests().map(({ route }) => route)).toEqual(['wp/v2/posts', 'wp/v2/media']);
  });
});
