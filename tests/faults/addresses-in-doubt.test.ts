// What an address shows where the pages of the site fail, are closed, or show all visitors something else: what REST knows,
// or an error; that nothing is there only where WordPress or REST says so.

import { afterEach, describe, expect, it } from 'vitest';
import { credentialsOf, type MarkedSite, openMarkedSite } from '../reliability/marked-site.ts';
import { type Behaviour, hangUp, html, redirect, restError } from '../support/hostile-server.ts';

let clock = 1_000_000;
let page: (target: string) => Behaviour | null = () => null;
let routes: Readonly<Record<string, Behaviour>> = {};
let site: MarkedSite;

afterEach(async () => {
  site.gateway.takeErrors();
  await site[Symbol.asyncDispose]();
});

const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 3600 };

async function open(): Promise<void> {
  routes = {};
  page = rightPage;
  site = await openMarkedSite(
    ({ target }) => (target.startsWith('/wp-json') ? (routes[target.replace(/\?.*/, '')] ?? null) : page(target)),
    { freshSeconds: 60, cache: { ...times, now: () => clock } },
  );
  site.server.forget();
}

const api = '<http://marked.test/wp-json/>; rel="https://api.w.org/"';
const shows = (route: string) =>
  html('', {
    headers: { link: `${api}, <http://marked.test/wp-json/wp/v2/${route}>; rel="alternate"; type="application/json"` },
  });
const notFound = html('', { status: 404, headers: { link: api } });

/** Posts where their links say; the seventh by another name as well, as plugins for languages have it. */
function rightPage(target: string): Behaviour {
  const id = /^\/post-(\d+)\//.exec(target)?.[1] ?? (target === '/de/beitrag/' ? '7' : null);
  return id === null ? notFound : shows(`posts/${id}`);
}

/** The id at an address, or the codes of errors. */
async function at(uri: string): Promise<unknown> {
  const query = 'query ($uri: String!) { nodeByUri(uri: $uri) { ... on DatabaseIdentifier { databaseId } } }';
  const { data, errors } = await site.gateway.query(query, { uri });
  if (errors) expect(data).toEqual({ nodeByUri: null });
  return errors?.map(({ extensions }) => extensions.code) ?? data.nodeByUri?.databaseId ?? null;
}

/** Requests since the last call: pages, and routes with what names rows. */
function taken(): string[] {
  const told = site.server.requests.map(({ method, target }) => {
    const { pathname, searchParams } = new URL(target, 'http://marked.test');
    const rows = searchParams.get('include') ?? searchParams.get('slug');
    return `${method} ${pathname.replace('/wp-json/wp/v2', '')}${rows === null ? '' : ` ${rows}`}`;
  });
  site.server.forget();
  return told;
}

describe('pages that fail', () => {
  it.each<[string, Behaviour, string]>([
    ['with 500', html('', { status: 500 }), 'UPSTREAM_ERROR'],
    ['with 503', html('', { status: 503 }), 'UPSTREAM_UNAVAILABLE'],
    ['with 429', html('', { status: 429 }), 'UPSTREAM_RATE_LIMITED'],
    ['with 401', html('', { status: 401 }), 'UPSTREAM_FORBIDDEN'],
    ['with 403', html('', { status: 403 }), 'UPSTREAM_FORBIDDEN'],
    ['with 406', html('', { status: 406 }), 'UPSTREAM_FORBIDDEN'],
    ['with a closed connection', hangUp(), 'UPSTREAM_UNAVAILABLE'],
  ])('%s: what REST finds is there, the rest is an error, and known again afterwards', async (_, failing, code) => {
    await open();
    expect(await at('/post-1/')).toBe(1);
    page = () => failing;
    expect(await at('/post-7/')).toBe(7);
    expect(await at('/de/beitrag/')).toEqual([code]);
    page = rightPage;
    expect(await at('/de/beitrag/')).toBe(7);
  });

  it.each([401, 403, 405, 406])('that were never shown say nothing with %s: REST alone tells', async (status) => {
    await open();
    page = () => html('', { status });
    expect(await at('/post-7/')).toBe(7);
    expect(await at('/nowhere/')).toBeNull();
    page = rightPage;
    expect(await at('/de/beitrag/')).toBe(7);
  });

  it('that fail for what others ask for take no address of anybody along in silence', async () => {
    await open();
    page = (target) => (target.startsWith('/union') ? html('', { status: 500 }) : rightPage(target));
    for (let n = 0; n < 20; n++) expect(await at(`/union-${n}/`)).toHaveLength(1);
    // Pages are left alone by now.
    expect(await at('/de/beitrag/')).toEqual(['UPSTREAM_UNAVAILABLE']);
    expect(await at('/post-7/')).toBe(7);
  });
});

describe('what was known of an address', () => {
  it.each<[string, Behaviour]>([
    ['leads to its front', redirect('/')],
    ['leads to the login', redirect('/wp-login.php')],
    ['leads to another host', redirect('https://front.example/')],
    ['has one page for all', html('<title>Soon</title>')],
    ['is not found by a web server', html('', { status: 404 })],
  ])('stands while the site %s', async (_, wall) => {
    await open();
    expect([await at('/de/beitrag/'), await at('/nowhere/')]).toEqual([7, null]);
    page = () => wall;
    for (let time = 0; time < 2; time += 1) {
      clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
      expect([await at('/de/beitrag/'), await at('/nowhere/')]).toEqual([7, null]);
    }
    page = () => notFound;
    expect(await at('/de/beitrag/')).toBeNull();
  });

  it('is gone where WordPress leads to another address', async () => {
    await open();
    expect(await at('/de/beitrag/')).toBe(7);
    page = (target) => (target === '/de/beitrag/' ? redirect('/de/neu/', 301) : rightPage(target));
    clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
    expect(await at('/de/beitrag/')).toBeNull();
  });
});

it('a viewer is told as well that pages are not shown any more', async () => {
  await open();
  expect(await at('/post-1/')).toBe(1);
  page = () => html('', { status: 403 });
  const { data, errors } = await site.gateway.query(
    '{ nodeByUri(uri: "/de/beitrag/") { id } }',
    {},
    { authorization: credentialsOf(2) },
  );
  expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([
    { nodeByUri: null },
    ['UPSTREAM_FORBIDDEN'],
  ]);
});

describe('a site that shows all visitors something else', () => {
  const detours: readonly (readonly [string, Behaviour])[] = [
    ['leads to its front', redirect('/')],
    ['leads to a file', redirect('/maintenance.html')],
    ['leads to a login of its own', redirect('/account/login.php')],
    ['leads to another host', redirect('https://front.example/')],
    ['shows what REST has no route of', shows('elementor_library/99')],
    ['shows one post for all', shows('posts/30')],
    ['shows a post that REST does not show', shows('posts/99')],
  ];

  it.each(detours)('%s: an address shows what REST has at it', async (_, detour) => {
    await open();
    expect(await at('/post-8/')).toBe(8);
    page = () => detour;
    clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
    expect(await at('/post-8/')).toBe(8);
    expect(await at('/post-9/')).toBe(9);
    expect(await at('/nowhere/')).toBeNull();
  });

  it.each(detours.slice(0, 5))(
    '%s: it is not known what an address shows while a type is closed',
    async (_, detour) => {
      await open();
      page = () => detour;
      routes = { '/wp-json/wp/v2/posts': html('Forbidden', { status: 403 }) };
      expect(await at('/post-8/')).toEqual(['UPSTREAM_FORBIDDEN']);
      routes = { '/wp-json/wp/v2/categories': restError(404, 'rest_no_route') };
      expect(await at('/post-8/')).toBe(8);
      expect(await at('/nowhere/')).toEqual(['UPSTREAM_NOT_FOUND']);
    },
  );

  it('hides its users as well: that says nothing of the rest', async () => {
    await open();
    page = () => redirect('/');
    routes = { '/wp-json/wp/v2/users': restError(401, 'rest_user_cannot_view') };
    expect(await at('/post-8/')).toBe(8);
    expect(await at('/nowhere/')).toBeNull();
  });
});

describe('a site with names of its own for addresses', () => {
  it('is believed where REST has nothing there, unless it shows the same at any address', async () => {
    await open();
    expect(await at('/de/beitrag/')).toBe(7);
    const asked = taken();
    expect(asked.slice(0, 3)).toEqual(['HEAD /de/beitrag/', 'GET /posts 7', 'GET /posts beitrag']);
    expect(asked.at(-1)).toMatch(/^HEAD \/[0-9a-f-]{36}\/$/);
    routes = { '/wp-json/wp/v2/tags': html('Forbidden', { status: 403 }) };
    clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
    expect(await at('/de/beitrag/')).toBe(7);
  });

  it('costs nothing more where the slug or the id is in the address', async () => {
    await open();
    for (const [uri, id] of [
      ['/de/post-3/', 3],
      ['/post-4/amp/', 4],
      ['/alias-5/', 5],
    ] as const) {
      page = () => shows(`posts/${id}`);
      expect(await at(uri)).toBe(id);
      expect(taken()).toEqual([`HEAD ${uri}`, `GET /posts ${id}`]);
    }
  });

  it('has nothing where WordPress itself says so, and REST is not asked', async () => {
    await open();
    expect(await at('/nowhere/')).toBeNull();
    expect(taken()).toEqual(['HEAD /nowhere/']);
  });
});
