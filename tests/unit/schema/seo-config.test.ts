// What Yoast says of a site as a whole: read from the head of its front page and the heads of its archives.

import { describe, expect, it } from 'vitest';
import type { RestObject } from '../../../src/cache/fields-record.ts';
import { openRecordedGateway, readRecording } from '../../support/recorded-gateway.ts';

const recording = readRecording('c');
const home = recording.recordedOrigin ?? '';
const media = recording.collections['wp/v2/media']?.find(({ media_type: type }) => type === 'image') ?? {};
const logo = { '@type': 'ImageObject', '@id': `${home}/#logo`, url: media['source_url'] };
const profiles = [
  'https://www.facebook.com/cafe',
  'https://x.com/cafe',
  'https://www.youtube.com/@cafe',
  'https://mastodon.example/@cafe',
];

function headOf(owner: RestObject | null): RestObject {
  const website = {
    '@type': 'WebSite',
    name: 'Café &amp; Code',
    inLanguage: 'de-DE',
    ...(owner ? { publisher: { '@id': owner['@id'] } } : {}),
  };
  return {
    title: 'Café &amp; Code',
    description: 'Coffee &amp; code.',
    og_title: 'Café for all',
    og_description: 'Come in.',
    og_image: [{ url: media['source_url'], id: media['id'] }],
    twitter_card: 'summary_large_image',
    twitter_site: '@cafe',
    schema: {
      '@graph': [
        { '@type': 'BreadcrumbList', itemListElement: [{ '@type': 'ListItem', position: 1, name: 'Start' }] },
        website,
        ...(owner ? [owner, logo] : []),
      ],
    },
  };
}

const company = {
  '@type': 'Organization',
  '@id': `${home}/#organization`,
  name: 'Café GmbH &amp; Co.',
  logo: { '@id': `${home}/#logo` },
  sameAs: profiles,
};
const html = '<meta name="google-site-verification" content="abc" /><meta name="p:domain_verify" content="pin" />';

function open(owner: RestObject | null, archive: RestObject | null = null) {
  return openRecordedGateway({
    ...recording,
    answers: {
      'yoast/v1/get_head': { html, json: headOf(owner), status: 200 },
      'wp/v2/types/post': { slug: 'post', yoast_head_json: archive, yoast_head: archive && '<title>Journal</title>' },
    },
  });
}

describe('the site', () => {
  it('is told by the front page', async () => {
    await using gateway = await open(company);
    const { data, errors } = await gateway.query(`{ seo {
      schema {
        companyName companyOrPerson siteName inLanguage personName
        logo { databaseId } companyLogo { databaseId } personLogo { databaseId }
      }
      social {
        facebook { url } twitter { username cardType } youTube { url } instagram { url } otherSocials
      }
      meta { homepage { title description } notFound { title } }
      openGraph { frontPage { title description image { databaseId } } }
      breadcrumbs { homeText separator }
      redirects { origin }
    } }`);
    expect(errors).toBeUndefined();
    const image = { databaseId: media['id'] };
    expect(data).toEqual({
      seo: {
        schema: {
          companyName: 'Café GmbH & Co.',
          companyOrPerson: 'company',
          siteName: 'Café & Code',
          inLanguage: 'de-DE',
          personName: null,
          logo: image,
          companyLogo: image,
          personLogo: null,
        },
        social: {
          facebook: { url: profiles[0] },
          twitter: { username: 'cafe', cardType: 'summary_large_image' },
          youTube: { url: profiles[2] },
          instagram: { url: '' },
          otherSocials: [profiles[3]],
        },
        meta: { homepage: { title: 'Café & Code', description: 'Coffee & code.' }, notFound: { title: null } },
        openGraph: { frontPage: { title: 'Café for all', description: 'Come in.', image } },
        breadcrumbs: { homeText: 'Start', separator: null },
        redirects: null,
      },
    });
    const asked = gateway.takeRequests().filter(({ route }) => route.startsWith('yoast'));
    expect(asked).toEqual([
      { method: 'GET', route: 'yoast/v1/get_head', query: { url: `${gateway.origin}/`, _fields: 'json,status' } },
    ]);
  });

  it('reads the tags of the front page only where they are asked for', async () => {
    await using gateway = await open(company);
    const { data } = await gateway.query(
      '{ seo { webmaster { googleVerify msVerify } social { pinterest { metaTag } } } }',
    );
    expect(data).toEqual({
      seo: { webmaster: { googleVerify: 'abc', msVerify: '' }, social: { pinterest: { metaTag: 'pin' } } },
    });
    expect(gateway.takeRequests().map(({ query }) => query['_fields'])).toEqual(['html,status']);
  });

  it('may be a person', async () => {
    const person = {
      ...company,
      '@type': ['Person', 'Organization'],
      image: { '@id': `${home}/#logo` },
      logo: undefined,
    };
    await using gateway = await open(person);
    const query =
      '{ seo { schema { companyName personName companyOrPerson companyLogo { databaseId } personLogo { databaseId } } } }';
    const { data } = await gateway.query(query);
    expect(data).toEqual({
      seo: {
        schema: {
          companyName: null,
          personName: 'Café GmbH & Co.',
          companyOrPerson: 'person',
          companyLogo: null,
          personLogo: { databaseId: media['id'] },
        },
      },
    });
  });

  it('may have no owner', async () => {
    await using gateway = await open(null);
    const query =
      '{ seo { schema { companyName companyOrPerson logo { databaseId } siteName } social { facebook { url } otherSocials } } }';
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      seo: {
        schema: { companyName: null, companyOrPerson: null, logo: null, siteName: 'Café & Code' },
        social: { facebook: { url: null }, otherSocials: null },
      },
    });
  });
});

describe('archives', () => {
  const query = `{ seo { contentTypes { post {
    title archive { hasArchive archiveLink title metaDesc breadcrumbTitle fullHead metaRobotsIndex metaRobotsNoindex metaRobotsFollow metaRobotsNofollow }
  } } } }`;

  it('are told by the types', async () => {
    const archive = {
      ...headOf(company),
      title: 'Journal &amp; more',
      robots: { index: 'noindex', follow: 'follow' },
    };
    await using gateway = await open(company, archive);
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      seo: {
        contentTypes: {
          post: {
            title: null,
            archive: {
              hasArchive: false,
              archiveLink: `${gateway.origin}/`,
              title: 'Journal & more',
              metaDesc: 'Coffee & code.',
              breadcrumbTitle: 'Start',
              fullHead: '<title>Journal</title>',
              metaRobotsIndex: 'noindex',
              metaRobotsNoindex: true,
              metaRobotsFollow: 'follow',
              metaRobotsNofollow: false,
            },
          },
        },
      },
    });
  });

  it('may have no head', async () => {
    await using gateway = await open(company);
    const { data, errors } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      seo: { contentTypes: { post: { archive: { title: null, fullHead: null, metaRobotsNoindex: null } } } },
    });
  });
});

describe('a site without Yoast', () => {
  it('is what its index says', async () => {
    await using gateway = await openRecordedGateway(readRecording('a'));
    const { data, errors } = await gateway.query(
      '{ seo { schema { siteName siteUrl companyName } webmaster { googleVerify } contentTypes { post { archive { title } } } } }',
    );
    expect(errors).toBeUndefined();
    const { name } = readRecording('a').index;
    expect(data).toEqual({
      seo: {
        schema: { siteName: String(name).replace('&amp;', '&'), siteUrl: gateway.origin, companyName: null },
        webmaster: { googleVerify: null },
        contentTypes: { post: { archive: { title: null } } },
      },
    });
    expect(gateway.takeRequests()).toEqual([]);
  });

  it('may have closed the route', async () => {
    await using gateway = await openRecordedGateway({
      ...recording,
      refuse: { 'yoast/v1/get_head': { status: 403, code: 'rest_forbidden' } },
    });
    const { data, errors } = await gateway.query('{ seo { meta { homepage { title } } webmaster { googleVerify } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ seo: { meta: { homepage: { title: null } }, webmaster: { googleVerify: null } } });
  });
});
