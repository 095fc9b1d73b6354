// Look-ups of one object: by every kind of id of every type, on the content of the demo.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
});

afterAll(() => gateway[Symbol.asyncDispose]());

const globalId = (id: string) => Buffer.from(id).toString('base64');

async function find(field: string, id: string, idType: string | null) {
  const argument = idType === null ? '' : `, idType: ${idType}`;
  const query = `query ($id: ID!) { found: ${field}(id: $id${argument}) { __typename databaseId } }`;
  const { data, errors, requests } = await gateway.query(query, { id });
  return { found: data?.found, errors, requests };
}

const byId = (route: string, id: number, fields = 'id') =>
  `/wp/v2/${route}?include=${id}&per_page=100&_fields=${fields}`;
const bySlug = (route: string, slug: string, fields = 'id,slug') =>
  `/wp/v2/${route}?slug=${slug}&per_page=100&_fields=${fields}`;
const byAddress = (route: string, slug: string) => bySlug(route, slug, 'id,link,slug');

type Row = readonly [field: string, idType: string | null, id: string, databaseId: number | null, requests: string[]];

const japanese = encodeURIComponent('日本語の記事');
const uploads = `${url}/wp-content/uploads`;

const posts: readonly Row[] = [
  ['post', null, globalId('post:101'), 101, [byId('posts', 101)]],
  ['post', 'ID', globalId('post:101'), 101, [byId('posts', 101)]],
  ['post', 'ID', '101', 101, [byId('posts', 101)]],
  // WPGraphQL does not look at the type in a global id.
  ['post', 'ID', globalId('user:101'), 101, [byId('posts', 101)]],
  ['post', 'DATABASE_ID', '101', 101, [byId('posts', 101)]],
  ['post', 'DATABASE_ID', '4301', 4301, [byId('posts', 4301)]],
  ['post', 'DATABASE_ID', '201', null, [byId('posts', 201)]],
  ['post', 'DATABASE_ID', '99999', null, [byId('posts', 99999)]],
  ['post', 'DATABASE_ID', '0', null, []],
  ['post', 'SLUG', 'hello-from-the-demo', 101, [bySlug('posts', 'hello-from-the-demo')]],
  ['post', 'SLUG', '日本語の記事', 104, [bySlug('posts', '日本語の記事')]],
  ['post', 'SLUG', japanese, 104, [bySlug('posts', '日本語の記事')]],
  ['post', 'SLUG', '108-2', 108, [bySlug('posts', '108-2')]],
  ['post', 'SLUG', 'no-such-slug', null, [bySlug('posts', 'no-such-slug')]],
  ['post', 'URI', '/hello-from-the-demo/', 101, [byAddress('posts', 'hello-from-the-demo')]],
  ['post', 'URI', '/hello-from-the-demo', 101, [byAddress('posts', 'hello-from-the-demo')]],
  ['post', 'URI', 'hello-from-the-demo/', 101, [byAddress('posts', 'hello-from-the-demo')]],
  ['post', 'URI', `${url}/hello-from-the-demo/`, 101, [byAddress('posts', 'hello-from-the-demo')]],
  ['post', 'URI', `/${japanese}/`, 104, [byAddress('posts', '日本語の記事')]],
  ['post', 'URI', '/日本語の記事/', 104, [byAddress('posts', '日本語の記事')]],
  ['post', 'URI', '/?p=101', 101, [byId('posts', 101, 'id,link')]],
  ['post', 'URI', '/about/', null, [byAddress('posts', 'about')]],
  ['post', 'URI', '/elsewhere/hello-from-the-demo/', null, [byAddress('posts', 'hello-from-the-demo')]],
  ['post', 'URI', 'https://elsewhere.example/hello-from-the-demo/', null, []],
];

const pages: readonly Row[] = [
  ['page', null, globalId('post:204'), 204, [byId('pages', 204)]],
  ['page', 'DATABASE_ID', '204', 204, [byId('pages', 204)]],
  ['page', 'DATABASE_ID', '101', null, [byId('pages', 101)]],
  ['page', 'URI', '/about/', 204, [byAddress('pages', 'about')]],
  ['page', 'URI', '/about/team/', 205, [byAddress('pages', 'team')]],
  ['page', 'URI', '/team/', 212, [byAddress('pages', 'team')]],
  ['page', 'URI', 'about/team/juergen', 207, [byAddress('pages', 'juergen')]],
  ['page', 'URI', '/about/team/日本/', 208, [byAddress('pages', '日本')]],
  ['page', 'URI', `${url}/about/team/${encodeURIComponent('日本')}/`, 208, [byAddress('pages', '日本')]],
  ['page', 'URI', '/?page_id=204', 204, [byId('pages', 204, 'id,link')]],
  ['page', 'URI', '/juergen/', null, [byAddress('pages', 'juergen')]],
];

const media: readonly Row[] = [
  ['mediaItem', null, globalId('post:401'), 401, [byId('media', 401)]],
  ['mediaItem', 'DATABASE_ID', '401', 401, [byId('media', 401)]],
  ['mediaItem', 'SLUG', 'harbour-panorama', 401, [bySlug('media', 'harbour-panorama')]],
  ['mediaItem', 'SLUG', '東京の春', 411, [bySlug('media', '東京の春')]],
  ['mediaItem', 'URI', '/harbour-panorama/', 401, [byAddress('media', 'harbour-panorama')]],
];

const files: readonly (readonly [file: string, databaseId: number | null])[] = [
  ['2023/01/espresso-portrait.jpg', null],
  ['2023/01/harbour-panorama-scaled.jpg', 401],
  ['2023/01/harbour-panorama-300x131.jpg', 401],
  ['2023/02/tiny-bean.jpg', 403],
  ['2024/12/milk-foam.webp', 412],
  ['2023/01/harbour-panorama-999x999.jpg', null],
  ['2099/01/harbour-panorama-scaled.jpg', null],
  ['2023/01/nothing.jpg', null],
  ['2024/06/unpublished-sketch.jpg', null],
];

const terms: readonly Row[] = [
  ['category', null, globalId('term:3'), 3, [byId('categories', 3)]],
  ['category', 'DATABASE_ID', '3', 3, [byId('categories', 3)]],
  ['category', 'DATABASE_ID', '9', null, [byId('categories', 9)]],
  ['category', 'SLUG', 'brewing', 3, [bySlug('categories', 'brewing')]],
  ['category', 'URI', '/category/coffee/brewing/', 3, [byAddress('categories', 'brewing')]],
  // WordPress does not look at the parents in the address of a category.
  ['category', 'URI', '/category/brewing/', 3, [byAddress('categories', 'brewing')]],
  ['category', 'URI', '/?cat=3', 3, [byId('categories', 3, 'id,link')]],
  ['category', 'NAME', 'Nothing of the kind', null, ['search=Nothing']],
  ['category', 'NAME', 'Brewing & Roasting', 3, ['search=Roasting']],
  ['tag', null, globalId('term:9'), 9, [byId('tags', 9)]],
  ['tag', 'DATABASE_ID', '9', 9, [byId('tags', 9)]],
  ['tag', 'SLUG', '日本', 14, [bySlug('tags', '日本')]],
  ['tag', 'SLUG', '2024', 16, [bySlug('tags', '2024')]],
  ['tag', 'URI', '/tag/日本/', 14, [byAddress('tags', '日本')]],
  ['tag', 'URI', '/tag/cpp/', 11, [byAddress('tags', 'cpp')]],
  ['tag', 'NAME', 'C++', 11, ['search=C']],
  ['tag', 'NAME', '“Quotes” & more', 19, ['search=Quotes']],
];

const users: readonly Row[] = [
  ['user', null, globalId('user:4'), 4, [byId('users', 4)]],
  ['user', 'DATABASE_ID', '4', 4, [byId('users', 4)]],
  ['user', 'DATABASE_ID', '7', null, [byId('users', 7)]],
  ['user', 'SLUG', 'yuki', 4, [bySlug('users', 'yuki')]],
  ['user', 'SLUG', 'silent-author', null, [bySlug('users', 'silent-author')]],
  ['user', 'URI', '/author/yuki/', 4, [byAddress('users', 'yuki')]],
  ['user', 'URI', '/author/nobody/', null, [byAddress('users', 'nobody')]],
  ['user', 'URI', '/?author=4', 4, [byId('users', 4, 'id,link')]],
];

const typeNames: Readonly<Record<string, string>> = {
  post: 'Post',
  page: 'Page',
  mediaItem: 'MediaItem',
  category: 'Category',
  tag: 'Tag',
  user: 'User',
};

function expected(field: string, databaseId: number | null) {
  return databaseId === null ? null : { __typename: typeNames[field], databaseId };
}

describe('one object', () => {
  it.each([...posts, ...pages, ...media, ...terms, ...users])(
    '%s by %s "%s"',
    async (field, idType, id, databaseId, requests) => {
      const answer = await find(field, id, idType);
      expect(answer.errors).toBeUndefined();
      expect(answer.found).toEqual(expected(field, databaseId));
      if (idType === 'URI' && (databaseId === null || field === 'category')) {
        // Where no slug leads there, WordPress itself is asked.
        expect(answer.requests.slice(0, requests.length)).toEqual(requests);
      } else if (idType !== 'NAME') expect(answer.requests).toEqual(requests);
      // A name is looked for in the list of terms.
      else expect(answer.requests.map((request) => /search=[^&]+/.exec(request)?.[0])).toEqual(requests);
    },
  );

  it.each(files)('a media item by the address of its file %s', async (file, databaseId) => {
    for (const address of [`${uploads}/${file}`, `${uploads.replace('http:', 'https:')}/${file}`]) {
      const answer = await find('mediaItem', address, 'SOURCE_URL');
      expect(answer.errors).toBeUndefined();
      expect(answer.found).toEqual(expected('mediaItem', databaseId));
      expect(answer.requests).toHaveLength(1);
    }
  });

  it.each([
    ['post', 'DATABASE_ID', 'one'],
    ['post', 'DATABASE_ID', '-1'],
    ['post', 'ID', '???'],
    ['post', 'ID', ''],
    ['page', 'ID', globalId('post:')],
    ['mediaItem', 'ID', globalId('post')],
    ['category', 'DATABASE_ID', '1.5'],
    ['tag', 'ID', 'espresso'],
    ['user', 'DATABASE_ID', '1e3'],
  ])('%s by %s "%s", which is none', async (field, idType, id) => {
    const { found, errors, requests } = await find(field, id, idType);
    expect(found).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ['found'],
        message: 'The ID input is invalid. Make sure you set the proper idType for your input.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(requests).toEqual([]);
  });

  it.each(['EMAIL', 'USERNAME'])('a user by %s is refused', async (idType) => {
    const { found, errors, requests } = await find('user', 'edda@example.com', idType);
    expect(found).toBeNull();
    expect(errors).toMatchObject([{ path: ['found'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(requests).toEqual([]);
  });

  it.each([
    ['post', [161, 162, 163, 164, 165, 166, 167, 168, 169]],
    ['page', [170, 171]],
    ['mediaItem', [410]],
    ['user', [7, 8]],
  ])('a %s that is not public is not there', async (field, ids) => {
    for (const id of ids) {
      const { found, errors } = await find(field, String(id), 'DATABASE_ID');
      expect({ id, found, errors }).toEqual({ id, found: null });
    }
  });
});

describe('one object of another type', () => {
  it('is not there, whatever is known of it', async () => {
    await using known = await openGateway(url);
    const query = (field: string, id: number) => `{ found: ${field}(id: "${id}", idType: DATABASE_ID) { databaseId } }`;
    const ask = async (field: string, id: number) => (await known.query(query(field, id))).data;
    expect(await ask('page', 204)).toEqual({ found: { databaseId: 204 } });
    expect(await ask('post', 204)).toEqual({ found: null });
    expect(await ask('post', 101)).toEqual({ found: { databaseId: 101 } });
    expect(await ask('mediaItem', 101)).toEqual({ found: null });
    expect(await ask('tag', 3)).toEqual({ found: null });
    expect(await ask('category', 3)).toEqual({ found: { databaseId: 3 } });
  });
});

describe('node', () => {
  const query = 'query ($id: ID!) { node(id: $id) { __typename id ... on DatabaseIdentifier { databaseId } } }';

  it.each([
    ['post:101', 'Post'],
    ['post:204', 'Page'],
    ['post:401', 'MediaItem'],
    ['term:3', 'Category'],
    ['term:9', 'Tag'],
    ['user:4', 'User'],
  ])('%s is a %s', async (id, typeName) => {
    const { data, errors } = await gateway.query(query, { id: globalId(id) });
    expect(errors).toBeUndefined();
    expect(data.node).toEqual({ __typename: typeName, id: globalId(id), databaseId: Number(id.split(':')[1]) });
  });

  it('setting_group:general is the general settings', async () => {
    const { data, requests } = await gateway.query('query ($id: ID!) { node(id: $id) { __typename id } }', {
      id: globalId('setting_group:general'),
    });
    expect(data.node).toEqual({ __typename: 'GeneralSettings', id: globalId('setting_group:general') });
    expect(requests).toEqual([]);
  });

  it.each(['post:99999', 'post:161', 'term:99999', 'user:7', 'user:0', 'nonsense:1', 'post:x'])(
    '%s is null without an error',
    async (id) => {
      const { data, errors } = await gateway.query(query, { id: globalId(id) });
      expect({ data, errors }).toEqual({ data: { node: null } });
    },
  );

  it('of what is no global id is an error', async () => {
    const { data, errors } = await gateway.query(query, { id: '101' });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
