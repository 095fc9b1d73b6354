// Reading sitemaps: of WordPress and of plugins, of this site only, and never without end.

import { expect, it } from 'vitest';
import type { PageAnswer, Site } from '../../../src/wordpress/rest.ts';
import { readSitemaps } from '../../../src/wordpress/sitemap.ts';

const site: Site = {
  root: { origin: 'http://site.test', path: '/blog/wp-json/', style: 'path' },
  ...{ name: null, description: null, url: null, home: 'http://site.test/blog', timezone: null, gmtOffset: 0 },
  ...{ namespaces: [], showOnFront: 'posts', pageOnFront: 0, pageForPosts: 0, siteIconId: 0, siteIconUrl: null },
};

const index = (...urls: string[]) =>
  `<?xml version="1.0"?><sitemapindex>${urls.map((url) => `<sitemap><loc> ${url} </loc></sitemap>`).join('')}</sitemapindex>`;
const pages = (...urls: string[]) =>
  `<urlset>${urls.map((url) => `<url><loc>${url}</loc><image:image><image:loc>http://site.test/i.jpg</image:loc></image:image></url>`).join('')}</urlset>`;

function reader(files: Readonly<Record<string, string | { readonly to: string }>>) {
  const asked: string[] = [];
  const read = async (target: string): Promise<PageAnswer> => {
    asked.push(target);
    const found = files[target];
    const cacheable = true;
    if (typeof found === 'object')
      return { status: 301, headers: new Map([['location', found.to]]), body: '', cacheable };
    return { status: found === undefined ? 404 : 200, headers: new Map(), body: found ?? '', cacheable };
  };
  return { read, asked };
}

it('gives the addresses below the home of the site, each once', async () => {
  const { read, asked } = reader({
    '/blog/sitemap_index.xml': { to: '/blog/wp-sitemap.xml' },
    '/blog/wp-sitemap.xml': index('http://site.test/blog/posts.xml', 'http://elsewhere.test/x.xml'),
    '/blog/posts.xml': pages(
      'http://site.test/blog/',
      'http://site.test/blog/a/?x=1&amp;y=2',
      'http://site.test/blog/a/?x=1&amp;y=2',
      'http://elsewhere.test/b/',
    ),
  });
  expect(await readSitemaps(read, site, 100)).toEqual(['/', '/a/?x=1&y=2']);
  expect(asked).toEqual(['/blog/sitemap_index.xml', '/blog/wp-sitemap.xml', '/blog/posts.xml']);
});

it('ends where sitemaps lead in circles, where there are enough, and where there is none', async () => {
  const circle = reader({ '/blog/wp-sitemap.xml': index('http://site.test/blog/wp-sitemap.xml') });
  expect(await readSitemaps(circle.read, site, 100)).toEqual([]);
  const many = Array.from({ length: 50 }, (_, id) => `http://site.test/blog/${id}/`);
  expect(await readSitemaps(reader({ '/blog/sitemap.xml': pages(...many) }).read, site, 7)).toHaveLength(7);
  const none = reader({});
  expect(await readSitemaps(none.read, site, 100)).toEqual([]);
  expect(none.asked).toHaveLength(3);
});

it('reads no page that nests without end in place of a sitemap', async () => {
  // Were each level to look at all above it, this would take minutes: the test would not end.
  const { read } = reader({ '/blog/sitemap.xml': `${pages('http://site.test/blog/a/')}${'<div>'.repeat(400_000)}` });
  expect(await readSitemaps(read, site, 100)).toEqual(['/a/']);
});
