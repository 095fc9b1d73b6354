// Addresses that differ by their case alone: WordPress heeds it in some, so none decides what is at another.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MarkedSite, openMarkedSite } from '../reliability/marked-site.ts';
import { type Behaviour, html } from '../support/hostile-server.ts';

const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 3600 };
const api = '<http://marked.test/wp-json/>; rel="https://api.w.org/"';
const shows = (route: string) =>
  html('', {
    headers: { link: `${api}, <http://marked.test/wp-json/wp/v2/${route}>; rel="alternate"; type="application/json"` },
  });
const notFound = html('', { status: 404, headers: { link: api } });
const down = html('', { status: 503 });

/** Ids by the addresses of posts, in the only case in which they are any. */
const ids = new Map([
  ['/de/post-3/', 3],
  ['/kontakt-5/', 5],
  ['/Archiv/post-6/', 6],
  ['/%C3%A4-7/', 7],
]);

let clock = 1_000_000;
let page: (target: string) => Behaviour;
let site: MarkedSite;

beforeEach(async () => {
  page = (target) => (ids.has(target) ? shows(`posts/${ids.get(target)}`) : notFound);
  site = await openMarkedSite(({ target }) => (target.startsWith('/wp-json') ? null : page(target)), {
    ...{ freshSeconds: 60, cache: { ...times, now: () => clock } },
  });
  site.server.forget();
});

afterEach(() => site[Symbol.asyncDispose]());

/** The answer, and what WordPress was asked for it. */
async function ask(uri: string): Promise<[unknown, string[]]> {
  const query = 'query ($uri: String!) { nodeByUri(uri: $uri) { ... on Post { databaseId } } }';
  const { data, errors } = await site.gateway.query(query, { uri });
  const asked = site.server.requests.map(({ method, target }) => `${method} ${target}`);
  site.server.forget();
  return [errors ?? data, asked];
}

const nothing = { nodeByUri: null };
const post = (databaseId: number) => ({ nodeByUri: { databaseId } });
const byId = (id: number) => `GET /wp-json/wp/v2/posts?include=${id}&per_page=100&_fields=id,link`;

it.each([
  ['/DE/post-3/', '/de/post-3/', 3],
  // The sign of kelvins: a `k` in lower case.
  ['/\u212Aontakt-5/', '/kontakt-5/', 5],
  ['/archiv/post-6/', '/Archiv/post-6/', 6],
])('that nothing is at %s says nothing of %s', async (other, uri, id) => {
  expect(await ask(other)).toEqual([nothing, [`HEAD ${encodeURI(other)}`]]);
  expect(await ask(uri)).toEqual([post(id), [`HEAD ${uri}`, byId(id)]]);
  // Both are known from now on.
  expect(await ask(other)).toEqual([nothing, []]);
  expect(await ask(uri)).toEqual([post(id), []]);
});

it('what was known of an address stands, whatever is asked of another after its time', async () => {
  expect(await ask('/de/post-3/')).toEqual([post(3), ['HEAD /de/post-3/', byId(3)]]);
  clock += 1000 * (times.freshSeconds + times.staleSeconds + 1);
  expect(await ask('/DE/post-3/')).toEqual([nothing, ['HEAD /DE/post-3/']]);
  page = () => down;
  expect((await ask('/de/post-3/'))[0]).toEqual(post(3));
  site.gateway.takeErrors();
});

it('an address is the same however it is encoded', async () => {
  expect(await ask('/%c3%a4-7/')).toEqual([post(7), ['HEAD /%C3%A4-7/', byId(7)]]);
  for (const uri of ['/%C3%A4-7/', '/ä-7', '/%c3%A4%2D7']) expect(await ask(uri)).toEqual([post(7), []]);
});
