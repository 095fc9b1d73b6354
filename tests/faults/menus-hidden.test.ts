// Menus that were shown stand while the site shows something else in their place: they do not become empty, nor others.

import { afterEach, describe, expect, it } from 'vitest';
import { credentialsOf, type MarkedSite, openMarkedSite } from '../reliability/marked-site.ts';
import { type Behaviour, html, json, redirect, restError } from '../support/hostile-server.ts';

let clock = 1_000_000;
let shown: Readonly<Record<string, Behaviour>> = {};
let site: MarkedSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

const query = '{ menus { nodes { slug } } menuItems { nodes { label } } }';
const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 3600 };

/** A site with these pages and routes, and the menus of its gateway. */
async function open(now: Readonly<Record<string, Behaviour>>, authorization?: string) {
  shown = { '/wp-json/wp/v2/navigation': restError(404, 'rest_no_route'), ...now };
  site = await openMarkedSite(({ target }) => shown[target.replace(/\?(?!preview).*/, '')] ?? null, {
    ...{ freshSeconds: 60, cache: { ...times, now: () => clock } },
    ...(authorization ? { authorization } : {}),
  });
  const { gateway } = site;
  return async () => {
    const { data, errors } = await gateway.query(query);
    const labels = data?.menuItems?.nodes.map(({ label }: { label: string }) => label);
    return errors ? errors.map(({ extensions }) => extensions.code) : labels;
  };
}

const items = (...labels: string[]) =>
  labels.map((label) => `<li class="menu-item"><a href="/${label}/">${label}</a></li>`).join('');
const page = `<!DOCTYPE html><header><ul id="primary-menu">${items('Home', 'About')}</ul></header></html>`;
const front = html(page);
const suspended = html('<!DOCTYPE html><title>Account Suspended</title><h1>Suspended</h1></html>');
const named = { link: '<http://marked.test/wp-json/>; rel="https://api.w.org/"' };
const style = '<link rel="stylesheet" href="/wp-content/themes/one/style.css"><header>';
const broken = html(page.slice(0, page.indexOf('<a href="/About/"')));
const soon = html('<!DOCTYPE html><title>We are working</title></html>');
const maintenance = html('<!DOCTYPE html><title>Under construction</title>');
const notFound = html('<!DOCTYPE html><title>Nothing here</title>', { status: 404 });
const closed = html('<!DOCTYPE html><title>Forbidden</title>', { status: 403 });

/** Until nothing of before is used but where something fails. */
function passTime(): void {
  clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
}

describe('menus of the front page', () => {
  it.each<[string, Readonly<Record<string, Behaviour>>]>([
    ['is not found', { '/': notFound }],
    ['leads to another host', { '/': redirect('https://elsewhere.test/') }],
    ['leads to the login', { '/': redirect('/wp-login.php?redirect_to=%2F') }],
    ['leads to a page without menus', { '/': redirect('/soon/'), '/soon/': soon }],
    ['leads nowhere', { '/': redirect('/'), '/?preview=true': redirect('/') }],
    ['leads in a circle', { '/': redirect('/a/'), '/a/': redirect('/') }],
    ['is one about maintenance', { '/': maintenance }],
    ['breaks off', { '/': broken }],
    ['is empty', { '/': html('') }],
  ])('stand while it %s', async (_, now) => {
    const labels = await open({ '/': front });
    expect(await labels()).toEqual(['Home', 'About']);
    shown = { ...shown, ...now };
    passTime();
    expect(await labels()).toEqual(['Home', 'About']);
    shown = { ...shown, '/': html(`<ul id="primary-menu">${items('New')}</ul></html>`) };
    passTime();
    expect(await labels()).toEqual(['New']);
  });

  it.each<[string, Behaviour]>([
    ['in its headers', html(page, { headers: named })],
    ['in its text', html(page.replace('<header>', style))],
  ])('stand while a page that does not say so is in the place of one that names WordPress %s', async (_, signed) => {
    const labels = await open({ '/': signed });
    expect(await labels()).toEqual(['Home', 'About']);
    shown = { ...shown, '/': suspended };
    passTime();
    expect(await labels()).toEqual(['Home', 'About']);
    clock += 1000 * times.staleIfErrorSeconds;
    expect(await labels()).toEqual([]);
  });

  it.each<[string, Behaviour]>([
    ['in its headers', html('<!DOCTYPE html><p>Hello</p></html>', { headers: named })],
    ['in its text', html(`<!DOCTYPE html>${style}<p>Hello</p></html>`)],
  ])('are none once the owner has taken them away, and the page names WordPress %s', async (_, signed) => {
    const labels = await open({ '/': html(page, { headers: named }) });
    expect(await labels()).toEqual(['Home', 'About']);
    shown = { ...shown, '/': signed };
    passTime();
    expect(await labels()).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, Behaviour>>]>([
    ['its own language', { '/': redirect('/en/'), '/en/': front }],
    ['the address by which everybody knows it', { '/': redirect('http://marked.test/'), '/?preview=true': front }],
  ])('are found where it leads to %s', async (_, now) => {
    const labels = await open(now);
    expect(await labels()).toEqual(['Home', 'About']);
  });

  it('are none once the owner has taken them away', async () => {
    const labels = await open({ '/': front });
    expect(await labels()).toEqual(['Home', 'About']);
    shown = { ...shown, '/': soon };
    passTime();
    expect(await labels()).toEqual([]);
  });

  it.each<[string, Behaviour, readonly string[]]>([
    ['is closed', closed, ['UPSTREAM_FORBIDDEN', 'UPSTREAM_FORBIDDEN']],
    ['is about maintenance', maintenance, ['UPSTREAM_NOT_JSON', 'UPSTREAM_NOT_JSON']],
    ['is elsewhere', redirect('https://elsewhere.test/'), []],
    // Themes for nobody but a front end elsewhere show nothing.
    ['is empty', html(''), []],
  ])('were never known where it %s', async (_, shownFirst, expected) => {
    const labels = await open({ '/': shownFirst });
    expect(await labels()).toEqual(expected);
  });
});

it('menus of navigation posts stand while those are refused, though the front page has some', async () => {
  const content = { rendered: `<ul>${items('Posts')}</ul>` };
  const labels = await open({
    '/': front,
    '/wp-json/wp/v2/navigation': json([{ id: 7, slug: 'header', title: { rendered: 'Header' }, content }]),
  });
  expect(await labels()).toEqual(['Posts']);
  shown = { ...shown, '/wp-json/wp/v2/navigation': restError(403, 'rest_forbidden') };
  passTime();
  expect(await labels()).toEqual(['Posts']);
});

it('menus that the gateway’s own credentials opened stand while those are refused', async () => {
  const menu = { id: 7, name: 'Main', slug: 'main', locations: ['primary'] };
  const item = { id: 70, title: { rendered: 'Own' }, url: 'http://marked.test/', menus: 7, parent: 0, menu_order: 1 };
  const one = { headers: { 'x-wp-total': '1' } };
  const opened = { '/wp-json/wp/v2/menus': json([menu], one), '/wp-json/wp/v2/menu-items': json([item], one) };
  const labels = await open({ ...opened, '/': front }, credentialsOf(1));
  expect(await labels()).toEqual(['Own']);
  const refused = restError(401, 'incorrect_password');
  shown = { ...shown, '/wp-json/wp/v2/menus': refused, '/wp-json/wp/v2/menu-items': refused };
  passTime();
  expect(await labels()).toEqual(['Own']);
  // So they do when it is asked anew, and when what was refused is remembered.
  expect(await labels()).toEqual(['Own']);
  clock += 1000 * times.staleIfErrorSeconds;
  expect(await labels()).toEqual(['UPSTREAM_FORBIDDEN', 'UPSTREAM_FORBIDDEN']);
});
