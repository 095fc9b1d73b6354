// Addresses by which WordPress or a plugin would do something: whoever asks what they show, nothing is done.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type MarkedSite, openMarkedSite } from '../reliability/marked-site.ts';
import { type Behaviour, html, restError } from '../support/hostile-server.ts';

let site: MarkedSite;
let hidesUsers = false;

beforeAll(async () => {
  site = await openMarkedSite(({ target }, right) => {
    if (hidesUsers && target.startsWith('/wp-json/wp/v2/users')) return restError(401, 'rest_user_cannot_view');
    return target.startsWith('/wp-json') ? right : pageAt(target);
  });
});
afterAll(() => site[Symbol.asyncDispose]());

beforeEach(() => {
  hidesUsers = false;
  site.gateway.purge(null);
  site.server.forget();
});

const api = '<http://marked.test/wp-json/>; rel="https://api.w.org/"';

/** Posts at their permalinks, to which their queries lead. */
function pageAt(target: string): Behaviour {
  const id = /^\/post-(\d+)\//.exec(target)?.[1];
  const shown = `<http://marked.test/wp-json/wp/v2/posts/${id}>; rel="alternate"; type="application/json"`;
  return id ? html('', { headers: { link: `${api}, ${shown}` } }) : html('', { status: 404, headers: { link: api } });
}

const sent = () => site.server.requests.map(({ method, target }) => `${method} ${target}`);

async function ask(query: string, uri: string): Promise<Record<string, unknown>> {
  const { data, errors } = await site.gateway.query(query, { uri });
  expect(errors).toBeUndefined();
  return data;
}

const writes = 'rest_route=/wp/v2/comments&_method=POST&post=1&content=x&author_email=a@b.test';

it.each([
  [`/?p=7&${writes}`, ['HEAD /?p=7']],
  [`/?${writes}&p=7&p=8`, ['HEAD /?p=8']],
  [`/?s=x&${writes}&add-to-cart=5&wc-ajax=y&wc-api=z&action=a`, ['HEAD /?s=x']],
  [`/post-7/?${writes}`, ['HEAD /post-7/', 'GET /wp-json/wp/v2/posts?include=7&per_page=100&_fields=id,link']],
  [`/?${writes}`, ['HEAD /']],
  [`http://marked.test/?${writes}`, ['HEAD /']],
  ['/?p=7&tb=1', []],
  ['/wp-json/wp/v2/comments?_method=POST', []],
  ['/wp%2Djson/wc/v3/orders', []],
  ['/wp-admin/admin-ajax.php?action=x', []],
  ['/wp-cron.php?doing_wp_cron', []],
  ['/wp-login.php?action=logout', []],
  ['/xmlrpc.php', []],
])('is asked of WordPress as a page, or not at all: %s', async (uri, requests) => {
  await ask('query ($uri: String!) { nodeByUri(uri: $uri) { __typename ... on Post { databaseId } } }', uri);
  expect(sent()).toEqual(requests);
});

it.each([
  'contentNode(id: $uri, idType: URI) { id }',
  'contentNode(id: $uri, idType: URI, contentType: POST) { id }',
  'post(id: $uri, idType: URI) { id }',
  'page(id: $uri, idType: URI) { id }',
  'termNode(id: $uri, idType: URI) { id }',
  'category(id: $uri, idType: URI) { id }',
  'tag(id: $uri, idType: URI) { id }',
  'user(id: $uri, idType: URI) { id }',
  'postFormat(id: $uri, idType: URI) { id }',
])('shows nothing to %s either, and nothing is asked', async (field) => {
  for (const uri of ['/wp-json/wp/v2/comments', '/wp-cron.php?doing_wp_cron', '/index.php/wp-json/wp/v2']) {
    expect(await ask(`query ($uri: ID!) { found: ${field} }`, uri)).toEqual({ found: null });
  }
  expect(sent()).toEqual([]);
});

it.each([
  ['../?rest_route=/wp/v2/comments&_method=POST#', []],
  ['x/../../wp-json/wp/v2/comments', []],
  ['x?rest_route=/wp/v2/comments&_method=POST', ['HEAD /author/x%3Frest_route=/wp/v2/comments&_method=POST/']],
])('is no address of an author: %s', async (name, pages) => {
  hidesUsers = true;
  await ask('query ($uri: String!) { posts(first: 1, where: { authorName: $uri }) { nodes { id } } }', name);
  expect(sent().slice(1)).toEqual(pages);
});

const text = 'x%26_method%3DPOST%26rest_route%3D%2Fx';

it.each([
  [
    'posts(first: 1, where: { search: $uri }) { nodes { databaseId } }',
    `posts?search=${text}&orderby=relevance&order=desc&per_page=2&_fields=id`,
  ],
  [
    'posts(first: 1, where: { name: $uri }) { nodes { databaseId } }',
    `posts?slug=${text}&orderby=date&order=desc&per_page=2&_fields=date,id`,
  ],
  [
    'posts(first: 1, where: { tag: $uri }) { nodes { databaseId } }',
    `tags?slug=${text.replace('POST', 'post')}&per_page=100&_fields=id,slug`,
  ],
  [
    'categories(first: 1, where: { search: $uri }) { nodes { databaseId } }',
    `categories?search=${text}&orderby=name&order=asc&per_page=2&_fields=id,name`,
  ],
])('has a text of a filter as the value of one parameter: %s', async (field, request) => {
  await ask(`query ($uri: String!) { ${field} }`, 'x&_method=POST&rest_route=/x');
  expect(sent()).toEqual([`GET /wp-json/wp/v2/${request}`]);
});
