// Which addresses are asked of WordPress as pages, on sites with their REST API at one place or another.

import { expect, it } from 'vitest';
import { parseAddress } from '../../../src/loaders/lookup.ts';
import { askWordPress } from '../../../src/loaders/told-address.ts';
import type { RestRoot, Site } from '../../../src/wordpress/rest.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';

const origin = 'https://books.example';

function siteAt(path: string, style: RestRoot['style'] = 'path', home = origin): Site {
  return { ...bookSite, home, url: home, root: { origin, path, style } };
}

const pretty = siteAt('/wp-json/');
const below = siteAt('/blog/wp-json/', 'path', `${origin}/blog`);

/** Path and query of an address as they are asked; null where nothing is. */
function asked(site: Site, uri: string): string | null {
  const address = parseAddress({ site, resources: bookResources }, uri);
  return address && `${address.asGiven}?${address.query}`;
}

it.each([
  ...[
    '/wp-json',
    '/wp-json/',
    '/wp-json/wp/v2/comments',
    'wp-json/wp/v2',
    '//wp-json/wp/v2',
    '/./wp-json/',
    '/a/../wp-json/',
  ],
  ...[
    '/wp%2Djson/',
    '/%77p-json/',
    '/wp-json%2Fwp',
    '/%2e/wp-json/',
    '/WP-JSON/wp/v2',
    '/wp-\tjson/',
    '/\\wp-json/',
    '/wp-json%5Cwp/',
  ],
  ...[
    '/wp-json;x/wp',
    '/wp-json%00/wp',
    '/wp-json%20/',
    '/wp-json%0A',
    '/index.php/wp-json/wp/v2',
    '/index.php//wp-json/',
  ],
  ...['/index.php/index.php/wp-json/', '/INDEX.php/wp-json/', '/index%2Ephp/wp-json/', '/shop/wp-json/wc/v3/orders'],
  ...[`${origin}/wp-json/`, `${origin}//wp-json/`, '//books.example/wp-json/', `${origin}/wp-json?p=1#top`],
  ...[
    '/wp-admin',
    '/wp-admin/',
    '/wp-admin/admin-ajax.php?action=x',
    '/wp-admin/users',
    '/shop/wp-admin/x',
    '/Wp-Admin/x',
  ],
  ...[
    '/wp-login.php',
    '/wp-login.php/',
    '/wp-cron.php?doing_wp_cron',
    '/xmlrpc.php',
    '/wp-login.php;x',
    '/wp-login.php%20',
  ],
  ...[
    '/wp-login.php.',
    '/wp-login.php%00.html',
    '/wp-login.PHP',
    '/wp-login%2Ephp',
    '/a/wp-login.php/b',
    '/wp-content/plugins/a/b.php',
    '/blog/wp-includes/wp-content/a.php/b',
  ],
  ...[
    '/b.php7',
    '/b.phtml',
    '/b.phar',
    '/a%5C..%5Cwp-login.php',
    '/..%5Cwp',
    '/a/..;/b',
    '/a/%2e%2e%2fb',
    '/wp-comments-post.php',
    '/\t/elsewhere.example/',
  ],
])('asks nothing at %s', (uri) => {
  expect(asked(pretty, uri)).toBeNull();
});

it.each([
  ['/hello/', 'hello?'],
  ['/index.php', '?'],
  ['/index.php/hello/', 'index.php/hello?'],
  ['/glossary/wp-json/', 'glossary/wp-json?'],
  ['/wp-json-explained/', 'wp-json-explained?'],
  ['/what-index.php-is/', 'what-index.php-is?'],
  ['/wp%252Djson/', 'wp%2Djson?'],
  // As on sites that kept the addresses that they had before.
  ['/hello.php', 'hello.php?'],
  ['/news/hello.php/', 'news/hello.php?'],
  ['/wp-content/uploads/a.pdf', 'wp-content/uploads/a.pdf?'],
  ['/a.php/wp-content/b', 'a.php/wp-content/b?'],
  ['/wp-content/a.php-b', 'wp-content/a.php-b?'],
])('asks for the page at %s', (uri, page) => {
  expect(asked(pretty, uri)).toBe(page);
});

it.each<[Site, string, string]>([
  [below, '/wp-json/', '/hello/'],
  [below, `${origin}/blog/wp-json/`, `${origin}/blog/hello/`],
  [siteAt('/index.php/wp-json/'), '/wp-json/', '/hello/'],
  [siteAt('/blog/index.php/wp-json/', 'path', `${origin}/blog`), '/index.php/wp-json/', '/index.php/hello/'],
  [siteAt('/API/rest/'), '/index.php/api/rest/wp/v2/posts', '/api/'],
  [siteAt('/caf%C3%A9/'), '/CAF%c3%a9/wp/v2', '/caf%C3%A9s/'],
  [siteAt('/index.php', 'query'), '/wp-json/', '/hello/'],
  [siteAt('/', 'query'), '/wp-json/wp/v2', '/hello/'],
  [siteAt('/'), '/wp-json/', '/hello/'],
  [siteAt('/wp/v2/sites/books.example/', 'wordpress.com'), '/wp-json/wp/v2', '/hello/'],
])('knows where the REST API is: $root.path', (site, rest, page) => {
  expect(asked(site, rest)).toBeNull();
  expect(asked(site, page)).not.toBeNull();
});

it.each([
  ['/?rest_route=/wp/v2/comments&_method=POST&post=1&content=x', '?'],
  ['/?p=12&rest_route[]=/x&rest.route=/x&rest%5Froute=/x&%5Fmethod=DELETE&REST_ROUTE=/x', '?p=12'],
  ['/?p=1;_method=POST', '?p=1%3B_method%3DPOST'],
  ['/?p=1&p=12', '?p=12'],
  ['/?s=a%26_method%3DPOST', '?s=a%26_method%3DPOST'],
  ['/?p=12&_wpnonce=a&_fields=id&_envelope=1&_jsonp=f&_embed=1&add-to-cart=5&wc-ajax=x&wc-api=y&action=z', '?p=12'],
  ['/?book=dune&genre=novel&post=1&user=2&comment=3', '?book=dune&genre=novel'],
  ['/?lang=de&utm_source=x', '?lang=de'],
  ['/?p=12&preview=true&preview_id=12&preview_nonce=a', '?p=12&preview=true'],
  ['/?p=1&tb=1', '?p=1&tb=1'],
  ['/index.php?_method=POST&rest_route=/', '?'],
  [`${origin}?rest_route=/&p=3`, '?p=3'],
  ['?rest_route=/&cat=3', '?cat=3'],
  ['/hello/?rest_route=/&_method=POST&p=5&feed=atom', 'hello?feed=atom'],
  ['/hello/;rest_route=/?_method=POST', 'hello/;rest_route=?'],
])('leaves out of %s what WordPress may act on', (uri, page) => {
  expect(asked(pretty, uri)).toBe(page);
});

it.each<[Site, string[]]>([
  [pretty, ['HEAD /hello/']],
  [below, ['HEAD /blog/hello/']],
  [siteAt('/index.php', 'query'), ['HEAD /hello/']],
  [siteAt('/'), []],
  [siteAt('/wp/v2/sites/books.example/', 'wordpress.com'), []],
])('asks for no page where there is nothing but the REST API: $root.path', async (site, requests) => {
  const sent: string[] = [];
  const loaders = {
    async readPage(method: 'GET' | 'HEAD', target: string) {
      sent.push(`${method} ${target}`);
      return { status: 404, headers: new Map(), body: '', cacheable: true };
    },
  };
  const address = parseAddress({ site, resources: bookResources }, '/hello/');
  expect(address && (await askWordPress({ loaders, site, resources: bookResources }, address))).toBeNull();
  expect(sent).toEqual(requests);
});
