// Whatever address a client, WordPress or a redirect names, and however it is written: no connection is opened but to the
// site. Each attempt to connect is seen before its name is looked up.

import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findRestRoot } from '../../src/wordpress/find-root.ts';
import { createForwarder } from '../../src/wordpress/forward.ts';
import type { Site } from '../../src/wordpress/rest.ts';
import { loadSite } from '../../src/wordpress/site.ts';
import { readSitemaps } from '../../src/wordpress/sitemap.ts';
import { credentialsOf, openMarkedSite } from '../reliability/marked-site.ts';
import {
  answer,
  type HostileRequest,
  html,
  json,
  redirect,
  restError,
  startHostileServer,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { listPosts, rootAt, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();

/** Ways to write addresses of this machine, of its network and of clouds, and words that must not become one. */
const templates: readonly string[] = [
  ...[
    'http://127.0.0.1:P/',
    'http://127.1:P/',
    'http://127.0.1:P/',
    'http://127.0.0.1.:P/',
    'http://0:P/',
    'https://0/',
  ],
  ...['http://0.0.0.0:P/', 'http://2130706433:P/', 'http://0x7f000001:P/', 'http://0x7f.1:P/', 'http://0177.0.0.1:P/'],
  ...['http://017700000001:P/', 'http://localhost:P/', 'http://LOCALHOST.:P/', 'http://[::1]:P/', 'http://[::]:P/'],
  ...['http://[::ffff:127.0.0.1]:P/', 'http://[::ffff:7f00:1]:P/', 'http://[0:0:0:0:0:ffff:127.0.0.1]:P/'],
  ...['http://[::127.0.0.1]:P/', 'http://[64:ff9b::7f00:1]:P/', 'http://[fe80::1]/', 'http://[fd00:ec2::254]/'],
  ...['http://169.254.169.254/latest/meta-data/', 'http://2852039166/', 'http://0xa9fea9fe/', 'http://169.254.170.2/'],
  ...['http://0251.0376.0251.0376/', 'http://metadata.google.internal/', 'http://100.100.100.200/', 'http://10.0.0.1/'],
  ...[
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://198.18.0.1/',
    'http://255.255.255.255/',
    'http://①②⑦.⓪.⓪.①:P/',
  ],
  ...['http://127。0。0。1:P/', 'http://%31%32%37.0.0.1:P/', '//127.0.0.1:P/', '\\\\127.0.0.1:P/', '/\\127.0.0.1:P/'],
  ...['///127.0.0.1:P/', 'http:/\\127.0.0.1:P/', 'http:\\\\127.0.0.1:P/', 'http:127.0.0.1:P/', 'HTTP://127.0.0.1:P/'],
  ...['http://SITE@127.0.0.1:P/', 'http://a:b@127.0.0.1:P/', 'http://127.0.0.1:P\\@SITE/', 'http://127.0.0.1:P#@SITE/'],
  ...[
    'http://127.0.0.1:P?@SITE/',
    'http://127.0.0.1:P/@SITE/',
    'http://SITE.elsewhere.example/',
    'http://elsewhere.example/',
  ],
  ...[
    'http://SITE%00.elsewhere.example/',
    'http://SITE%0d%0aHost:127.0.0.1:P/',
    'http://127.0.0.1:6379/',
    'ws://127.0.0.1:P/',
  ],
  ...[
    'file:///etc/passwd',
    'gopher://127.0.0.1:P/_x',
    'dict://127.0.0.1:P/stat',
    'ldap://127.0.0.1:P/',
    'ftp://127.0.0.1:P/',
  ],
  ...[
    'tftp://127.0.0.1:P/a',
    'jar:http://127.0.0.1:P!/',
    'php://filter/resource=http://127.0.0.1:P/',
    'data:text/html,a',
    'http://SITE//127.0.0.1:P/',
    'blob:http://127.0.0.1:P/wp-json/',
  ],
  ...[
    'javascript:alert(1)',
    'blob:http://127.0.0.1:P/a',
    'unix:///var/run/docker.sock',
    'http+unix://%2Fvar%2Frun%2Fa.sock/',
  ],
];

/** A site of which nothing is known but where it is. */
const siteAt = (origin: string): Site => ({
  ...{ root: rootAt(origin), home: origin, url: origin, name: null, description: null, namespaces: ['wp/v2'] },
  ...{ timezone: null, gmtOffset: null, showOnFront: null, pageOnFront: null, pageForPosts: null },
  ...{ siteIconId: null, siteIconUrl: null },
});

const withPort = (template: string, port: string) => template.replace(/:P(?!\w)/, `:${port}`);

/** Where it was tried to connect to: hosts as they were named, and ports. */
const tried: string[] = [];

beforeEach(() => {
  const { connect } = Socket.prototype;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const [options] = [args[0]].flat();
    tried.push(
      typeof options === 'object' && options !== null
        ? String(Reflect.get(options, 'path') ?? `${Reflect.get(options, 'host')}:${Reflect.get(options, 'port')}`)
        : args.join(':'),
    );
    return Reflect.apply(connect, this, args);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  tried.splice(0);
});

/** Runs a test with each address; those of this machine lead to a server that must not be asked. */
async function withEach(test: (address: string, index: number) => Promise<readonly string[]>): Promise<void> {
  const lure = await startHostileServer([json({ namespaces: ['wp/v2'] })]);
  const port = new URL(lure.url).port;
  for (const [index, template] of templates.entries()) {
    const allowed = await test(withPort(template, port), index);
    const elsewhere = tried.splice(0).filter((place) => !allowed.includes(place));
    expect(elsewhere, template).toEqual([]);
  }
  expect(lure.requests).toEqual([]);
  await lure[Symbol.asyncDispose]();
}

const at = (address: string, site: string) => address.replace('SITE', new URL(site).host);
const placeOf = (site: string) => `${new URL(site).hostname}:${new URL(site).port}`;

it('there are addresses enough', () => {
  expect(new Set(templates).size).toBeGreaterThanOrEqual(60);
});

describe('WordPress names an address', () => {
  it('in a redirect of a request', () =>
    withEach(async (address) => {
      let place = '';
      const script = () => redirect(at(address, `http://${place}`));
      await withClient(script, { logger }, async (client, server) => {
        place = placeOf(server.url);
        const asked = client.request({ ...listPosts, authorization: 'Basic YTpi' });
        await expect(asked, address).rejects.toMatchObject({ name: 'UpstreamError' });
      });
      return [place];
    }));

  it.each([
    ['in a redirect of its home', (address: string) => redirect(address)],
    [
      'in a Link header',
      (address: string) => html('', { headers: { link: `<${address}>; rel="https://api.w.org/"` } }),
    ],
    ['in its home', (address: string) => html(`<link rel="https://api.w.org/" href="${address}">`)],
  ])('%s', (_where, answerWith) =>
    withEach(async (address) => {
      let url = '';
      await using server = await startHostileServer(({ target }) =>
        target === '/' ? answerWith(at(address, url)) : restError(404, 'rest_no_route'),
      );
      url = server.url;
      await expect(findRestRoot(url), address).rejects.toMatchObject({ name: 'SiteError' });
      // A site may move to https of the same host.
      return [placeOf(url), `${new URL(url).hostname}:443`, `${new URL(url).hostname}:null`];
    }),
  );

  it('as its own', () =>
    withEach(async (address) => {
      let place = '';
      const index = { name: 'A site', url: address, home: address, namespaces: ['wp/v2'] };
      await withClient([json(index)], { logger }, async (client, server) => {
        place = placeOf(server.url);
        await loadSite(client, rootAt(server.url)).catch(() => null);
        await client.readPage({ method: 'GET', target: '/a/' });
      });
      return [place];
    }));
});

describe('WordPress lists an address', () => {
  it('in a sitemap, of pages and of other sitemaps, and where that has moved to', () =>
    withEach(async (address) => {
      let place = '';
      const script = ({ target }: HostileRequest) => {
        const named = at(address, `http://${place}`).replaceAll('&', '&amp;');
        if (target === '/wp-sitemap.xml') {
          return answer(`<x><sitemap><loc>${named}</loc></sitemap><url><loc>${named}</loc></url></x>`);
        }
        return target === '/sitemap_index.xml' ? redirect(at(address, `http://${place}`)) : restError(404, 'none');
      };
      await withClient(script, { logger }, async (client, server) => {
        place = placeOf(server.url);
        await readSitemaps((target) => client.readPage({ method: 'GET', target }), siteAt(server.url), 10);
        expect(server.requests.length, address).toBeGreaterThan(1);
      });
      return [place];
    }));
});

describe('clients name an address', () => {
  it('in what is passed on to WordPress', () =>
    withEach(async (address) => {
      await using server = await startHostileServer([json({})]);
      await using forwarder = createForwarder({ maxConnections: 1, proxies: 0, logger });
      // Bytes are letters of Latin-1 to node:http.
      const named = Buffer.from(at(address, server.url)).toString('latin1');
      const headers = { host: named, 'x-forwarded-host': named, 'x-original-url': named, referer: named };
      const { signal } = new AbortController();
      for (const url of [named, `/${named}`, `//${named}`, `/?url=${named}`]) {
        const asked = { method: 'GET' as const, url, headers, body: null, signal, address: undefined };
        // What is no path is refused.
        const forwarded = await forwarder.forward(siteAt(server.url), asked).catch(() => null);
        await forwarded?.body.toArray();
      }
      return [placeOf(server.url)];
    }));

  it('wherever they may name one', { timeout: 120_000 }, async () => {
    await using site = await openMarkedSite(() => null, { freshSeconds: 0 });
    const query = `query ($a: String!, $id: ID!) {
      nodeByUri(uri: $a) { id } node(id: $id) { id } contentNode(id: $id, idType: URI) { id } termNode(id: $id, idType: URI) { id }
      post(id: $id, idType: URI) { id } page(id: $id, idType: URI) { id } user(id: $id, idType: URI) { id }
      slug: post(id: $id, idType: SLUG) { id } category(id: $id, idType: URI) { id } mediaItem(id: $id, idType: SOURCE_URL) { id }
      posts(where: { search: $a, name: $a }) { nodes { id } }
    }`;
    await withEach(async (address) => {
      const named = at(address, site.server.url);
      const { data } = await site.gateway.query(query, { a: named, id: named });
      expect(Object.keys(data ?? {}), address).toContain('nodeByUri');
      return [placeOf(site.server.url)];
    });
    site.gateway.takeErrors();
  });

  it('of a file', { timeout: 60_000 }, async () => {
    const user = json({ id: 2, capabilities: { read: true, edit_posts: true, upload_files: true } });
    await using site = await openMarkedSite(({ target }) => (target.includes('/users/me') ? user : null));
    const mutation = 'mutation ($a: String!) { createMediaItem(input: { filePath: $a }) { mediaItem { id } } }';
    await withEach(async (address) => {
      const named = { a: at(address, site.server.url) };
      const { errors } = await site.gateway.query(mutation, named, { authorization: credentialsOf(2) });
      expect(errors?.[0]?.extensions.code, address).toBe('BAD_USER_INPUT');
      return [placeOf(site.server.url)];
    });
    site.gateway.takeErrors();
  });
});

it('content full of addresses is passed on, and none of them is visited', async () => {
  const lure = await startHostileServer([json([])]);
  const addresses = templates.map((template) => withPort(template, new URL(lure.url).port));
  await using site = await openMarkedSite(
    ({ target }) => {
      if (!target.startsWith('/wp-json/wp/v2/posts')) return null;
      const rows = addresses.map((link, index) => ({
        ...{ id: index + 1, slug: `p-${index}`, link, guid: { rendered: link }, featured_media: 0 },
        ...{ title: { rendered: link }, content: { rendered: `<img src="${link}">`, protected: false } },
      }));
      return json(rows, { headers: { 'x-wp-total': String(rows.length) } });
    },
    { freshSeconds: 0 },
  );
  tried.splice(0);
  const { data } = await site.gateway.query('{ posts(first: 100) { nodes { title link guid content } } }');
  expect(data.posts.nodes).toHaveLength(templates.length);
  expect(new Set(tried.filter((place) => place !== placeOf(site.server.url)))).toEqual(new Set());
  expect(lure.requests).toEqual([]);
  await lure[Symbol.asyncDispose]();
});
