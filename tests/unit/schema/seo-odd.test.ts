// Owns the tests of SEO metadata that is absent or odd: what is wrong is null with an error, and the rest stands.

import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';
import type { RecordedSiteOptions } from '../../support/recorded-site.ts';

let gateway: RecordedGateway;

async function open(collections: RecordedSiteOptions['collections']): Promise<void> {
  gateway = await openRecordedGateway({ style: 'path', index: { home: 'https://a.example' }, collections });
}

/** A site with one post that has this metadata, and what a selection of its `seo` gives. */
async function seoOf(yoast: unknown, selection: string) {
  await open({ 'wp/v2/posts': [{ id: 1, yoast_head_json: yoast }] });
  const { data, errors = [] } = await gateway.query(`{ post(id: 1, idType: DATABASE_ID) { seo { ${selection} } } }`);
  const failed = errors.map(({ path }) => path?.slice(2).join('.'));
  return { seo: Reflect.get(Object(data?.['post']), 'seo'), failed };
}

afterEach(() => gateway[Symbol.asyncDispose]());

describe('Yoast that is absent', () => {
  it('leaves what can be derived, without an error', async () => {
    await open({
      'wp/v2/posts': [{ id: 1, title: { rendered: 'A &amp; B' } }],
      'wp/v2/categories': [{ id: 2, taxonomy: 'category', name: 'C' }],
      'wp/v2/users': [{ id: 3, avatar_urls: {}, name: 'D' }],
    });
    const { data, errors } = await gateway.query(`{
      post(id: 1, idType: DATABASE_ID) { seo { source title } }
      constant: post(id: 1, idType: DATABASE_ID) { seo { source cornerstone } }
      category(id: 2, idType: DATABASE_ID) { seo { source title } }
      user(id: 3, idType: DATABASE_ID) { seo { source title social { twitter } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      post: { seo: { source: 'DERIVED', title: 'A & B' } },
      constant: { seo: { source: 'DERIVED', cornerstone: false } },
      category: { seo: { source: 'DERIVED', title: 'C' } },
      user: { seo: { source: 'DERIVED', title: 'D', social: { twitter: '' } } },
    });
  });

  it.each([null, false])('is one that says %s', async (yoast) => {
    expect(await seoOf(yoast, 'source title')).toEqual({ seo: { source: 'DERIVED', title: '' }, failed: [] });
  });

  it('is empty texts where it has nothing to say', async () => {
    const selection = `title metaDesc metaRobotsNoindex canonical readingTime breadcrumbs { text } schema { raw }
      opengraphImage { id } twitterImage { id } opengraphImages { url } twitterMisc { label } schemaGraph { id } robots { index } json`;
    expect(await seoOf([], selection)).toEqual({
      failed: [],
      seo: {
        title: '',
        metaDesc: '',
        metaRobotsNoindex: '',
        canonical: '',
        readingTime: null,
        breadcrumbs: [],
        schema: null,
        opengraphImage: null,
        twitterImage: null,
        opengraphImages: [],
        twitterMisc: [],
        schemaGraph: null,
        robots: null,
        json: {},
      },
    });
  });
});

describe('Yoast of the wrong type', () => {
  const schema = { '@graph': [{ '@type': 'WebPage', '@id': 'https://a.example/' }] };

  it.each([
    [
      { title: { raw: 'x' }, schema },
      'title schema { pageType }',
      ['title'],
      { title: null, schema: { pageType: ['WebPage'] } },
    ],
    [{ title: 5 }, 'title', [], { title: '5' }],
    [
      { robots: 'noindex', title: 'T' },
      'title metaRobotsNoindex robots { index }',
      ['metaRobotsNoindex', 'robots'],
      { title: 'T', metaRobotsNoindex: null, robots: null },
    ],
    // An empty object, as PHP writes it.
    [
      { robots: [] },
      'metaRobotsNoindex robots { index directives }',
      [],
      { metaRobotsNoindex: '', robots: { index: null, directives: [] } },
    ],
    [
      { schema: '{}', title: 'T' },
      'title schema { raw } breadcrumbs { text } schemaGraph { id }',
      ['schema', 'breadcrumbs', 'schemaGraph'],
      { title: 'T', schema: null, breadcrumbs: null, schemaGraph: null },
    ],
    [
      { og_image: {}, title: 'T' },
      'title opengraphImage { id }',
      ['opengraphImage'],
      { title: 'T', opengraphImage: null },
    ],
    [{ twitter_misc: { a: [1] }, title: 'T' }, 'title readingTime', ['readingTime'], { title: 'T', readingTime: null }],
    ['<html>', 'title cornerstone', ['title'], { title: null, cornerstone: false }],
  ])('%j is null with an error, and the rest stands', async (yoast, selection, failed, seo) => {
    expect(await seoOf(yoast, selection)).toEqual({ seo, failed });
  });
});

describe('reading time', () => {
  it.each<[Record<string, string>, string, number | null]>([
    [{ 'Written by': 'admin', 'Est. reading time': '2 minutes' }, 'admin', 2],
    [{ 'Verfasst von': '3 Doors', 'Geschätzte Lesezeit': '12 Minuten' }, '3 Doors', 12],
    [{ 執筆者: 'Ann', 推定読み取り時間: '4分' }, 'Ann', 4],
    [{ 'Written by': '7 Sisters' }, '7 Sisters', null],
    [{ 'Written by': 'Tom &amp; 1 Jerry' }, 'Tom &amp; 1 Jerry', null],
    [{ Price: '20 €' }, '', null],
    [{ 'كُتب بواسطة': 'عمر', 'وقت القراءة المُقدّر': 'دقيقة واحدة' }, 'عمر', null],
  ])('of %j by %s is %s', async (misc, author, minutes) => {
    const { seo } = await seoOf({ twitter_misc: misc, author }, 'readingTime');
    expect(seo).toEqual({ readingTime: minutes });
  });
});

describe('texts', () => {
  it('are decoded as PHP decodes them: with a semicolon, or not at all', async () => {
    const yoast = { title: ' A &amp; B&hellip; ', canonical: 'https://a.example/?a=1&copy=2&amp;b=3' };
    const { seo } = await seoOf(yoast, 'title canonical');
    expect(seo).toEqual({ title: 'A & B…', canonical: 'https://a.example/?a=1&copy=2&b=3' });
  });
});
