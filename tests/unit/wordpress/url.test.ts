// Owns the form of REST addresses for each style of root.

import { describe, expect, it, vi } from 'vitest';
import type { RestRoot } from '../../../src/wordpress/rest.ts';
import { printQuery, printTarget, targetOf } from '../../../src/wordpress/url.ts';

const origin = 'https://example.org';
const pretty: RestRoot = { origin, path: '/blog/wp-json/', style: 'path' };
const plain: RestRoot = { origin, path: '/index.php', style: 'query' };
const hosted: RestRoot = { origin, path: '/wp/v2/sites/example.wordpress.com/', style: 'wordpress.com' };

describe('printTarget', () => {
  it('of a path root', () => {
    expect(printTarget(pretty, 'wp/v2/posts', { page: 2, sticky: true })).toBe(
      '/blog/wp-json/wp/v2/posts?page=2&sticky=true',
    );
    expect(printTarget(pretty, 'wp/v2/posts/12')).toBe('/blog/wp-json/wp/v2/posts/12');
    expect(printTarget(pretty, '', { _fields: ['name'] })).toBe('/blog/wp-json/?_fields=name');
  });

  it('of a query root', () => {
    expect(printTarget(plain, 'wp/v2/posts', { page: 2 })).toBe('/index.php?rest_route=/wp/v2/posts&page=2');
    expect(printTarget(plain, '')).toBe('/index.php?rest_route=/');
  });

  it('of a WordPress.com root', () => {
    expect(printTarget(hosted, 'wp/v2/posts', { page: 2 })).toBe('/wp/v2/sites/example.wordpress.com/posts?page=2');
    expect(printTarget(hosted, '', { fields: ['name'] })).toBe('/rest/v1.1/sites/example.wordpress.com?fields=name');
    expect(printTarget(hosted, 'yoast/v1/get_head')).toBeNull();
  });

  it('keeps a route below the root', () => {
    expect(printTarget(pretty, 'wp/v2/templates/theme//in dex?a#b')).toBe(
      '/blog/wp-json/wp/v2/templates/theme//in%20dex%3Fa%23b',
    );
    for (const route of ['wp/../../admin', '..', './a']) expect(() => printTarget(pretty, route)).toThrow(TypeError);
  });
});

describe('targetOf', () => {
  it('is no longer than what servers take', () => {
    const search = (length: number) => ({ route: 'wp/v2/posts', query: { search: 'x'.repeat(length) } });
    expect(targetOf(pretty, search(32_000), 'GET /wp/v2/posts')).toContain('xxx');
    expect(() => targetOf(pretty, search(33_000), 'GET /wp/v2/posts')).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_REFUSED', details: { status: 414 } }),
    );
  });

  it('is not made of what is longer once it is encoded', () => {
    const encode = vi.spyOn(globalThis, 'encodeURIComponent');
    const query = { slug: ['é'.repeat(3000), '中'.repeat(3000)] };
    expect(() => targetOf(pretty, { route: 'wp/v2/tags', query }, 'GET')).toThrow('longer than any address');
    expect(encode).not.toHaveBeenCalled();
    encode.mockRestore();
  });

  it('is none where there is no such route', () => {
    expect(() => targetOf(hosted, { route: 'yoast/v1/get_head' }, 'GET /yoast/v1/get_head')).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_NOT_FOUND' }),
    );
  });
});

describe('printQuery', () => {
  it('joins lists and keeps the order', () => {
    expect(printQuery({ b: [3, 1, 2], a: ['x', 'y'], _fields: ['title.rendered', 'title'] })).toBe(
      'b=3,1,2&a=x,y&_fields=title.rendered,title',
    );
  });

  it('encodes once', () => {
    expect(printQuery({ search: 'café & 100%', 'a[b]': '日本', slug: '%e6%97%a5' })).toBe(
      'search=caf%C3%A9%20%26%20100%25&a%5Bb%5D=%E6%97%A5%E6%9C%AC&slug=%25e6%2597%25a5',
    );
  });

  it('survives what has no UTF-8 form', () => {
    expect(printQuery({ search: 'a\ud800b😀' })).toBe('search=a%EF%BF%BDb%F0%9F%98%80');
  });
});
