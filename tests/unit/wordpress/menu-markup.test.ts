// Menus in the markup of themes: what WordPress and well-known themes print, trimmed to what matters.

import { describe, expect, it } from 'vitest';
import { createMenuParser, type MarkupMenu, toWords } from '../../../src/wordpress/menu-markup.ts';

const parseMenus = (html: string) => createMenuParser()(html);

/** `label (href)` of the items, children indented. */
function outline({ items }: MarkupMenu): string[] {
  return items.map((item) => {
    let depth = 0;
    for (let above = item.parent; above; above = above.parent) depth += 1;
    return `${'  '.repeat(depth)}${item.label} (${item.link['href'] ?? ''})`;
  });
}

const classic = `<body class="home blog footer"><header id="masthead" class="site-header">
  <nav id="site-navigation" class="main-navigation" aria-label="Top">
  <button class="menu-toggle">Menu</button>
  <div class="menu-main-menu-container"><ul id="primary-menu" class="menu nav-menu">
  <li id="menu-item-11" class="menu-item menu-item-type-custom menu-item-object-custom current-menu-item current_page_item menu-item-home menu-item-11"><a href="https://example.org/" aria-current="page">Home</a></li>
  <li id="menu-item-12" class="highlight wide menu-item menu-item-type-post_type menu-item-object-page menu-item-has-children menu-item-12"><a title="Who we are" target="_blank" rel="nofollow noopener" href="https://example.org/about/">About &amp; <em>us</em><span class="screen-reader-text"> opens a menu</span></a><button><span class="screen-reader-text">Show submenu</span></button>
  <ul class="sub-menu">
    <li id="menu-item-13" class="menu-item menu-item-type-post_type menu-item-object-page menu-item-13"><a href="/about/team/"><svg><title>icon</title></svg>Team</a>
    <li id="menu-item-14" class="menu-item menu-item-type-taxonomy menu-item-object-category menu-item-14"><a>Without address</a>
  </ul></li></ul></div></nav></header>
  <main><ul class="posts"><li class="post"><a href="/post/">Post</a></li></ul></main>
  <footer class="site-footer"><div class="menu-legal-container"><ul id="menu-legal" class="menu">
  <li class="menu-item menu-item-type-custom menu-item-object-custom menu-item-21"><a href="/legal/">Legal<span class="menu-item-description">Small print</span></a></li>
  </ul></div></footer><script>document.write('<li class="menu-item"><a href="/no/">No</a></li>')</script></body>`;

describe('a classic theme', async () => {
  const menus = await parseMenus(classic);

  it('has each menu once, with its tree', () => {
    expect(menus.map(outline)).toEqual([
      [
        'Home (https://example.org/)',
        'About & us (https://example.org/about/)',
        '  Team (/about/team/)',
        '  Without address ()',
      ],
      ['Legal (/legal/)'],
    ]);
  });

  it('tells slugs, and where menus are', () => {
    expect(menus.map(({ slug, area }) => ({ slug, area }))).toEqual([
      { slug: 'main-menu', area: 'header' },
      { slug: 'legal', area: 'footer' },
    ]);
    expect([...(menus[0]?.words ?? [])]).toEqual(expect.arrayContaining(['primary', 'menu', 'site', 'header', 'main']));
    // The classes of the body are about the page.
    expect(menus[0]?.words.has('blog')).toBe(false);
  });

  it('tells ids, links, objects and the classes that people gave', () => {
    expect(menus[0]?.items[1]).toMatchObject({
      id: 12,
      parent: null,
      classes: ['highlight', 'wide'],
      type: 'post_type',
      object: 'page',
      link: { href: 'https://example.org/about/', title: 'Who we are', target: '_blank', rel: 'nofollow noopener' },
    });
    expect(menus[0]?.items.map(({ id }) => id)).toEqual([11, 12, 13, 14]);
    expect(menus[0]?.items[0]?.classes).toEqual([]);
    expect(menus[1]?.items[0]).toMatchObject({ id: 21, label: 'Legal', description: 'Small print' });
  });
});

it('counts a copy for small screens once, and keeps its words', async () => {
  const list = (id: string) =>
    `<div class="${id}"><ul id="${id}"><li class="menu-item"><a href="/a/">A</a></li></ul></div>`;
  const menus = await parseMenus(list('menu-main') + list('mobile-menu'));
  expect(menus.map(outline)).toEqual([['A (/a/)']]);
  expect(menus[0]?.slug).toBe('main');
  expect(menus[0]?.words.has('mobile')).toBe(true);
});

const item = (label: string, href: string, more = '') =>
  `<li class="wp-block-navigation-item wp-block-navigation-link"><a class="wp-block-navigation-item__content" href="${href}"><span class="wp-block-navigation-item__label">${label}</span>${more}</a></li>`;

describe('navigation blocks', () => {
  it('have items in several lists of one block, submenus that open by click, and lists of pages', async () => {
    const [menu, ...others] =
      await parseMenus(`<header><nav class="is-responsive wp-block-navigation" aria-label="Header"><div class="wp-block-navigation__responsive-container">
      <ul class="wp-block-navigation__container">${item('Home', '/')}
      <li class="wp-block-navigation-item has-child open-on-click wp-block-navigation-submenu"><button class="wp-block-navigation-item__content wp-block-navigation-submenu__toggle" aria-expanded="false"><span class="wp-block-navigation-item__label">More</span></button><span class="wp-block-navigation__submenu-icon"><svg></svg></span>
      <ul class="wp-block-navigation__submenu-container">${item('Deep', '/deep/', '<span class="wp-block-navigation-item__description">Down there</span>')}</ul></li></ul>
      <div class="wp-block-search"><a href="/search/">Search</a></div>
      <ul class="wp-block-navigation__container"><li class="wp-block-pages-list__item wp-block-navigation-item open-on-hover-click"><a class="wp-block-pages-list__item__link wp-block-navigation-item__content" href="/page/">A page</a></li></ul>
      </div></nav></header>`);
    expect(others).toEqual([]);
    expect(menu && outline(menu)).toEqual(['Home (/)', 'More ()', '  Deep (/deep/)', 'A page (/page/)']);
    expect(menu).toMatchObject({ slug: null, area: 'header' });
    expect(menu?.items[2]).toMatchObject({ id: null, type: null, classes: [], description: 'Down there' });
  });

  it('have no list around them in a navigation post', async () => {
    expect((await parseMenus(item('One', '/1/') + item('Two', '/2/'))).map(outline)).toEqual([
      ['One (/1/)', 'Two (/2/)'],
    ]);
  });
});

describe('markup that is none', () => {
  it.each([
    ['', 0],
    ['plain text', 0],
    ['<ul><li><a href="/">Not a menu</a></li></ul>', 0],
    ['<li class="menu-item"><a href="/a/">Cut o', 1],
    ['</ul></li></nav><ul><li class="menu-item">', 1],
  ])('%j has %d menus', async (html, count) => {
    expect(await parseMenus(html)).toHaveLength(count);
  });

  it('is read however much of it there is about other things', async () => {
    const [menu] = await parseMenus(`${'<p>Text<br>'.repeat(100_000)}${item('One', '/1/')}${'<a></b>'.repeat(400)}`);
    expect(menu && outline(menu)).toEqual(['One (/1/)']);
  });
});

describe('markup that is too much', () => {
  const link = '<a href="/">x</a>';
  it.each([
    ['levels', '<div>'.repeat(400_000)],
    ['levels', `<ul><li class="menu-item">${link}</ul>${'<b>'.repeat(600)}`],
    ['items', `<ul>${`<li class="menu-item">${link}</li>`.repeat(5001)}`],
    ['lists', `<ul><li class="menu-item">${link}</li></ul>`.repeat(201)],
    ['characters', 'a'.repeat(2 * 1024 * 1024 + 1)],
    ['characters in an item', `<li class="menu-item"><a>${'a '.repeat(9000)}`],
    ['characters in the names of an element', `<ul class="${'a '.repeat(9000)}">`],
  ])('has too many %s: an error rather than a part of the menus', async (what, html) => {
    await expect(parseMenus(html)).rejects.toMatchObject({
      code: 'UPSTREAM_TOO_LARGE',
      message: expect.stringMatching(new RegExp(` ${what}$`)),
    });
  });

  it('is so in several parts together', async () => {
    const parse = createMenuParser();
    const part = `<ul>${`<li class="menu-item">${link}</li>`.repeat(3000)}`;
    expect((await parse(part))[0]?.items).toHaveLength(3000);
    await expect(parse(part)).rejects.toMatchObject({ code: 'UPSTREAM_TOO_LARGE' });
  });
});

it('gives way to others after each few kilobytes, each item and each menu', async () => {
  let waysGiven = 0;
  const count = async (html: string) => {
    waysGiven = 0;
    const parse = createMenuParser(async () => {
      waysGiven += 1;
    });
    await parse(html);
    return waysGiven;
  };
  expect(await count('<br>'.repeat(50_000))).toBeGreaterThan(20);
  const list = (name: string) => `<ul>${`<li class="menu-item"><a href="/${name}/">x</a></li>`.repeat(50)}</ul>`;
  expect(await count(list('a') + list('b'))).toBeGreaterThan(100 + 2);
});

it('finds words in names', () => {
  expect(toWords('primary-menu')).toEqual(['primary', 'menu']);
  expect(toWords('siteNav_Main menü')).toEqual(['site', 'nav', 'main', 'menü']);
});
