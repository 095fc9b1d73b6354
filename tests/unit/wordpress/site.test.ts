// Owns how the index of a REST API becomes what the gateway knows of a site.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SiteError, UpstreamError } from '../../../src/errors.ts';
import type { RestRequest, RestRoot, WordPressClient } from '../../../src/wordpress/rest.ts';
import { loadSite } from '../../../src/wordpress/site.ts';

const root: RestRoot = { origin: 'http://127.0.0.1:8080', path: '/wp-json/', style: 'path' };

function recorded(version: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../data/rest/index-wordpress-${version}.json`, import.meta.url), 'utf8'));
}

/** A client that answers everything alike and keeps what it was asked. */
function clientOf(body: unknown): { client: Pick<WordPressClient, 'request'>; requests: RestRequest[] } {
  const requests: RestRequest[] = [];
  const client = {
    async request(request: RestRequest) {
      requests.push(request);
      if (body instanceof Error) throw body;
      return { status: 200, body, total: null, bytes: 0, cacheable: true };
    },
  };
  return { client, requests };
}

describe('loadSite', () => {
  it('reads the index of WordPress 7.1', async () => {
    const { client, requests } = clientOf(recorded('7.1'));
    expect(await loadSite(client, root)).toEqual({
      root,
      name: 'Lab modern – Café &amp; Code',
      description: 'A “lab” for REST &amp; GraphQL',
      url: 'http://127.0.0.1:8802',
      home: 'http://127.0.0.1:8802',
      timezone: 'UTC',
      gmtOffset: 0,
      namespaces: ['oembed/1.0', 'yoast/v1', 'wp/v2', 'wp-site-health/v1', 'wp-block-editor/v1', 'wp-abilities/v1'],
      showOnFront: 'posts',
      pageOnFront: null,
      pageForPosts: null,
      siteIconId: null,
      siteIconUrl: null,
    });
    expect(requests).toEqual([
      {
        route: '',
        query: {
          _fields: [
            'name',
            'description',
            'url',
            'home',
            'gmt_offset',
            'timezone_string',
            'page_for_posts',
            'page_on_front',
            'show_on_front',
            'namespaces',
            'site_icon',
            'site_icon_url',
          ],
        },
      },
    ]);
  });

  it('reads the index of WordPress 6.1, which does not tell of the front page', async () => {
    const site = await loadSite(clientOf(recorded('6.1')).client, root);
    expect(site).toMatchObject({ timezone: 'Europe/Berlin', gmtOffset: 1, showOnFront: null, pageOnFront: null });
  });

  it('reads numbers that came as text, and takes trailing slashes off', async () => {
    const index = {
      url: 'https://example.org/wp/',
      home: 'https://example.org/',
      gmt_offset: '-3.5',
      timezone_string: '',
      show_on_front: 'page',
      page_on_front: '12',
      page_for_posts: '0',
      site_icon: 7,
      site_icon_url: 'https://example.org/icon.png',
      namespaces: ['wp/v2', 7],
    };
    expect(await loadSite(clientOf(index).client, root)).toMatchObject({
      name: null,
      description: null,
      url: 'https://example.org/wp',
      home: 'https://example.org',
      timezone: null,
      gmtOffset: -3.5,
      showOnFront: 'page',
      pageOnFront: 12,
      pageForPosts: null,
      siteIconId: 7,
      siteIconUrl: 'https://example.org/icon.png',
      namespaces: ['wp/v2'],
    });
  });

  it('reads nonsense as nothing', async () => {
    const index = {
      name: 7,
      url: 'nowhere',
      gmt_offset: '',
      show_on_front: 'both',
      page_on_front: 1.5,
      namespaces: {},
    };
    expect(await loadSite(clientOf(index).client, root)).toMatchObject({
      name: null,
      url: null,
      gmtOffset: null,
      showOnFront: null,
      pageOnFront: null,
      namespaces: [],
    });
  });

  it.each([
    ['/wp-json/', 'path', ''],
    ['/blog/wp-json/', 'path', '/blog'],
    ['/blog/index.php/wp-json/', 'path', '/blog'],
    ['/index.php', 'query', ''],
    ['/blog/', 'query', '/blog'],
  ] as const)('takes the home from the root %s where the index has none', async (path, style, base) => {
    const site = await loadSite(clientOf({}).client, { ...root, path, style });
    expect(site.home).toBe(`${root.origin}${base}`);
  });

  it('reads the description of a site at WordPress.com', async () => {
    const hosted: RestRoot = { ...root, path: '/wp/v2/sites/a.wordpress.com/', style: 'wordpress.com' };
    const { client, requests } = clientOf({ name: 'A', description: 'B', URL: 'https://a.wordpress.com' });
    expect(await loadSite(client, hosted)).toMatchObject({
      name: 'A',
      description: 'B',
      url: 'https://a.wordpress.com',
      home: 'https://a.wordpress.com',
      namespaces: ['wp/v2'],
      showOnFront: null,
    });
    expect(requests).toEqual([{ route: '', query: { fields: ['name', 'description', 'URL'] } }]);
  });

  it('says what went wrong', async () => {
    const failure = new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /: 503', { status: 503 });
    const error = await loadSite(clientOf(failure).client, root).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SiteError);
    expect(error).toMatchObject({ message: expect.stringContaining('(GET /: 503)'), cause: failure });
    await expect(loadSite(clientOf([]).client, root)).rejects.toThrow('answered with a list');
  });
});
