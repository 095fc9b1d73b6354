// Owns the tests of what content has beyond WPGraphQL: metadata, links, classes, and any REST field by its path.

import { afterEach, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway } from '../../support/recorded-gateway.ts';

let gateway: RecordedGateway;

afterEach(() => gateway[Symbol.asyncDispose]());

/** What a selection gives of a post, where it failed, and what was asked of WordPress. */
async function ask(post: Record<string, unknown>, selection: string) {
  gateway = await openRecordedGateway({
    style: 'path',
    index: { home: 'https://a.example' },
    collections: { 'wp/v2/posts': [{ id: 1, ...post }] },
  });
  const { data, errors = [] } = await gateway.query(`{ post(id: 1, idType: DATABASE_ID) { ${selection} } }`);
  return {
    post: data?.['post'],
    failed: errors.map(({ path }) => path?.slice(1).join('.')),
    fields: gateway.takeRequests().map(({ query }) => query['_fields']),
  };
}

describe('metadata', () => {
  it('comes whole, or one value at a time', async () => {
    const meta = { color: 'red', 'a.b': 1, nested: { deep: [true] } };
    expect(await ask({ meta }, 'meta')).toEqual({ post: { meta }, failed: [], fields: ['id,meta'] });
    await gateway[Symbol.asyncDispose]();
    expect(await ask({ meta }, 'color: metaValue(key: "color") nested: metaValue(key: "nested")')).toEqual({
      post: { color: 'red', nested: meta.nested },
      failed: [],
      fields: ['id,meta.color,meta.nested'],
    });
    await gateway[Symbol.asyncDispose]();
    // A dot would lead into a field.
    expect(await ask({ meta }, 'metaValue(key: "a.b")')).toEqual({
      post: { metaValue: 1 },
      failed: [],
      fields: ['id,meta'],
    });
  });

  it.each([
    [{ meta: [] }, { meta: {}, metaValue: null }],
    [{}, { meta: null, metaValue: null }],
    [{ meta: { toString: 1 } }, { meta: { toString: 1 }, metaValue: null }],
  ])('of %j is as empty as PHP means it', async (post, expected) => {
    expect(await ask(post, 'meta metaValue(key: "constructor")')).toMatchObject({ post: expected, failed: [] });
  });

  it('has no key that is longer than those of WordPress', async () => {
    const key = 'k'.repeat(255);
    expect(await ask({ meta: { [key]: 1 } }, `metaValue(key: "${key}")`)).toEqual({
      post: { metaValue: 1 },
      failed: [],
      fields: [`id,meta.${key}`],
    });
    await gateway[Symbol.asyncDispose]();
    expect(await ask({}, `slug metaValue(key: "${key}k")`)).toMatchObject({
      failed: ['metaValue'],
      fields: ['id,slug'],
    });
  });
});

describe('any REST field', () => {
  it('is found by its path', async () => {
    const post = { acf: { hero: { title: 'Hi', rows: [1] } } };
    expect(await ask(post, 'hero: restField(path: "acf.hero") none: restField(path: "acf.none")')).toEqual({
      post: { hero: post.acf.hero, none: null },
      failed: [],
      fields: ['acf.hero,acf.none,id'],
    });
  });

  const tenNames = Array.from({ length: 10 }, () => 'a').join('.');
  const longest = 'a'.repeat(200);

  it.each([tenNames, longest])('may be at %s', async (path) => {
    expect(await ask({}, `restField(path: "${path}")`)).toEqual({
      post: { restField: null },
      failed: [],
      fields: [`${path},id`],
    });
  });

  it.each(['', 'a,b', 'a..b', 'a b', '*', `${tenNames}.a`, `${longest}a`])('is none at %j', async (path) => {
    const { post, failed, fields } = await ask({ slug: 's' }, `slug restField(path: "${path}")`);
    expect({ post, failed, fields }).toEqual({
      post: { slug: 's', restField: null },
      failed: ['restField'],
      fields: ['id,slug'],
    });
  });
});

describe('classes', () => {
  it.each([
    [
      ['post-1', 'hentry'],
      ['post-1', 'hentry'],
    ],
    // What PHP makes of a list from which a filter has taken something.
    [{ 0: 'post-1', 2: 'hentry' }, ['post-1', 'hentry']],
    [[], []],
    [undefined, null],
  ])('%j are %j', async (given, classList) => {
    expect(await ask({ class_list: given }, 'classList')).toMatchObject({ post: { classList }, failed: [] });
  });

  it.each(['hentry', [1]])('%j are an error', async (given) => {
    expect(await ask({ class_list: given }, 'classList databaseId')).toMatchObject({
      post: { classList: null, databaseId: 1 },
      failed: ['classList'],
    });
  });
});

describe('links', () => {
  it('come with their relation, and only where they are asked for', async () => {
    const links = {
      self: [{ href: 'https://a.example/wp-json/wp/v2/posts/1', targetHints: { allow: ['GET'] } }],
      'predecessor-version': [{ id: 7, href: 'https://a.example/wp-json/wp/v2/posts/1/revisions/7' }],
    };
    expect(await ask({ _links: links }, 'links { rel href id embeddable targetHints { allow } }')).toEqual({
      post: {
        links: [
          {
            rel: 'self',
            href: 'https://a.example/wp-json/wp/v2/posts/1',
            id: null,
            embeddable: null,
            targetHints: { allow: ['GET'] },
          },
          {
            rel: 'predecessor-version',
            href: 'https://a.example/wp-json/wp/v2/posts/1/revisions/7',
            id: 7,
            embeddable: null,
            targetHints: null,
          },
        ],
      },
      failed: [],
      fields: ['_links,id'],
    });
  });
});
