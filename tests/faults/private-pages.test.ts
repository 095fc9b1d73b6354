// A page that a cache in front of WordPress made for somebody is read once, and nothing of it is kept for others.

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { openMarkedSite } from '../reliability/marked-site.ts';
import { type Behaviour, html, json, restError } from '../support/hostile-server.ts';

const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 };
const menus = '{ menuItems { nodes { label } } }';
const inMenus = '{ menus { nodes { menuItems { nodes { label } } } } }';
const address = '{ nodeByUri(uri: "/post-7/") { ... on Post { databaseId } } }';
const loggedIn = { 'set-cookie': 'pll_language=en; path=/, wordpress_logged_in_a=b; path=/; HttpOnly' };
const isPrivate = { 'cache-control': 'no-cache, must-revalidate, max-age=0, no-store, private' };

const front = (label: string, headers: Record<string, string> = {}) =>
  html(`<!DOCTYPE html><ul id="menu"><li class="menu-item"><a href="/a/">${label}</a></li></ul></html>`, { headers });

/** A site with these pages, and what its gateway answers: the data, who may keep it, and the pages that were asked for. */
async function open(pages: Readonly<Record<string, Behaviour>>) {
  const store = createResponseStore({ maxBytes: 1e6, ...times });
  const shown = { '/wp-json/wp/v2/navigation': restError(404, 'rest_no_route'), ...pages };
  const site = await openMarkedSite(({ target }) => Reflect.get(shown, target.replace(/\?.*/, '')) ?? null, {
    ...{ freshSeconds: 60, cache: times, store },
  });
  const ask = async (query: string) => {
    site.server.forget();
    const response = await site.gateway.send({}, `/graphql?query=${encodeURIComponent(query)}`);
    const { data } = await response.json();
    const keeps = response.headers.get('cache-control')?.split(',')[0];
    return [data, keeps, site.server.requests.map(({ target }) => target).filter((target) => !/wp-json/.test(target))];
  };
  return { ask, shown, store, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}

const items = (label: string) => ({ menuItems: { nodes: [{ label }] } });

describe('a front page', () => {
  it.each([
    ['with a cookie of a user', loggedIn],
    ['that is private', isPrivate],
  ])('%s gives its menus to nobody else', async (_, headers) => {
    await using site = await open({ '/': front('Hello Jane', headers) });
    expect(await site.ask(menus)).toEqual([items('Hello Jane'), 'no-store', ['/']]);
    expect(await site.ask(menus)).toEqual([items('Hello Jane'), 'no-store', ['/']]);
    expect(site.store.size().answers).toBe(0);
    Object.assign(site.shown, { '/': front('Log in') });
    const nodes = [{ menuItems: items('Log in').menuItems }];
    expect(await site.ask(inMenus)).toEqual([{ menus: { nodes } }, 'public', ['/']]);
    expect(await site.ask(menus)).toEqual([items('Log in'), 'public', []]);
  });

  it.each([
    ['a language', { 'set-cookie': 'pll_language=en; expires=Sat, 28 Nov 2026 10:00:00 GMT; path=/' }],
    ['a session', { 'set-cookie': 'PHPSESSID=1; path=/', 'cache-control': 'no-store, no-cache, must-revalidate' }],
    ['a test of cookies', { 'set-cookie': 'wordpress_test_cookie=WP+Cookie+check; path=/' }],
  ])('with a cookie of %s is for everybody', async (_, headers) => {
    await using site = await open({ '/': front('Home', headers) });
    expect(await site.ask(menus)).toEqual([items('Home'), 'public', ['/']]);
    expect((await site.ask(inMenus))[2]).toEqual([]);
  });
});

describe('what an address shows', () => {
  const link = '<http://marked.test/wp-json/>; rel="https://api.w.org/"';
  const route = '<http://marked.test/wp-json/wp/v2/posts/7>; rel="alternate"; type="application/json"';
  const page = (headers: Record<string, string>, status = 200) => html('', { status, headers });
  const post = { nodeByUri: { databaseId: 7 } };

  it('is kept for nobody where the page has a cookie of a user', async () => {
    await using site = await open({ '/post-7/': page({ link: `${link}, ${route}`, ...loggedIn }) });
    expect(await site.ask(address)).toEqual([post, 'no-store', ['/post-7/']]);
    expect(await site.ask(address)).toEqual([post, 'no-store', ['/post-7/']]);
  });

  // WordPress says so of whatever it does not find (6.8), and shops of the page of a cart.
  it.each([
    ['nothing is there', page({ link, ...isPrivate }, 404), { nodeByUri: null }],
    ['the page is private', page({ link: `${link}, ${route}`, ...isPrivate }), post],
  ])('is kept where %s', async (_, behaviour, data) => {
    await using site = await open({ '/post-7/': behaviour });
    expect(await site.ask(address)).toEqual([data, 'public', ['/post-7/']]);
    expect((await site.ask(address))[2]).toEqual([]);
  });
});

const posts = (label: string, headers: Record<string, string> = {}) => {
  const rendered = `<ul><li class="menu-item"><a href="/a/">${label}</a></li></ul>`;
  return json([{ id: 7, slug: 'menu', title: { rendered: 'Menu' }, content: { rendered } }], { headers });
};

it.each([
  ['a front page', '/', front],
  ['navigation posts', '/wp-json/wp/v2/navigation', posts],
])('menus of %s are kept by none of those who read them together', async (_, path, show) => {
  const held: (() => void)[] = [];
  const hold: Behaviour = (...asked) => void held.push(() => show('Hello Jane', loggedIn)(...asked));
  await using site = await open({ [path]: hold });
  const first = site.ask(menus);
  await vi.waitFor(() => expect(held).toHaveLength(1));
  const second = site.ask(inMenus);
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  for (const answer of held) answer();
  const inOne = (label: string) => ({ menus: { nodes: [items(label)] } });
  expect((await first).slice(0, 2)).toEqual([items('Hello Jane'), 'no-store']);
  expect((await second).slice(0, 2)).toEqual([inOne('Hello Jane'), 'no-store']);
  expect(held).toHaveLength(1);
  expect(site.store.size().answers).toBe(0);
  Object.assign(site.shown, { [path]: show('Log in') });
  expect((await site.ask(inMenus))[0]).toEqual(inOne('Log in'));
});
