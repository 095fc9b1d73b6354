// Owns the proof that the recorded site answers as WordPress does, where the gateway relies on it.

import { afterEach, describe, expect, it } from 'vitest';
import { readRecording } from '../support/recorded-gateway.ts';
import { type RecordedSite, startRecordedSite } from '../support/recorded-site.ts';

let site: RecordedSite;

async function get(path: string) {
  const response = await fetch(site.origin + path);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, total: response.headers.get('x-wp-total'), body: isJson ? JSON.parse(text) : text };
}

afterEach(() => site[Symbol.asyncDispose]());

describe('a recorded site with pretty permalinks', () => {
  const ids = async (path: string) => (await get(`/wp-json/wp/v2/${path}`)).body.map(({ id }: { id: number }) => id);

  it('filters, orders and pages its lists', async () => {
    site = await startRecordedSite(readRecording('a'));
    const all = await ids('posts?_fields=id');
    expect(all).toHaveLength(3);
    expect(await ids('posts?per_page=1&page=2&_fields=id')).toEqual([all[1]]);
    expect(await ids('posts?per_page=2&offset=2&_fields=id')).toEqual([all[2]]);
    expect(await ids('posts?offset=9&_fields=id')).toEqual([]);
    expect(await ids('posts?order=asc&_fields=id')).toEqual([...all].reverse());
    expect(await ids(`posts?include[]=${all[2]}&include[]=${all[0]}&orderby=include&_fields=id`)).toEqual([
      all[2],
      all[0],
    ]);
    expect(await ids(`posts?exclude=${all[0]},${all[1]}&_fields=id`)).toEqual([all[2]]);
    const [middle] = (await get(`/wp-json/wp/v2/posts?include=${all[1]}`)).body;
    expect(await ids(`posts?after=${middle.date}`)).toEqual([all[0]]);
    expect(await ids(`posts?before=${middle.date_gmt}Z`)).toEqual([all[2]]);
    expect(await ids(`posts?slug=${middle.slug}`)).toEqual([all[1]]);
    expect((await get('/wp-json/wp/v2/posts?per_page=1&_fields=id')).total).toBe('3');
    expect(await ids('categories?page=9')).toEqual([]);
  });

  it('shows fields as core does, with its bug', async () => {
    site = await startRecordedSite(readRecording('a'));
    const [row] = (await get('/wp-json/wp/v2/posts?per_page=1&_fields=id,title,title.rendered,slug')).body;
    expect(Object.keys(row)).toEqual(['id', 'title']);
    const [other] = (await get('/wp-json/wp/v2/posts?per_page=1&_fields=title.rendered,title,slug,title.nothing')).body;
    expect(Object.keys(other)).toEqual(['slug', 'title']);
    const [empty] = (await get('/wp-json/wp/v2/posts?per_page=1&_fields=id,title.nothing')).body;
    expect(empty).toEqual({ id: row.id, title: [] });
  });

  it.each([
    ['posts?page=9', 400, 'rest_post_invalid_page_number'],
    ['posts?per_page=101', 400, 'rest_invalid_param'],
    ['posts?status=draft', 400, 'rest_invalid_param'],
    ['posts?orderby=include', 400, 'rest_orderby_include_missing_include'],
    ['posts?context=edit', 401, 'rest_forbidden_context'],
    ['posts/99999999', 404, 'rest_post_invalid_id'],
    ['categories/9999', 404, 'rest_term_invalid'],
    ['users/9999', 404, 'rest_user_invalid_id'],
    ['nothing', 404, 'rest_no_route'],
    ['media/1', 403, 'rest_cannot_read'],
  ])('answers %s with %i %s', async (path, status, code) => {
    const refuse = { 'wp/v2/media': { status: 403, code: 'rest_cannot_read' } };
    site = await startRecordedSite({ ...readRecording('a'), refuse });
    expect(await get(`/wp-json/wp/v2/${path}`)).toMatchObject({ status, body: { code, data: { status } } });
  });

  it('has its own origin in what it serves, and counts what it is asked', async () => {
    site = await startRecordedSite(readRecording('a'));
    expect((await get('/wp-json/?_fields=home')).body).toEqual({ home: site.origin });
    expect(site.requests).toEqual([{ method: 'GET', route: '', query: { _fields: 'home' } }]);
  });
});

describe('a recorded site with plain permalinks', () => {
  it('has its REST API in the query only', async () => {
    site = await startRecordedSite(readRecording('c'));
    expect((await get('/index.php?rest_route=/wp/v2/posts&per_page=2&_fields=id')).body).toHaveLength(2);
    expect((await get('/?rest_route=%2F&_fields=home')).body).toEqual({ home: site.origin });
    expect((await get('/wp-json/wp/v2/posts')).status).toBe(404);
    const front = await fetch(site.origin, { method: 'HEAD' });
    expect(front.headers.get('link')).toBe(`<${site.origin}/index.php?rest_route=/>; rel="https://api.w.org/"`);
  });
});
