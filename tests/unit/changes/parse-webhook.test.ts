// Bodies of webhooks: the gateway's own, those of other plugins as they document them, and what is neither.

import { describe, expect, it } from 'vitest';
import { parseWebhook } from '../../../src/changes/parse-webhook.ts';

const json = (body: unknown, headers: Record<string, string> = {}) =>
  parseWebhook(Buffer.from(JSON.stringify(body)), (name) => ({ 'content-type': 'application/json', ...headers })[name]);

const form = (body: string) =>
  parseWebhook(Buffer.from(body), (name) =>
    name === 'content-type' ? 'application/x-www-form-urlencoded; charset=UTF-8' : undefined,
  );

const nothing = { everything: false, tags: [], uris: [], ids: [], items: [] };
const item = { links: [], terms: null, authors: [], content: [] };

describe("the gateway's own form", () => {
  it('names tags, ids, addresses and changes', () => {
    expect(json({ tags: ['post:12', 'list:post'], uris: ['/about/'], ids: [12, 'term:3', 'dXNlcjox'] })).toEqual({
      ...nothing,
      tags: ['post:12', 'list:post'],
      uris: ['/about/'],
      ids: ['post:12', 'term:3', 'user:1'],
    });
    expect(json({ everything: true })).toEqual({ ...nothing, everything: true });
    const change = {
      kind: 'content',
      type: 'post',
      id: 12,
      action: 'deleted',
      terms: [{ taxonomy: 'category', id: 3 }],
    };
    expect(json({ changes: [change, { kind: 'settings' }] }).items).toEqual([
      { ...item, ...change },
      { ...item, kind: 'settings', type: null, id: null, action: 'updated' },
    ]);
  });

  it.each([
    ['an unknown key', { tags: ['post:1'], tagz: [] }],
    ['a tag that is none', { tags: ['post 12'] }],
    ['a tag that is no text', { tags: [12] }],
    ['an id that is none', { ids: ['twelve'] }],
    ['an id below one', { ids: [0] }],
    ['more than there can be', { ids: Array.from({ length: 1001 }, (_, index) => index + 1) }],
    ['an unknown kind', { changes: [{ kind: 'plugin', id: 1 }] }],
    ['nothing', { tags: [], everything: false }],
    ['an object without a word', {}],
    ['a list', []],
    ['null', null],
  ])('refuses %s', (_, body) => {
    expect(() => json(body)).toThrow(/docs\/webhooks\.md|JSON object/);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseWebhook(Buffer.from('{"tags":'), () => undefined)).toThrow('neither JSON nor a form');
  });
});

describe('bodies of others', () => {
  it('that are empty say that everything changed: deploy hooks', () => {
    expect(parseWebhook(Buffer.from(' \n'), () => undefined)).toEqual({ ...nothing, everything: true });
  });

  it.each([
    ['product.updated', 'updated'],
    ['product.created', 'created'],
    ['product.restored', 'created'],
    ['product.deleted', 'deleted'],
  ])('WooCommerce: %s', (topic, action) => {
    const body = {
      id: 99,
      name: 'Cup',
      permalink: 'https://shop.example/product/cup/',
      tags: [{ id: 3, name: 'Blue' }],
    };
    const links = ['https://shop.example/product/cup/'];
    expect(json(body, { 'x-wc-webhook-topic': topic }).items).toEqual([
      { ...item, kind: 'content', type: 'product', id: 99, action, links },
    ]);
  });

  it('WooCommerce: orders are nothing that is shown', () => {
    expect(json({ id: 7, status: 'paid' }, { 'x-wc-webhook-topic': 'order.updated' })).toEqual(nothing);
  });

  it('WordPress.com: fields of a form', () => {
    const post = 'ID=12&post_type=post&post_url=https%3A%2F%2Fexample.org%2Fa%2F&post_author=2&hook=publish_post';
    expect(form(post).items).toEqual([
      {
        ...item,
        kind: 'content',
        type: 'post',
        id: 12,
        action: 'updated',
        links: ['https://example.org/a/'],
        authors: [2],
      },
    ]);
    expect(form('ID=5&hook=publish_page').items).toEqual([
      { ...item, kind: 'content', type: 'page', id: 5, action: 'updated' },
    ]);
    expect(form('comment_ID=31&comment_post_ID=12&hook=comment_post').items).toEqual([
      { ...item, kind: 'comment', type: null, id: 31, action: 'created', content: [12] },
    ]);
  });

  it.each([
    ['post_update', 'publish', 'updated'],
    ['post_create', 'publish', 'created'],
    ['post_update', 'trash', 'deleted'],
    ['post_trash', 'publish', 'deleted'],
    ['post_delete', 'publish', 'deleted'],
  ])('WP Webhooks: %s, %s', (trigger, post_status, action) => {
    const body = { post_id: 1234, post: { ID: 1234, post_author: '1', post_type: 'page', post_status }, post_meta: {} };
    expect(json(body, { 'x-wp-webhook-name': trigger }).items).toEqual([
      { ...item, kind: 'content', type: 'page', id: 1234, action, authors: [1] },
    ]);
  });

  it('WP Webhook Framework', () => {
    expect(json({ action: 'update', entity: 'post', id: 123, post_type: 'book', acf_field_name: 'x' }).items).toEqual([
      { ...item, kind: 'content', type: 'book', id: 123, action: 'updated' },
    ]);
    expect(json({ action: 'delete', entity: 'term', id: 3, taxonomy: 'genre' }).items).toEqual([
      { ...item, kind: 'term', type: 'genre', id: 3, action: 'deleted' },
    ]);
    expect(json({ action: 'create', entity: 'user', id: 4, roles: ['editor'] }).items).toEqual([
      { ...item, kind: 'user', type: null, id: 4, action: 'created' },
    ]);
  });

  it('are hostile as well', () => {
    expect(() => json({ post_id: { $gt: 0 } })).toThrow('not of a form that is known');
    expect(json({ post_id: '12', post: [], post_permalink: 'x'.repeat(3000) }).items).toEqual([
      { ...item, kind: 'content', type: null, id: 12, action: 'updated' },
    ]);
    expect(() => json({ hook: 'publish_post', ID: '12; DROP' })).toThrow('not of a form that is known');
  });
});
