// Menus that everybody may see: which source serves, what they are called, and at which locations they are.

import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { loadPublicMenus, type PublicReads } from '../../../src/wordpress/public-menus.ts';
import type { Site } from '../../../src/wordpress/rest.ts';

const site: Site = {
  root: { origin: 'https://example.org', path: '/blog/wp-json/', style: 'path' },
  name: 'Example',
  description: null,
  url: 'https://example.org/blog',
  home: 'https://example.org/blog',
  timezone: 'UTC',
  gmtOffset: 0,
  namespaces: ['wp/v2'],
  showOnFront: 'posts',
  pageOnFront: null,
  pageForPosts: null,
  siteIconId: null,
  siteIconUrl: null,
};

interface Upstream extends PublicReads {
  readonly asked: string[];
}

function upstream(navigation: unknown, page = '', status = 200): Upstream {
  const asked: string[] = [];
  return {
    asked,
    read: async (route) => {
      asked.push(route);
      if (navigation instanceof Error) throw navigation;
      return { body: navigation };
    },
    readPage: async (_, target) => {
      asked.push(target);
      return { status, headers: new Map(), body: page };
    },
  };
}

const list = (id: string, ...labels: string[]) =>
  `<ul id="${id}">${labels.map((label) => `<li class="menu-item"><a href="/${label}/">${label}</a></li>`).join('')}</ul>`;
const front = `<header>${list('menu-top-links', 'home')}</header>${list('social-menu', 'chat')}<footer>${list('menu-small-print', 'legal', 'imprint')}</footer></body>`;
const post = (id: number, slug: string, content: string) => ({
  id,
  slug,
  title: { rendered: `${slug} &amp; more` },
  content: { rendered: content },
});

async function locationsOf(reads: PublicReads, named: readonly string[] = []) {
  const { menus } = await loadPublicMenus(reads, site, named);
  return Object.fromEntries(menus.map(({ slug, locations }) => [slug, locations]));
}

describe('the source', () => {
  it.each([401, 403])('is not known where the front page is closed: %s', async (status) => {
    await expect(loadPublicMenus(upstream([], front, status), site, [])).rejects.toMatchObject({
      code: 'UPSTREAM_FORBIDDEN',
      message: `GET /blog/: ${status}`,
    });
  });

  it('is the published navigation posts, with their ids, slugs and titles', async () => {
    const reads = upstream([post(7, 'header', list('x', 'home', 'about')), post(8, 'empty', '')], front);
    const { source, menus } = await loadPublicMenus(reads, site, []);
    expect(reads.asked).toEqual(['wp/v2/navigation']);
    expect(source).toBe('navigation');
    expect(menus).toMatchObject([{ id: 7, slug: 'header', name: 'header &amp; more' }]);
    expect(menus[0]?.items.map(({ menuId, order, label }) => ({ menuId, order, label }))).toEqual([
      { menuId: 7, order: 1, label: 'home' },
      { menuId: 7, order: 2, label: 'about' },
    ]);
  });

  it.each([
    ['none is published', []],
    ['WordPress has no such route', new UpstreamError('UPSTREAM_NOT_FOUND', 'GET /wp/v2/navigation: 404')],
    ['a plugin closes it', new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/navigation: 401')],
    ['the answer makes no sense', { strange: true }],
  ])('is the front page where %s', async (_, navigation) => {
    const reads = upstream(navigation, front);
    const { source, menus } = await loadPublicMenus(reads, site, []);
    expect(reads.asked).toEqual(['wp/v2/navigation', '/blog/']);
    expect(source).toBe('page');
    expect(menus.map(({ slug, name }) => `${slug}: ${name}`)).toEqual([
      'top-links: Top Links',
      'social-menu: Social Menu',
      'small-print: Small Print',
    ]);
  });

  it('is none where the front page has no menus, and hidden where it is not shown', async () => {
    const none = { source: 'none', hasEnd: true, isSigned: false, menus: [] };
    const hidden = { source: 'hidden', hasEnd: null, isSigned: null, menus: [] };
    expect(await loadPublicMenus(upstream([], front, 301), site, [])).toEqual(hidden);
    expect(await loadPublicMenus(upstream([], '<form id="loginform">'), site, [])).toEqual(hidden);
    expect(await loadPublicMenus(upstream([], '\n'), site, [])).toEqual(hidden);
    expect(await loadPublicMenus(upstream([], '<p>Hello</p></html>'), site, [])).toEqual(none);
    const hosted: Site = { ...site, root: { ...site.root, style: 'wordpress.com' } };
    expect(await loadPublicMenus(upstream([], front), hosted, [])).toEqual(none);
  });

  it.each([
    ['breaks off in a menu', front.slice(0, front.indexOf('</ul>'))],
    ['breaks off before its menus', '<!DOCTYPE html><html><body>'],
    ['fails in PHP after its header', `${front.slice(0, front.indexOf('<footer>'))}<b>Fatal error</b>: Uncaught Error`],
    ['is empty', ''],
  ])('is what was found before where the front page %s', async (_, page) => {
    const before = await loadPublicMenus(upstream([], front), site, []);
    const error = page === '' ? { details: { isInTheWay: true } } : { code: 'UPSTREAM_BAD_RESPONSE' };
    await expect(loadPublicMenus(upstream([], page), site, [], before)).rejects.toMatchObject(error);
  });

  it('is a front page that lost its end where nothing is missing, but not one that breaks off after that', async () => {
    const before = await loadPublicMenus(upstream([], front), site, []);
    const endless = front
      .replace('</body>', '<b>Fatal error</b>')
      .replace('</ul><footer>', '<li class="menu-item"><a href="/new/">new</a></li></ul><footer>');
    const found = await loadPublicMenus(upstream([], endless), site, [], before);
    expect(found.menus.map(({ items }) => items.length)).toEqual([1, 2, 2]);
    for (const end of ['<footer>', '<a href="/imprint/"', 'rint</a>']) {
      const cut = upstream([], endless.slice(0, endless.indexOf(end)));
      await expect(loadPublicMenus(cut, site, [], found)).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    }
  });

  it('is a front page without an end where it has none when it is asked twice', async () => {
    const endless = front.replace('</body>', '');
    const reads = upstream([], endless);
    const found = await loadPublicMenus(reads, site, []);
    expect([found.source, found.menus.length, reads.asked.length]).toEqual(['page', 3, 3]);
    // From then on once is enough, until it has an end.
    expect(await loadPublicMenus(reads, site, [], found)).toEqual(found);
    expect(reads.asked).toHaveLength(5);
    const cut = { ...reads, readPage: upstream([], front).readPage };
    expect((await loadPublicMenus(cut, site, [], found)).hasEnd).toBe(true);
  });

  it('is the whole front page where the first one broke off', async () => {
    const [whole, cut] = [upstream([], front), upstream([], front.slice(0, 60))];
    let count = 0;
    const readPage: PublicReads['readPage'] = (...asked) => (count++ === 0 ? cut : whole).readPage(...asked);
    expect((await loadPublicMenus({ ...whole, readPage }, site, [])).menus).toHaveLength(3);
  });

  it('is an error where navigation posts are more than menus can be, each or together', async () => {
    const items = (count: number) => list('x', ...Array.from({ length: count }, (_, index) => `${index}`));
    for (const posts of [[5001], [3000, 3000]]) {
      const reads = upstream(
        posts.map((count, index) => post(index + 1, 'x', items(count))),
        front,
      );
      await expect(loadPublicMenus(reads, site, [])).rejects.toMatchObject({ code: 'UPSTREAM_TOO_LARGE' });
    }
  });

  it('is an error where WordPress is down', async () => {
    const down = new UpstreamError('UPSTREAM_TIMEOUT', 'GET /wp/v2/navigation: no answer');
    await expect(loadPublicMenus(upstream(down, front), site, [])).rejects.toBe(down);
  });
});

describe('ids', () => {
  it('are those of the markup, or made up beyond those of any site, and differ', async () => {
    const { menus } = await loadPublicMenus(upstream([], front), site, []);
    const ids = menus.flatMap(({ id, items }) => [id, ...items.map((item) => item.id)]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id >= 2 ** 30 && id < 2 ** 31)).toBe(true);
    const marked = upstream([], '<ul id="menu-a"><li id="menu-item-5" class="menu-item"><ul><li class="menu-item">');
    const [menu] = (await loadPublicMenus(marked, site, [])).menus;
    expect(menu?.items.map(({ id, parentId }) => [id, parentId])).toEqual([
      [5, 0],
      [2 ** 30 + 2, 5],
    ]);
  });
});

describe('locations', () => {
  it('are the header and the footer of the page, and each menu’s own slug', async () => {
    expect(await locationsOf(upstream([], front))).toEqual({
      'top-links': ['primary', 'top-links'],
      'social-menu': ['social-menu'],
      'small-print': ['footer', 'small-print'],
    });
  });

  it('are found by the names of the configuration', async () => {
    expect(await locationsOf(upstream([], front), ['social', 'header-menu', 'footer_nav', 'mobile'])).toEqual({
      'top-links': ['header-menu', 'top-links'],
      'social-menu': ['social', 'social-menu'],
      'small-print': ['footer_nav', 'small-print'],
    });
    expect(await locationsOf(upstream([], front), ['menu-1', 'menu-2'])).toMatchObject({
      'top-links': ['menu-1', 'top-links'],
      'social-menu': ['menu-2', 'social-menu'],
    });
  });

  it('are found by the slug of navigation posts', async () => {
    const reads = upstream([post(1, 'footer-links', list('a', 'legal')), post(2, 'navigation', list('b', 'home'))]);
    expect(await locationsOf(reads)).toEqual({
      'footer-links': ['footer', 'footer-links'],
      navigation: ['primary', 'navigation'],
    });
  });
});
