// Fields of a wrong type: each is null with an error at its path, and the rest of its object stands.

import { describe, expect, it } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import { errorCodes } from '../../src/errors.ts';
import { listAnswer, openOddSite, postWith, rows } from './odd-site.ts';

type Row = readonly [
  field: string,
  value: unknown,
  selection: string,
  /** What the selection is instead. */
  expected: unknown,
  /** Where the error is, below the post; null where there is none. */
  path: readonly string[] | null,
];

const object = { rendered: 'x' };

const ofPosts: readonly Row[] = [
  ['title', 5, 'title', null, ['title']],
  ['title', ['x'], 'title', null, null],
  ['title', { rendered: object }, 'title', null, ['title']],
  ['title', [], 'title', null, null],
  ['title', null, 'title', null, null],
  ['content', 'text', 'content', null, ['content']],
  ['content', { rendered: ['x'], protected: false }, 'content', null, ['content']],
  ['content', { rendered: 'x', protected: 'no' }, 'hasPassword', null, ['hasPassword']],
  ['excerpt', { rendered: true }, 'excerpt', null, ['excerpt']],
  ['slug', object, 'slug', null, ['slug']],
  ['slug', false, 'slug', null, ['slug']],
  ['slug', 7, 'slug', '7', null],
  ['link', object, 'link', null, ['link']],
  ['link', object, 'uri', null, ['uri']],
  ['link', 'no address', 'uri', null, null],
  ['status', ['publish'], 'status', null, ['status']],
  ['modified', object, 'modified', null, ['modified']],
  ['date_gmt', false, 'dateGmt', null, ['dateGmt']],
  ['guid', 'text', 'guid', null, ['guid']],
  ['comment_status', {}, 'commentStatus', null, ['commentStatus']],
  ['template', {}, 'template { templateName }', null, ['template']],
  ['categories', object, 'categories { nodes { name } }', null, ['categories']],
  ['categories', 'news', 'categories { nodes { name } }', null, ['categories']],
  ['categories', ['x', null, 20], 'categories { nodes { name } }', { nodes: [{ name: 'Category 20' }] }, null],
  ['categories', null, 'categories { nodes { name } }', { nodes: [] }, null],
  ['featured_media', 'none', 'featuredImage { node { id } }', null, ['featuredImage']],
  ['featured_media', object, 'featuredImageId', null, ['featuredImageId']],
  ['featured_media', '11', 'featuredImageDatabaseId', 11, null],
  ['featured_media', '', 'featuredImageDatabaseId', null, null],
  ['featured_media', 1.5, 'featuredImageDatabaseId', null, ['featuredImageDatabaseId']],
  ['author', 'Ada', 'author { node { id } }', null, ['author']],
  ['author', [1], 'authorDatabaseId', null, ['authorDatabaseId']],
  ['author', 0, 'author { node { id } }', null, null],
  ['class_list', 'a b', 'classList', null, ['classList']],
  ['class_list', [1], 'classList', null, ['classList']],
  ['class_list', { 0: 'a', 2: 'b' }, 'classList', ['a', 'b'], null],
  ['meta', 'x', 'metaValue(key: "a")', null, null],
  ['meta', [], 'meta', {}, null],
];

describe('a post', () => {
  it.each(ofPosts)('with %s: %j has its %s as %j', async (field, value, selection, expected, path) => {
    await using site = await openOddSite({ posts: postWith({ [field]: value }) });
    const { data, errors, status } = await site.gateway.query(
      `{ posts(first: 2) { nodes { databaseId odd: ${selection} date } } }`,
    );
    expect(status).toBe(200);
    expect(data.posts.nodes[0]).toEqual({ databaseId: 3, odd: expected, date: '2024-01-03T10:00:00' });
    expect(data.posts.nodes[1]).toMatchObject({ databaseId: 2, date: '2024-01-02T10:00:00' });
    if (path === null) return expect(errors).toBeUndefined();
    const own = errors?.filter((error) => error.path?.[2] === 0);
    expect(own).toMatchObject([
      {
        path: ['posts', 'nodes', 0, 'odd', ...path.slice(1)],
        message: errorCodes.UPSTREAM_BAD_RESPONSE,
        extensions: { code: 'UPSTREAM_BAD_RESPONSE' },
      },
    ]);
    expect(errors).toHaveLength(1);
  });

  it.each(['yes', 1, object, null, []])('with sticky: %j is not sticky', async (sticky) => {
    await using site = await openOddSite({ posts: postWith({ sticky }) });
    const { data } = await site.gateway.query('{ posts(first: 2) { nodes { databaseId isSticky } } }');
    // The field is never null, so that a value of another type must not cost the post.
    expect(data.posts.nodes[0]).toEqual({ databaseId: 3, isSticky: false });
    expect(data.posts.nodes).toHaveLength(2);
  });

  it('with a date that is none is still in its list', async () => {
    for (const date of [null, 5, {}, 'yesterday']) {
      await using site = await openOddSite({ posts: postWith({ date }) });
      const { data } = await site.gateway.query('{ posts(first: 10) { nodes { databaseId title } } }');
      const ids = data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId);
      expect(ids.sort()).toEqual([1, 2, 3]);
    }
  });
});

function mediaWith(fields: RestObject): RestObject[] {
  const [first, ...others] = rows.media;
  return [{ ...first, ...fields }, ...others];
}

describe('a media item', () => {
  it.each([
    ['media_details', 'none', 'mediaDetails { width }', null, ['mediaDetails']],
    ['media_details', [], 'mediaDetails { width }', null, null],
    [
      'media_details',
      { width: object, height: 5 },
      'mediaDetails { width height }',
      { width: null, height: 5 },
      ['mediaDetails', 'width'],
    ],
    [
      'media_details',
      { width: '20', sizes: 'none' },
      'mediaDetails { width sizes { name } }',
      { width: 20, sizes: null },
      ['mediaDetails', 'sizes'],
    ],
    ['media_details', { sizes: [] }, 'mediaDetails { sizes { name } }', { sizes: null }, null],
    ['source_url', object, 'sourceUrl', null, ['sourceUrl']],
    ['mime_type', 5.5, 'mimeType', '5.5', null],
    ['alt_text', object, 'altText', null, ['altText']],
    ['caption', 'text', 'caption', null, ['caption']],
    ['media_details', 'none', 'srcSet', null, ['srcSet']],
  ] as const)('with %s: %j has its %s as %j', async (field, value, selection, expected, path) => {
    await using site = await openOddSite({ media: mediaWith({ [field]: value }) });
    const { data, errors } = await site.gateway.query(
      `{ mediaItem(id: "11", idType: DATABASE_ID) { databaseId odd: ${selection} date } }`,
    );
    expect(data.mediaItem).toEqual({ databaseId: 11, odd: expected, date: '2024-01-01T10:00:00' });
    if (path === null) return expect(errors).toBeUndefined();
    expect(errors).toMatchObject([
      { path: ['mediaItem', 'odd', ...path.slice(1)], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
    expect(errors).toHaveLength(1);
  });
});

describe('numbers beyond 32 bits', () => {
  // An error in the log fails the test: it stands for what the gateway itself did wrong.
  it('are null with an error, and what is beside them stands', async () => {
    const media = mediaWith({ media_details: { filesize: 3_221_225_472, width: 2 ** 32, height: 2 ** 31 - 1 } });
    await using site = await openOddSite({ media });
    const { data, errors, status } = await site.gateway.query(
      `{ mediaItem(id: "11", idType: DATABASE_ID) { databaseId fileSize mediaDetails { width height } } }`,
    );
    expect(status).toBe(200);
    expect(data.mediaItem).toEqual({
      databaseId: 11,
      fileSize: null,
      mediaDetails: { width: null, height: 2_147_483_647 },
    });
    expect(errors).toMatchObject(
      [['fileSize'], ['mediaDetails', 'width']].map((path) => ({
        path: ['mediaItem', ...path],
        message: errorCodes.UPSTREAM_BAD_RESPONSE,
        extensions: { code: 'UPSTREAM_BAD_RESPONSE' },
      })),
    );
    expect(errors).toHaveLength(2);
  });

  it('are a total that WordPress does not tell', async () => {
    await using site = await openOddSite({ media: listAnswer(rows.media, 99_999_999_999) });
    const { data, errors } = await site.gateway.query('{ mediaItems(first: 3) { pageInfo { total } nodes { id } } }');
    expect(errors).toBeUndefined();
    expect(data.mediaItems.pageInfo).toEqual({ total: null });
    expect(data.mediaItems.nodes).toHaveLength(3);
  });

  it('are ids of rows that are shown without them', async () => {
    const id = 3_000_000_000;
    await using site = await openOddSite({ posts: postWith({ id, author: id }) });
    const list = await site.gateway.query('{ posts(first: 1) { nodes { id title authorDatabaseId } } }');
    expect(list.data.posts.nodes).toEqual([{ id: expect.any(String), title: 'Post 3', authorDatabaseId: null }]);
    const codesOf = ({ errors }: typeof list) => errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code]);
    expect(codesOf(list)).toEqual([['authorDatabaseId', 'UPSTREAM_BAD_RESPONSE']]);
    const one = await site.gateway.query(`{ post(id: ${id}, idType: DATABASE_ID) { title } }`);
    expect([one.data, one.errors]).toEqual([{ post: { title: 'Post 3' } }, undefined]);
    const own = await site.gateway.query('{ posts(first: 1) { nodes { databaseId } } }');
    expect(codesOf(own)).toEqual([['databaseId', 'UPSTREAM_BAD_RESPONSE']]);
  });
});

describe('terms and users', () => {
  it('have what is right beside what is wrong', async () => {
    const categories = rows.categories.map((row) => (row.id === 20 ? { ...row, count: 'many', parent: {} } : row));
    const users = rows.users.map((row) => (row.id === 1 ? { ...row, description: {}, avatar_urls: 'none' } : row));
    await using site = await openOddSite({ categories, users });
    const { data, errors } = await site.gateway.query(`{
      category(id: "20", idType: DATABASE_ID) { name count parentId parent { node { name } } }
      user(id: "1", idType: DATABASE_ID) { name description avatar { url } }
    }`);
    expect(data).toEqual({
      category: { name: 'Category 20', count: null, parentId: null, parent: null },
      user: { name: 'User 1', description: null, avatar: null },
    });
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual([
      'category.count',
      'category.parent',
      'category.parentId',
      'user.avatar',
      'user.description',
    ]);
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['UPSTREAM_BAD_RESPONSE']));
  });
});
